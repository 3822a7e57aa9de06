/** What the API server itself adds to namespaces. */
import type { KubeObject } from "../store/kube-object.ts";
import { forbidden } from "../store/status-error.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";

const UNDELETABLE = new Set(["default", "kube-system", "kube-public"]);

export class NamespaceDefaults implements AdmissionRule {
  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    if (request.kind.resource !== "namespaces" || request.kind.group !== "") return object;
    const { name } = object.metadata;
    if (request.operation === "DELETE") {
      if (UNDELETABLE.has(name)) throw forbidden(request.kind, name, "this namespace may not be deleted");
      return object;
    }
    const labelled = {
      ...object,
      metadata: {
        ...object.metadata,
        labels: { ...object.metadata.labels, "kubernetes.io/metadata.name": name },
      },
    };
    if (request.operation === "UPDATE") return labelled;
    const { finalizers = [] } = (object["spec"] ?? {}) as { finalizers?: string[] }; // decoded by its type
    const spec = { finalizers: [...new Set([...finalizers, "kubernetes"])] };
    return { ...labelled, spec, status: { phase: "Active" } };
  }
}
