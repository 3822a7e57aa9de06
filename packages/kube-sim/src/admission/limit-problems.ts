/** What is wrong with limit ranges and quotas. Source: pkg/apis/core/validation, ValidateLimitRange and ValidateResourceQuota. */
import { parseQuantity } from "../controllers/quantity.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { sameJson } from "../store/json-equality.ts";
import { type Cause, duplicate, forbiddenField, immutable, invalidValue, required } from "./field-causes.ts";
import { qualifiedNameProblems } from "./name-formats.ts";
import {
  amountProblems,
  type Amounts,
  containerResourceProblems,
  quotaResourceProblems,
  resourceNameProblems,
} from "./resource-problems.ts";

const AMOUNTS = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;

type Limit = { type?: string } & Partial<Record<(typeof AMOUNTS)[number], Amounts>>;

const TYPES = ["Pod", "Container", "PersistentVolumeClaim"];

/** What a container gets where nobody says it. Source: pkg/apis/core/v1/defaults.go, SetDefaults_LimitRangeItem. */
export function withLimitDefaults(range: KubeObject): KubeObject {
  const spec = range["spec"] as { limits?: Limit[] } | undefined; // decoded by its type
  if (spec?.limits === undefined) return range;
  const limits = spec.limits.map((limit) => {
    if (limit.type !== "Container") return limit;
    const usual = { ...limit.max, ...limit.default };
    return { ...limit, default: usual, defaultRequest: { ...limit.min, ...usual, ...limit.defaultRequest } };
  });
  return { ...range, spec: { ...spec, limits } };
}

export function limitRangeProblems(range: KubeObject): Cause[] {
  const { limits = [] } = (range["spec"] ?? {}) as { limits?: Limit[] }; // decoded by its type
  const types = new Set<string>();
  return limits.flatMap((limit, index) => {
    const { type = "" } = limit;
    const at = `spec.limits[${index}]`;
    const causes = qualifiedNameProblems(type).map((problem) => invalidValue(`${at}.type`, type, problem));
    if (causes.length === 0 && !type.includes("/") && !TYPES.includes(type))
      causes.push(invalidValue(`${at}.type`, type, "must be a standard limit type or fully qualified"));
    if (types.has(type)) causes.push(duplicate(`${at}.type`, type));
    types.add(type);
    return [...causes, ...limitProblems(limit, at)];
  });
}

function limitProblems(limit: Limit, at: string): Cause[] {
  const { type = "" } = limit;
  const causes: Cause[] = [];
  const isOfPods = type === "Pod" || type === "Container";
  for (const field of AMOUNTS) {
    const names = Object.keys(limit[field] ?? {});
    if (type === "Pod" && field.startsWith("default")) {
      if (names.length > 0)
        causes.push(forbiddenField(`${at}.${field}`, "may not be specified when `type` is 'Pod'"));
      continue;
    }
    for (const name of names) {
      const here = `${at}.${field}[${name}]`;
      causes.push(...(isOfPods ? containerResourceProblems(name, here) : resourceNameProblems(name, here)));
    }
  }
  if (
    type === "PersistentVolumeClaim" &&
    limit.min?.["storage"] === undefined &&
    limit.max?.["storage"] === undefined
  )
    causes.push(
      required(
        `${at}.limits`,
        "either minimum or maximum storage value is required, but neither was provided",
      ),
    );
  const names = new Set(AMOUNTS.flatMap((field) => Object.keys(limit[field] ?? {})));
  return [...causes, ...[...names].flatMap((name) => orderProblems(limit, name, at))];
}

/** The smaller may not be greater: in the words of the server, which shows now the one, now the other. */
function orderProblems(limit: Limit, name: string, at: string): Cause[] {
  const { min, max, default: usual, defaultRequest: asked, maxLimitRequestRatio: ratio } = limit;
  const causes: Cause[] = [];
  const compare = (
    [small, smallWords]: [Amounts | undefined, string],
    [great, greatWords]: [Amounts | undefined, string],
    field: string,
    shown: Amounts | undefined,
  ): void => {
    const [low, high] = [small?.[name], great?.[name]];
    if (low === undefined || high === undefined || parseQuantity(low) <= parseQuantity(high)) return;
    const text = `${smallWords} ${low} is greater than ${greatWords} ${high}`;
    causes.push(invalidValue(`${at}.${field}[${name}]`, String(shown?.[name]), text));
  };
  compare([min, "min value"], [max, "max value"], "min", min);
  compare([min, "min value"], [asked, "default request value"], "defaultRequest", asked);
  compare([asked, "default request value"], [max, "max value"], "defaultRequest", asked);
  compare([asked, "default request value"], [usual, "default limit value"], "defaultRequest", asked);
  compare([min, "min value"], [usual, "default value"], "default", min);
  compare([usual, "default value"], [max, "max value"], "default", max);
  const most = ratio?.[name];
  if (most !== undefined && parseQuantity(most) < 1)
    causes.push(
      invalidValue(`${at}.maxLimitRequestRatio[${name}]`, String(most), `ratio ${most} is less than 1`),
    );
  return causes;
}

export function quotaProblems(quota: KubeObject, old: KubeObject | undefined): Cause[] {
  interface Spec {
    hard?: Amounts;
    scopes?: string[];
  }
  const { hard = {}, scopes = [] } = (quota["spec"] ?? {}) as Spec; // decoded by its type
  const causes = Object.entries(hard).flatMap(([name, amount]) => {
    const here = `spec.hard[${name}]`;
    return [...quotaResourceProblems(name, here), ...amountProblems(name, amount, here)];
  });
  if (old === undefined) return causes;
  const before = ((old["spec"] ?? {}) as Spec).scopes ?? []; // as above
  return sameJson([...new Set(scopes)].toSorted(), [...new Set(before)].toSorted())
    ? causes
    : [...causes, immutable("spec.scopes", scopes)];
}
