/** Makes reasons and decisions out of the listed codes only, so that a typo does not compile. */
import type { ReasonCode } from "@kubev/api-types/reason-codes";
import type { ActionDecision, Reason } from "@kubev/api-types/reason";

export function reasonOf(
  code: ReasonCode,
  params?: Record<string, string | number>,
  upstreamText?: string,
): Reason {
  return {
    code,
    ...(params === undefined ? {} : { params }),
    ...(upstreamText === undefined || upstreamText === "" ? {} : { upstreamText }),
  };
}

export const allowed: ActionDecision = { allowed: true };

export function denied(
  code: ReasonCode,
  params?: Record<string, string | number>,
  upstreamText?: string,
): ActionDecision {
  return { allowed: false, reason: reasonOf(code, params, upstreamText) };
}
