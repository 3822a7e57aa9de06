/** The live objects of one kind and the recent changes to them. */
import type { KubeObject } from "./kube-object.ts";
import type { ObjectChange } from "./object-store.ts";

/** One change as watches replay it. */
export interface VersionedChange {
  version: number;
  change: ObjectChange;
}

/** How many changes a kind remembers for watches that resume; older versions are answered with 410. */
const HISTORY_LENGTH = 20_000;

const byPosition = (a: KubeObject, b: KubeObject): number => {
  const left = a.metadata.namespace ?? "";
  const right = b.metadata.namespace ?? "";
  if (left !== right) return left < right ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0;
};

export class KindTable {
  /** Objects by namespace ('' for cluster-scoped), then name. */
  readonly #namespaces = new Map<string, Map<string, KubeObject>>();
  #sortedAll: readonly KubeObject[] | undefined;
  readonly #sortedByNamespace = new Map<string, readonly KubeObject[]>();
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
    if (namespace === undefined) {
      if (this.#sortedAll === undefined) {
        const all: KubeObject[] = [];
        for (const objects of this.#namespaces.values())
          for (const object of objects.values()) all.push(object);
        this.#sortedAll = all.sort(byPosition);
      }
      return this.#sortedAll;
    }
    let sorted = this.#sortedByNamespace.get(namespace);
    if (sorted === undefined) {
      sorted = [...(this.#namespaces.get(namespace)?.values() ?? [])].sort(byPosition);
      this.#sortedByNamespace.set(namespace, sorted);
    }
    return sorted;
  }

  put(object: KubeObject): void {
    const namespace = object.metadata.namespace ?? "";
    let objects = this.#namespaces.get(namespace);
    if (objects === undefined) {
      objects = new Map();
      this.#namespaces.set(namespace, objects);
    }
    objects.set(object.metadata.name, object);
    this.#forgetSorted(namespace);
  }

  remove(object: KubeObject): void {
    const namespace = object.metadata.namespace ?? "";
    const objects = this.#namespaces.get(namespace);
    objects?.delete(object.metadata.name);
    if (objects?.size === 0) this.#namespaces.delete(namespace);
    this.#forgetSorted(namespace);
  }

  #forgetSorted(namespace: string): void {
    this.#sortedAll = undefined;
    this.#sortedByNamespace.delete(namespace);
  }

  remember(version: number, change: ObjectChange): void {
    this.#history.push({ version, change });
    if (this.#history.length > HISTORY_LENGTH * 1.25) this.compact(HISTORY_LENGTH);
  }

  /** Forgets all but the newest `keep` changes. */
  compact(keep: number): void {
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
}
