/** The store seen through typed kinds: the only place where a stored object is taken to have its kind's shape. */
import type { KubeObject, NewObject } from "../store/kube-object.ts";
import type { DeleteOptions, ObjectStore } from "../store/object-store.ts";
import type { Kind } from "./kinds.ts";

export class TypedStore {
  readonly raw: ObjectStore;
  readonly #fieldManager: string;

  constructor(store: ObjectStore, fieldManager: string) {
    this.raw = store;
    this.#fieldManager = fieldManager;
  }

  get<Shape extends KubeObject>(
    kind: Kind<Shape>,
    namespace: string | undefined,
    name: string,
  ): Shape | undefined {
    return this.raw.get({
      group: kind.group,
      resource: kind.resource,
      name,
      ...(namespace !== undefined && { namespace }),
    }) as Shape | undefined; // see header
  }

  list<Shape extends KubeObject>(kind: Kind<Shape>, namespace?: string): Shape[] {
    return this.raw.list(kind, namespace) as Shape[]; // see header
  }

  create<Shape extends KubeObject>(kind: Kind<Shape>, object: Omit<NewObject, "apiVersion" | "kind">): Shape {
    const full = { apiVersion: kind.apiVersion, kind: kind.kind, ...object } as NewObject; // Omit drops NewObject's index signature
    return this.raw.create(full, { fieldManager: this.#fieldManager }) as Shape; // see header
  }

  /** `change` returns a changed copy, or the same object for no change. */
  modify<Shape extends KubeObject>(
    kind: Kind<Shape>,
    namespace: string | undefined,
    name: string,
    change: (current: Shape) => Shape,
  ): Shape | undefined {
    const key = {
      group: kind.group,
      resource: kind.resource,
      name,
      ...(namespace !== undefined && { namespace }),
    };
    return this.raw.modify(key, { fieldManager: this.#fieldManager }, (current) =>
      change(current as Shape),
    ) as Shape | undefined; // see header
  }

  /** Changes an object that was read before; nothing happens when it is gone. */
  modifyObject<Shape extends KubeObject>(
    kind: Kind<Shape>,
    object: Shape,
    change: (current: Shape) => Shape,
  ): Shape | undefined {
    return this.modify(kind, object.metadata.namespace, object.metadata.name, (current) =>
      current.metadata.uid === object.metadata.uid ? change(current) : current,
    );
  }

  delete<Shape extends KubeObject>(kind: Kind<Shape>, object: KubeObject, options: DeleteOptions = {}): void {
    const { namespace, name, uid } = object.metadata;
    this.raw.delete(
      { group: kind.group, resource: kind.resource, name, ...(namespace !== undefined && { namespace }) },
      { uid, ...options },
    );
  }
}
