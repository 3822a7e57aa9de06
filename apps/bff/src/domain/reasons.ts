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

/** Every row has several; those that say no more than why are one object each. */
const plainRefusals = new Map<ReasonCode, ActionDecision>();

function plainRefusal(code: ReasonCode): ActionDecision {
  const known = plainRefusals.get(code) ?? Object.freeze({ allowed: false, reason: Object.freeze({ code }) });
  plainRefusals.set(code, known);
  return known;
}

export function denied(
  code: ReasonCode,
  params?: Record<string, string | number>,
  upstreamText?: string,
): ActionDecision {
  if (params === undefined && (upstreamText === undefined || upstreamText === "")) return plainRefusal(code);
  return { allowed: false, reason: reasonOf(code, params, upstreamText) };
}
