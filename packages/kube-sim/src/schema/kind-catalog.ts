/**
 * The kinds of one cluster: those that every kube-sim brings, and those that its users have defined. Kinds are looked up
 * here and never in the registry, since many clusters may live in one process.
 */
import type { GroupResource } from "../store/object-store.ts";
import { apiVersionOf, type Kind } from "./kind.ts";
import { allKinds, findKind, findKindOf } from "./registry.ts";

const idOf = ({ group, resource }: GroupResource): string => `${group}/${resource}`;

export class KindCatalog {
  readonly #added = new Map<string, Kind>();
  readonly #addedByType = new Map<string, Kind>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #revision = 0;
  #all: readonly Kind[] = allKinds;

  /** Grows with every change: what is derived from the kinds is good for one revision. */
  get revision(): number {
    return this.#revision;
  }

  get all(): readonly Kind[] {
    return this.#all;
  }

  find(group: string, resource: string): Kind | undefined {
    return findKind(group, resource) ?? this.#added.get(idOf({ group, resource }));
  }

  /** The kind of an object, by its apiVersion and kind. */
  findOf(apiVersion: string, kind: string): Kind | undefined {
    return findKindOf(apiVersion, kind) ?? this.#addedByType.get(`${apiVersion}/${kind}`);
  }

  of(groupResource: GroupResource): Kind {
    const kind = this.find(groupResource.group, groupResource.resource);
    if (kind === undefined) {
      throw new Error(`kube-sim has no kind ${groupResource.resource} in group "${groupResource.group}"`);
    }
    return kind;
  }

  /** Adds a defined kind, or puts it in the place of what it was. */
  define(kind: Kind): void {
    this.#added.set(idOf(kind), kind);
    this.#changed(kind);
  }

  remove(kind: GroupResource): void {
    if (this.#added.delete(idOf(kind))) this.#changed(kind);
  }

  /** Called when the kind is another or none; returns the way to stop. */
  onChange(kind: GroupResource, listener: () => void): () => void {
    const id = idOf(kind);
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(id) === listeners) this.#listeners.delete(id);
    };
  }

  #changed(changed: GroupResource): void {
    this.#revision += 1;
    this.#addedByType.clear();
    for (const kind of this.#added.values()) {
      for (const version of [...kind.versions, kind.storageVersion, ...(kind.unserved ?? [])])
        this.#addedByType.set(`${apiVersionOf(kind.group, version)}/${kind.kind}`, kind);
    }
    this.#all = [...allKinds, ...this.#added.values()];
    for (const listener of this.#listeners.get(idOf(changed)) ?? []) listener();
  }
}
