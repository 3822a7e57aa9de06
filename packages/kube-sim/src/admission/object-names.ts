/** Names, labels and namespaces, refused in the words of the API server. */
import type { Kind } from "../schema/kind.ts";
import { type Cause, invalidValue } from "./field-causes.ts";
import type { KubeObject, OwnerReference } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { invalid, notFound, type StatusCause, StatusError } from "../store/status-error.ts";
import { qualifiedResource } from "../schema/kind.ts";
import type { AdmissionRequest, AdmissionRule } from "./admission.ts";

const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** RBAC names may hold colons and capitals; service and namespace names are DNS labels. */
function nameProblems(kind: Kind, name: string): string[] {
  if (kind.group === "rbac.authorization.k8s.io") {
    return /[/%]|^\.{1,2}$/.test(name) ? [`Invalid value: "${name}": may not contain '/' or '%'`] : [];
  }
  const isLabel = kind.group === "" && (kind.resource === "namespaces" || kind.resource === "services");
  const problems: string[] = [];
  const longest = isLabel ? 63 : 253;
  const wrong = !(isLabel ? LABEL : SUBDOMAIN).test(name);
  if (wrong) problems.push(`Invalid value: "${name}": ${isLabel ? LABEL_TEXT : SUBDOMAIN_TEXT}`);
  if (name.length > longest)
    problems.push(`Invalid value: "${name}": must be no more than ${longest} characters`);
  return problems;
}

const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

function labelProblems(labels: Record<string, string> | undefined): Required<StatusCause>[] {
  const causes: Required<StatusCause>[] = [];
  for (const value of Object.values(labels ?? {})) {
    const problem =
      value.length > 63
        ? "must be no more than 63 characters"
        : LABEL_VALUE.test(value)
          ? undefined
          : LABEL_VALUE_TEXT;
    if (problem !== undefined) {
      causes.push({
        reason: "FieldValueInvalid",
        message: `Invalid value: "${value}": ${problem}`,
        field: "metadata.labels",
      });
    }
  }
  return causes;
}

/** Source: apimachinery's pkg/api/validation/objectmeta.go, validateOwnerReference. */
function ownerProblems(owners: readonly Partial<OwnerReference>[] | undefined): Cause[] {
  const causes: Cause[] = [];
  for (const { apiVersion = "", kind = "", name = "", uid = "" } of owners ?? []) {
    const wrong = (field: string, value: string, text: string) => {
      if (value === "") causes.push(invalidValue(`metadata.ownerReferences.${field}`, value, text));
    };
    wrong("apiVersion", apiVersion, "version must not be empty");
    wrong("kind", kind, "must not be empty");
    wrong("name", name, "must not be empty");
    wrong("uid", uid, "must not be empty");
  }
  return causes;
}

export class ObjectNames implements AdmissionRule {
  readonly #store: KubeStore;
  constructor(store: KubeStore) {
    this.#store = store;
  }

  admit(object: KubeObject, request: AdmissionRequest): KubeObject {
    if (request.operation === "DELETE") return object;
    const { kind } = request;
    if (request.operation === "CREATE" && kind.namespaced) this.#requireNamespace(object, request);
    const { name, labels } = object.metadata;
    const causes = [
      ...(name ? nameProblems(kind, name) : []).map((message) => ({
        reason: "FieldValueInvalid",
        message,
        field: "metadata.name",
      })),
      ...labelProblems(labels),
      ...ownerProblems(object.metadata.ownerReferences),
    ];
    if (causes.length > 0) throw invalid(kind, name ?? "", causes);
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
