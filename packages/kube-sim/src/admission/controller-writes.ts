/** Sends what a controller writes through admission, as the API server of a real cluster would. */
import { pruneObject } from "../schema/pruning.ts";
import { findKindOf } from "../schema/registry.ts";
import { structuralSchemaOf } from "../schema/structural-schema.ts";
import type { KubeObject, NewObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { badRequest, internalError } from "../store/status-error.ts";
import type { Admission } from "./admission.ts";

const user = { name: "system:serviceaccount:kubevirt:kubevirt-controller", groups: [], extra: {} };

/** What may be stored of `object`: its kind's fields, as admission leaves them, under a name. `old` makes it an update. Throws refusals. */
export function admitWrite<Shape extends NewObject>(
  admission: Admission,
  store: KubeStore,
  object: Shape,
  old?: KubeObject,
): Shape {
  const kind = findKindOf(object.apiVersion, object.kind);
  if (kind === undefined) throw internalError(`${object.kind} is not served`);
  const schema = structuralSchemaOf(kind);
  const { status, ...content } = object; // not for an update to change, and so not for admission to judge
  const { value, error } =
    schema === undefined ? { value: content, error: undefined } : pruneObject(content, schema, true);
  if (error !== undefined)
    throw badRequest(
      `${kind.kind} in version "${kind.storageVersion}" cannot be handled as a ${kind.kind}: ${error}`,
    );
  const known = value as NewObject; // only unknown fields are gone
  const name = store.nameFor(known);
  const named = { ...known, metadata: { ...known.metadata, name } } as unknown as KubeObject; // the store fills in the rest
  const admitted = admission.admit(named, {
    operation: old === undefined ? "CREATE" : "UPDATE",
    kind,
    group: kind.group,
    namespace: object.metadata.namespace ?? "",
    name,
    subresource: "",
    user,
    dryRun: false,
    ...(old !== undefined && { old }),
    warn: () => {},
  });
  const written = old === undefined || status === undefined ? admitted : { ...admitted, status };
  return written as unknown as Shape; // it has passed its kind's schema
}
