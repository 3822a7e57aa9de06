/** KubeVirt's webhook of snapshots. Source: pkg/storage/admitters/vmsnapshot.go. */
import { parseGoDuration } from "../../schema/go-duration.ts";
import { sameJson } from "../../store/json-equality.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import type { StatusCause } from "../../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "../admission.ts";
import { refusePlainly, refuseWithCauses } from "../webhook-refusal.ts";

const WEBHOOK = "virtualmachinesnapshot-validator.snapshot.kubevirt.io";

interface SnapshotSpec {
  source?: { apiGroup?: string; kind?: string };
  failureDeadline?: string;
}

export class SnapshotRule implements AdmissionRule {
  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource, old } = request;
    if (kind.group !== "snapshot.kubevirt.io" || kind.resource !== "virtualmachinesnapshots") return object;
    if (subresource !== "" || operation === "DELETE") return object;
    const spec = object["spec"] as SnapshotSpec; // the schema's
    try {
      if (spec.failureDeadline !== undefined) parseGoDuration(spec.failureDeadline);
    } catch (error) {
      throw refusePlainly(WEBHOOK, (error as Error).message); // parseGoDuration throws Errors
    }
    const causes = operation === "CREATE" ? sourceCauses(spec) : changeCauses(object, old);
    const refusal = refuseWithCauses(WEBHOOK, causes);
    if (refusal !== undefined) throw refusal;
    return object;
  }
}

function sourceCauses({ source }: SnapshotSpec): StatusCause[] {
  const field = "spec.source.apiGroup";
  if (source?.apiGroup === undefined)
    return [{ reason: "FieldValueNotFound", message: "missing apiGroup", field }];
  if (source.apiGroup !== "kubevirt.io")
    return [{ reason: "FieldValueInvalid", message: "invalid apiGroup", field }];
  if (source.kind === "VirtualMachine") return [];
  return [{ reason: "FieldValueInvalid", message: "invalid kind", field: "spec.source.kind" }];
}

const changeCauses = (object: KubeObject, old: KubeObject | undefined): StatusCause[] =>
  sameJson(object["spec"], old?.["spec"])
    ? []
    : [{ reason: "FieldValueInvalid", message: "spec in immutable after creation", field: "spec" }];
