/** All rules for a VirtualMachine's spec, in virt-api's order. Source: KubeVirt's vms-admitter. */
import type { StatusCause } from "../../store/status-error.ts";
import { checkBootOrders, checkDisks, checkVolumes } from "./disk-rules.ts";
import { checkCpu, checkFirmware, checkMachine, checkMemory, checkResources } from "./domain-rules.ts";
import { checkNetworks } from "./network-rules.ts";
import { checkAccessCredentials, checkHostNames, checkProbes, checkStrategies } from "./placement-rules.ts";
import type { DataVolumeTemplate, Report, VmiTemplateSpec, VmSpec } from "./vm-shape.ts";

const RUN_STRATEGIES = ["Halted", "Manual", "Always", "RerunOnFailure", "Once", "WaitAsReceiver"];

/** Labels that only KubeVirt itself may put on a VMI. */
const RESERVED_LABELS = [
  "kubevirt.io/created-by",
  "kubevirt.io/migrationJobUID",
  "kubevirt.io/nodeName",
  "kubevirt.io/migrationTargetNodeName",
  "kubevirt.io/nodeSelector",
  "kubevirt.io/install-strategy-registry",
];

/** Of a machine's spec at `path`. */
export function checkVmSpec(spec: VmSpec, path = "spec"): StatusCause[] {
  const causes: StatusCause[] = [];
  const report: Report = (reason, field, message) => {
    causes.push({ reason, message, field });
  };
  const template = spec.template;
  if (template === undefined) {
    report("FieldValueRequired", `${path}.template`, "missing virtual machine template.");
    return causes;
  }
  checkTemplateLabels(template.metadata?.labels, path, report);
  checkVmiSpec(template.spec ?? {}, `${path}.template.spec`, report);
  checkDataVolumeTemplates(spec, path, report);
  checkRunStrategy(spec, path, report);
  return causes;
}

export function checkVmiSpec(spec: VmiTemplateSpec, path: string, report: Report): void {
  checkHostNames(spec, path, report);
  checkResources(spec, path, report);
  checkMemory(spec, path, report);
  checkMachine(spec, path, report);
  checkFirmware(spec, path, report);
  checkCpu(spec, path, report);
  checkNetworks(spec, path, report);
  checkDisks(spec, path, report);
  checkBootOrders(spec, path, report);
  checkVolumes(spec, path, report);
  checkStrategies(spec, path, report);
  checkProbes(spec, path, report);
  checkAccessCredentials(spec, path, report);
}

function checkTemplateLabels(labels: Record<string, string> | undefined, path: string, report: Report): void {
  if (!RESERVED_LABELS.some((label) => labels?.[label] !== undefined)) return;
  report(
    "FieldValueNotSupported",
    `${path}.template.metadata.labels`,
    "creation of the following reserved kubevirt.io/ labels on a VMI object is prohibited",
  );
}

function checkDataVolumeTemplates(spec: VmSpec, path: string, report: Report): void {
  const volumes = spec.template?.spec?.volumes ?? [];
  spec.dataVolumeTemplates?.forEach((template, index) => {
    const at = `${path}.dataVolumeTemplate[${index}]`;
    const name = template.metadata?.name ?? "";
    if (name === "") {
      report(
        "FieldValueRequired",
        `${at}.name`,
        `'name' field must not be empty for DataVolumeTemplate entry ${at}.name.`,
      );
      return;
    }
    checkDataVolumeSpec(template, at, report);
    const used = volumes.some(
      ({ dataVolume, persistentVolumeClaim }) =>
        dataVolume?.name === name || persistentVolumeClaim?.claimName === name,
    );
    if (!used) {
      report(
        "FieldValueRequired",
        at,
        `DataVolumeTemplate entry ${at} must be referenced in the VMI template's 'volumes' list`,
      );
    }
  });
}

function checkDataVolumeSpec(template: DataVolumeTemplate, at: string, report: Report): void {
  const { pvc, storage, source, sourceRef } = template.spec ?? {};
  if (pvc === undefined && storage === undefined) {
    report("FieldValueRequired", `${at}.PVC`, "Missing Data volume PVC or Storage");
  }
  if (pvc !== undefined && storage !== undefined) {
    report(
      "FieldValueInvalid",
      `${at}.PVC.Storage`,
      "Duplicate storage definition, both target storage and target pvc defined",
    );
  }
  const claim = (pvc ?? storage ?? {}) as { dataSource?: object; dataSourceRef?: object }; // optional claim fields
  if (
    source === undefined &&
    sourceRef === undefined &&
    claim.dataSource === undefined &&
    claim.dataSourceRef === undefined
  ) {
    report(
      "FieldValueInvalid",
      `${at}.Source`,
      "Data volume should have either Source, SourceRef, or be externally populated",
    );
  }
}

function checkRunStrategy(spec: VmSpec, path: string, report: Report): void {
  if (spec.running !== undefined && spec.runStrategy !== undefined) {
    report(
      "FieldValueInvalid",
      `${path}.running`,
      "Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead",
    );
  } else if (spec.running === undefined && spec.runStrategy === undefined) {
    report("FieldValueInvalid", `${path}.running`, "RunStrategy must be specified");
  } else if (spec.runStrategy !== undefined && !RUN_STRATEGIES.includes(spec.runStrategy)) {
    report("FieldValueInvalid", `${path}.runStrategy`, `Invalid RunStrategy (${spec.runStrategy})`);
  }
}
