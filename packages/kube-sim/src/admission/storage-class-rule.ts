/** What Kubernetes fixes in a StorageClass when it is made (pkg/apis/storage/validation, ValidateStorageClassUpdate), and its defaults. */
import { sameJson } from "../store/json-equality.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { invalid } from "../store/status-error.ts";
import type { AdmissionRequest } from "./admission.ts";

const fixed = ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"] as const;

const withDefaults = (object: KubeObject): KubeObject => ({
  reclaimPolicy: "Delete",
  volumeBindingMode: "Immediate",
  ...object,
});

export function admitStorageClass(object: KubeObject, { kind, old }: AdmissionRequest): KubeObject {
  const written = withDefaults(object);
  if (typeof written["provisioner"] !== "string" || written["provisioner"] === "")
    throw invalid(kind, object.metadata.name, [
      { reason: "FieldValueRequired", message: "Required value", field: "provisioner" },
    ]);
  if (old === undefined) return written;
  // a scenario's classes were never admitted
  const before = withDefaults(old);
  const causes = fixed
    .filter((field) => !sameJson(written[field], before[field]))
    .map((field) =>
      field === "volumeBindingMode"
        ? {
            reason: "FieldValueInvalid",
            message: `Invalid value: ${JSON.stringify(written[field])}: field is immutable`,
            field,
          }
        : {
            reason: "FieldValueForbidden",
            message: `Forbidden: updates to ${field} are forbidden.`,
            field,
          },
    );
  if (causes.length > 0) throw invalid(kind, object.metadata.name, causes);
  return written;
}
