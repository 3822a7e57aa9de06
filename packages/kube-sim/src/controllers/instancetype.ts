/** Puts what an instance type and a preference say into a VMI's spec. Source: KubeVirt pkg/instancetype. */
import type { KubeObject } from "../store/kube-object.ts";
import { clusterInstancetypeKind, clusterPreferenceKind, instancetypeKind, preferenceKind } from "./kinds.ts";
import type { Matcher, VirtualMachine, VmiSpec } from "./kubevirt-shapes.ts";
import type { TypedStore } from "./typed-store.ts";

interface InstancetypeSpec {
  cpu?: { guest?: number; model?: string; dedicatedCPUPlacement?: boolean };
  memory?: { guest?: string; hugepages?: { pageSize: string } };
  gpus?: { deviceName: string; name: string }[];
  nodeSelector?: Record<string, string>;
}

interface PreferenceSpec {
  devices?: { preferredDiskBus?: string; preferredInterfaceModel?: string };
  firmware?: {
    preferredEfi?: { secureBoot?: boolean };
    preferredUseEfi?: boolean;
    preferredUseSecureBoot?: boolean;
  };
  features?: { preferredSmm?: { enabled?: boolean } };
}

/** As KubeVirt applies it (pkg/instancetype/preference/apply/firmware.go): what is written, else what the older fields say. */
function preferredEfiOf({ firmware }: PreferenceSpec): { secureBoot?: boolean } | undefined {
  if (firmware?.preferredEfi !== undefined) return firmware.preferredEfi;
  if (firmware?.preferredUseEfi !== true) return undefined;
  const secureBoot = firmware.preferredUseSecureBoot;
  return secureBoot === undefined ? {} : { secureBoot };
}

export class MissingType extends Error {
  readonly reason: "FailedFindInstancetype" | "FailedFindPreference";
  constructor(reason: MissingType["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Of either kind, cluster-wide or of the project; a kind left out is the cluster-wide one. */
function checkKind(
  matcher: Matcher,
  kinds: { cluster: { kind: string }; namespaced: { kind: string } },
  title: string,
  reason: MissingType["reason"],
): void {
  const kind = (matcher.kind ?? "").toLowerCase();
  const known = ["", kinds.cluster.kind.toLowerCase(), kinds.namespaced.kind.toLowerCase()];
  const plural = known.map((one) => `${one}s`);
  if (!known.includes(kind) && !plural.includes(kind))
    throw new MissingType(reason, `got unexpected kind in ${title}: ${matcher.kind ?? ""}`);
}

function find(
  store: TypedStore,
  matcher: Matcher,
  namespace: string | undefined,
  kinds: { cluster: typeof clusterInstancetypeKind; namespaced: typeof instancetypeKind },
): KubeObject | undefined {
  const namespaced = (matcher.kind ?? "").toLowerCase() === kinds.namespaced.kind.toLowerCase();
  return namespaced
    ? store.get(kinds.namespaced, namespace, matcher.name)
    : store.get(kinds.cluster, undefined, matcher.name);
}

function notFound(resource: string, group: string, name: string): string {
  return `${resource}.${group} "${name}" not found`;
}

/** The VMI spec with both applied. Throws `MissingType` when the VM names one that does not exist. */
export function expandInstancetype(store: TypedStore, vm: VirtualMachine): VmiSpec {
  let spec = vm.spec.template.spec;
  const { namespace } = vm.metadata;
  if (vm.spec.instancetype) {
    const kinds = { cluster: clusterInstancetypeKind, namespaced: instancetypeKind };
    checkKind(vm.spec.instancetype, kinds, "InstancetypeMatcher", "FailedFindInstancetype");
    const found = find(store, vm.spec.instancetype, namespace, kinds);
    if (!found) {
      throw new MissingType(
        "FailedFindInstancetype",
        notFound(clusterInstancetypeKind.resource, clusterInstancetypeKind.group, vm.spec.instancetype.name),
      );
    }
    const type = found["spec"] as InstancetypeSpec; // the CRD requires cpu and memory
    const devices = type.gpus ? { ...spec.domain.devices, gpus: type.gpus } : spec.domain.devices;
    spec = {
      ...spec,
      ...(type.nodeSelector && { nodeSelector: { ...type.nodeSelector, ...spec.nodeSelector } }),
      domain: {
        ...spec.domain,
        devices,
        cpu: {
          ...spec.domain.cpu,
          sockets: type.cpu?.guest ?? 1,
          cores: 1,
          threads: 1,
          ...(type.cpu?.dedicatedCPUPlacement === true && { dedicatedCpuPlacement: true }),
        },
        memory: {
          ...spec.domain.memory,
          guest: type.memory?.guest ?? "1Gi",
          ...(type.memory?.hugepages && { hugepages: type.memory.hugepages }),
        },
      },
    };
  }
  if (vm.spec.preference) {
    const kinds = { cluster: clusterPreferenceKind, namespaced: preferenceKind };
    checkKind(vm.spec.preference, kinds, "PreferenceMatcher", "FailedFindPreference");
    const found = find(store, vm.spec.preference, namespace, kinds);
    if (!found) {
      throw new MissingType(
        "FailedFindPreference",
        notFound(clusterPreferenceKind.resource, clusterPreferenceKind.group, vm.spec.preference.name),
      );
    }
    const preference = found["spec"] as PreferenceSpec; // as above
    const bus = preference.devices?.preferredDiskBus;
    const model = preference.devices?.preferredInterfaceModel;
    const efi = preferredEfiOf(preference);
    const smm = preference.features?.preferredSmm;
    spec = {
      ...spec,
      domain: {
        ...spec.domain,
        ...(efi !== undefined &&
          !spec.domain.firmware?.bootloader && {
            firmware: { ...spec.domain.firmware, bootloader: { efi } },
          }),
        ...(smm !== undefined &&
          spec.domain.features?.smm === undefined && {
            features: { ...spec.domain.features, smm },
          }),
        devices: {
          ...spec.domain.devices,
          ...(bus && {
            disks: (spec.domain.devices.disks ?? []).map((disk) =>
              disk.disk && !disk.disk.bus ? { ...disk, disk: { ...disk.disk, bus } } : disk,
            ),
          }),
          ...(model && {
            interfaces: (spec.domain.devices.interfaces ?? []).map((nic) =>
              nic.model ? nic : { ...nic, model },
            ),
          }),
        },
      },
    };
  }
  return spec;
}
