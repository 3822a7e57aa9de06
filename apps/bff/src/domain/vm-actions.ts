/**
 * Which actions a machine's state takes, before rights are asked. Rules: api-surface §1 and §3, corrected by what was
 * measured in kubevirt-behaviour.md. The cluster decides in the end; this makes a disabled button say why.
 */
import type { ActionDecision } from "@kubev/api-types/reason";
import type { VmActions } from "@kubev/api-types/virtual-machines";
import { isLivePhase } from "./live-phase.ts";
import { allowed, denied } from "./reasons.ts";
import type { InstanceRecord, VmRecord } from "./vm-records.ts";

export type VmActionKey = keyof VmActions;

/** What each action needs from the cluster: a verb on a resource. */
export interface NeededRight {
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  /** Of one object only; roles may name some. */
  name?: string;
}

const onVm = (verb: string, subresource: string): NeededRight => ({
  verb,
  group: "subresources.kubevirt.io",
  resource: "virtualmachines",
  subresource,
});
const onInstance = (verb: string, subresource: string): NeededRight => ({
  verb,
  group: "subresources.kubevirt.io",
  resource: "virtualmachineinstances",
  subresource,
});
const vmItself = (verb: string): NeededRight => ({
  verb,
  group: "kubevirt.io",
  resource: "virtualmachines",
  subresource: "",
});

const onMigrations = (verb: string): NeededRight => ({
  verb,
  group: "kubevirt.io",
  resource: "virtualmachineinstancemigrations",
  subresource: "",
});

export const vmActionRights: Readonly<Record<VmActionKey, NeededRight>> = {
  start: onVm("update", "start"),
  startPaused: onVm("update", "start"),
  stop: onVm("update", "stop"),
  forceStop: onVm("update", "stop"),
  restart: onVm("update", "restart"),
  forceRestart: onVm("update", "restart"),
  pause: onInstance("update", "pause"),
  unpause: onInstance("update", "unpause"),
  reset: onInstance("update", "reset"),
  softReboot: onInstance("update", "softreboot"),
  // a migration is an object of its own, made and deleted as the caller
  migrate: onMigrations("create"),
  cancelMigration: onMigrations("delete"),
  delete: vmItself("delete"),
  edit: vmItself("update"),
  vnc: onInstance("get", "vnc"),
  serial: onInstance("get", "console"),
  screenshot: onInstance("get", "vnc/screenshot"),
};

/** Disks that come and go while the machine runs, or wait for its next start. */
export const hotplugRights = {
  attach: onVm("update", "addvolume"),
  detach: onVm("update", "removevolume"),
} as const satisfies Record<string, NeededRight>;

/** Whether the state takes a disk now (api-surface §4; webhook: no volume requests during a migration). */
export function hotplugByState(vm: VmRecord, migrating: boolean): ActionDecision {
  if (vm.deletion !== null) return denied("vm-is-deleting");
  if (migrating) return denied("vm-is-migrating");
  if (vm.snapshotInProgress !== "") return denied("vm-snapshot-running", { snapshot: vm.snapshotInProgress });
  return vm.restoreInProgress ? denied("vm-restore-running") : allowed;
}

function isLive(instance: InstanceRecord | null): instance is InstanceRecord {
  return instance !== null && isLivePhase(instance.phase);
}

/** A failed run that the controller replaces by itself: KubeVirt refuses both a start and a stop meanwhile (api-surface §1, §3). */
function isRerun(vm: VmRecord, instance: InstanceRecord | null): boolean {
  return vm.runStrategy === "RerunOnFailure" && instance?.phase === "Failed";
}

/** Why something that needs a running guest cannot be done, or null. */
function needsRunning(vm: VmRecord, instance: InstanceRecord | null): ActionDecision | null {
  if (!isLive(instance)) return denied("vm-is-stopped");
  if (instance.deletion !== null) return denied("vm-is-stopping");
  if (instance.phase !== "Running") return denied("vm-is-starting");
  return vm.deletion !== null ? denied("vm-is-deleting") : null;
}

function start(vm: VmRecord, instance: InstanceRecord | null): ActionDecision {
  if (vm.deletion !== null) return denied("vm-is-deleting");
  if (isLive(instance) && instance.phase !== "Unknown" && instance.phase !== "") {
    if (instance.deletion !== null) return denied("vm-is-stopping");
    if (instance.paused) return denied("vm-is-paused");
    return denied(instance.phase === "Running" ? "vm-is-running" : "vm-is-starting");
  }
  if (vm.recoveryRequired) return denied("vm-recovery-required");
  if (vm.runStrategy === "Always" || vm.runStrategy === "Once")
    return denied("vm-strategy-starts-itself", { strategy: vm.runStrategy });
  if (vm.runStrategy === "WaitAsReceiver") return denied("vm-strategy-receiver");
  if (isRerun(vm, instance)) return denied("vm-failed-reruns");
  if (vm.requestPending) return denied("vm-request-pending");
  if (vm.snapshotInProgress !== "") return denied("vm-snapshot-running", { snapshot: vm.snapshotInProgress });
  if (vm.restoreInProgress) return denied("vm-restore-running");
  return allowed;
}

function stop(vm: VmRecord, instance: InstanceRecord | null, force: boolean): ActionDecision {
  if (vm.deletion !== null) return denied("vm-is-deleting");
  const live = isLive(instance);
  if (vm.runStrategy === "Always" || vm.runStrategy === "Once") {
    if (vm.snapshotInProgress !== "")
      return denied("vm-snapshot-running", { snapshot: vm.snapshotInProgress });
    return allowed;
  }
  if (isRerun(vm, instance)) return denied("vm-failed-reruns");
  if (!live) return denied("vm-is-stopped");
  if (force) return allowed;
  if (vm.runStrategy === "Halted" || instance.deletion !== null) return denied("vm-is-stopping");
  return allowed;
}

function restart(vm: VmRecord, instance: InstanceRecord | null): ActionDecision {
  if (vm.deletion !== null) return denied("vm-is-deleting");
  if (vm.recoveryRequired) return denied("vm-recovery-required");
  if (isRerun(vm, instance)) return denied("vm-failed-reruns");
  if (!isLive(instance)) return denied("vm-is-stopped");
  if (vm.runStrategy === "Halted" || vm.runStrategy === "Once")
    return denied("vm-strategy-no-restart", { strategy: vm.runStrategy });
  if (vm.requestPending) return denied("vm-request-pending");
  if (instance.deletion !== null) return denied("vm-is-stopping");
  return allowed;
}

function softReboot(vm: VmRecord, instance: InstanceRecord | null): ActionDecision {
  const not = needsRunning(vm, instance);
  if (not !== null) return not;
  if (instance?.paused === true) return denied("vm-is-paused");
  return instance?.agentConnected === true || vm.acpi ? allowed : denied("vm-no-agent-or-acpi");
}

function pause(vm: VmRecord, instance: InstanceRecord | null): ActionDecision {
  const not = needsRunning(vm, instance);
  if (not !== null) return not;
  if (instance?.paused === true) return denied("vm-is-paused");
  return vm.livenessProbe ? denied("vm-liveness-probe") : allowed;
}

function unpause(vm: VmRecord, instance: InstanceRecord | null): ActionDecision {
  const not = needsRunning(vm, instance);
  if (not !== null) return not;
  if (vm.snapshotInProgress !== "") return denied("vm-snapshot-running", { snapshot: vm.snapshotInProgress });
  return instance?.paused === true ? allowed : denied("vm-is-not-paused");
}

/** A paused machine may migrate too (measured). */
function migrate(vm: VmRecord, instance: InstanceRecord | null, migrating: boolean): ActionDecision {
  const not = needsRunning(vm, instance);
  if (not !== null) return not;
  if (migrating) return denied("vm-is-migrating");
  return instance === null || instance.migrationBlock === ""
    ? allowed
    : denied("vm-not-migratable", undefined, instance.migrationBlock);
}

/** What the state of one machine takes now. `migrating`: a migration of it has not ended. */
export function vmActionsByState(
  vm: VmRecord,
  instance: InstanceRecord | null,
  migrating = false,
): VmActions {
  const running = needsRunning(vm, instance) ?? allowed;
  const vnc = vm.graphics ? running : denied("vm-no-graphics");
  const starting = start(vm, instance);
  const restarting = restart(vm, instance);
  return {
    start: starting,
    startPaused: starting,
    stop: stop(vm, instance, false),
    forceStop: stop(vm, instance, true),
    restart: restarting,
    forceRestart: restarting,
    pause: pause(vm, instance),
    unpause: unpause(vm, instance),
    reset: running,
    softReboot: softReboot(vm, instance),
    migrate: migrate(vm, instance, migrating),
    cancelMigration: migrating ? allowed : denied("vm-not-migrating"),
    delete:
      vm.deletion !== null
        ? denied("vm-is-deleting")
        : vm.deleteProtected
          ? denied("vm-delete-protected")
          : allowed,
    edit: vm.deletion !== null ? denied("vm-is-deleting") : allowed,
    vnc,
    serial: vm.serial ? running : denied("vm-no-serial"),
    screenshot: vnc,
  };
}
