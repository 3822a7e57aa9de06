/** The store behind the whole simulator: objects in memory, written through to disk, with one version counter. */
import { randomSuffix } from "./random-suffix.ts";
import { randomUUID } from "node:crypto";
import { apiVersionOf, type Kind } from "../schema/kind.ts";
import { KindCatalog } from "../schema/kind-catalog.ts";
import { ChangeFeed } from "./change-feed.ts";
import { deletionOf, type RemovalOptions } from "./deletion.ts";
import type { DurableObjects } from "./durable-objects.ts";
import { emptyParts } from "./empty-parts.ts";
import { forgetEncoding } from "./encoded-object.ts";
import { sameJson } from "./json-equality.ts";
import { KindTable, type VersionedChange } from "./kind-table.ts";
import type { KubeObject, NewObject, ObjectMeta } from "./kube-object.ts";
import { entriesOf, isReset, recordWriter, sameWriter, type Writer } from "./managed-fields.ts";
import type {
  DeleteOptions,
  GroupResource,
  ObjectChange,
  ObjectKey,
  ObjectStore,
  WriteOptions,
} from "./object-store.ts";
import { shareFieldSets } from "./shared-field-sets.ts";
import { alreadyExists, conflict, notFound, StatusError, staleVersion } from "./status-error.ts";
import { tidyMetadata } from "./tidy-metadata.ts";
import { mergeWrite, type WriteScope } from "./write-merge.ts";

export interface KubeStoreOptions {
  durable: DurableObjects | null;
  now: () => number;
  random: () => number;
  onListenerError: (error: unknown) => void;
}

export interface Write {
  writer: Writer | null;
  dryRun?: boolean;
}

export class KubeStore implements ObjectStore {
  /** The kinds of this cluster. */
  readonly kinds = new KindCatalog();
  readonly #tables = new Map<string, KindTable>();
  readonly #options: KubeStoreOptions;
  readonly #feed: ChangeFeed;
  #version: number;

  constructor(options: KubeStoreOptions) {
    this.#options = options;
    this.#feed = new ChangeFeed(options.onListenerError);
    this.#version = Math.max(1, options.durable?.highestPromised ?? 0);
    for (const { kind, object } of options.durable?.load() ?? []) {
      shareFieldSets(object);
      this.#table(kind).put(object);
    }
  }

  /** The version of the latest write. */
  get version(): number {
    return this.#version;
  }

  /** Must be called before a client is told of a write. */
  flush(): void {
    this.#options.durable?.flush();
  }

  get now(): () => number {
    return this.#options.now;
  }

  #table(kind: GroupResource): KindTable {
    const key = `${kind.group}/${kind.resource}`;
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = new KindTable(this.#version);
      this.#tables.set(key, table);
    }
    return table;
  }

  get(key: ObjectKey): KubeObject | undefined {
    return this.#table(key).get(key.namespace ?? "", key.name);
  }

  list(kind: GroupResource, namespace?: string): KubeObject[] {
    return this.#table(kind).copy(namespace);
  }

  /** Like list, without the copy: an array that never changes, good for paging. */
  snapshot(kind: GroupResource, namespace?: string): readonly KubeObject[] {
    return this.#table(kind).sorted(namespace);
  }

  /** What there was at a version; undefined when that is no longer known. */
  snapshotAt(
    kind: GroupResource,
    namespace: string | undefined,
    version: number,
  ): readonly KubeObject[] | undefined {
    return this.#table(kind).at(version, namespace);
  }

  changesAfter(kind: GroupResource, version: number): VersionedChange[] | undefined {
    return this.#table(kind).changesAfter(version);
  }

  compactedVersion(kind: GroupResource): number {
    return this.#table(kind).compactedVersion;
  }

  /** Forgets old changes, as etcd's compaction does; resuming watches get 410. */
  compact(): void {
    for (const table of this.#tables.values()) table.compactAll(this.#version);
  }

  onChange(listener: (change: ObjectChange) => void): () => void {
    return this.#feed.onChange(listener);
  }

  later(work: () => void): void {
    setImmediate(() => this.guard(work));
  }

  /** Runs `work`; what it throws is told and ends nothing else. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onListenerError(error);
    }
  }

  onKindChange(kind: GroupResource, listener: (change: VersionedChange) => void): () => void {
    return this.#feed.onKindChange(kind, listener);
  }

  create(object: NewObject, options: WriteOptions): KubeObject {
    return this.insert(object, { writer: { manager: options.fieldManager, operation: "Update" } });
  }

  /** Creates with every choice open; `writer: null` keeps managedFields as given. */
  insert(object: NewObject, write: Write): KubeObject {
    const kind = this.#kindOfObject(object);
    const name = this.nameFor(object);
    const namespace = kind.namespaced ? (object.metadata.namespace ?? "default") : undefined;
    if (this.get({ ...kind, ...(namespace === undefined ? {} : { namespace }), name }) !== undefined) {
      throw alreadyExists(kind, name);
    }
    const { namespace: _namespace, ...givenMetadata } = object.metadata;
    const metadata = tidyMetadata({
      ...givenMetadata,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: object.metadata.uid ?? randomUUID(),
      resourceVersion: "",
      creationTimestamp: object.metadata.creationTimestamp ?? this.timestamp(),
      ...(kind.generation ? { generation: object.metadata.generation ?? 1 } : {}),
    });
    const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...content } = object;
    const created: KubeObject = {
      apiVersion: apiVersionOf(kind.group, kind.storageVersion),
      kind: kind.kind,
      metadata,
      ...content,
      ...emptyParts(kind, content),
    };
    if (write.writer !== null) {
      metadata.managedFields = recordWriter(kind, undefined, created, write.writer, this.timestamp());
    }
    return this.#commit(kind, "ADDED", created, undefined, write.dryRun === true);
  }

  update(object: KubeObject, options: WriteOptions): KubeObject {
    return this.replace(object, "main", { writer: { manager: options.fieldManager, operation: "Update" } });
  }

  updateStatus(object: KubeObject, options: WriteOptions): KubeObject {
    return this.replace(object, "status", {
      writer: { manager: options.fieldManager, operation: "Update", subresource: "status" },
    });
  }

  modify(
    key: ObjectKey,
    options: WriteOptions,
    change: (current: KubeObject) => KubeObject,
  ): KubeObject | undefined {
    const current = this.get(key);
    if (current === undefined) return undefined;
    const next = change(current);
    if (next === current) return current;
    return this.replace(next, "all", { writer: { manager: options.fieldManager, operation: "Update" } });
  }

  /** Writes the part of `object` that `scope` names; a write that changes nothing, not even who owns what, keeps the version. */
  replace(object: KubeObject, scope: WriteScope, write: Write): KubeObject {
    const kind = this.#kindOfObject(object);
    const { name, namespace } = object.metadata;
    const key = { ...kind, ...(kind.namespaced && namespace !== undefined ? { namespace } : {}), name };
    const current = this.get(key);
    if (current === undefined) throw notFound(kind, name);
    this.#checkPreconditions(kind, current, object);
    const next = mergeWrite(kind, current, object, scope);
    const { applied } = write.writer ?? {};
    const claims =
      applied !== undefined &&
      !entriesOf(current).some(
        (entry) =>
          write.writer !== null && sameWriter(entry, write.writer) && sameJson(entry.fieldsV1, applied),
      );
    const forgets = isReset(object.metadata.managedFields) && current.metadata.managedFields !== undefined;
    if (!claims && !forgets && sameJson(withoutVersion(next), withoutVersion(current))) return current;
    if (write.writer !== null) {
      const entries = recordWriter(kind, current, next, write.writer, this.timestamp());
      if (entries.length > 0) next.metadata.managedFields = entries;
      else delete next.metadata.managedFields;
    }
    if (next.metadata.deletionTimestamp !== undefined && !isHeld(next)) {
      return this.#commit(kind, "DELETED", next, current, write.dryRun === true);
    }
    return this.#commit(kind, "MODIFIED", next, current, write.dryRun === true);
  }

  #checkPreconditions(kind: Kind, current: KubeObject, given: KubeObject): void {
    const { uid, resourceVersion, name } = given.metadata;
    if (uid !== undefined && uid !== "" && uid !== current.metadata.uid) {
      throw conflict(
        kind,
        name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`,
      );
    }
    if (
      resourceVersion !== undefined &&
      resourceVersion !== "" &&
      resourceVersion !== current.metadata.resourceVersion
    ) {
      throw staleVersion(kind, name);
    }
  }

  delete(key: ObjectKey, options: DeleteOptions = {}): void {
    this.remove(key, options);
  }

  /** Undefined when there is no such object; else what became of it. */
  remove(key: ObjectKey, options: RemovalOptions = {}): { object: KubeObject; gone: boolean } | undefined {
    const kind = this.kinds.of(key);
    const current = this.get(key);
    if (current === undefined) return undefined;
    // named by its kind where updates name the resource: apiserver's pkg/registry/rest/delete.go
    const named = { group: kind.group, resource: kind.kind };
    if (options.uid !== undefined && options.uid !== current.metadata.uid) {
      throw conflict(
        named,
        key.name,
        `the UID in the precondition (${options.uid}) does not match the UID in record (${current.metadata.uid}). The object might have been deleted and then recreated`,
      );
    }
    const { resourceVersion } = current.metadata;
    if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
      throw conflict(
        named,
        key.name,
        `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
      );
    }
    const marked = deletionOf(current, options, this.#options.now());
    const dryRun = options.dryRun === true;
    if (marked === "remove") {
      const last = { ...current, metadata: { ...current.metadata } };
      return { object: this.#commit(kind, "DELETED", last, current, dryRun), gone: true };
    }
    if (marked === current) return { object: current, gone: false };
    return { object: this.#commit(kind, "MODIFIED", marked, current, dryRun), gone: false };
  }

  /** Stores objects as they are, all or none, and tells nobody but watches and listeners. */
  seed(objects: NewObject[]): void {
    const insertAll = (): void => {
      for (const object of objects) {
        this.insert(object, {
          writer:
            object.metadata.managedFields === undefined ? { manager: "kube-sim", operation: "Update" } : null,
        });
      }
    };
    if (this.#options.durable === null) insertAll();
    else this.#options.durable.batch(insertAll);
  }

  /** Stores what is not there; what is there gets the new content and keeps its identity. A write that changes nothing is none. */
  apply(objects: NewObject[], options: WriteOptions): void {
    for (const object of objects) {
      const kind = this.#kindOfObject(object);
      const { name, namespace } = object.metadata;
      const current = this.get({
        ...kind,
        ...(kind.namespaced ? { namespace: namespace ?? "default" } : {}),
        name: name ?? "",
      });
      if (current === undefined) this.create(object, options);
      else
        this.update(
          {
            ...current,
            ...object,
            metadata: { ...current.metadata, ...object.metadata, name: current.metadata.name },
          },
          options,
        );
    }
  }

  /** RFC 3339 with whole seconds, as metadata has it. */
  timestamp(): string {
    return `${new Date(this.#options.now()).toISOString().slice(0, 19)}Z`;
  }

  #kindOfObject(object: { apiVersion: string; kind: string }): Kind {
    const kind = this.kinds.findOf(object.apiVersion, object.kind);
    if (kind === undefined) {
      throw new StatusError(
        404,
        "NotFound",
        `no matches for kind "${object.kind}" in version "${object.apiVersion}"`,
      );
    }
    return kind;
  }

  /** The object's name, made up from generateName where it has none. */
  nameFor(object: NewObject): string {
    if (object.metadata.name !== undefined && object.metadata.name !== "") return object.metadata.name;
    const base = (object.metadata.generateName ?? "").slice(0, 58);
    return base + randomSuffix(this.#options.random);
  }

  #commit(
    kind: Kind,
    type: ObjectChange["type"],
    object: KubeObject,
    previous: KubeObject | undefined,
    dryRun: boolean,
  ): KubeObject {
    if (dryRun) {
      object.metadata.resourceVersion = previous?.metadata.resourceVersion ?? "";
      return object;
    }
    const version = this.#version + 1;
    this.#options.durable?.promise(version);
    object.metadata.resourceVersion = String(version);
    shareFieldSets(object);
    const groupResource = { group: kind.group, resource: kind.resource };
    if (type === "DELETED") this.#options.durable?.remove(groupResource, object);
    else this.#options.durable?.put(groupResource, object);
    this.#version = version;
    const table = this.#table(groupResource);
    if (type === "DELETED") table.remove(object);
    else table.put(object);
    const change: ObjectChange = {
      type,
      kind: groupResource,
      object,
      ...(previous === undefined ? {} : { previous }),
    };
    table.remember(version, change);
    this.#feed.publish({ version, change });
    if (previous !== undefined) forgetEncoding(previous);
    if (type === "DELETED") forgetEncoding(object);
    return object;
  }
}

/** Anything that keeps a marked object alive. */
export function isHeld(object: KubeObject): boolean {
  if ((object.metadata.finalizers?.length ?? 0) > 0) return true;
  if ((object.metadata.deletionGracePeriodSeconds ?? 0) > 0) return true;
  if (object.kind !== "Namespace") return false;
  const spec = object["spec"] as { finalizers?: string[] } | undefined; // a Namespace's spec
  return (spec?.finalizers?.length ?? 0) > 0;
}

function withoutVersion(object: KubeObject): KubeObject {
  const { resourceVersion: _version, managedFields: _managed, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as ObjectMeta }; // only compared, never stored
}
