/** Whether the declarations of CEL rules in a schema are complete. Source: apiextensions' validation.go. */
import { type Cause, invalidValue, required, unsupported } from "../admission/field-causes.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import type { SchemaPlace } from "./schema-rules.ts";

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

export function checkRules(
  schema: StructuralSchema,
  { path }: SchemaPlace,
  causes: Cause[],
  _rules: Cause[],
): void {
  for (const [index, rule] of (schema["x-kubernetes-validations"] ?? []).entries()) {
    const at = `${path}.x-kubernetes-validations[${index}]`;
    const message = rule.message?.trim() ?? "";
    const text = rule.rule.trim();
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
    if (rule.fieldPath && rule.fieldPath.trim() === "")
      causes.push(invalidValue(`${at}.fieldPath`, rule.fieldPath, "must be non-empty if specified"));
  }
}
