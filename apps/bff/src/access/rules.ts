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

export function rulesOf(status: RulesStatus | undefined): ProjectRules {
  const rules = status?.resourceRules;
  if (!Array.isArray(rules)) return unknownRules;
  return { rules, incomplete: status?.incomplete === true };
}

const holds = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes("*") || list.includes(value));

/** As RBAC reads a rule: a star is every resource with its subresources, or that subresource of every one. */
function allowedBy({ rules }: ProjectRules, right: NeededRight): boolean {
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
const decided = new WeakMap<ProjectRules, Map<object, Decisions>>();

/** One decision per key of `rights`; made once for each answer of the cluster, since rows ask again and again. */
export function decisionsBy<K extends string>(
  rules: ProjectRules,
  rights: Readonly<Record<K, NeededRight>>,
): Readonly<Record<K, boolean>> {
  const known = decided.get(rules) ?? new Map<object, Decisions>();
  decided.set(rules, known);
  let decisions = known.get(rights);
  if (decisions === undefined) {
    decisions = Object.fromEntries(
      Object.entries<NeededRight>(rights).map(([key, right]) => [key, allowedBy(rules, right)]),
    );
    known.set(rights, decisions);
  }
  return decisions;
}
