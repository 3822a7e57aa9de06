/** Rules of roles that name single objects: they choose which names the cluster is asked about, and decide nothing. */
import type { NamedRule } from "../domain/platform-records.ts";
import type { NeededRight } from "../domain/vm-actions.ts";

/** A rule as it is bound: in one project, or cluster-wide with ''. */
export interface NamedGrant extends NamedRule {
  project: string;
}

const has = (values: readonly string[], wanted: string): boolean =>
  values.includes("*") || values.includes(wanted);

/** True when the rule speaks of this verb on this resource, whatever the names. */
export function covers(
  rule: NamedRule,
  verb: string,
  { group, resource, subresource }: NeededRight,
): boolean {
  if (!has(rule.verbs, verb) || !has(rule.groups, group)) return false;
  return subresource === ""
    ? has(rule.resources, resource)
    : has(rule.resources, `${resource}/${subresource}`) || rule.resources.includes(`*/${subresource}`);
}
