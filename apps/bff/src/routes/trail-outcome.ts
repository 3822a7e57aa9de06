/** What the trail says came of a deed: refused is a decision, failed is everything that might have gone otherwise. */
import type { ActivityRow } from "@kubev/api-types/activity";
import type { Reason } from "@kubev/api-types/reason";
import { reasonOf } from "../domain/reasons.ts";
import type { ApiProblem } from "../http/api-problem.ts";

export function outcomeOf(problem: ApiProblem | null): ActivityRow["outcome"] {
  if (problem === null) return "ok";
  if (problem.details.outcomeUnknown === true) return "failed";
  return problem.code === "internal" || problem.code.startsWith("upstream") ? "failed" : "refused";
}

/** Why it was not done, in one reason; or that nobody knows whether it was. */
export function reasonOfOutcome({ details }: ApiProblem): Reason | undefined {
  return details.outcomeUnknown === true
    ? reasonOf("outcome-unknown", undefined, details.reason?.upstreamText)
    : details.reason;
}
