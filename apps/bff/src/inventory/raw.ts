/** The parts of Kubernetes objects that projections read. All optional: what the cluster sends is never trusted to be whole. */

export interface RawMeta {
  name?: string;
  namespace?: string;
  uid?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  finalizers?: string[];
  resourceVersion?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: {
    kind?: string;
    name?: string;
    uid?: string;
    apiVersion?: string;
    controller?: boolean;
  }[];
}

export type Quantity = string | number;

export interface RawObject<Spec = Record<string, never>, Status = Record<string, never>> {
  apiVersion?: string;
  kind?: string;
  metadata?: RawMeta;
  spec?: Partial<Spec>;
  status?: Partial<Status>;
}
