/**
 * The objects that move and copy machines. A copy must not fight its source for what Kube-OVN gave it: addresses and MACs stay
 * behind, the subnet comes along; firmware identities are made anew. Pure.
 */
import type { SettingsSpec } from "./vm-settings.ts";

/** Keys of template annotations that name one machine's own place in the network, of every interface. */
const ownAddress = String.raw`kubernetes\.io/(ip_address|mac_address|vip|aaps)`;

/** KubeVirt's filters are unanchored regular expressions: `*` keeps all, `!` drops (api-surface §4, Clone). */
export const copyAnnotationFilters: readonly string[] = ["*", `!${ownAddress}`];

interface PatchOperation {
  op: "add" | "remove";
  path: string;
  value?: unknown;
}

const pointer = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** Whether the copy runs: `add` replaces what is there, and the deprecated field must go (they exclude each other). */
function strategyPatches(spec: SettingsSpec, start: boolean): PatchOperation[] {
  return [
    ...(spec.running === undefined ? [] : [{ op: "remove" as const, path: "/spec/running" }]),
    { op: "add", path: "/spec/runStrategy", value: start ? "Always" : "Halted" },
  ];
}

/** What a machine that is restored under another name has otherwise than the one in the snapshot. */
export function newMachinePatches(spec: SettingsSpec, start: boolean): string[] {
  const annotations =
    (spec.template?.["metadata"] as { annotations?: Record<string, string> } | undefined)?.annotations ?? {}; // a template's metadata by schema
  const template = spec.template?.spec;
  const firmware = template?.domain?.firmware ?? {};
  const operations: PatchOperation[] = [
    ...strategyPatches(spec, start),
    ...Object.keys(annotations)
      .filter((key) => new RegExp(ownAddress).test(key))
      .map((key) => ({
        op: "remove" as const,
        path: `/spec/template/metadata/annotations/${pointer(key)}`,
      })),
    ...(template?.domain?.devices?.interfaces ?? []).flatMap((nic, index) =>
      nic["macAddress"] === undefined
        ? []
        : [
            {
              op: "remove" as const,
              path: `/spec/template/spec/domain/devices/interfaces/${index}/macAddress`,
            },
          ],
    ),
    ...["uuid", "serial"].flatMap((key) =>
      firmware[key] === undefined
        ? []
        : [{ op: "remove" as const, path: `/spec/template/spec/domain/firmware/${key}` }],
    ),
  ];
  return operations.map((operation) => JSON.stringify(operation));
}

export const hostnameLabel = "kubernetes.io/hostname";

/** `hostname` is the value of a host's label, which need not be its name; left out, the scheduler chooses. */
export function migrationManifest(instance: string, hostname: string | undefined) {
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachineInstanceMigration",
    metadata: { generateName: "kubevirt-migrate-vm-" },
    spec: {
      vmiName: instance,
      ...(hostname === undefined ? {} : { addedNodeSelector: { [hostnameLabel]: hostname } }),
    },
  };
}

const machine = (name: string) => ({ apiGroup: "kubevirt.io", kind: "VirtualMachine", name });

export function snapshotManifest(vm: string, name: string) {
  return {
    apiVersion: "snapshot.kubevirt.io/v1beta1",
    kind: "VirtualMachineSnapshot",
    metadata: { name },
    spec: { source: machine(vm) },
  };
}

/** `patches` for a new machine; a machine that goes back itself takes none. */
export function restoreManifest(
  snapshot: string,
  target: string,
  policy: "StopTarget" | "FailImmediate",
  patches: readonly string[],
) {
  return {
    apiVersion: "snapshot.kubevirt.io/v1beta1",
    kind: "VirtualMachineRestore",
    metadata: { generateName: `${target.slice(0, 50)}-restore-` },
    spec: {
      target: machine(target),
      virtualMachineSnapshotName: snapshot,
      targetReadinessPolicy: policy,
      ...(patches.length === 0 ? {} : { patches }),
    },
  };
}

export function cloneManifest(source: string, target: string, spec: SettingsSpec, start: boolean) {
  return {
    apiVersion: "clone.kubevirt.io/v1beta1",
    kind: "VirtualMachineClone",
    metadata: { generateName: `${target.slice(0, 50)}-clone-` },
    spec: {
      source: machine(source),
      target: machine(target),
      template: { annotationFilters: [...copyAnnotationFilters] },
      patches: strategyPatches(spec, start).map((operation) => JSON.stringify(operation)),
    },
  };
}
