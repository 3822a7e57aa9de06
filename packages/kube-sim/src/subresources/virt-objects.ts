/** The parts of VirtualMachines and VirtualMachineInstances that the subresource API looks at. */
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { conflict, notFound, type StatusError } from "../store/status-error.ts";

export const VMS = { group: "kubevirt.io", resource: "virtualmachines" } as const;
export const VMIS = { group: "kubevirt.io", resource: "virtualmachineinstances" } as const;

/** How virt-api names the two in Status messages: by their singular. */
const VM_NAME = { group: "kubevirt.io", resource: "virtualmachine" };
const VMI_NAME = { group: "kubevirt.io", resource: "virtualmachineinstance" };

export interface StateChangeRequest {
  action: "Start" | "Stop";
  uid?: string;
  data?: Record<string, string>;
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastProbeTime?: string | null;
  lastTransitionTime?: string | null;
}

export interface VmSpec {
  running?: boolean;
  runStrategy?: string;
  [field: string]: unknown;
}

export interface VmStatus {
  conditions?: Condition[];
  stateChangeRequests?: StateChangeRequest[];
  snapshotInProgress?: string;
  [field: string]: unknown;
}

export interface VmiSpec {
  terminationGracePeriodSeconds?: number;
  hostname?: string;
  livenessProbe?: { guestAgentPing?: unknown };
  domain?: {
    devices?: { autoattachGraphicsDevice?: boolean; autoattachSerialConsole?: boolean };
    features?: { acpi?: { enabled?: boolean } };
  };
  [field: string]: unknown;
}

export interface VmiStatus {
  phase?: string;
  conditions?: Condition[];
  guestOSInfo?: Record<string, string>;
  fsFreezeStatus?: string;
  [field: string]: unknown;
}

export const vmSpec = (vm: KubeObject): VmSpec => (vm["spec"] ?? {}) as VmSpec; // admitted on write
export const vmStatus = (vm: KubeObject): VmStatus => (vm["status"] ?? {}) as VmStatus; // written by controllers
export const vmiSpec = (vmi: KubeObject): VmiSpec => (vmi["spec"] ?? {}) as VmiSpec; // admitted on write
export const vmiStatus = (vmi: KubeObject): VmiStatus => (vmi["status"] ?? {}) as VmiStatus; // written by controllers

export function runStrategyOf(vm: KubeObject): string {
  const spec = vmSpec(vm);
  if (spec.running !== undefined) return spec.running ? "Always" : "Halted";
  return spec.runStrategy ?? "Halted";
}

export const hasCondition = (status: { conditions?: Condition[] }, type: string): boolean =>
  status.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;

export const isFinal = (vmi: KubeObject): boolean =>
  ["Succeeded", "Failed"].includes(vmiStatus(vmi).phase ?? "");

export const findVm = (store: KubeStore, namespace: string, name: string): KubeObject => {
  const vm = store.get({ ...VMS, namespace, name });
  if (vm === undefined) throw notFound(VM_NAME, name);
  return vm;
};

export const findVmi = (store: KubeStore, namespace: string, name: string): KubeObject => {
  const vmi = store.get({ ...VMIS, namespace, name });
  if (vmi === undefined) throw notFound(VMI_NAME, name);
  return vmi;
};

/** The instance that a VM has now. Source: FetchVirtualMachineInstanceForVM. */
export const findVmiOfVm = (store: KubeStore, namespace: string, name: string): KubeObject => {
  if (vmStatus(findVm(store, namespace, name))["created"] !== true)
    throw vmConflict(name, "VMI is not started");
  return findVmi(store, namespace, name);
};

export const vmConflict = (name: string, text: string): StatusError => conflict(VM_NAME, name, text);
export const vmiConflict = (name: string, text: string): StatusError => conflict(VMI_NAME, name, text);
export { VMI_NAME };
