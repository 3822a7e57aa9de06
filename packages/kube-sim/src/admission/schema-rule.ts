/** Custom objects must fit the structural schema of their kind, and keep the rules that stand in it. */
import { checkObject, hasRules } from "../cel/rule-validation.ts";
import { structuralSchemaOf } from "../schema/structural-schema.ts";
import { validateStructure } from "../schema/structural-validation.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { invalid, type StatusCause } from "../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";

/** With one of these no rule is tried: it might trip over what is wrong already. */
const BLOCKING = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

export class SchemaRule implements AdmissionRule {
  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    if (request.operation === "DELETE" || !request.kind.custom) return object;
    const schema = structuralSchemaOf(request.kind);
    if (schema === undefined) return object;
    const causes: Required<StatusCause>[] = [];
    const { metadata: _metadata, ...content } = object;
    const { metadata: _known, ...properties } = schema.properties ?? {};
    validateStructure(content, { ...schema, properties }, "", causes);
    if (hasRules(schema)) {
      if (causes.some(({ reason }) => BLOCKING.has(reason))) {
        causes.push({
          reason: "FieldValueInvalid",
          message:
            "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
          field: "<nil>",
        });
      } else {
        const found = checkObject(object, request.old, schema);
        causes.push(...found.causes);
        found.warnings.forEach(request.warn);
      }
    }
    if (causes.length > 0) throw invalid(request.kind, object.metadata.name, causes);
    return object;
  }
}
