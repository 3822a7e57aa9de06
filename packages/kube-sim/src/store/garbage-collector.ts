/** Deletes what has lost its owners, in the background, foreground or not at all. */
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER, withGrace } from "./deletion.ts";
import type { KubeObject, OwnerReference } from "./kube-object.ts";
import type { KubeStore } from "./kube-store.ts";
import type { ObjectChange, ObjectKey } from "./object-store.ts";

const WRITER = { fieldManager: "kube-controller-manager" };

const idOf = (key: ObjectKey): string => `${key.group}/${key.resource}/${key.namespace ?? ""}/${key.name}`;

export class GarbageCollector {
  readonly #store: KubeStore;
  /** Dependents by owner uid. */
  readonly #dependents = new Map<string, Map<string, ObjectKey>>();
  readonly #uids = new Set<string>();
  readonly #queue = new Set<() => void>();
  readonly #stop: () => void;
  #scheduled = false;
  #closed = false;

  constructor(store: KubeStore) {
    this.#store = store;
    for (const kind of store.kinds.all) {
      for (const object of store.snapshot(kind))
        this.#index({ group: kind.group, resource: kind.resource }, object);
    }
    for (const kind of store.kinds.all) {
      for (const object of store.snapshot(kind))
        this.#check({ group: kind.group, resource: kind.resource }, object);
    }
    this.#stop = store.onChange((change) => this.#observe(change));
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #keyOf(kind: ObjectChange["kind"], object: KubeObject): ObjectKey {
    const { name, namespace } = object.metadata;
    return { ...kind, name, ...(namespace === undefined ? {} : { namespace }) };
  }

  #index(kind: ObjectChange["kind"], object: KubeObject): void {
    this.#uids.add(object.metadata.uid);
    const key = this.#keyOf(kind, object);
    for (const owner of object.metadata.ownerReferences ?? []) {
      let known = this.#dependents.get(owner.uid);
      if (known === undefined) {
        known = new Map();
        this.#dependents.set(owner.uid, known);
      }
      known.set(idOf(key), key);
    }
  }

  #unindex(kind: ObjectChange["kind"], object: KubeObject): void {
    const id = idOf(this.#keyOf(kind, object));
    for (const owner of object.metadata.ownerReferences ?? []) {
      const known = this.#dependents.get(owner.uid);
      known?.delete(id);
      if (known?.size === 0) this.#dependents.delete(owner.uid);
    }
  }

  #observe({ type, kind, object, previous }: ObjectChange): void {
    if (previous !== undefined) this.#unindex(kind, previous);
    if (type === "DELETED") {
      this.#uids.delete(object.metadata.uid);
      for (const key of this.#dependents.get(object.metadata.uid)?.values() ?? [])
        this.#later(() => this.#collect(key));
      for (const owner of object.metadata.ownerReferences ?? [])
        this.#later(() => this.#releaseOwner(owner, object));
      return;
    }
    this.#index(kind, object);
    this.#check(kind, object);
  }

  #check(kind: ObjectChange["kind"], object: KubeObject): void {
    const key = this.#keyOf(kind, object);
    if ((object.metadata.ownerReferences?.length ?? 0) > 0) {
      const orphaned = object.metadata.ownerReferences?.every((owner) => !this.#uids.has(owner.uid)) ?? false;
      if (orphaned) this.#later(() => this.#collect(key));
    }
    if (object.metadata.deletionTimestamp === undefined) return;
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(ORPHAN_FINALIZER)) this.#later(() => this.#orphanDependents(key));
    else if (finalizers.includes(FOREGROUND_FINALIZER)) this.#later(() => this.#deleteDependents(key));
  }

  /** Runs after the current write and reply, never inside a listener. */
  #later(work: () => void): void {
    this.#queue.add(work);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#store.later(() => {
      this.#scheduled = false;
      const all = [...this.#queue];
      this.#queue.clear();
      if (this.#closed) return;
      // each on its own: an object whose kind has gone must not keep the others from going
      for (const next of all) this.#store.guard(next);
    });
  }

  /** An object none of whose owners lives is deleted; dead owners beside living ones are struck off. */
  #collect(key: ObjectKey): void {
    const object = this.#store.get(key);
    const owners = object?.metadata.ownerReferences;
    if (object === undefined || owners === undefined || owners.length === 0) return;
    const living = owners.filter((owner) => this.#uids.has(owner.uid));
    if (living.length === owners.length) return;
    if (living.length === 0) {
      if (object.metadata.deletionTimestamp === undefined) {
        this.#store.remove(
          key,
          withGrace(object, { uid: object.metadata.uid, propagationPolicy: "Background" }),
        );
      }
      return;
    }
    this.#setOwners(key, living);
  }

  #setOwners(key: ObjectKey, owners: OwnerReference[]): void {
    this.#store.modify(key, WRITER, (current) => {
      const { ownerReferences: _owners, ...metadata } = current.metadata;
      return {
        ...current,
        metadata: owners.length === 0 ? metadata : { ...metadata, ownerReferences: owners },
      };
    });
  }

  #dependentsOf(owner: KubeObject): KubeObject[] {
    const keys = [...(this.#dependents.get(owner.metadata.uid)?.values() ?? [])];
    return keys.map((key) => this.#store.get(key)).filter((object) => object !== undefined);
  }

  #orphanDependents(key: ObjectKey): void {
    const owner = this.#store.get(key);
    if (owner === undefined) return;
    const keys = new Map(this.#dependents.get(owner.metadata.uid));
    for (const dependentKey of keys.values()) {
      const references = this.#store.get(dependentKey)?.metadata.ownerReferences ?? [];
      this.#setOwners(
        dependentKey,
        references.filter((reference) => reference.uid !== owner.metadata.uid),
      );
    }
    this.#dropFinalizer(key, ORPHAN_FINALIZER);
  }

  #deleteDependents(key: ObjectKey): void {
    const owner = this.#store.get(key);
    if (owner === undefined || !owner.metadata.finalizers?.includes(FOREGROUND_FINALIZER)) return;
    const dependents = this.#dependentsOf(owner);
    for (const dependent of dependents) {
      if (dependent.metadata.deletionTimestamp !== undefined) continue;
      const kind = this.#store.kinds.findOf(dependent.apiVersion, dependent.kind);
      if (kind === undefined) continue;
      const propagationPolicy = this.#dependents.has(dependent.metadata.uid) ? "Foreground" : "Background";
      this.#store.remove(
        this.#keyOf({ group: kind.group, resource: kind.resource }, dependent),
        withGrace(dependent, { propagationPolicy }),
      );
    }
    const blocking = this.#dependentsOf(owner).some((dependent) =>
      dependent.metadata.ownerReferences?.some(
        (reference) => reference.uid === owner.metadata.uid && reference.blockOwnerDeletion === true,
      ),
    );
    if (!blocking) this.#dropFinalizer(key, FOREGROUND_FINALIZER);
  }

  /** A dependent has gone: its owner may have waited for that. */
  #releaseOwner(owner: OwnerReference, dependent: KubeObject): void {
    const kind = this.#store.kinds.findOf(owner.apiVersion, owner.kind);
    if (kind === undefined) return;
    const { namespace } = dependent.metadata;
    this.#deleteDependents({
      group: kind.group,
      resource: kind.resource,
      name: owner.name,
      ...(kind.namespaced && namespace !== undefined ? { namespace } : {}),
    });
  }

  #dropFinalizer(key: ObjectKey, finalizer: string): void {
    this.#store.modify(key, WRITER, (current) => {
      const { finalizers = [], ...metadata } = current.metadata;
      const left = finalizers.filter((name) => name !== finalizer);
      return { ...current, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } };
    });
  }
}
