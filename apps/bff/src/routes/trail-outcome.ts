/** What the trail says came of a deed: refused is a decision, failed is everything that might have gone otherwise. */
import type { ActivityRow } from "@kubev/api-types/activity";
import type { Reason } from "@kubev/api-types/reason";
import { reasonOf } from "../domain/reasons.ts";
import type { ApiProblem } from "../http/api-problem.ts";

export function outcomeOf(problem: ApiProblem | null): ActivityRow["outcome"] {
  if (problem === null) return "ok";
  if (problem.details.outcomeUnknown === true) return "failed";
  const { code } = problem;
  const isDecision = code !== "internal" && code !== "store-unavailable" && !code.startsWith("upstream");
  return isDecision ? "refused" : "failed";
}

/** Why it was not done, in one reason; or that nobody knows whether it was. */
export function reasonOfOutcome({ details }: ApiProblem): Reason | undefined {
  return details.outcomeUnknown === true
    ? reasonOf("outcome-unknown", undefined, details.reason?.upstreamText)
    : details.reason;
}
