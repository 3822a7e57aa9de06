/** What a Node object says of a host, for its page: virtualisation, system, resources, conditions. Pure. */
import type { HostDetail } from "@kubev/api-types/hosts";
import { clusterAnnotations, clusterLabels, kvmResource } from "./cluster-labels.ts";
import { conditionsOf, hostTone, type RawCondition } from "./conditions.ts";
import type { Amounts } from "./host-placement.ts";
import { quantityOrZero } from "./quantity.ts";

interface RawNode {
  metadata?: {
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: { taints?: { key?: string; value?: string; effect?: string }[] };
  status?: {
    capacity?: Record<string, string | number>;
    allocatable?: Record<string, string | number>;
    addresses?: { type?: string; address?: string }[];
    conditions?: RawCondition[];
    nodeInfo?: { architecture?: string; containerRuntimeVersion?: string };
  };
}
export type { RawNode };

/** The names behind labels of virt-handler's node labeller, e.g. `cpu-model.node.kubevirt.io/Haswell`. */
function labelled(labels: Readonly<Record<string, string>>, prefix: string): string[] {
  const start = `${prefix}.node.kubevirt.io/`;
  return Object.keys(labels)
    .filter((key) => key.startsWith(start) && labels[key] === "true")
    .map((key) => key.slice(start.length))
    .toSorted((a, b) => a.localeCompare(b));
}

function virtualisation({ metadata, status }: RawNode): HostDetail["virtualisation"] {
  const labels = metadata?.labels ?? {};
  const cpuFeatures = labelled(labels, "cpu-feature");
  const schedulable = labels[clusterLabels.schedulable];
  // The labeller lists what guests can be given; a guest that has vmx or svm can run machines of its own.
  const nested = cpuFeatures.includes("vmx") || cpuFeatures.includes("svm");
  return {
    kvmDevices: {
      capacity: quantityOrZero(status?.capacity?.[kvmResource]),
      allocatable: quantityOrZero(status?.allocatable?.[kvmResource]),
    },
    schedulableLabel: schedulable === undefined ? "absent" : schedulable === "true" ? "true" : "false",
    heartbeatAt: metadata?.annotations?.[clusterAnnotations.heartbeat] ?? "",
    cpuVendor: labelled(labels, "cpu-vendor")[0] ?? "",
    hostModel: labelled(labels, "host-model-cpu")[0] ?? "",
    cpuModels: labelled(labels, "cpu-model"),
    cpuFeatures,
    nested: nested ? "yes" : cpuFeatures.length > 0 ? "no" : "unknown",
    cpuManager: labels["cpumanager"] === "true",
  };
}

const firstResources = ["cpu", "memory", "pods", kvmResource];
const rank = (name: string) => {
  const at = firstResources.indexOf(name);
  return at === -1 ? firstResources.length : at;
};

function resourcesOf({ status }: RawNode, requested: Amounts): HostDetail["resources"] {
  const names = new Set([...Object.keys(status?.capacity ?? {}), ...Object.keys(requested)]);
  return [...names]
    .map((name) => ({
      name,
      capacity: quantityOrZero(status?.capacity?.[name]),
      allocatable: quantityOrZero(status?.allocatable?.[name]),
      requested: requested[name] ?? 0,
    }))
    .filter((one) => one.capacity > 0 || one.requested > 0)
    .toSorted((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
}

type FromNode = Pick<
  HostDetail,
  "virtualisation" | "system" | "resources" | "conditions" | "labels" | "taints"
>;

/** `requested`: sums over the host's pods, by resource. */
export function hostFacts(node: RawNode, requested: Amounts): FromNode {
  const { metadata, spec, status } = node;
  return {
    virtualisation: virtualisation(node),
    system: {
      architecture: status?.nodeInfo?.architecture ?? "",
      runtime: status?.nodeInfo?.containerRuntimeVersion ?? "",
      addresses: (status?.addresses ?? []).map(({ type = "", address = "" }) => `${type} ${address}`),
    },
    resources: resourcesOf(node, requested),
    conditions: conditionsOf(status?.conditions, hostTone),
    labels: metadata?.labels ?? {},
    taints: (spec?.taints ?? []).map(({ key = "", value = "", effect = "" }) => ({ key, value, effect })),
  };
}
