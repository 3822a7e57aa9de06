/** Whether the CEL rules that a schema declares are complete, and rules at all. Source: apiextensions' validation.go. */
import { type Cause, invalidValue, required, unsupported } from "../admission/field-causes.ts";
import { compiledRules } from "../cel/compiled-rule.ts";
import type { StructuralSchema, ValidationRule } from "../schema/structural-schema.ts";
import type { SchemaPlace } from "./schema-rules.ts";

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/** What is incomplete goes to `causes`; what does not compile to `rules`, which counts only where nothing else is wrong. */
export function checkRules(
  schema: StructuralSchema,
  place: SchemaPlace,
  causes: Cause[],
  rules: Cause[],
): void {
  const declared = schema["x-kubernetes-validations"] ?? [];
  if (declared.length === 0) return;
  const at = (index: number): string => `${place.path}.x-kubernetes-validations[${index}]`;
  const before = causes.length;
  declared.forEach((rule, index) => checkDeclaration(rule, schema, at(index), causes));
  if (causes.length > before) return;
  compiledRules(schema, place.isRoot).forEach(({ rule, error, messageError, usesOldSelf }, index) => {
    if (error !== undefined) rules.push(invalidValue(`${at(index)}.rule`, shown(rule), error));
    if (messageError !== undefined)
      rules.push(invalidValue(`${at(index)}.messageExpression`, shown(rule), messageError));
    if (error !== undefined) return;
    if (usesOldSelf && place.uncorrelatable !== undefined) {
      const text = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${place.uncorrelatable}`;
      rules.push(invalidValue(`${at(index)}.rule`, rule.rule, text));
    } else if (!usesOldSelf && rule.optionalOldSelf !== undefined) {
      const text = "may not be set if oldSelf is not used in rule";
      rules.push(invalidValue(`${at(index)}.optionalOldSelf`, rule.optionalOldSelf, text));
    }
  });
}

/** A rule as the API server's own type prints it. */
const shown = (rule: ValidationRule): object => ({
  Rule: rule.rule,
  Message: rule.message ?? "",
  MessageExpression: rule.messageExpression ?? "",
  Reason: rule.reason ?? null,
  FieldPath: rule.fieldPath ?? "",
  OptionalOldSelf: rule.optionalOldSelf ?? null,
});

function checkDeclaration(rule: ValidationRule, schema: StructuralSchema, at: string, causes: Cause[]): void {
  const message = rule.message?.trim() ?? "";
  const text = (rule.rule ?? "").trim();
  if (text === "") causes.push(required(`${at}.rule`, "rule is not specified"));
  else if (rule.message && message === "")
    causes.push(invalidValue(`${at}.message`, rule.message, "must be non-empty if specified"));
  else if (message.includes("\n"))
    causes.push(invalidValue(`${at}.message`, rule.message, "must not contain line breaks"));
  else if (text.includes("\n") && message === "")
    causes.push(required(`${at}.message`, "message must be specified if rule contains line breaks"));
  if (rule.messageExpression && rule.messageExpression.trim() === "")
    causes.push(required(`${at}.messageExpression`, "messageExpression must be non-empty if specified"));
  if (rule.reason !== undefined && !REASONS.includes(rule.reason))
    causes.push(unsupported(`${at}.reason`, rule.reason, REASONS));
  if (rule.fieldPath) checkFieldPath(rule.fieldPath, schema, `${at}.fieldPath`, causes);
}

function checkFieldPath(fieldPath: string, schema: StructuralSchema, at: string, causes: Cause[]): void {
  if (fieldPath.trim() === "") causes.push(invalidValue(at, fieldPath, "must be non-empty if specified"));
  let found: StructuralSchema | undefined = schema;
  for (const [, name, key] of fieldPath.trim().matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/g)) {
    found = childOf(found ?? {}, name ?? key ?? "");
  }
  if (found === undefined || found === schema)
    causes.push(invalidValue(at, fieldPath, "must be a valid path"));
}

const childOf = (
  { properties, additionalProperties }: StructuralSchema,
  name: string,
): StructuralSchema | undefined =>
  properties?.[name] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
