/** What of one kind a person may see: whole projects, and single objects that a role names. */

export interface Scope {
  all: boolean;
  /** Projects all of whose objects he may see. */
  projects: ReadonlySet<string>;
  /**
   * Names of single objects, by project; those under '' are seen wherever they lie, which is also where cluster-scoped
   * objects lie.
   */
  names: ReadonlyMap<string, ReadonlySet<string>>;
}

type Names = Scope["names"];

export const noNames: Names = new Map();
export const everything: Scope = { all: true, projects: new Set(), names: noNames };
export const nothing: Scope = { all: false, projects: new Set(), names: noNames };

/** True when all of a project may be seen. */
export function inScope(scope: Scope, project: string): boolean {
  return scope.all || scope.projects.has(project);
}

/** True when the object of this name may be seen; `project` is '' for what lies in none. */
export function sees(scope: Scope, project: string, name: string): boolean {
  if (inScope(scope, project)) return true;
  const { names } = scope;
  if (names.size === 0) return false;
  return names.get("")?.has(name) === true || names.get(project)?.has(name) === true;
}

/** True when something of a project can be seen at all. */
export function touches(scope: Scope, project: string): boolean {
  return inScope(scope, project) || scope.names.has(project) || scope.names.has("");
}

/** Names to be added to. */
export class NamesByProject {
  readonly names = new Map<string, Set<string>>();

  add(project: string, name: string): void {
    const known = this.names.get(project);
    if (known === undefined) this.names.set(project, new Set([name]));
    else known.add(name);
  }
}

/** Names of `one` that `other` sees, too. */
function addSeenNames(to: NamesByProject, one: Scope, other: Scope): void {
  for (const [project, names] of one.names)
    for (const name of names)
      if (project !== "") {
        if (sees(other, project, name)) to.add(project, name);
      } else {
        if (other.names.get("")?.has(name) === true) to.add("", name);
        for (const whole of other.projects) to.add(whole, name);
        for (const [there, named] of other.names) if (there !== "" && named.has(name)) to.add(there, name);
      }
}

/** What both see: of things that are joined of two kinds under one name. */
export function inBoth(a: Scope, b: Scope): Scope {
  if (a.all) return b;
  if (b.all) return a;
  const seen = new NamesByProject();
  addSeenNames(seen, a, b);
  addSeenNames(seen, b, a);
  return { all: false, projects: a.projects.intersection(b.projects), names: seen.names };
}
