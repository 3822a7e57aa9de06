/** Puts what an instance type and a preference say into a machine's spec. Source: KubeVirt pkg/instancetype/apply. */
import type { VirtualMachine, VmiSpec } from "./kubevirt-shapes.ts";
import { applyPreference, preferredTopology, type PreferenceSpec } from "./preference.ts";
import { typeSpecOf } from "./type-revisions.ts";
import type { TypedStore } from "./typed-store.ts";

interface InstancetypeSpec {
  annotations?: Record<string, string>;
  cpu?: {
    guest?: number;
    model?: string;
    maxSockets?: number;
    dedicatedCPUPlacement?: boolean;
    isolateEmulatorThread?: boolean;
    numa?: object;
    realtime?: object;
  };
  memory?: { guest?: string; maxGuest?: string; hugepages?: { pageSize: string } };
  gpus?: { deviceName: string; name: string }[];
  hostDevices?: { deviceName: string; name: string }[];
  ioThreadsPolicy?: string;
  launchSecurity?: object;
  nodeSelector?: Record<string, string>;
  schedulerName?: string;
}

export interface ExpandedTemplate {
  spec: VmiSpec;
  /** Those of the template, and those that the types bring. */
  annotations: Record<string, string>;
  /** What an instance made of it is marked with. */
  marks: Record<string, string>;
}

function applyType(type: InstancetypeSpec, preference: PreferenceSpec | undefined, spec: VmiSpec): VmiSpec {
  const { cpu = {}, memory = {} } = type;
  return {
    ...spec,
    ...(type.nodeSelector && { nodeSelector: { ...type.nodeSelector, ...spec.nodeSelector } }),
    ...(type.schedulerName && { schedulerName: type.schedulerName }),
    domain: {
      ...spec.domain,
      ...(type.ioThreadsPolicy && { ioThreadsPolicy: type.ioThreadsPolicy }),
      ...(type.launchSecurity && { launchSecurity: type.launchSecurity }),
      devices: {
        ...spec.domain.devices,
        ...(type.gpus && { gpus: type.gpus }),
        ...(type.hostDevices && { hostDevices: type.hostDevices }),
      },
      cpu: {
        ...spec.domain.cpu,
        ...preferredTopology(cpu.guest ?? 1, preference),
        ...(cpu.model !== undefined && { model: cpu.model }),
        ...(cpu.maxSockets !== undefined && { maxSockets: cpu.maxSockets }),
        ...(cpu.dedicatedCPUPlacement !== undefined && { dedicatedCpuPlacement: cpu.dedicatedCPUPlacement }),
        ...(cpu.isolateEmulatorThread !== undefined && { isolateEmulatorThread: cpu.isolateEmulatorThread }),
        ...(cpu.numa && { numa: cpu.numa }),
        ...(cpu.realtime && { realtime: cpu.realtime }),
      },
      memory: {
        ...spec.domain.memory,
        guest: memory.guest ?? "1Gi",
        ...(memory.maxGuest !== undefined && { maxGuest: memory.maxGuest }),
        ...(memory.hugepages && { hugepages: memory.hugepages }),
      },
    },
  };
}

/** Which types an instance came from; those of the project by other keys. */
function typeNames({ spec }: VirtualMachine): Record<string, string> {
  const named = (what: "instancetype" | "preference"): Record<string, string> => {
    const matcher = spec[what];
    if (matcher === undefined) return {};
    const isOwn = (matcher.kind ?? "").toLowerCase().startsWith(`virtualmachine${what}`);
    return { [`kubevirt.io/${isOwn ? "" : "cluster-"}${what}-name`]: matcher.name };
  };
  return { ...named("instancetype"), ...named("preference") };
}

/** The template with both applied. Throws `MissingType` when the VM names one that does not exist. */
export function expandInstancetype(store: TypedStore, vm: VirtualMachine): ExpandedTemplate {
  const type: InstancetypeSpec | undefined = typeSpecOf(store, vm, "instancetype");
  const preference: PreferenceSpec | undefined = typeSpecOf(store, vm, "preference");
  const { template } = vm.spec;
  const sized = type === undefined ? template.spec : applyType(type, preference, template.spec);
  return {
    spec: preference === undefined ? sized : applyPreference(preference, sized),
    annotations: { ...preference?.annotations, ...type?.annotations, ...template.metadata?.annotations },
    marks: typeNames(vm),
  };
}
