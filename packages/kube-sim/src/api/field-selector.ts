/** Field selectors, as far as the real API server supports them per kind. */
import type { Kind } from "../schema/kind.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { badRequest } from "../store/status-error.ts";

export type ObjectMatcher = (object: KubeObject) => boolean;

const EVENT_FIELDS = [
  "involvedObject.kind",
  "involvedObject.namespace",
  "involvedObject.name",
  "involvedObject.uid",
  "involvedObject.apiVersion",
  "involvedObject.resourceVersion",
  "involvedObject.fieldPath",
  "reason",
  "reportingComponent",
  "source",
  "type",
];

/** Beyond metadata.name and metadata.namespace. */
const EXTRA_FIELDS: Record<string, readonly string[]> = {
  "/pods": [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  "/events": EVENT_FIELDS,
  "/secrets": ["type"],
  "/namespaces": ["status.phase"],
  "/nodes": ["spec.unschedulable"],
  "/services": ["spec.clusterIP", "spec.type"],
  "apps/replicasets": ["status.replicas"],
};

/** What an absent field counts as. */
const DEFAULTS: Record<string, string> = { "spec.unschedulable": "false", "spec.hostNetwork": "false" };

function valueAt(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null) return DEFAULTS[path] ?? "";
    value = (value as Record<string, unknown>)[part]; // any JSON object
  }
  if (path === "source" && typeof value === "object" && value !== null) {
    return (value as { component?: string }).component ?? ""; // an Event's source
  }
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : (DEFAULTS[path] ?? "");
}

/** Undefined when everything matches; `storedName` is what an asked field is stored as. Throws 400 on a field the kind cannot be selected by. */
export function parseFieldSelector(
  selector: string | null,
  kind: Kind,
  storedName: (path: string) => string = (path) => path,
): ObjectMatcher | undefined {
  if (selector === null || selector.trim() === "") return undefined;
  const extra = EXTRA_FIELDS[`${kind.group}/${kind.resource}`];
  const declared = (kind.selectableFields ?? []).map((path) => path.slice(1));
  const allowed = ["metadata.name", "metadata.namespace", ...(extra ?? []), ...declared];
  // a backslash takes the next character as it is
  const parts = selector.match(/(?:\\.|[^\\,])+/g) ?? [];
  const terms = parts.map((term): ObjectMatcher => {
    const at = term.search(/[=!]/);
    const operator = ["==", "!=", "="].find((one) => at > 0 && term.startsWith(one, at));
    const asked = term.slice(0, at).trim();
    if (operator === undefined || asked === "")
      throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
    const path = storedName(asked);
    const value = term
      .slice(at + operator.length)
      .trim()
      .replaceAll(/\\(.)/g, "$1");
    if (!allowed.includes(path)) {
      // kinds that can be chosen by more than their name have a conversion of their own, with words of its own
      throw badRequest(
        kind.custom || extra !== undefined
          ? `field label not supported: ${path}`
          : `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
      );
    }
    return operator === "!="
      ? (object) => valueAt(object, path) !== value
      : (object) => valueAt(object, path) === value;
  });
  return (object) => terms.every((matches) => matches(object));
}
