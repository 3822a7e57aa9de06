/** Finds objects of one kind by something in them, without going through all: kept as they change. */
import type { KubeObject } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { Kind } from "./kinds.ts";

const idOf = (object: KubeObject): string => `${object.metadata.namespace ?? ""}/${object.metadata.name}`;

export class ObjectIndex<Shape extends KubeObject> {
  readonly #byKey = new Map<string, Map<string, Shape>>();
  readonly #keysOf: (object: Shape) => string[];
  readonly #stop: () => void;

  /** Create it before those who ask: they must hear of a change after the index has. */
  constructor(store: ObjectStore, kind: Kind<Shape>, keysOf: (object: Shape) => string[]) {
    // a stored object without the shape of its kind is found by nothing, and hinders nobody from being found
    this.#keysOf = (object) => {
      try {
        return keysOf(object);
      } catch {
        return [];
      }
    };
    for (const object of store.list(kind)) this.#add(object as Shape); // what is stored under a kind has its shape
    this.#stop = store.onChange((change) => {
      if (change.kind.resource !== kind.resource || change.kind.group !== kind.group) return;
      if (change.previous) this.#remove(change.previous as Shape); // as above
      if (change.type === "DELETED")
        this.#remove(change.object as Shape); // as above
      else this.#add(change.object as Shape); // as above
    });
  }

  /** The newest version of each, in no particular order. */
  get(key: string): Shape[] {
    return [...(this.#byKey.get(key)?.values() ?? [])];
  }

  close(): void {
    this.#stop();
  }

  #add(object: Shape): void {
    for (const key of this.#keysOf(object)) {
      let objects = this.#byKey.get(key);
      if (!objects) {
        objects = new Map();
        this.#byKey.set(key, objects);
      }
      objects.set(idOf(object), object);
    }
  }

  #remove(object: Shape): void {
    for (const key of this.#keysOf(object)) {
      const objects = this.#byKey.get(key);
      objects?.delete(idOf(object));
      if (objects?.size === 0) this.#byKey.delete(key);
    }
  }
}
