/** KubeVirt's webhook of exports. Source: pkg/storage/admitters/vmexport.go of KubeVirt, whose words these are. */
import { goDurationMs } from "../../controllers/go-duration.ts";
import type { KubeObject } from "../../store/kube-object.ts";
import { sameJson } from "../../store/json-equality.ts";
import type { StatusCause } from "../../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "../admission.ts";
import { refusePlainly, refuseWithCauses } from "../webhook-refusal.ts";

const webhook = "virtualmachineexport-validator.export.kubevirt.io";

interface ExportSpec {
  source: { apiGroup?: string; kind: string; name: string };
  ttlDuration?: string;
}

interface SourceRule {
  /** What a name that is missing is told by. */
  named: string;
  /** Undefined where there must be none. */
  apiGroup?: string;
  group: string;
}

const rules: Readonly<Record<string, SourceRule>> = {
  PersistentVolumeClaim: { named: "PVC", group: "PVC API group must be missing or blank" },
  VirtualMachineSnapshot: {
    named: "VMSnapshot",
    apiGroup: "snapshot.kubevirt.io",
    group: "VMSnapshot API group must be snapshot.kubevirt.io",
  },
  VirtualMachine: {
    named: "Virtual Machine",
    apiGroup: "kubevirt.io",
    group: "VM API group must be kubevirt.io",
  },
  VirtualMachineBackup: {
    named: "VirtualMachineBackup",
    apiGroup: "backup.kubevirt.io",
    group: "VirtualMachineBackup API group must be backup.kubevirt.io",
  },
};

const wrong = (field: string, message: string): StatusCause => ({
  reason: "FieldValueInvalid",
  message,
  field,
});

function sourceProblems({ source }: ExportSpec): StatusCause[] {
  const { kind, name, apiGroup = "" } = source;
  if (kind === "VirtualMachineTemplate")
    return [
      wrong(
        "spec.source.kind",
        "VirtualMachineTemplate source requires the OCIExport feature gate and virt-template deployment to be enabled",
      ),
    ];
  const rule = rules[kind];
  if (rule === undefined) return [wrong("spec.source.kind", "invalid kind")];
  return [
    ...(name === "" ? [wrong("spec.source.name", `${rule.named} name must not be empty`)] : []),
    ...(apiGroup === (rule.apiGroup ?? "") ? [] : [wrong("spec.source.APIGroup", rule.group)]),
  ];
}

export class ExportRule implements AdmissionRule {
  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    const { kind, operation, subresource, old } = request;
    if (kind.group !== "export.kubevirt.io" || kind.resource !== "virtualmachineexports") return object;
    if (subresource !== "" || operation === "DELETE") return object;
    const spec = object["spec"] as ExportSpec; // the schema has been checked
    try {
      if (spec.ttlDuration !== undefined) goDurationMs(spec.ttlDuration);
    } catch (error) {
      throw refusePlainly(webhook, error instanceof Error ? error.message : String(error));
    }
    const causes =
      operation === "CREATE"
        ? sourceProblems(spec)
        : sameJson(spec, old?.["spec"])
          ? []
          : [wrong("spec", "spec in immutable after creation")];
    const refusal = refuseWithCauses(webhook, causes);
    if (refusal !== undefined) throw refusal;
    return object;
  }
}
