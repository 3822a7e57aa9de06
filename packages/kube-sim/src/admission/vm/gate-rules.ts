/** What a machine may only ask for behind a feature gate. Source: vmi-create-admitter.go and vms-admitter.go; order and words theirs. */
import { isRecord } from "../../api/json-patch.ts";
import type { KubeStore } from "../../store/kube-store.ts";
import type { StatusCause } from "../../store/status-error.ts";
import { isGateOpen } from "../../subresources/feature-gates.ts";
import { at } from "./instancetype-rules.ts";

const sidecars = "hooks.kubevirt.io/hookSidecars";
const ignition = "kubevirt.io/ignitiondata";

/** Of an instance's spec at `path`, e.g. `spec.template.spec`. */
export function closedGates(store: KubeStore, spec: unknown, path: string): StatusCause[] {
  const causes: StatusCause[] = [];
  const need = (gate: string, isUsed: boolean, field: string, message: string) => {
    if (isUsed && !isGateOpen(store, gate)) causes.push({ reason: "FieldValueInvalid", message, field });
  };
  const devices = at(spec, ["domain", "devices"]);
  const notEnabled = "feature gate is not enabled in kubevirt-config";
  need(
    "HostDevices",
    at(devices, ["hostDevices"]) !== undefined,
    `${path}.HostDevices`,
    `Host Devices ${notEnabled}`,
  );
  need(
    "DownwardMetrics",
    at(devices, ["downwardMetrics"]) !== undefined,
    `${path}.domain.devices.downwardMetrics`,
    "downwardMetrics virtio serial is not allowed: DownwardMetrics feature gate is not enabled",
  );
  const volumes = at(spec, ["volumes"]);
  for (const [index, volume] of (Array.isArray(volumes) ? volumes : []).entries()) {
    if (!isRecord(volume)) continue;
    const field = `${path}.volumes[${index}]`;
    need(
      "DownwardMetrics",
      volume["downwardMetrics"] !== undefined,
      field,
      "downwardMetrics disks are not allowed: DownwardMetrics feature gate is not enabled.",
    );
    need("HostDisk", volume["hostDisk"] !== undefined, field, "HostDisk feature gate is not enabled");
  }
  need(
    "VSOCK",
    at(devices, ["autoattachVSOCK"]) === true,
    `${path}.domain.devices.autoattachVSOCK`,
    `VSOCK ${notEnabled}`,
  );
  need(
    "ReservedOverheadMemlock",
    at(spec, ["domain", "memory", "reservedOverhead"]) !== undefined,
    `${path}.domain.memory.reservedOverhead`,
    `Reserved overhead memlock ${notEnabled}`,
  );
  return causes;
}

/** Of the annotations of an instance or a template whose metadata is at `path`. */
export function closedAnnotationGates(
  store: KubeStore,
  annotations: Record<string, string> | undefined,
  path: string,
): StatusCause[] {
  const asked: [gate: string, title: string, key: string][] = [
    ["ExperimentalIgnitionSupport", "ExperimentalIgnitionSupport", ignition],
    ["Sidecar", "sidecar", sidecars],
  ];
  return asked
    .filter(([gate, , key]) => annotations?.[key] && !isGateOpen(store, gate))
    .map(([, title, key]) => ({
      reason: "FieldValueInvalid",
      message: `${title} feature gate is not enabled in kubevirt-config, invalid entry ${path}.annotations.${key}`,
      field: `${path}.annotations`,
    }));
}
