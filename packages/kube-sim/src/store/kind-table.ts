/** The live objects of one kind and the recent changes to them. */
import type { KubeObject } from "./kube-object.ts";
import type { ObjectChange } from "./object-store.ts";
import { SortedObjects } from "./sorted-objects.ts";

/** One change as watches replay it. */
export interface VersionedChange {
  version: number;
  change: ObjectChange;
}

/** How many changes a kind remembers for watches that resume; older versions are answered with 410. */
const HISTORY_LENGTH = 20_000;

export class KindTable {
  /** Objects by namespace ('' for cluster-scoped), then name. */
  readonly #namespaces = new Map<string, Map<string, KubeObject>>();
  readonly #all = new SortedObjects();
  readonly #sortedByNamespace = new Map<string, SortedObjects>();
  #history: VersionedChange[] = [];
  #compactedVersion: number;

  constructor(compactedVersion: number) {
    this.#compactedVersion = compactedVersion;
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#namespaces.get(namespace)?.get(name);
  }

  /** Sorted by namespace and name. The array is never changed later, so it also serves as a snapshot. */
  sorted(namespace: string | undefined): readonly KubeObject[] {
    if (namespace === undefined) return this.#all.snapshot();
    return this.#sortedByNamespace.get(namespace)?.snapshot() ?? [];
  }

  /** Like sorted, in an array of the caller's own. */
  copy(namespace: string | undefined): KubeObject[] {
    if (namespace === undefined) return this.#all.copy();
    return this.#sortedByNamespace.get(namespace)?.copy() ?? [];
  }

  put(object: KubeObject): void {
    const namespace = object.metadata.namespace ?? "";
    let objects = this.#namespaces.get(namespace);
    let sorted = this.#sortedByNamespace.get(namespace);
    if (objects === undefined || sorted === undefined) {
      objects = new Map();
      sorted = new SortedObjects();
      this.#namespaces.set(namespace, objects);
      this.#sortedByNamespace.set(namespace, sorted);
    }
    objects.set(object.metadata.name, object);
    sorted.put(object);
    this.#all.put(object);
  }

  remove(object: KubeObject): void {
    const namespace = object.metadata.namespace ?? "";
    const objects = this.#namespaces.get(namespace);
    objects?.delete(object.metadata.name);
    this.#sortedByNamespace.get(namespace)?.remove(object);
    this.#all.remove(object);
    if (objects?.size === 0) {
      this.#namespaces.delete(namespace);
      this.#sortedByNamespace.delete(namespace);
    }
  }

  remember(version: number, change: ObjectChange): void {
    this.#history.push({ version, change });
    if (this.#history.length > HISTORY_LENGTH * 1.25) this.#compact(HISTORY_LENGTH);
  }

  /** Forgets everything before `version`. */
  compactAll(version: number): void {
    this.#compactedVersion = version;
    this.#history = [];
  }

  /** Forgets all but the newest `keep` changes. */
  #compact(keep: number): void {
    const dropped = this.#history.length - keep;
    if (dropped <= 0) return;
    this.#compactedVersion = this.#history[dropped - 1]?.version ?? this.#compactedVersion;
    this.#history = this.#history.slice(dropped);
  }

  get compactedVersion(): number {
    return this.#compactedVersion;
  }

  /** Changes after `version`, oldest first; undefined when they are no longer known. */
  changesAfter(version: number): VersionedChange[] | undefined {
    if (version < this.#compactedVersion) return undefined;
    let low = 0;
    let high = this.#history.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#history[middle]?.version ?? 0) <= version) low = middle + 1;
      else high = middle;
    }
    return this.#history.slice(low);
  }

  /** What there was at `version`, in list order; undefined when that is no longer known. */
  at(version: number, namespace?: string): readonly KubeObject[] | undefined {
    const since = this.changesAfter(version);
    if (since === undefined) return undefined;
    if (since.length === 0) return this.sorted(namespace);
    const then = new SortedObjects();
    for (const object of this.#all.copy()) then.put(object);
    for (const { change } of since.toReversed()) {
      if (change.type === "ADDED") then.remove(change.object);
      else if (change.previous !== undefined) then.put(change.previous);
    }
    const all = then.snapshot();
    return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
  }
}
