/** start, stop, restart and migrate of a VirtualMachine: the state rules of virt-api. */
import type { KubeObject } from "../store/kube-object.ts";
import { badRequest, internalError, StatusError } from "../store/status-error.ts";
import { findKindOf } from "../schema/registry.ts";
import { ACCEPTED, type Action, type ActionCall, type ActionContext, isDryRun, VIRT_API } from "./action.ts";
import {
  findVm,
  findVmi,
  hasCondition,
  isFinal,
  runStrategyOf,
  type StateChangeRequest,
  VMIS,
  VMS,
  vmConflict,
  vmiSpec,
  vmiStatus,
  vmSpec,
  vmStatus,
} from "./virt-objects.ts";

const RECOVERY_TEXT =
  "VM recovery required: Volume migration failed, leaving some volumes pointing to non-consistent targets; manual intervention is needed to reassign them to their original volumes.";

const vmiOf = (context: ActionContext, call: ActionCall): KubeObject | undefined =>
  context.store.get({ ...VMIS, namespace: call.namespace, name: call.name });

/** Queues requests for virt-controller; refused while others wait, except that a lone stop replaces them. */
function requestChange(
  context: ActionContext,
  call: ActionCall,
  vm: KubeObject,
  requests: StateChangeRequest[],
): void {
  const pending = vmStatus(vm).stateChangeRequests ?? [];
  const loneStop = requests.length === 1 && requests[0]?.action === "Stop";
  if (pending.length > 0 && !loneStop) {
    throw internalError("unable to complete request: stop/start already underway");
  }
  if (isDryRun(call)) return;
  context.store.modify({ ...VMS, namespace: call.namespace, name: call.name }, VIRT_API, (current) => ({
    ...current,
    status: { ...vmStatus(current), stateChangeRequests: requests },
  }));
}

/** Writes the wish into the spec, in whichever of the two fields the VM uses. */
function setRunning(context: ActionContext, call: ActionCall, running: boolean): void {
  if (isDryRun(call)) return;
  context.store.modify({ ...VMS, namespace: call.namespace, name: call.name }, VIRT_API, (current) => {
    const spec = vmSpec(current);
    const wish = spec.running === undefined ? { runStrategy: running ? "Always" : "Halted" } : { running };
    return { ...current, spec: { ...spec, ...wish } };
  });
}

export const startVm: Action = (context, call) => {
  const vm = findVm(context.store, call.namespace, call.name);
  const vmi = vmiOf(context, call);
  const phase = vmi === undefined ? "" : (vmiStatus(vmi).phase ?? "");
  if (vmi !== undefined && !isFinal(vmi) && phase !== "" && phase !== "Unknown") {
    throw vmConflict(call.name, "VM is already running");
  }
  if (hasCondition(vmStatus(vm), "ManualRecoveryRequired")) throw vmConflict(call.name, RECOVERY_TEXT);
  const paused = call.body["paused"] === true;
  const start: StateChangeRequest = { action: "Start", ...(paused ? { data: { paused: "true" } } : {}) };
  const strategy = runStrategyOf(vm);
  switch (strategy) {
    case "Halted":
      if (paused) requestChange(context, call, vm, [start]);
      setRunning(context, call, true);
      break;
    case "RerunOnFailure":
    case "Manual": {
      if (strategy === "RerunOnFailure" && phase === "Failed") {
        throw vmConflict(call.name, "RerunOnFailure does not support starting VM from failed state");
      }
      const leftover = vmi !== undefined && isFinal(vmi);
      requestChange(
        context,
        call,
        vm,
        leftover ? [{ action: "Stop", uid: vmi.metadata.uid }, start] : [start],
      );
      break;
    }
    default:
      throw vmConflict(call.name, `${strategy} does not support manual start requests`);
  }
  return ACCEPTED;
};

export const stopVm: Action = (context, call) => {
  const vm = findVm(context.store, call.namespace, call.name);
  const vmi = vmiOf(context, call);
  const live = vmi !== undefined && !isFinal(vmi) ? vmi : undefined;
  const { gracePeriod } = call.body;
  const asked = typeof gracePeriod === "number" ? gracePeriod : undefined;
  const grace = live === undefined ? undefined : vmiSpec(live).terminationGracePeriodSeconds;
  const strategy = runStrategyOf(vm);
  if (strategy === "Halted" || strategy === "Manual" || strategy === "RerunOnFailure") {
    if (live === undefined) throw vmConflict(call.name, "VM is not running");
    if (strategy === "Halted" && (asked === undefined || (grace !== undefined && asked >= grace))) {
      throw vmConflict(call.name, "Halted only supports manual stop requests with a shorter graceperiod");
    }
  }
  if (live !== undefined && asked !== undefined) shortenGrace(context, call, asked);
  if (strategy === "Always" || strategy === "Once" || live === undefined) setRunning(context, call, false);
  else requestChange(context, call, vm, [{ action: "Stop", uid: live.metadata.uid }]);
  return ACCEPTED;
};

function shortenGrace(context: ActionContext, call: ActionCall, seconds: number): void {
  if (isDryRun(call)) return;
  context.store.modify({ ...VMIS, namespace: call.namespace, name: call.name }, VIRT_API, (current) => ({
    ...current,
    spec: { ...vmiSpec(current), terminationGracePeriodSeconds: seconds },
  }));
}

export const restartVm: Action = (context, call) => {
  const seconds = call.body["gracePeriodSeconds"];
  if (typeof seconds === "number") {
    if (seconds > 0) throw badRequest("For force restart, only gracePeriod=0 is supported for now");
    if (seconds < 0) throw badRequest("gracePeriod has to be greater or equal to 0");
  }
  const vm = findVm(context.store, call.namespace, call.name);
  const vmi = vmiOf(context, call);
  if (hasCondition(vmStatus(vm), "ManualRecoveryRequired")) throw vmConflict(call.name, RECOVERY_TEXT);
  const strategy = runStrategyOf(vm);
  if (strategy === "Halted" || strategy === "Once") {
    throw vmConflict(call.name, `RunStategy ${strategy} does not support manual restart requests`);
  }
  if (vmi === undefined) throw vmConflict(call.name, "VM is not running: Halted");
  requestChange(context, call, vm, [{ action: "Stop", uid: vmi.metadata.uid }, { action: "Start" }]);
  // A forced restart leaves the guest one second.
  if (seconds === 0) shortenGrace(context, call, 1);
  return ACCEPTED;
};

export const migrateVm: Action = (context, call) => {
  findVm(context.store, call.namespace, call.name);
  const vmi = findVmi(context.store, call.namespace, call.name);
  if (vmiStatus(vmi).phase !== "Running") throw vmConflict(call.name, "VM is not running");
  const kind = findKindOf("kubevirt.io/v1", "VirtualMachineInstanceMigration");
  if (kind === undefined) throw internalError("migrations are not served");
  const { addedNodeSelector } = call.body;
  const wanted = {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachineInstanceMigration",
    metadata: { generateName: "kubevirt-migrate-vm-", namespace: call.namespace },
    spec: { vmiName: call.name, ...(addedNodeSelector === undefined ? {} : { addedNodeSelector }) },
  };
  const name = context.store.nameFor(wanted);
  const migration = { ...wanted, metadata: { ...wanted.metadata, name } } as unknown as KubeObject; // the store fills in the rest
  try {
    const admitted = context.admission.admit(migration, {
      operation: "CREATE",
      kind,
      group: kind.group,
      namespace: call.namespace,
      name,
      subresource: "",
      user: { name: "system:serviceaccount:kubevirt:kubevirt-apiserver", groups: [], extra: {} },
      dryRun: isDryRun(call),
      warn: () => {},
    });
    context.store.insert(admitted, {
      writer: { manager: "virt-api", operation: "Update" },
      dryRun: isDryRun(call),
    });
  } catch (error) {
    // virt-api wraps whatever the API server answers to its own create.
    throw error instanceof StatusError ? internalError(error.message) : error;
  }
  return ACCEPTED;
};
