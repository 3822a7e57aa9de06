/** What somebody may do in one project, as the cluster's own rules say it (SelfSubjectRulesReview). */
import type { NeededRight } from "../domain/vm-actions.ts";

interface ResourceRule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
}

/** The `status` of a SelfSubjectRulesReview. */
export interface RulesStatus {
  resourceRules?: ResourceRule[] | null;
  incomplete?: boolean;
}

export interface ProjectRules {
  rules: readonly ResourceRule[];
  /** Whether some authorizer may allow more than it can list: what is not found here is asked one by one then. */
  incomplete: boolean;
}

export const unknownRules: ProjectRules = { rules: [], incomplete: true };

/** No project can have this name, so that the rules there are those of the whole cluster. */
export const noProject = "-";

const known = new Map<string, ProjectRules>();
/** Characters of all keys: beyond it those go that were met longest ago. Anybody can make rules for himself, and long ones. */
const mostKnownText = 8_000_000;
const longestKnown = 200_000;
let knownText = 0;

/** The same rules, in whatever order, are one object: many people have them, and time and again. */
export function rulesOf(status: RulesStatus | undefined): ProjectRules {
  const rules = status?.resourceRules;
  if (!Array.isArray(rules)) return unknownRules;
  const incomplete = status?.incomplete === true;
  const key = `${incomplete} ${rules
    .map((rule) => JSON.stringify(rule))
    .toSorted()
    .join()}`;
  const found = known.get(key);
  const rulesNow = found ?? { rules, incomplete };
  if (found === undefined) {
    if (key.length > longestKnown) return rulesNow;
    knownText += key.length;
  } else known.delete(key); // what is still in use counts as new
  known.set(key, rulesNow);
  for (const oldest of known.keys()) {
    if (knownText <= mostKnownText) break;
    known.delete(oldest);
    knownText -= oldest.length;
  }
  return rulesNow;
}

const holds = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes("*") || list.includes(value));

/** As RBAC reads a rule: a star is every resource with its subresources, or that subresource of every one. */
export function allowedBy({ rules }: ProjectRules, right: NeededRight): boolean {
  const { verb, group, resource, subresource, name } = right;
  const whole = subresource === "" ? resource : `${resource}/${subresource}`;
  return rules.some(
    ({ verbs, apiGroups, resources, resourceNames }) =>
      holds(verbs, verb) &&
      holds(apiGroups, group) &&
      (holds(resources, whole) || (subresource !== "" && resources?.includes(`*/${subresource}`) === true)) &&
      (resourceNames === undefined ||
        resourceNames.length === 0 ||
        (name !== undefined && resourceNames.includes(name))),
  );
}

type Decisions = Readonly<Record<string, boolean>>;
const decided = new WeakMap<ProjectRules, WeakMap<object, Decisions>>();

/** One decision per key of `rights`; made once for each answer of the cluster, since rows ask again and again. */
export function decisionsBy<K extends string>(
  rules: ProjectRules,
  rights: Readonly<Record<K, NeededRight>>,
): Readonly<Record<K, boolean>> {
  const made = decided.get(rules) ?? new WeakMap<object, Decisions>();
  decided.set(rules, made);
  let decisions = made.get(rights);
  if (decisions === undefined) {
    decisions = Object.fromEntries(
      Object.entries<NeededRight>(rights).map(([key, right]) => [key, allowedBy(rules, right)]),
    );
    made.set(rights, decisions);
  }
  return decisions;
}
