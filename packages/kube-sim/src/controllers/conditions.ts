/** Conditions as Kubernetes keeps them: one of a type, whose transition time moves only with its status. */
import type { Condition } from "./core-shapes.ts";

/** The list with `next` in it; the same list when nothing changed. */
export function withCondition(
  conditions: Condition[] | undefined,
  next: Condition,
  now: string,
): Condition[] {
  const list = conditions ?? [];
  const previous = list.find((condition) => condition.type === next.type);
  if (
    previous &&
    previous.status === next.status &&
    (previous.reason ?? "") === (next.reason ?? "") &&
    (previous.message ?? "") === (next.message ?? "")
  ) {
    return list;
  }
  const lastTransitionTime = previous?.status === next.status ? (previous.lastTransitionTime ?? now) : now;
  const full = { ...next, lastTransitionTime };
  return previous ? list.map((condition) => (condition === previous ? full : condition)) : [...list, full];
}

export function withoutCondition(conditions: Condition[] | undefined, type: string): Condition[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}

export function isTrue(conditions: Condition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
}
