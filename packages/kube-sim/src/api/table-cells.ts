/** What cells of tables are made of: values at paths, ages, counts and selectors as the API server's printers write them. */
import type { KubeObject } from "../store/kube-object.ts";
import { humanDuration } from "./duration.ts";
import { readJsonPath } from "./json-path.ts";

export interface BuiltinTable {
  columns: readonly (readonly [name: string, type: string, priority?: number])[];
  cells: (object: KubeObject, nowMs: number) => unknown[];
}

export const first = (object: unknown, path: string): unknown => readJsonPath(object, path)[0];
export const text = (object: unknown, path: string, missing = ""): string => {
  const value = first(object, path);
  return typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : missing;
};
export const count = (object: unknown, path: string): number => Number(first(object, path) ?? 0);
export const list = (object: unknown, path: string): unknown[] => readJsonPath(object, `${path}[*]`);
export const age = (object: KubeObject, nowMs: number): string =>
  humanDuration(nowMs - Date.parse(object.metadata.creationTimestamp));
export const since = (value: string, nowMs: number): string =>
  value === "" ? "<unknown>" : humanDuration(nowMs - Date.parse(value));
export const labelsText = (labels: unknown): string =>
  typeof labels === "object" && labels !== null && Object.keys(labels).length > 0
    ? Object.entries(labels)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(",")
    : "<none>";

interface Requirement {
  key: string;
  operator: string;
  values?: string[];
}

/** metav1.FormatLabelSelector */
export function selectorText(selector: unknown): string {
  const { matchLabels = {}, matchExpressions = [] } = (selector ?? {}) as {
    matchLabels?: Record<string, string>;
    matchExpressions?: Requirement[];
  }; // a LabelSelector
  const parts = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      if (operator === "Exists") return key;
      if (operator === "DoesNotExist") return `!${key}`;
      return `${key} ${operator === "In" ? "in" : "notin"} (${values.toSorted().join(",")})`;
    }),
  ];
  return parts.length === 0 ? "<none>" : parts.toSorted().join(",");
}

export const names = (containers: unknown): string => readJsonPath(containers, "[*].name").join(",");
export const images = (containers: unknown): string => readJsonPath(containers, "[*].image").join(",");
