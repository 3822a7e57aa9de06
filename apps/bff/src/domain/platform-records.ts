/** What the console keeps of projects, hosts, networks, quotas, machine types and role bindings. */
import type { RecordBase } from "./vm-records.ts";

export interface ProjectRecord extends RecordBase {
  phase: string;
  labels: Readonly<Record<string, string>>;
  displayName: string;
  description: string;
  logicalSwitch: string;
}

export interface HostRecord extends RecordBase {
  ready: string;
  readyReason: string;
  readyMessage: string;
  cordoned: boolean;
  kubevirtSchedulable: boolean | null;
  heartbeatAt: string;
  kvmDevices: number;
  /** Keys of those that keep pods away. */
  taints: readonly string[];
  taintList: readonly { key: string; value: string; effect: string }[];
  labels: Readonly<Record<string, string>>;
  /** Every resource, in base units. */
  resources: { capacity: Readonly<Record<string, number>>; allocatable: Readonly<Record<string, number>> };
  capacity: { cpuCores: number; memoryBytes: number };
  allocatable: { cpuCores: number; memoryBytes: number };
  features: readonly string[];
  ip: string;
  os: string;
  kernel: string;
  kubelet: string;
  zone: string;
  hardware: string;
  hugepages: readonly string[];
}

export interface SubnetRecord extends RecordBase {
  vpc: string;
  cidrs: readonly string[];
  gateways: readonly string[];
  excludeIps: readonly string[];
  namespaces: readonly string[];
  isDefault: boolean;
  isPrivate: boolean;
  vlan: string;
  provider: string;
  ready: boolean;
  /** The controller's words when it did not accept the subnet; '' otherwise. */
  failure: string;
  natOutgoing: boolean;
  /** Decimal strings: IPv6 counts exceed 2^53. */
  availableIps: string;
  usedIps: string;
}

export interface VpcRecord extends RecordBase {
  namespaces: readonly string[];
  isDefault: boolean;
  defaultSubnet: string;
  ready: boolean;
  hasDefaultRoute: boolean;
}

export interface IpRecord extends RecordBase {
  subnet: string;
  ips: readonly string[];
  mac: string;
  podName: string;
  podNamespace: string;
  podType: string;
}

export interface QuotaRecord extends RecordBase {
  hard: Readonly<Record<string, number>>;
  used: Readonly<Record<string, number>>;
}

export interface InstanceTypeRecord extends RecordBase {
  displayName: string;
  description: string;
  group: string;
  cpuCores: number;
  memoryBytes: number;
  gpus: number;
  /** How many of each device it takes, by the resource that hosts offer it as, e.g. `nvidia.com/GA102GL_A10`. */
  devices: Readonly<Record<string, number>>;
  dedicatedCpu: boolean;
  hugepages: string;
}

export interface PreferenceRecord extends RecordBase {
  displayName: string;
  osType: string;
  minCpuCores: number;
  minMemoryBytes: number;
}

export interface RoleBindingRecord extends RecordBase {
  subjects: readonly string[];
  role: string;
}

/** A rule of a role that holds for objects of some names alone. */
export interface NamedRule {
  verbs: readonly string[];
  groups: readonly string[];
  resources: readonly string[];
  names: readonly string[];
}

/** Its change drops cached access decisions. */
export interface RoleRecord extends RecordBase {
  revision: string;
  named: readonly NamedRule[];
  /** Whether it gives CDI's right to copy disks out of a project. */
  mayClone: boolean;
}
