/** The hosts of the embedded cluster, of three kinds. */
import type { NewObject } from "../store/kube-object.ts";
import { clusterObject } from "./scenario-object.ts";

export interface HostKind {
  hardware: string;
  cpus: number;
  memoryGi: number;
  hugepages2MiGi: number;
  gpus: number;
  cpuManager: boolean;
  /** Guests may run machines of their own. */
  nestedVirtualisation: boolean;
}

export const hostKinds = {
  general: {
    hardware: "general",
    cpus: 32,
    memoryGi: 128,
    hugepages2MiGi: 0,
    gpus: 0,
    cpuManager: false,
    nestedVirtualisation: false,
  },
  memory: {
    hardware: "large-memory",
    cpus: 48,
    memoryGi: 512,
    hugepages2MiGi: 64,
    gpus: 0,
    cpuManager: true,
    nestedVirtualisation: true,
  },
  gpu: {
    hardware: "gpu",
    cpus: 32,
    memoryGi: 256,
    hugepages2MiGi: 0,
    gpus: 2,
    cpuManager: false,
    nestedVirtualisation: false,
  },
} as const satisfies Record<string, HostKind>;

export interface Host {
  name: string;
  kind: HostKind;
  zone: string;
  cordoned?: boolean;
}

export const hostAddress = (index: number): string => `192.0.2.${11 + index}`;

/** What virt-handler's node labeller finds on such processors. */
const cpuModels = [
  "Westmere",
  "Haswell-noTSX",
  "Skylake-Server-noTSX-IBRS",
  "Cascadelake-Server",
  "Icelake-Server",
];
const cpuFeatures = [
  "aes",
  "avx",
  "avx2",
  "avx512f",
  "erms",
  "fma",
  "pcid",
  "rdrand",
  "spec-ctrl",
  "ssbd",
  "xsaves",
];

const labelled = (prefix: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`${prefix}.node.kubevirt.io/${name}`, "true"]));

const gpuResource = "nvidia.com/GA102GL_A10";

export function hostObjects(hosts: Host[], now: string): NewObject[] {
  return hosts.flatMap(({ name, kind, zone, cordoned }, index) => {
    const capacity: Record<string, string> = {
      cpu: String(kind.cpus),
      memory: `${kind.memoryGi}Gi`,
      "ephemeral-storage": "440Gi",
      pods: "250",
      "hugepages-1Gi": "0",
      "hugepages-2Mi": `${kind.hugepages2MiGi}Gi`,
      "devices.kubevirt.io/kvm": "1k",
      "devices.kubevirt.io/tun": "1k",
      "devices.kubevirt.io/vhost-net": "1k",
      ...(kind.gpus > 0 && { [gpuResource]: String(kind.gpus) }),
    };
    const allocatable = {
      ...capacity,
      cpu: String(kind.cpus - 1),
      memory: `${kind.memoryGi - kind.hugepages2MiGi - 4}Gi`,
    };
    const ready = (type: string, status: string, reason: string, message: string) => ({
      type,
      status,
      reason,
      message,
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    });
    const node = clusterObject("v1", "Node", name, {
      metadata: {
        labels: {
          "kubernetes.io/hostname": name,
          "kubernetes.io/arch": "amd64",
          "kubernetes.io/os": "linux",
          "kubevirt.io/schedulable": "true",
          "topology.kubernetes.io/zone": zone,
          "topology.kubernetes.io/region": "home",
          "node.kubernetes.io/instance-type": kind.hardware,
          ...labelled("cpu-vendor", ["Intel"]),
          ...labelled("cpu-model", cpuModels),
          ...labelled("cpu-model-migration", cpuModels),
          ...labelled("host-model-cpu", ["Icelake-Server"]),
          ...labelled("cpu-feature", kind.nestedVirtualisation ? [...cpuFeatures, "vmx"] : cpuFeatures),
          ...(kind.cpuManager && { cpumanager: "true" }),
        },
        annotations: { "kubevirt.io/heartbeat": now },
      },
      spec: {
        podCIDR: `10.244.${index}.0/24`,
        ...(cordoned === true && {
          unschedulable: true,
          taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule", timeAdded: now }],
        }),
      },
      status: {
        capacity,
        allocatable,
        conditions: [
          ready(
            "MemoryPressure",
            "False",
            "KubeletHasSufficientMemory",
            "kubelet has sufficient memory available",
          ),
          ready("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
          ready("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
          ready("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
        ],
        addresses: [
          { type: "InternalIP", address: hostAddress(index) },
          { type: "Hostname", address: name },
        ],
        nodeInfo: {
          architecture: "amd64",
          operatingSystem: "linux",
          osImage: "Debian GNU/Linux 12 (bookworm)",
          kernelVersion: "6.1.0-41-amd64",
          kubeletVersion: "v1.36.2",
          kubeProxyVersion: "",
          containerRuntimeVersion: "containerd://2.1.4",
          bootID: `boot-${name}`,
          machineID: `machine-${name}`,
          systemUUID: `system-${name}`,
        },
      },
    });
    const csiNode = clusterObject("storage.k8s.io/v1", "CSINode", name, {
      spec: {
        drivers: ["block.csi.kubev.dev", "file.csi.kubev.dev", "archive.csi.kubev.dev"].map((driver) => ({
          name: driver,
          nodeID: name,
          topologyKeys: ["topology.kubernetes.io/zone"],
          allocatable: { count: 64 },
        })),
      },
    });
    return [node, csiNode];
  });
}
