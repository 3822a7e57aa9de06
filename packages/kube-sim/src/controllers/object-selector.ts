/** A `LabelSelector` object in its text form, as status.labelSelector has it. Source: apimachinery's LabelSelectorAsSelector. */
import { type LabelMatcher, parseLabelSelector } from "../api/label-selector.ts";

export interface ObjectSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

function expressionText({
  key,
  operator,
  values = [],
}: {
  key: string;
  operator: string;
  values?: string[];
}) {
  const list = `(${values.toSorted().join(",")})`;
  switch (operator) {
    case "In":
      return `${key} in ${list}`;
    case "NotIn":
      return `${key} notin ${list}`;
    case "Exists":
      return key;
    default:
      return `!${key}`;
  }
}

/** Requirements in the order of their keys. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: ObjectSelector): string {
  const requirements = [
    ...Object.entries(matchLabels).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...matchExpressions.map((one) => ({ key: one.key, text: expressionText(one) })),
  ];
  return requirements
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text }) => text)
    .join(",");
}

/** What LabelSelectorAsSelector says of a selector that cannot be read; undefined when it can. */
export function selectorProblem(selector: ObjectSelector): string | undefined {
  for (const { operator, values = [] } of selector.matchExpressions ?? []) {
    if (!["In", "NotIn", "Exists", "DoesNotExist"].includes(operator))
      return `${JSON.stringify(operator)} is not a valid label selector operator`;
    const isSet = operator === "In" || operator === "NotIn";
    if (isSet && values.length === 0)
      return "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty";
    if (!isSet && values.length > 0)
      return `values: Invalid value: ${JSON.stringify(values)}: values set must be empty for exists and does not exist`;
  }
  try {
    parseLabelSelector(selectorText(selector));
    return undefined;
  } catch (error) {
    return (error as Error).message.replace("unable to parse requirement: ", ""); // parseLabelSelector throws Errors
  }
}

/** An empty selector selects everything. */
export const matcherOf = (selector: ObjectSelector): LabelMatcher =>
  parseLabelSelector(selectorText(selector)) ?? (() => true);

export const selects = (selector: ObjectSelector, labels: Record<string, string> | undefined): boolean =>
  matcherOf(selector)(labels);
