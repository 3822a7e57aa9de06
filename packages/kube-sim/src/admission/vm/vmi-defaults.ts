/** What virt-api's mutating webhook fills into an instance, whoever makes it. Source: pkg/virt-api/webhooks/mutating-webhook, and the recorded traces. */
import { randomUUID } from "node:crypto";
import { binaryQuantity, parseQuantity } from "../../controllers/quantity.ts";
import type { VmiSpec, Volume } from "../../controllers/kubevirt-shapes.ts";
import type { KubeObject } from "../../store/kube-object.ts";

const gibibyte = 1024 ** 3;
const instanceFinalizer = "kubevirt.io/foregroundDeleteVirtualMachine";

/** Untagged images and `latest` are pulled each time, as kubelets do. */
function pullPolicyOf(image: string): string {
  const [reference = ""] = image.split("@");
  const tag = reference.slice(reference.lastIndexOf("/") + 1).split(":")[1];
  return image.includes("@") || (tag !== undefined && tag !== "latest") ? "IfNotPresent" : "Always";
}

export function withPullPolicy(volume: Volume): Volume {
  const { containerDisk } = volume;
  if (containerDisk === undefined || containerDisk.imagePullPolicy !== undefined) return volume;
  return {
    ...volume,
    containerDisk: { ...containerDisk, imagePullPolicy: pullPolicyOf(containerDisk.image) },
  };
}

/** A feature that is only named is on. */
function withFeatureStates(features: Record<string, unknown>): Record<string, unknown> {
  const states = ["acpi", "apic", "smm"].filter((name) => features[name] !== undefined);
  return {
    ...features,
    ...Object.fromEntries(states.map((name) => [name, { enabled: true, ...(features[name] as object) }])), // objects by the CRD
  };
}

/** Four times the guest's memory; small guests cannot grow. */
function maxGuestOf(guest: string): { maxGuest?: string } {
  const bytes = parseQuantity(guest);
  return bytes >= gibibyte ? { maxGuest: binaryQuantity(bytes * 4) } : {};
}

/**
 * What of the topology is left out is filled in only where all of it is; sockets that are left out beside cores stay none, in the
 * machine and its instance alike. Source: SetDefaultGuestCPUTopology of pkg/defaults.
 */
function topologyOf({ cpu, resources }: VmiSpec["domain"]): {
  cores?: number;
  sockets?: number;
  threads?: number;
} {
  const { cores, sockets, threads } = cpu ?? {};
  if ((cores ?? 0) + (sockets ?? 0) + (threads ?? 0) > 0)
    return {
      ...(cores !== undefined && { cores }),
      ...(sockets !== undefined && { sockets }),
      ...(threads !== undefined && { threads }),
    };
  const amount = resources?.limits?.["cpu"] ?? resources?.requests?.["cpu"];
  return { cores: 1, sockets: amount === undefined ? 1 : Math.ceil(parseQuantity(amount)), threads: 1 };
}

export function withVmiDefaults(spec: VmiSpec): VmiSpec {
  const { domain } = spec;
  const { model = "host-model" } = domain.cpu ?? {};
  const topology = topologyOf(domain);
  const maxSockets = domain.cpu?.maxSockets ?? (topology.sockets ?? 0) * 4;
  const guest = domain.memory?.guest ?? domain.resources?.requests?.["memory"] ?? "0";
  const { devices } = domain;
  const defaultNic = devices.interfaces === undefined && devices.autoattachPodInterface !== false;
  return {
    ...spec,
    architecture: spec.architecture ?? "amd64",
    evictionStrategy: spec.evictionStrategy ?? "None",
    domain: {
      ...domain,
      cpu: {
        ...domain.cpu,
        ...topology,
        model,
        ...(maxSockets > 0 && { maxSockets }),
      },
      memory: {
        ...domain.memory,
        guest,
        ...maxGuestOf(guest),
        ...(domain.memory?.maxGuest !== undefined && { maxGuest: domain.memory.maxGuest }),
      },
      features: withFeatureStates({ acpi: {}, ...domain.features }),
      machine: { ...domain.machine, type: domain.machine?.type ?? "q35" },
      devices: defaultNic ? { ...devices, interfaces: [{ name: "default", masquerade: {} }] } : devices,
    },
    ...(defaultNic && { networks: [{ name: "default", pod: {} }] }),
    ...(spec.volumes && {
      volumes: spec.volumes.map(withPullPolicy),
    }),
  };
}

/** The status that a new instance has before any controller has seen it. */
export function initialVmiStatus(spec: VmiSpec, now: string): Record<string, unknown> {
  const guest = spec.domain.memory?.guest ?? "0";
  return {
    phase: "Pending",
    currentCPUTopology: topologyOf(spec.domain),
    guestOSInfo: {},
    memory: { guestAtBoot: guest, guestCurrent: guest, guestRequested: guest },
    phaseTransitionTimestamps: [{ phase: "Pending", phaseTransitionTimestamp: now }],
    runtimeUser: 107,
  };
}

/** An instance that somebody creates without a VM. */
export function withBareVmiDefaults(vmi: KubeObject, now: string): KubeObject {
  const given = vmi["spec"] as Partial<VmiSpec> | undefined; // virt-api reads it into its structs
  if (typeof given?.domain?.devices !== "object") return vmi; // the schema says what is missing
  const spec = withVmiDefaults(given as VmiSpec); // just checked
  const { finalizers = [], annotations } = vmi.metadata;
  return {
    ...vmi,
    metadata: {
      ...vmi.metadata,
      annotations: { "kubevirt.io/pci-topology-version": "v3", ...annotations },
      finalizers: [...new Set([...finalizers, instanceFinalizer])],
    },
    spec: {
      ...spec,
      domain: {
        ...spec.domain,
        firmware: { uuid: randomUUID(), ...spec.domain.firmware },
        resources: spec.domain.resources ?? {},
      },
    },
    status: { ...initialVmiStatus(spec, now), ...(vmi["status"] as object | undefined) }, // an object by the schema
  };
}
