/** Custom objects must fit the structural schema of their kind. */
import { structuralSchemaOf } from "../schema/structural-schema.ts";
import { validateStructure } from "../schema/structural-validation.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { invalid, type StatusCause } from "../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";

export class SchemaRule implements AdmissionRule {
  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    if (request.operation === "DELETE") return object;
    const schema = structuralSchemaOf(request.kind);
    if (schema === undefined) return object;
    const causes: Required<StatusCause>[] = [];
    const { metadata: _metadata, ...content } = object;
    const { metadata: _known, ...properties } = schema.properties ?? {};
    validateStructure(content, { ...schema, properties }, "", causes);
    if (causes.length > 0) throw invalid(request.kind, object.metadata.name, causes);
    return object;
  }
}
