/** Why an action is not allowed, as a button wants it. */
import type { ActionDecision } from "@kubev/api-types/reason";
import { reasonText } from "../reasons/reason-text.ts";

/** A sentence, or undefined when the action is allowed. */
export function disabledReason(decision: ActionDecision): string | undefined {
  return decision.allowed ? undefined : reasonText(decision.reason);
}
