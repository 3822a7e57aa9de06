/** Sends what a controller creates through admission, as the API server of a real cluster would. */
import { findKindOf } from "../schema/registry.ts";
import type { KubeObject, NewObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { internalError } from "../store/status-error.ts";
import type { Admission } from "./admission.ts";

const user = { name: "system:serviceaccount:kubevirt:kubevirt-controller", groups: [], extra: {} };

/** Throws admission's refusal. The object has a name afterwards. */
export function admitCreation(admission: Admission, store: KubeStore, object: NewObject): NewObject {
  const kind = findKindOf(object.apiVersion, object.kind);
  if (kind === undefined) throw internalError(`${object.kind} is not served`);
  const name = store.nameFor(object);
  const named = { ...object, metadata: { ...object.metadata, name } } as unknown as KubeObject; // the store fills in the rest
  return admission.admit(named, {
    operation: "CREATE",
    kind,
    group: kind.group,
    namespace: object.metadata.namespace ?? "",
    name,
    subresource: "",
    user,
    dryRun: false,
    warn: () => {},
  });
}
