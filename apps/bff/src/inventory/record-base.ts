/**
 * What every projection starts with. Of kinds with thousands of objects its fields are named one by one, not spread: V8 keeps
 * what is added to a spread object in a second one, a hundred bytes each.
 */
import { deletionOf } from "../domain/deletion.ts";
import type { ConditionFact, RecordBase } from "../domain/vm-records.ts";
import type { RawCondition } from "../domain/conditions.ts";
import type { RawMeta } from "./raw.ts";
import { sharedText } from "./shared-text.ts";

export function recordBase(metadata: RawMeta | undefined): RecordBase {
  return {
    namespace: sharedText(metadata?.namespace ?? ""),
    name: sharedText(metadata?.name ?? ""),
    uid: sharedText(metadata?.uid ?? ""),
    createdAt: sharedText(metadata?.creationTimestamp ?? ""),
    deletion: deletionOf(metadata ?? {}),
  };
}

export function conditionOf(
  conditions: readonly RawCondition[] | undefined,
  type: string,
): ConditionFact | null {
  const found = conditions?.find((condition) => condition.type === type);
  return found === undefined
    ? null
    : { status: found.status ?? "", reason: found.reason ?? "", message: found.message ?? "" };
}

export function isTrue(conditions: readonly RawCondition[] | undefined, type: string): boolean {
  return conditionOf(conditions, type)?.status === "True";
}
