/**
 * What is wrong with the metadata of an object of any kind. Source: apimachinery's pkg/api/validation/objectmeta.go,
 * ValidateObjectMeta and ValidateObjectMetaUpdate.
 */
import type { Kind } from "../schema/kind.ts";
import type { ObjectMeta, OwnerReference } from "../store/kube-object.ts";
import { type Cause, invalidValue, tooLong } from "./field-causes.ts";
import { labelsProblems } from "./label-selector-problems.ts";
import { labelProblems, qualifiedNameProblems, subdomainProblems } from "./name-formats.ts";

const ANNOTATIONS_BYTES = 256 * 1024;

/** RBAC names may hold colons and capitals; service and namespace names are DNS labels. */
function nameProblems(kind: Kind, name: string): string[] {
  if (kind.group === "rbac.authorization.k8s.io") {
    if (name === "." || name === "..") return [`may not be '${name}'`];
    return ["/", "%"].filter((sign) => name.includes(sign)).map((sign) => `may not contain '${sign}'`);
  }
  const isLabel = kind.group === "" && (kind.resource === "namespaces" || kind.resource === "services");
  return isLabel ? labelProblems(name) : subdomainProblems(name);
}

/** What a name may begin with may end in a dash, since more comes after it. */
const withoutLastDash = (prefix: string): string =>
  prefix.length > 1 && prefix.endsWith("-") ? `${prefix.slice(0, -2)}a` : prefix;

export function annotationsProblems(annotations: Record<string, string> | undefined, at: string): Cause[] {
  const entries = Object.entries(annotations ?? {});
  const causes = entries.flatMap(([key]) =>
    qualifiedNameProblems(key.toLowerCase()).map((problem) => invalidValue(at, key, problem)),
  );
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  return bytes > ANNOTATIONS_BYTES ? [...causes, tooLong(at, ANNOTATIONS_BYTES)] : causes;
}

/** In the order of the fields in which the server writes an owner down. */
const asWritten = (owner: Partial<OwnerReference>): object => {
  const { apiVersion = "", kind = "", name = "", uid = "", controller, blockOwnerDeletion } = owner;
  return {
    apiVersion,
    kind,
    name,
    uid,
    ...(controller === undefined ? {} : { controller }),
    ...(blockOwnerDeletion === undefined ? {} : { blockOwnerDeletion }),
  };
};

function ownersProblems(owners: readonly Partial<OwnerReference>[]): Cause[] {
  const at = "metadata.ownerReferences";
  const causes: Cause[] = [];
  let firstController = "";
  for (const owner of owners) {
    const { apiVersion = "", kind = "", name = "", uid = "", controller } = owner;
    const wrong = (field: string, value: string, text: string) => {
      if (value === "") causes.push(invalidValue(`${at}.${field}`, value, text));
    };
    wrong("apiVersion", apiVersion, "version must not be empty");
    wrong("kind", kind, "must not be empty");
    wrong("name", name, "must not be empty");
    wrong("uid", uid, "must not be empty");
    if (apiVersion === "v1" && kind === "Event")
      causes.push(invalidValue(at, asWritten(owner), "/v1, Kind=Event is disallowed from being an owner"));
    if (controller !== true) continue;
    const here = `${kind}/${name}`;
    if (firstController === "") firstController = here;
    else {
      const text = `Only one reference can have Controller set to true. Found "true" in references for ${firstController} and ${here}`;
      causes.push(invalidValue(at, owners.map(asWritten), text));
    }
  }
  return causes;
}

const STANDARD_FINALIZERS = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

/** Built-in kinds know what a finalizer without a domain may be called. Source: pkg/apis/core/validation, validateKubeFinalizerName. */
export const unknownFinalizer = (name: string, at: string): Cause[] =>
  name.includes("/") || STANDARD_FINALIZERS.has(name)
    ? []
    : [invalidValue(at, name, "name is neither a standard finalizer name nor is it fully qualified")];

const LOOSE = new Set(["customresourcedefinitions", "leases"]);

function finalizersProblems({ custom, resource }: Kind, finalizers: readonly string[]): Cause[] {
  const at = "metadata.finalizers";
  const causes = finalizers.flatMap((name) =>
    qualifiedNameProblems(name).map((problem) => invalidValue(at, name, problem)),
  );
  if (!custom && !LOOSE.has(resource))
    causes.push(...finalizers.flatMap((name, index) => unknownFinalizer(name, `${at}[${index}]`)));
  return finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")
    ? [...causes, invalidValue(at, finalizers, "finalizer orphan and foregroundDeletion cannot be both set")]
    : causes;
}

/** Names and finalizers are judged when an object is made; a name cannot change, and finalizers may be left as they were. */
export function metadataProblems(kind: Kind, metadata: Partial<ObjectMeta>, isNew: boolean): Cause[] {
  const { name = "", generateName = "", labels, annotations, ownerReferences, finalizers } = metadata;
  const named = (field: string, shown: string, judged: string): Cause[] =>
    judged === "" || !isNew
      ? []
      : nameProblems(kind, judged).map((problem) => invalidValue(`metadata.${field}`, shown, problem));
  return [
    ...named("generateName", generateName, withoutLastDash(generateName)),
    ...named("name", name, name),
    ...labelsProblems(labels, "metadata.labels"),
    ...annotationsProblems(annotations, "metadata.annotations"),
    ...ownersProblems(ownerReferences ?? []),
    ...(isNew ? finalizersProblems(kind, finalizers ?? []) : []),
  ];
}
