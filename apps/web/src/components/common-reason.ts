/** Why none of several takes an action, where one sentence says it for all of them. */
import type { ActionDecision } from "@kubev/api-types/reason";
import { isMissingRight, reasonText } from "../reasons/reason-text.ts";

/** The same sentence for each, or the first of rights that are missing for each; undefined where one takes it or they differ. */
export function commonReason(decisions: readonly ActionDecision[]): string | undefined {
  const reasons = decisions.flatMap((decision) => (decision.allowed ? [] : [decision.reason]));
  if (reasons.length < decisions.length) return undefined;
  const [first, ...others] = new Set(reasons.map(reasonText));
  return others.length === 0 || reasons.every(isMissingRight) ? first : undefined;
}
