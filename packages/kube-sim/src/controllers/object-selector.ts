/** A `LabelSelector` object in its text form, as status.labelSelector has it. Source: apimachinery's LabelSelectorAsSelector. */
import { parseLabelSelector } from "../api/label-selector.ts";

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

/** An empty selector selects everything. */
export function selects(selector: ObjectSelector, labels: Record<string, string> | undefined): boolean {
  return parseLabelSelector(selectorText(selector))?.(labels) ?? true;
}
