/** pause, unpause, reset, softreboot, freeze and unfreeze of a running VirtualMachineInstance. */
import type { MigrationState } from "../controllers/kubevirt-shapes.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { forbidden, internalError } from "../store/status-error.ts";
import { type Action, type ActionCall, type ActionContext, DONE, isDryRun } from "./action.ts";
import {
  findVmi,
  hasCondition,
  VMI_NAME,
  VMIS,
  VMS,
  vmiConflict,
  vmiSpec,
  vmiStatus,
  vmStatus,
  type VmiStatus,
} from "./virt-objects.ts";

const HANDLER = { fieldManager: "virt-handler" };

const isRunning = (vmi: KubeObject): boolean => vmiStatus(vmi).phase === "Running";
const isPaused = (vmi: KubeObject): boolean => hasCondition(vmiStatus(vmi), "Paused");

function setStatus(context: ActionContext, call: ActionCall, change: (status: VmiStatus) => VmiStatus): void {
  context.store.modify({ ...VMIS, namespace: call.namespace, name: call.name }, HANDLER, (current) => ({
    ...current,
    status: change(vmiStatus(current)),
  }));
}

function isMigrating(vmi: KubeObject): boolean {
  const { migrationState } = vmiStatus(vmi) as { migrationState?: MigrationState }; // written by its controller
  return migrationState?.startTimestamp !== undefined && migrationState.endTimestamp === undefined;
}

export const pauseVmi: Action = async (context, call) => {
  const vmi = findVmi(context.store, call.namespace, call.name);
  if (!isRunning(vmi)) throw vmiConflict(call.name, "VM is not running");
  const { livenessProbe } = vmiSpec(vmi);
  if (livenessProbe !== undefined && livenessProbe.guestAgentPing === undefined) {
    throw forbidden(
      VMI_NAME,
      call.name,
      "Pausing VMIs with a non-GuestAgentPing LivenessProbe is not supported",
    );
  }
  if (isPaused(vmi)) throw vmiConflict(call.name, "VMI is already paused");
  // Of a pause nothing comes while the machine is on its way, as recorded.
  if (isDryRun(call) || isMigrating(vmi)) return DONE;
  await context.machines.get(vmi.metadata.uid)?.pause();
  const time = context.store.timestamp();
  setStatus(context, call, (status) => ({
    ...status,
    conditions: [
      ...(status.conditions ?? []).filter(({ type }) => type !== "Paused"),
      {
        type: "Paused",
        status: "True",
        reason: "PausedByUser",
        message: "VMI was paused by user",
        lastProbeTime: time,
        lastTransitionTime: time,
      },
    ],
  }));
  return DONE;
};

export const unpauseVmi: Action = async (context, call) => {
  const vmi = findVmi(context.store, call.namespace, call.name);
  const vm = context.store.get({ ...VMS, namespace: call.namespace, name: call.name });
  if (vm !== undefined && vmStatus(vm).snapshotInProgress !== undefined) {
    throw vmiConflict(call.name, "VM snapshot is in progress");
  }
  if (!isRunning(vmi)) throw vmiConflict(call.name, "VMI is not running");
  if (!isPaused(vmi)) throw vmiConflict(call.name, "VMI is not paused");
  if (isDryRun(call)) return DONE;
  await context.machines.get(vmi.metadata.uid)?.resume();
  setStatus(context, call, (status) => ({
    ...status,
    conditions: (status.conditions ?? []).filter(({ type }) => type !== "Paused"),
  }));
  return DONE;
};

export const resetVmi: Action = async (context, call) => {
  const vmi = findVmi(context.store, call.namespace, call.name);
  const { phase = "" } = vmiStatus(vmi);
  if (phase !== "Running") {
    throw vmiConflict(call.name, `Failed to reset non-running VMI with phase ${phase}`);
  }
  await restartGuest(context, call, vmi, "reset");
  return DONE;
};

/** Nothing answers in a guest that starts over: its agent comes back later. */
async function restartGuest(
  context: ActionContext,
  call: ActionCall,
  vmi: KubeObject,
  how: "reset" | "softReboot",
): Promise<void> {
  await context.machines.get(vmi.metadata.uid)?.[how]();
  if (!hasCondition(vmiStatus(vmi), "AgentConnected")) return;
  setStatus(context, call, (status) => ({
    ...status,
    conditions: (status.conditions ?? []).filter(({ type }) => type !== "AgentConnected"),
  }));
}

export const softRebootVmi: Action = async (context, call) => {
  const vmi = findVmi(context.store, call.namespace, call.name);
  if (!isRunning(vmi)) throw vmiConflict(call.name, "VM is not running");
  if (isPaused(vmi)) throw vmiConflict(call.name, "VMI is paused");
  const acpi = vmiSpec(vmi).domain?.features?.acpi?.enabled !== false;
  if (!hasCondition(vmiStatus(vmi), "AgentConnected") && !acpi) {
    throw vmiConflict(call.name, "VMI neither have the agent connected nor the ACPI feature enabled");
  }
  await restartGuest(context, call, vmi, "softReboot");
  return DONE;
};

export const freezeVmi: Action = (context, call) => {
  const vmi = findVmi(context.store, call.namespace, call.name);
  if (!isRunning(vmi)) throw vmiConflict(call.name, "VM is not running");
  if (call.body["unfreezeTimeout"] === undefined) {
    throw internalError(
      "unexpected return code 400 (400 Bad Request), message: Unfreeze timeout in freeze request is not set",
    );
  }
  if (hasCondition(vmiStatus(vmi), "AgentConnected")) {
    setStatus(context, call, (status) => ({ ...status, fsFreezeStatus: "frozen" }));
  }
  return DONE;
};

export const unfreezeVmi: Action = (context, call) => {
  const vmi = findVmi(context.store, call.namespace, call.name);
  if (!isRunning(vmi)) throw vmiConflict(call.name, "VMI is not running");
  setStatus(context, call, ({ fsFreezeStatus: _status, ...status }) => status);
  return DONE;
};
