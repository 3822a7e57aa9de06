/** What is wrong with names and amounts of resources. Source: pkg/apis/core/validation and pkg/apis/core/helper. */
import { parseQuantity } from "../controllers/quantity.ts";
import { type Cause, forbiddenField, invalidValue, required } from "./field-causes.ts";
import { qualifiedNameProblems } from "./name-formats.ts";

export type Amounts = Record<string, string | number>;

const COMPUTE = ["cpu", "memory", "ephemeral-storage"];
const COUNTED = new Set([
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
]);
const LIMITED = new Set([
  ...COMPUTE,
  ...["requests", "limits"].flatMap((kind) => COMPUTE.map((name) => `${kind}.${name}`)),
  "requests.storage",
  ...COUNTED,
]);

const isHugePages = (name: string): boolean => name.startsWith("hugepages-");
const isQuotaResource = (name: string): boolean =>
  LIMITED.has(name) || isHugePages(name.replace(/^requests\./, ""));
const isStandard = (name: string): boolean => isQuotaResource(name) || name === "storage";
const isNative = (name: string): boolean => !name.includes("/") || name.includes("kubernetes.io/");
const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith("requests.") && qualifiedNameProblems(`requests.${name}`).length === 0;
const canBeOverbooked = (name: string): boolean => isNative(name) && !isHugePages(name);

export function resourceNameProblems(name: string, at: string): Cause[] {
  const causes = qualifiedNameProblems(name).map((problem) => invalidValue(at, name, problem));
  return causes.length === 0 && !name.includes("/") && !isStandard(name)
    ? [invalidValue(at, name, "must be a standard resource type or fully qualified")]
    : causes;
}

/** Of what a container can have. */
export function containerResourceProblems(name: string, at: string): Cause[] {
  const causes = resourceNameProblems(name, at);
  if (!name.includes("/"))
    return COMPUTE.includes(name) || isHugePages(name)
      ? causes
      : [...causes, invalidValue(at, name, "must be a standard resource for containers")];
  return isNative(name) || isExtended(name)
    ? causes
    : [...causes, invalidValue(at, name, "doesn't follow extended resource name standard")];
}

export function quotaResourceProblems(name: string, at: string): Cause[] {
  const causes = resourceNameProblems(name, at);
  return !name.includes("/") && !isQuotaResource(name)
    ? [...causes, invalidValue(at, name, "must be a standard resource for quota")]
    : causes;
}

export function amountProblems(name: string, amount: string | number, at: string): Cause[] {
  const value = parseQuantity(amount);
  const causes: Cause[] = [];
  if (value < 0) causes.push(invalidValue(at, String(amount), "must be greater than or equal to 0"));
  if ((COUNTED.has(name) || isExtended(name)) && !Number.isInteger(value))
    causes.push(invalidValue(at, String(amount), "must be an integer"));
  return causes;
}

/** Of a container: what it asks for, and what it is limited to. */
export function requirementProblems(
  { limits = {}, requests = {} }: { limits?: Amounts; requests?: Amounts },
  at: string,
): Cause[] {
  const each = (amounts: Amounts, field: string, more: (name: string, amount: string | number) => Cause[]) =>
    Object.entries(amounts).flatMap(([name, amount]) => {
      const here = `${at}.${field}[${name}]`;
      return [
        ...containerResourceProblems(name, here),
        ...amountProblems(name, amount, here),
        ...more(name, amount),
      ];
    });
  const causes = [
    ...each(limits, "limits", () => []),
    ...each(requests, "requests", (name, amount) => {
      const limit = limits[name];
      if (limit === undefined)
        return canBeOverbooked(name)
          ? []
          : [required(`${at}.limits`, "Limit must be set for non overcommitable resources")];
      const difference = parseQuantity(amount) - parseQuantity(limit);
      if (difference !== 0 && !canBeOverbooked(name))
        return [invalidValue(`${at}.requests`, String(amount), `must be equal to ${name} limit of ${limit}`)];
      if (difference <= 0) return [];
      const text = `must be less than or equal to ${name} limit of ${limit}`;
      return [invalidValue(`${at}.requests`, String(amount), text)];
    }),
  ];
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory"))
    causes.push(forbiddenField(at, "HugePages require cpu or memory"));
  return causes;
}
