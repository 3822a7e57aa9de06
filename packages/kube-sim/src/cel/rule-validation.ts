/**
 * Holds values to the CEL rules of their schema (apiextensions-apiserver, pkg/apiserver/schema/cel/validation.go). On
 * updates, what a rule finds wrong with a value that has not changed is a warning only.
 */
import { resolveSchema, type StructuralSchema } from "../schema/structural-schema.ts";
import { sameJson } from "../store/json-equality.ts";
import type { StatusCause } from "../store/status-error.ts";
import { type CompiledRule, compiledRules } from "./compiled-rule.ts";

type Cause = Required<StatusCause>;
type Json = Record<string, unknown>;

export interface RuleFindings {
  causes: Cause[];
  warnings: string[];
}

const withRules = new WeakMap<StructuralSchema, boolean>();

/** Whether there is any rule at the schema or below it. */
export function hasRules(reference: StructuralSchema): boolean {
  const schema = resolveSchema(reference);
  let known = withRules.get(schema);
  if (known === undefined) {
    const { properties = {}, items, additionalProperties, allOf = [] } = schema;
    const below = [
      ...Object.values(properties),
      ...(items === undefined ? [] : [items]),
      ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
      ...allOf,
    ];
    known = (schema["x-kubernetes-validations"]?.length ?? 0) > 0 || below.some(hasRules);
    withRules.set(schema, known);
  }
  return known;
}

/** `old` is absent when the object is new. */
export function checkObject(object: Json, old: Json | undefined, schema: StructuralSchema): RuleFindings {
  const findings: RuleFindings = { causes: [], warnings: [] };
  const unchanged = (): boolean => old !== undefined && sameJson(object, old);
  if (hasRules(schema)) visit(object, old, schema, { path: "", isObject: true, unchanged }, findings);
  return findings;
}

interface Place {
  path: string;
  isObject: boolean;
  /** Whether the value, or what it is in where it cannot be found again, is as it was. */
  unchanged: () => boolean;
}

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function visit(
  value: unknown,
  old: unknown,
  reference: StructuralSchema,
  place: Place,
  findings: RuleFindings,
): void {
  if (value === null || value === undefined || !hasRules(reference)) return;
  const schema = resolveSchema(reference);
  for (const compiled of compiledRules(schema, place.isObject))
    applyRule(compiled, value, old, schema, place, findings);
  const below = (
    child: unknown,
    before: unknown,
    of: StructuralSchema,
    path: string,
    found: boolean,
  ): void => {
    const unchanged = found ? () => before !== undefined && sameJson(child, before) : place.unchanged;
    const isObject = resolveSchema(of)["x-kubernetes-embedded-resource"] === true;
    visit(child, before, of, { path, isObject, unchanged }, findings);
  };
  if (Array.isArray(value)) {
    const { items } = schema;
    const keys =
      schema["x-kubernetes-list-type"] === "map" ? schema["x-kubernetes-list-map-keys"] : undefined;
    if (items === undefined) return;
    value.forEach((item, index) => {
      const before = keys === undefined ? undefined : sameEntry(item, old, keys);
      below(item, before, items, `${place.path}[${index}]`, keys !== undefined);
    });
    return;
  }
  if (!isRecord(value)) return;
  const correlates = schema["x-kubernetes-map-type"] !== "atomic";
  const { properties, additionalProperties } = schema;
  for (const [name, field] of Object.entries(value)) {
    const before = correlates && isRecord(old) ? old[name] : undefined;
    if (typeof additionalProperties === "object")
      below(field, before, additionalProperties, `${place.path}[${name}]`, correlates);
    const property = properties?.[name];
    if (property !== undefined)
      below(field, before, property, place.path === "" ? name : `${place.path}.${name}`, correlates);
  }
}

const sameEntry = (item: unknown, old: unknown, keys: readonly string[]): unknown =>
  Array.isArray(old)
    ? old.find((other) => keys.every((key) => isRecord(other) && isRecord(item) && other[key] === item[key]))
    : undefined;

function applyRule(
  { rule, usesOldSelf, error, ...compiled }: CompiledRule,
  value: unknown,
  old: unknown,
  schema: StructuralSchema,
  place: Place,
  findings: RuleFindings,
): void {
  const field = place.path === "" ? "<nil>" : place.path;
  const type = JSON.stringify(schema.type ?? "");
  const broken = (text: string): void => {
    findings.causes.push({ reason: "FieldValueInvalid", message: `Invalid value: ${type}: ${text}`, field });
  };
  if (error !== undefined) {
    broken(`rule compile error: ${error}`);
    return;
  }
  // a rule about change has nothing to say of what is new
  const isNew = old === undefined || old === null;
  if (usesOldSelf && isNew && rule.optionalOldSelf !== true) return;
  try {
    if (compiled.holds(value, old)) return;
  } catch (fault) {
    broken((fault as Error).message); // holds() throws nothing else
    return;
  }
  const said = rule.message?.trim();
  const detail = compiled.message(value, old) ?? (said || `failed rule: ${rule.rule.trim()}`);
  const cause = causeOf(rule, schema, value, detail, fieldOf(place.path, rule.fieldPath));
  if (!usesOldSelf && place.unchanged()) findings.warnings.push(`${cause.field}: ${cause.message}`);
  else findings.causes.push(cause);
}

/** `.a['b']` of a rule, below where its value stands. */
function fieldOf(path: string, fieldPath: string | undefined): string {
  const steps = [...(fieldPath ?? "").trim().matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/g)];
  const below = steps.map(([, name, key]) => (name === undefined ? `[${key ?? ""}]` : `.${name}`)).join("");
  if (below === "") return path === "" ? "<nil>" : path;
  return path === "" ? below.replace(/^\./, "") : `${path}${below}`;
}

function causeOf(
  rule: ValidationRuleReason,
  schema: StructuralSchema,
  value: unknown,
  detail: string,
  field: string,
): Cause {
  const isWhole = schema.type === "object" || schema.type === "array";
  const shown = isWhole ? "" : `: ${JSON.stringify(value)}`;
  switch (rule.reason) {
    case "FieldValueForbidden":
      return { reason: rule.reason, message: `Forbidden: ${detail}`, field };
    case "FieldValueRequired":
      return { reason: rule.reason, message: `Required value: ${detail}`, field };
    case "FieldValueDuplicate":
      return { reason: rule.reason, message: `Duplicate value${shown}`, field };
    default:
      return { reason: "FieldValueInvalid", message: `Invalid value${shown}: ${detail}`, field };
  }
}

interface ValidationRuleReason {
  reason?: string;
}
