/**
 * What the controllers and the HTTP layer share: one store of objects with resource versions. Reads return the stored
 * object itself, which is frozen by convention: never mutate it, pass a changed copy to `update`.
 */
import type { KubeObject, NewObject } from "./kube-object.ts";

/** Names a kind, e.g. `{ group: 'kubevirt.io', resource: 'virtualmachines' }`; the core group is ''. */
export interface GroupResource {
  group: string;
  resource: string;
}

export interface ObjectKey extends GroupResource {
  namespace?: string;
  name: string;
}

export interface ObjectChange {
  type: "ADDED" | "MODIFIED" | "DELETED";
  kind: GroupResource;
  object: KubeObject;
  /** The version before, absent on ADDED. */
  previous?: KubeObject;
}

export interface WriteOptions {
  /** Recorded in managedFields; controllers name themselves as upstream does, e.g. `virt-controller`. */
  fieldManager: string;
}

export interface DeleteOptions {
  /** Refuse (409) unless the stored uid is this one. */
  uid?: string;
  gracePeriodSeconds?: number;
  propagationPolicy?: "Background" | "Foreground" | "Orphan";
}

/**
 * Writes throw `StatusError` (a Kubernetes Status: 404 NotFound, 409 AlreadyExists or Conflict, 422 Invalid …).
 * They skip authorisation and admission: those belong to the HTTP layer.
 */
export interface ObjectStore {
  get(key: ObjectKey): KubeObject | undefined;
  /** Every object of a kind, in one namespace or in all; stable order by namespace and name. */
  list(kind: GroupResource, namespace?: string): KubeObject[];
  create(object: NewObject, options: WriteOptions): KubeObject;
  /** Replaces metadata and spec and keeps the stored status; 409 unless the resourceVersion (when given) is current. No-op writes keep the version. */
  update(object: KubeObject, options: WriteOptions): KubeObject;
  /** Replaces status only. */
  updateStatus(object: KubeObject, options: WriteOptions): KubeObject;
  /** Reads, lets `change` return a changed copy (or the same object for no change), writes; retried on conflict. Status and spec both count. Undefined when the object is gone. */
  modify(
    key: ObjectKey,
    options: WriteOptions,
    change: (current: KubeObject) => KubeObject,
  ): KubeObject | undefined;
  /** Marks for deletion when finalizers hold it, else removes it. A missing object is not an error here. */
  delete(key: ObjectKey, options?: DeleteOptions): void;
  /** Runs `work` once the current write has been answered; what it throws ends nothing but itself. */
  later(work: () => void): void;
  /** Called synchronously after each committed change; returns the way to stop. */
  onChange(listener: (change: ObjectChange) => void): () => void;
}
