/** Projects, hosts, networks, quotas, machine types and role bindings to records. */
import { clusterAnnotations, clusterLabels, kvmResource } from "../domain/cluster-labels.ts";
import { consoleAnnotations } from "../domain/console-labels.ts";
import type {
  HostRecord,
  InstanceTypeRecord,
  IpRecord,
  PreferenceRecord,
  ProjectRecord,
  QuotaRecord,
  RoleBindingRecord,
  RoleRecord,
  SubnetRecord,
  VpcRecord,
} from "../domain/platform-records.ts";
import { quantityOrZero } from "../domain/quantity.ts";
import { isDefaultVpc, overlayProvider, vpcOfSubnet } from "../domain/subnet-choice.ts";
import type { RawCondition } from "../domain/conditions.ts";
import type { Quantity, RawMeta, RawObject } from "./raw.ts";
import { conditionOf, isTrue, recordBase } from "./record-base.ts";

export function projectProject(raw: RawObject<Record<string, never>, { phase: string }>): ProjectRecord {
  const annotations = raw.metadata?.annotations ?? {};
  return {
    ...recordBase(raw.metadata),
    phase: raw.status?.phase ?? "Active",
    labels: raw.metadata?.labels ?? {},
    displayName: annotations[consoleAnnotations.displayName] ?? annotations[clusterAnnotations.title] ?? "",
    description: annotations[consoleAnnotations.description] ?? annotations["openshift.io/description"] ?? "",
    logicalSwitch: annotations[clusterAnnotations.logicalSwitch] ?? "",
  };
}

type Amounts = Record<string, Quantity>;

interface RawNodeStatus {
  capacity: Amounts;
  allocatable: Amounts;
  conditions: RawCondition[];
  addresses: { type?: string; address?: string }[];
  nodeInfo: { osImage?: string; kernelVersion?: string; kubeletVersion?: string };
}

const everyAmount = (value: Amounts | undefined): Record<string, number> =>
  Object.fromEntries(Object.entries(value ?? {}).map(([key, amount]) => [key, quantityOrZero(amount)]));

const amounts = (value: Amounts | undefined) => ({
  cpuCores: quantityOrZero(value?.["cpu"]),
  memoryBytes: quantityOrZero(value?.["memory"]),
});

export function projectHost(
  raw: RawObject<
    { unschedulable: boolean; taints: { key?: string; value?: string; effect?: string }[] },
    RawNodeStatus
  >,
): HostRecord {
  const { spec, status, metadata } = raw;
  const labels = metadata?.labels ?? {};
  const ready = conditionOf(status?.conditions, "Ready");
  const schedulable = labels[clusterLabels.schedulable];
  const allocatable = status?.allocatable ?? {};
  return {
    ...recordBase(metadata),
    ready: ready?.status ?? "Unknown",
    readyReason: ready?.reason ?? "",
    readyMessage: ready?.message ?? "",
    cordoned: spec?.unschedulable === true,
    kubevirtSchedulable: schedulable === undefined ? null : schedulable === "true",
    heartbeatAt: metadata?.annotations?.[clusterAnnotations.heartbeat] ?? "",
    kvmDevices: quantityOrZero(allocatable[kvmResource]),
    taints: (spec?.taints ?? []).flatMap((taint) =>
      taint.effect === "NoSchedule" || taint.effect === "NoExecute" ? [taint.key ?? ""] : [],
    ),
    taintList: (spec?.taints ?? []).map(({ key = "", value = "", effect = "" }) => ({ key, value, effect })),
    labels,
    resources: { capacity: everyAmount(status?.capacity), allocatable: everyAmount(allocatable) },
    capacity: amounts(status?.capacity),
    allocatable: amounts(status?.allocatable),
    features: Object.keys(labels)
      .filter(
        (key) =>
          /^(cpu-model|cpu-feature|scheduling)\.node\.kubevirt\.io\//.test(key) || key === "cpumanager",
      )
      .map((key) => (key === "cpumanager" ? `cpumanager=${labels[key] ?? ""}` : key)),
    ip: status?.addresses?.find((address) => address.type === "InternalIP")?.address ?? "",
    os: status?.nodeInfo?.osImage ?? "",
    kernel: status?.nodeInfo?.kernelVersion ?? "",
    kubelet: status?.nodeInfo?.kubeletVersion ?? "",
    zone: labels["topology.kubernetes.io/zone"] ?? "",
    hardware: labels["node.kubernetes.io/instance-type"] ?? "",
    hugepages: Object.entries(allocatable).flatMap(([key, value]) =>
      key.startsWith("hugepages-") && quantityOrZero(value) > 0 ? [key.slice("hugepages-".length)] : [],
    ),
  };
}

interface RawSubnetSpec {
  vpc: string;
  cidrBlock: string;
  gateway: string;
  excludeIps: string[];
  namespaces: string[];
  default: boolean;
  private: boolean;
  vlan: string;
  provider: string;
  natOutgoing: boolean;
}

interface RawSubnetStatus {
  conditions: RawCondition[];
  v4availableIPs: Quantity;
  v4usingIPs: Quantity;
  v6availableIPs: Quantity;
  v6usingIPs: Quantity;
}

const commaParts = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** Counts arrive as numbers, or as strings where they exceed 2^53; nothing else is a count. */
const countText = (v4: Quantity | undefined, v6: Quantity | undefined, cidrs: readonly string[]): string => {
  const usesV4 = cidrs.some((cidr) => cidr.includes(".")) || cidrs.length === 0;
  const value = String((usesV4 ? v4 : v6) ?? 0);
  return /^\d+$/.test(value) ? value : "0";
};

/** Kube-OVN sets `Error`, or `Validated` to False, with its reason and message. */
function failureText(conditions: readonly RawCondition[] | undefined): string {
  const error = conditionOf(conditions, "Error");
  const validated = conditionOf(conditions, "Validated");
  const failed = error?.status === "True" ? error : validated?.status === "False" ? validated : null;
  return failed === null ? "" : [failed.reason, failed.message].filter((text) => text !== "").join(": ");
}

export function projectSubnet(raw: RawObject<RawSubnetSpec, RawSubnetStatus>): SubnetRecord {
  const { spec, status } = raw;
  const cidrs = commaParts(spec?.cidrBlock);
  return {
    ...recordBase(raw.metadata),
    vpc: vpcOfSubnet(spec),
    cidrs,
    gateways: commaParts(spec?.gateway),
    excludeIps: spec?.excludeIps ?? [],
    namespaces: spec?.namespaces ?? [],
    isDefault: spec?.default === true,
    isPrivate: spec?.private === true,
    vlan: spec?.vlan ?? "",
    provider: spec?.provider || overlayProvider,
    ready: isTrue(status?.conditions, "Ready"),
    failure: failureText(status?.conditions),
    natOutgoing: spec?.natOutgoing === true,
    availableIps: countText(status?.v4availableIPs, status?.v6availableIPs, cidrs),
    usedIps: countText(status?.v4usingIPs, status?.v6usingIPs, cidrs),
  };
}

export function projectVpc(
  raw: RawObject<
    {
      namespaces: string[];
      defaultSubnet: string;
      staticRoutes: { cidr?: string }[];
    },
    { default: boolean; standby: boolean; defaultLogicalSwitch: string }
  >,
): VpcRecord {
  const { spec, status } = raw;
  return {
    ...recordBase(raw.metadata),
    namespaces: spec?.namespaces ?? [],
    isDefault: isDefaultVpc(raw),
    defaultSubnet: spec?.defaultSubnet ?? status?.defaultLogicalSwitch ?? "",
    ready: status?.standby === true,
    hasDefaultRoute: (spec?.staticRoutes ?? []).some(
      (route) => route.cidr === "0.0.0.0/0" || route.cidr === "::/0",
    ),
  };
}

interface RawIpSpec {
  subnet: string;
  v4IpAddress: string;
  v6IpAddress: string;
  macAddress: string;
  podName: string;
  namespace: string;
  podType: string;
}

export function projectIp(raw: RawObject<RawIpSpec>): IpRecord {
  const { spec } = raw;
  return {
    ...recordBase(raw.metadata),
    subnet: spec?.subnet ?? "",
    ips: [spec?.v4IpAddress, spec?.v6IpAddress].filter((ip): ip is string => ip !== undefined && ip !== ""),
    mac: (spec?.macAddress ?? "").toLowerCase(),
    podName: spec?.podName ?? "",
    podNamespace: spec?.namespace ?? "",
    podType: spec?.podType ?? "",
  };
}

const numbers = (value: Amounts | undefined): Record<string, number> =>
  Object.fromEntries(Object.entries(value ?? {}).map(([key, amount]) => [key, quantityOrZero(amount)]));

export function projectQuota(
  raw: RawObject<{ hard: Amounts }, { hard: Amounts; used: Amounts }>,
): QuotaRecord {
  return {
    ...recordBase(raw.metadata),
    hard: numbers(raw.spec?.hard),
    used: numbers(raw.status?.used),
  };
}

interface RawInstanceTypeSpec {
  cpu: { guest?: number; dedicatedCPUPlacement?: boolean };
  memory: { guest?: Quantity; hugepages?: { pageSize?: string } };
  gpus: { deviceName?: string }[];
  hostDevices: { deviceName?: string }[];
}

function countOf(devices: readonly { deviceName?: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { deviceName = "" } of devices) counts[deviceName] = (counts[deviceName] ?? 0) + 1;
  return counts;
}

export function projectInstanceType(raw: RawObject<RawInstanceTypeSpec>): InstanceTypeRecord {
  const { spec, metadata } = raw;
  const annotations = metadata?.annotations ?? {};
  return {
    ...recordBase(metadata),
    displayName: annotations[clusterAnnotations.typeName] ?? "",
    description: annotations[clusterAnnotations.typeDescription] ?? "",
    group: metadata?.labels?.["instancetype.kubevirt.io/class"] ?? "",
    cpuCores: spec?.cpu?.guest ?? 0,
    memoryBytes: quantityOrZero(spec?.memory?.guest),
    gpus: spec?.gpus?.length ?? 0,
    devices: countOf([...(spec?.gpus ?? []), ...(spec?.hostDevices ?? [])]),
    dedicatedCpu: spec?.cpu?.dedicatedCPUPlacement === true,
    hugepages: spec?.memory?.hugepages?.pageSize ?? "",
  };
}

export function projectPreference(
  raw: RawObject<{ requirements: { cpu?: { guest?: number }; memory?: { guest?: Quantity } } }>,
): PreferenceRecord {
  const { spec, metadata } = raw;
  const annotations = metadata?.annotations ?? {};
  const labels = metadata?.labels ?? {};
  return {
    ...recordBase(metadata),
    displayName: annotations[clusterAnnotations.title] ?? "",
    osType: labels[clusterLabels.osType] ?? "",
    minCpuCores: spec?.requirements?.cpu?.guest ?? 0,
    minMemoryBytes: quantityOrZero(spec?.requirements?.memory?.guest),
  };
}

interface RawBinding {
  metadata?: RawMeta;
  subjects?: { kind?: string; name?: string; namespace?: string }[];
  roleRef?: { kind?: string; name?: string };
}

/** Subjects as `user:NAME` and `group:NAME`; a service account is the user it acts as. */
export function projectRoleBinding(raw: RawBinding): RoleBindingRecord {
  return {
    ...recordBase(raw.metadata),
    subjects: (raw.subjects ?? []).map((subject) =>
      subject.kind === "ServiceAccount"
        ? `user:system:serviceaccount:${subject.namespace ?? raw.metadata?.namespace ?? ""}:${subject.name ?? ""}`
        : `${subject.kind === "Group" ? "group" : "user"}:${subject.name ?? ""}`,
    ),
    role: `${raw.roleRef?.kind ?? ""}/${raw.roleRef?.name ?? ""}`,
  };
}

interface RawRole {
  metadata?: RawMeta;
  rules?:
    | { verbs?: string[]; apiGroups?: string[]; resources?: string[]; resourceNames?: string[] | null }[]
    | null;
}

const has = (values: string[] | undefined, wanted: readonly string[]) =>
  values?.some((value) => value === "*" || wanted.includes(value)) === true;

export function projectRole(raw: RawRole): RoleRecord {
  return {
    ...recordBase(raw.metadata),
    revision: raw.metadata?.resourceVersion ?? "",
    named: (raw.rules ?? []).flatMap(({ verbs, apiGroups, resources, resourceNames }) =>
      (resourceNames?.length ?? 0) === 0
        ? []
        : [
            {
              verbs: verbs ?? [],
              groups: apiGroups ?? [],
              resources: resources ?? [],
              names: resourceNames ?? [],
            },
          ],
    ),
    mayClone: (raw.rules ?? []).some(
      (rule) =>
        has(rule.verbs, ["create"]) &&
        has(rule.apiGroups, ["cdi.kubevirt.io"]) &&
        has(rule.resources, ["datavolumes/source", "*/source"]),
    ),
  };
}
