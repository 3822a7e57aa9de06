/**
 * Does what CustomResourceDefinitions ask for: accepts their names, serves their kinds, and removes the instances of those
 * on their way out. The kinds that every cluster has are served whatever becomes of their definitions.
 */
import { findKind } from "../schema/registry.ts";
import { sameJson } from "../store/json-equality.ts";
import type { RemovalOptions } from "../store/deletion.ts";
import type { KubeStore } from "../store/kube-store.ts";
import {
  CLEANUP_FINALIZER,
  conditionOf,
  type Definition,
  type DefinitionCondition,
  DEFINITIONS,
  isEstablished,
  withCondition,
} from "./definition.ts";
import { kindOfDefinition } from "./definition-kind.ts";
import { acceptNames, takenNames } from "./definition-names.ts";

const WRITER = { fieldManager: "kube-apiserver" };

const isInstalled = ({ spec }: Definition): boolean => findKind(spec.group, spec.names.plural) !== undefined;

export class DefinitionController {
  readonly #store: KubeStore;
  readonly #stop: () => void;
  /** Versions of the definitions whose kinds are served, by name. */
  readonly #served = new Map<string, number>();
  readonly #due = new Set<string>();
  #closed = false;

  /** Serves what is established already before it returns. */
  constructor(store: KubeStore) {
    this.#store = store;
    for (const definition of this.#definitions()) this.#observe(definition);
    this.#stop = store.onChange(({ type, kind, object }) => {
      if (kind.resource === DEFINITIONS.resource && kind.group === DEFINITIONS.group) {
        const definition = object as Definition; // stored under definitions
        if (type === "DELETED") this.#forget(definition);
        else this.#observe(definition);
      } else if (type === "DELETED") {
        const name = `${kind.resource}.${kind.group}`;
        if (this.#served.has(name)) this.#later(name);
      }
    });
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #definitions(): readonly Definition[] {
    return this.#store.snapshot(DEFINITIONS) as readonly Definition[]; // stored under definitions
  }

  #observe(definition: Definition): void {
    if (isInstalled(definition)) return;
    this.#serve(definition);
    this.#later(definition.metadata.name);
  }

  /** Whatever else changes, a kind keeps its generation of schemas until its spec does. */
  #serve(definition: Definition): void {
    const { name, generation = 1 } = definition.metadata;
    const known = this.#served.get(name);
    if (!isEstablished(definition) || known === generation) return;
    if (known !== undefined && definition.metadata.deletionTimestamp !== undefined) return;
    this.#served.set(name, generation);
    this.#store.kinds.define(kindOfDefinition(definition));
  }

  #forget({ metadata, spec }: Definition): void {
    if (this.#served.delete(metadata.name))
      this.#store.kinds.remove({ group: spec.group, resource: spec.names.plural });
    // what it had is free now
    for (const other of this.#definitions()) if (other.spec.group === spec.group) this.#observe(other);
  }

  /** Works once the request that made the change has been answered. */
  #later(name: string): void {
    if (this.#due.has(name)) return;
    this.#due.add(name);
    this.#store.later(() => {
      this.#due.delete(name);
      if (!this.#closed) this.#work(name);
    });
  }

  #work(name: string): void {
    const definition = this.#store.get({ ...DEFINITIONS, name }) as Definition | undefined; // as above
    if (definition === undefined || isInstalled(definition)) return;
    if (definition.metadata.deletionTimestamp === undefined) this.#establish(definition);
    else if (definition.metadata.finalizers?.includes(CLEANUP_FINALIZER) === true) this.#empty(definition);
  }

  #establish(definition: Definition): void {
    const now = this.#store.timestamp();
    const taken = takenNames(definition, this.#definitions(), this.#store.kinds.all);
    const { names, condition } = acceptNames(definition, taken, now);
    const storage = definition.spec.versions.find((version) => version.storage)?.name ?? "";
    const { storedVersions = [], conditions } = definition.status ?? {};
    let next = withCondition(conditions ?? [], condition);
    if (!isEstablished(definition)) next = withCondition(next, established(condition.status === "True", now));
    this.#setStatus(definition, {
      conditions: next,
      acceptedNames: names,
      storedVersions: storedVersions.includes(storage) ? storedVersions : [...storedVersions, storage],
    });
  }

  #setStatus(definition: Definition, status: Definition["status"]): void {
    const changed = { ...definition.status, ...status };
    if (!sameJson(changed, definition.status))
      this.#store.updateStatus({ ...definition, status: changed }, WRITER);
  }

  /** Asks every instance to go; the definition follows the last one. */
  #empty(definition: Definition): void {
    const { group, names } = definition.spec;
    const kind = { group, resource: names.plural };
    if (this.#served.has(definition.metadata.name)) {
      this.#terminating(definition, "InstanceDeletionInProgress", "CustomResource deletion is in progress");
      for (const { metadata } of this.#store.list(kind)) {
        if (metadata.deletionTimestamp !== undefined) continue;
        const { name, namespace } = metadata;
        this.#store.remove({ ...kind, name, ...(namespace === undefined ? {} : { namespace }) });
      }
      if (this.#store.snapshot(kind).length > 0) return;
    }
    this.#store.modify({ ...DEFINITIONS, name: definition.metadata.name }, WRITER, (current) => {
      const { finalizers = [], ...metadata } = current.metadata;
      const left = finalizers.filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
      return { ...current, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } };
    });
  }

  #terminating(definition: Definition, reason: string, message: string): void {
    if (conditionOf(definition, "Terminating")?.reason === reason) return;
    const condition: DefinitionCondition = {
      type: "Terminating",
      status: "True",
      reason,
      message,
      lastTransitionTime: this.#store.timestamp(),
    };
    this.#setStatus(definition, {
      conditions: withCondition(definition.status?.conditions ?? [], condition),
    });
  }
}

const established = (accepted: boolean, now: string): DefinitionCondition => ({
  type: "Established",
  status: accepted ? "True" : "False",
  reason: accepted ? "InitialNamesAccepted" : "NotAccepted",
  message: accepted ? "the initial names have been accepted" : "not all names are accepted",
  lastTransitionTime: now,
});

/**
 * A definition that is to be deleted waits for its instances first (customresourcedefinition/etcd.go). Gives the options to
 * delete it with: what they ask of its version has been looked at here.
 */
export function holdForCleanup(store: KubeStore, name: string, options: RemovalOptions): RemovalOptions {
  const found = store.get({ ...DEFINITIONS, name }) as Definition | undefined; // stored under definitions
  if (found === undefined || isInstalled(found) || found.metadata.deletionTimestamp !== undefined)
    return options;
  const { uid, resourceVersion } = found.metadata;
  const isMeant =
    (options.uid ?? uid) === uid && (options.resourceVersion ?? resourceVersion) === resourceVersion;
  if (!isMeant || options.dryRun === true) return options;
  const condition: DefinitionCondition = {
    type: "Terminating",
    status: "True",
    reason: "InstanceDeletionPending",
    message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
    lastTransitionTime: store.timestamp(),
  };
  store.modify({ ...DEFINITIONS, name }, WRITER, (current) => {
    const definition = current as Definition; // as above
    const { finalizers = [] } = current.metadata;
    return {
      ...definition,
      metadata: {
        ...current.metadata,
        finalizers: finalizers.includes(CLEANUP_FINALIZER) ? finalizers : [...finalizers, CLEANUP_FINALIZER],
      },
      status: {
        ...definition.status,
        conditions: withCondition(definition.status?.conditions ?? [], condition),
      },
    };
  });
  const { resourceVersion: _seen, ...rest } = options;
  return rest;
}
