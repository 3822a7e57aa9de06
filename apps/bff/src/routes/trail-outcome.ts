/** What the trail says came of a deed: refused is a decision, failed is everything that might have gone otherwise. */
import type { ActivityRow } from "@kubev/api-types/activity";
import type { ApiProblem } from "../http/api-problem.ts";

export function outcomeOf(problem: ApiProblem | null): ActivityRow["outcome"] {
  if (problem === null) return "ok";
  return problem.code === "internal" || problem.code.startsWith("upstream") ? "failed" : "refused";
}
