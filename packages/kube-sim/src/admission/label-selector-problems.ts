/** What is wrong with labels and with what selects by them. Source: apimachinery's pkg/apis/meta/v1/validation. */
import type { ObjectSelector } from "../controllers/object-selector.ts";
import { type Cause, forbiddenField, invalidValue, required } from "./field-causes.ts";
import { labelValueProblems, qualifiedNameProblems } from "./name-formats.ts";

const invalidEach = (at: string, value: string, problems: readonly string[]): Cause[] =>
  problems.map((problem) => invalidValue(at, value, problem));

export const labelsProblems = (labels: Record<string, string> | undefined, at: string): Cause[] =>
  Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...invalidEach(at, key, qualifiedNameProblems(key)),
    ...invalidEach(at, value, labelValueProblems(value)),
  ]);

export function selectorProblems(selector: ObjectSelector | undefined, at: string): Cause[] {
  const causes = labelsProblems(selector?.matchLabels, `${at}.matchLabels`);
  for (const [index, requirement] of (selector?.matchExpressions ?? []).entries()) {
    const { key = "", operator = "", values = [] } = requirement as Partial<typeof requirement>; // as somebody sent it
    const here = `${at}.matchExpressions[${index}]`;
    if (operator === "In" || operator === "NotIn") {
      if (values.length === 0)
        causes.push(required(`${here}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    } else if (operator === "Exists" || operator === "DoesNotExist") {
      if (values.length > 0)
        causes.push(
          forbiddenField(
            `${here}.values`,
            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
          ),
        );
    } else causes.push(invalidValue(`${here}.operator`, operator, "not a valid selector operator"));
    causes.push(...invalidEach(`${here}.key`, key, qualifiedNameProblems(key)));
    for (const [position, value] of values.entries())
      causes.push(...invalidEach(`${here}.values[${position}]`, value, labelValueProblems(value)));
  }
  return causes;
}
