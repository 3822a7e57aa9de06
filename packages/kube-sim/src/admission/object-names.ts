/** Metadata and namespaces, refused in the words of the API server. */
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { invalid, notFound, StatusError } from "../store/status-error.ts";
import { qualifiedResource } from "../schema/kind.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";
import { metadataProblems } from "./metadata-problems.ts";

export class ObjectNames implements AdmissionRule {
  readonly #store: KubeStore;
  constructor(store: KubeStore) {
    this.#store = store;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    if (request.operation === "DELETE") return object;
    const { kind } = request;
    if (request.operation === "CREATE" && kind.namespaced) this.#requireNamespace(object, request);
    const causes = metadataProblems(kind, object.metadata, request.operation === "CREATE");
    if (causes.length > 0) throw invalid(kind, object.metadata.name, causes);
    return object;
  }

  #requireNamespace(object: KubeObject, request: AdmissionRequest): void {
    const namespaces = { group: "", resource: "namespaces" };
    const namespace = this.#store.get({ ...namespaces, name: request.namespace });
    if (namespace === undefined) throw notFound(namespaces, request.namespace);
    if (namespace.metadata.deletionTimestamp === undefined) return;
    const { kind } = request;
    const name = object.metadata.name ?? "";
    throw new StatusError(
      403,
      "Forbidden",
      `${qualifiedResource(kind)} "${name}" is forbidden: unable to create new content in namespace ${request.namespace} because it is being terminated`,
      {
        name,
        ...(kind.group === "" ? {} : { group: kind.group }),
        kind: kind.resource,
        causes: [
          {
            reason: "NamespaceTerminating",
            message: `namespace ${request.namespace} is being terminated`,
            field: "metadata.namespace",
          },
        ],
      },
    );
  }
}
