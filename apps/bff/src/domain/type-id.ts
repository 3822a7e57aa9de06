/**
 * How an instance type or a preference is named in forms: by name and scope, since a project's own may have the name of the
 * cluster's. A cluster's is its name alone, a project's is `PROJECT/NAME`. Pure.
 */
interface Matcher {
  name?: string;
  kind?: string;
  [field: string]: unknown;
}

export function typeId({ namespace, name }: { namespace: string; name: string }): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** The namespace ('' for the cluster's) and the name that an id stands for. */
export function typeOfId(id: string): { namespace: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0
    ? { namespace: "", name: id }
    : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** Kinds of a VM's matchers as KubeVirt reads them: in any case, singular or plural, the cluster's where none is written. */
export function isProjectsKind(kind: string | undefined): boolean {
  return /^virtualmachine(instancetype|preference)s?$/i.test(kind ?? "");
}

/** The id of what a matcher names in a VM of `project`; '' where it names nothing. */
export function idOfMatcher(matcher: Matcher | undefined, project: string): string {
  const name = matcher?.name ?? "";
  return name === "" ? "" : typeId({ namespace: isProjectsKind(matcher?.kind) ? project : "", name });
}

export function matcherOf(id: string, what: "Instancetype" | "Preference"): { kind: string; name: string } {
  const { namespace, name } = typeOfId(id);
  return { kind: `VirtualMachine${namespace === "" ? "Cluster" : ""}${what}`, name };
}
