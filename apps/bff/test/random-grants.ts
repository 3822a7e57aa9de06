/** Random roles and bindings over a small world. */
import * as fc from "fast-check";
import type { Rule } from "./bound-roles.ts";
import { allNames, instances, kinds, listed, projects } from "./rbac-kinds.ts";

type Resource = readonly [group: string, resource: string];
const resources: Resource[] = [
  ...listed.map((which): Resource => [kinds[which].group, kinds[which].plural]),
  [kinds.vms.group, instances.plural],
  ["", "namespaces"],
];

const reading: string[] = ["get", "list", "watch"];
/** Rules of one group each, as people write them; wildcards among them. */
const rule: fc.Arbitrary<Rule> = fc
  .record({
    what: fc.oneof<fc.MaybeWeightedArbitrary<Resource[]>[]>(
      { weight: 10, arbitrary: fc.subarray(resources, { minLength: 1, maxLength: 2 }) },
      { weight: 5, arbitrary: fc.constant(resources.filter(([group]) => group === "kubevirt.io")) },
      { weight: 1, arbitrary: fc.constant<Resource[]>([["*", "*"]]) },
      { weight: 1, arbitrary: fc.constant<Resource[]>([["", "*"]]) },
    ),
    verbs: fc.oneof<fc.MaybeWeightedArbitrary<string[]>[]>(
      { weight: 5, arbitrary: fc.constant(reading) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<string[][]>(
          ["*"],
          ["get"],
          ["list"],
          ["get", "list"],
          ["create", "update"],
        ),
      },
    ),
    resourceNames: fc.option(fc.subarray(allNames, { minLength: 1, maxLength: 12 }), { freq: 2 }),
  })
  .map(({ what, verbs, resourceNames }) => ({
    apiGroups: [...new Set(what.map(([group]) => group))],
    resources: [...new Set(what.map(([, resource]) => resource))],
    verbs,
    ...(resourceNames === null ? {} : { resourceNames }),
  }));

const rbacGroup = "rbac.authorization.k8s.io";
const toUser = (name: string) => ({ kind: "User", name, apiGroup: rbacGroup });
const toGroup = (name: string) => ({ kind: "Group", name, apiGroup: rbacGroup });
const subject = fc.oneof<fc.MaybeWeightedArbitrary<Record<string, string>>[]>(
  { weight: 3, arbitrary: fc.constant(toUser("bob")) },
  { weight: 3, arbitrary: fc.constant(toUser("viewer")) },
  { weight: 2, arbitrary: fc.constant({ kind: "ServiceAccount", name: "robot", namespace: "zq-a" }) },
  { weight: 2, arbitrary: fc.constant(toGroup("system:serviceaccounts:zq-a")) },
  { weight: 2, arbitrary: fc.constantFrom(toGroup("team-1"), toGroup("team-2")) },
  { weight: 1, arbitrary: fc.constant(toGroup("system:authenticated")) },
);

export interface Grant {
  /** '' is the whole cluster. */
  project: string;
  /** Of a binding in a project; a cluster-wide one has a cluster role. */
  role: "Role" | "ClusterRole" | "aggregated";
  rules: Rule[];
  subjects: Record<string, string>[];
}

export const grants: fc.Arbitrary<Grant[]> = fc.array(
  fc.record({
    project: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...projects) },
      { weight: 1, arbitrary: fc.constant("") },
    ),
    role: fc.constantFrom("Role" as const, "ClusterRole" as const, "aggregated" as const),
    rules: fc.array(rule, { minLength: 1, maxLength: 2 }),
    subjects: fc.uniqueArray(subject, { minLength: 1, maxLength: 2 }),
  }),
  { minLength: 4, maxLength: 12 },
);

/** Objects of the cluster that give what is granted; `run` keeps names apart. */
export function rbacObjects(given: readonly Grant[], run: number) {
  return given.flatMap(({ project, role, rules, subjects }, at) => {
    const name = `run-${run}-${at}`;
    const meta = (space: string, labels = {}) => ({
      name,
      ...(space === "" ? {} : { namespace: space }),
      labels,
    });
    const apiVersion = `${rbacGroup}/v1`;
    const inProject = role === "Role" && project !== "";
    const roles =
      role === "aggregated"
        ? [
            {
              apiVersion,
              kind: "ClusterRole",
              metadata: { name: `${name}-part`, labels: { part: name } },
              rules,
            },
            {
              apiVersion,
              kind: "ClusterRole",
              metadata: meta(""),
              rules: [],
              aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: name } }] },
            },
          ]
        : [
            {
              apiVersion,
              kind: inProject ? "Role" : "ClusterRole",
              metadata: meta(inProject ? project : ""),
              rules,
            },
          ];
    return [
      ...roles,
      {
        apiVersion,
        kind: project === "" ? "ClusterRoleBinding" : "RoleBinding",
        metadata: meta(project),
        roleRef: { apiGroup: rbacGroup, kind: inProject ? "Role" : "ClusterRole", name },
        subjects,
      },
    ];
  });
}
