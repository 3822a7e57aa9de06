/** Rules of a security group as its form holds them, and what a new one begins with. */
import type { SecurityGroupRule } from "@kubev/api-types/objects/security-group";

export type RuleDraft = Omit<SecurityGroupRule, "ipVersion"> & { ipVersion?: "ipv4" | "ipv6" | undefined };

const firstPriority = 100;
const lastPriority = 16_384;

/** After all there are, so that a new rule changes nothing of what they decide; a gap where there is no room behind them. */
export function nextPriority(rules: readonly Pick<RuleDraft, "priority">[]): number {
  const taken = new Set(rules.map((rule) => rule.priority));
  let next = Math.max(firstPriority - 1, ...taken) + 1;
  if (next <= lastPriority) return next;
  next = lastPriority;
  while (taken.has(next)) next -= 1;
  return next;
}

/** Its ports are for the person to say: none is left open by a rule that was merely added. */
export const newRule = (rules: readonly RuleDraft[]): RuleDraft => ({
  direction: "in",
  ipVersion: "ipv4",
  protocol: "tcp",
  priority: nextPriority(rules),
  remoteType: "address",
  remote: "0.0.0.0/0",
  policy: "allow",
});

/** Lets out everything of the families that the group's rules know. */
function allowOutgoing(rules: readonly RuleDraft[]): RuleDraft[] {
  const families = new Set(rules.map((rule) => rule.ipVersion ?? "ipv4"));
  const added: RuleDraft[] = [];
  for (const ipVersion of families)
    added.push({
      direction: "out",
      ipVersion,
      protocol: "all",
      priority: nextPriority([...rules, ...added]),
      remoteType: "address",
      remote: ipVersion === "ipv6" ? "::/0" : "0.0.0.0/0",
      policy: "allow",
    });
  return [...rules, ...added];
}

/** By the server's note that they answer. */
export const groupRemedies = {
  "security-group-sends-nothing": {
    verb: "Allow everything outgoing",
    change: ({ rules = [] }: { rules?: RuleDraft[] | undefined }) => ({ rules: allowOutgoing(rules) }),
  },
};
