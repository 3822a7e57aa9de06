/** A VM's conditions: Ready and Failure of its own, all others as its instance has them. Source: syncConditions in watch/vm/vm.go. */
import { withCondition, withoutCondition } from "./conditions.ts";
import type { Condition } from "./core-shapes.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";

/** Why a VM could not be brought to where it should be. */
export interface SyncFailure {
  reason: string;
  message: string;
}

/** Never taken over, and never removed with the instance's. */
const ownTypes = new Set(["Ready", "Failure", "RestartRequired", "ManualRecoveryRequired"]);

function readyOf(vmi: VirtualMachineInstance | undefined): Condition {
  if (vmi === undefined)
    return { type: "Ready", status: "False", reason: "VMINotExists", message: "VMI does not exist" };
  return (
    vmi.status?.conditions?.find(({ type }) => type === "Ready") ?? {
      type: "Ready",
      status: "False",
      reason: "VMIConditionMissing",
      message: "VMI is missing the Ready condition",
    }
  );
}

/** Without an instance the last one's conditions stay as they were. */
export function vmConditions(
  before: Condition[] | undefined,
  vmi: VirtualMachineInstance | undefined,
  failure: SyncFailure | undefined,
  now: string,
): Condition[] {
  let conditions = withCondition(before, readyOf(vmi), now);
  conditions =
    failure === undefined
      ? withoutCondition(conditions, "Failure")
      : withCondition(conditions, { type: "Failure", status: "True", ...failure }, now);
  if (vmi === undefined) return conditions;
  const theirs = (vmi.status?.conditions ?? []).filter(({ type }) => !ownTypes.has(type));
  for (const condition of theirs) conditions = withCondition(conditions, condition, now);
  return conditions.filter(({ type }) => ownTypes.has(type) || theirs.some((one) => one.type === type));
}
