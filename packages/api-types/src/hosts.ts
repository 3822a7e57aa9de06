/** Hosts: Linux nodes with KVM that machines run on. */
import { z } from "zod";
import { condition } from "./conditions.ts";
import { listOf } from "./list-query.ts";
import { actionDecision, reason, tone } from "./reason.ts";
import { resourceRef } from "./resource-ref.ts";

const amount = z.object({ capacity: z.number(), allocatable: z.number(), requested: z.number() });

export const hostRow = z.object({
  ref: resourceRef,
  name: z.string(),
  state: z.object({
    status: z.enum(["ready", "not-ready", "cordoned", "unknown"]),
    tone,
    reason: reason.optional(),
  }),
  /** Whether machines can run here, and why not. */
  machines: z.object({ schedulable: z.boolean(), reason: reason.optional(), count: z.number().int() }),
  cpuCores: amount,
  memoryBytes: amount,
  ip: z.string(),
  os: z.string(),
  kernel: z.string(),
  kubelet: z.string(),
  zone: z.string(),
  hardware: z.string(),
  createdAt: z.string(),
  actions: z.object({
    /** Of its text. */
    edit: actionDecision,
    cordon: actionDecision,
    uncordon: actionDecision,
    drain: actionDecision,
    /** Of its Node, where the machine itself is gone. */
    delete: actionDecision,
  }),
});
export type HostRow = z.infer<typeof hostRow>;
export const hostList = listOf(hostRow);
export type HostList = z.infer<typeof hostList>;
export const hostSortKeys = ["name", "status", "cpu", "memory", "vms", "created"] as const;

export const hostPod = z.object({
  project: z.string(),
  name: z.string(),
  phase: z.string(),
  /** Kind and name of what controls it, e.g. DaemonSet and ovs-ovn; '' for a pod that nobody keeps. */
  owner: z.object({ kind: z.string(), name: z.string() }),
  /** The machine that it carries; '' for any other pod. */
  machine: z.string(),
  cpuCores: z.number(),
  memoryBytes: z.number(),
});
export type HostPod = z.infer<typeof hostPod>;

/** `hostPods` are cut at this many. */
export const maxHostPods = 500;

export const hostDetail = z.object({
  row: hostRow,
  virtualisation: z.object({
    /** Of `devices.kubevirt.io/kvm`; machines need one each. */
    kvmDevices: z.object({ capacity: z.number(), allocatable: z.number() }),
    /** The label `kubevirt.io/schedulable`. */
    schedulableLabel: z.enum(["true", "false", "absent"]),
    /** When virt-handler last gave a sign of life; '' when it never did. */
    heartbeatAt: z.string(),
    cpuVendor: z.string(),
    /** What machines of the model `host-model` get. */
    hostModel: z.string(),
    cpuModels: z.array(z.string()),
    cpuFeatures: z.array(z.string()),
    /** Whether guests may run machines of their own; unknown where the host's processor was not looked at. */
    nested: z.enum(["yes", "no", "unknown"]),
    /** Whether machines may have processors of their own. */
    cpuManager: z.boolean(),
  }),
  system: z.object({ architecture: z.string(), runtime: z.string(), addresses: z.array(z.string()) }),
  /** Every resource of the host: cores, bytes or pieces. */
  resources: z.array(z.object({ name: z.string() }).extend(amount.shape)),
  /** What was promised to the machines that run here; more than `allocatable` is overcommitment. */
  promised: z.object({ cpuCores: z.number(), memoryBytes: z.number() }),
  conditions: z.array(condition),
  labels: z.record(z.string(), z.string()),
  taints: z.array(z.object({ key: z.string(), value: z.string(), effect: z.string() })),
  pods: z.array(hostPod),
  podsTotal: z.number().int(),
});
export type HostDetail = z.infer<typeof hostDetail>;

/** Closes a host to new machines, or opens it again. */
export const hostCordon = z.strictObject({ cordoned: z.boolean() });
