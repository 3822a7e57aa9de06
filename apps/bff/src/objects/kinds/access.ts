/** Members of projects: bindings of roles to people, groups and service accounts. */
import { denied, reasonOf, allowed } from "../../domain/reasons.ts";
import type { RawMeta } from "../../inventory/raw.ts";
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind, Related } from "../object-kind.ts";
import { present } from "../object-kind.ts";

interface RawSubject {
  kind?: string;
  name?: string;
  namespace?: string;
  apiGroup?: string;
}

interface RawRoleBinding {
  metadata?: RawMeta;
  roleRef?: { kind?: string; name?: string; apiGroup?: string };
  subjects?: RawSubject[];
}

const rbac = "rbac.authorization.k8s.io";
/** Roles whose holders give rights in the project to others. */
const administering = new Set(["admin", "cluster-admin"]);

const subjectsOf = ({ subjects }: RawRoleBinding) =>
  (subjects ?? []).map(({ kind, name, namespace }) => ({
    kind: kind ?? "User",
    name: name ?? "",
    project: namespace ?? "",
  }));

/** The one binding by which anybody administers a project: without it nobody in the project can give rights back. */
function isLastAdmin(name: string, project: string, role: string, related: Related): boolean {
  if (!administering.has(role)) return false;
  for (const other of related.objects("role-binding"))
    if (
      other.namespace === project &&
      other.name !== name &&
      other.deletion === null &&
      administering.has(other.facts.role) &&
      other.facts.subjects.length > 0
    )
      return false;
  return true;
}

export const roleBindingKind: ObjectKind<"role-binding", RawRoleBinding> = {
  noun: "role-binding",
  read: (raw) => ({
    state: (raw.subjects ?? []).length === 0 ? { status: "empty", tone: "off" } : present,
    facts: {
      role: raw.roleRef?.name ?? "",
      roleKind: raw.roleRef?.kind === "Role" ? "Role" : "ClusterRole",
      subjects: subjectsOf(raw),
    },
  }),
  sort: { role: ({ role }) => role, member: ({ subjects }) => subjects[0]?.name ?? "" },
  fields: {
    role: { kind: "text", match: "equals", get: ({ role }) => role },
    member: {
      kind: "text",
      match: "contains",
      get: ({ subjects }) => subjects.map(({ name }) => name).join("\n"),
    },
  },
  words: ({ role, subjects }) => [role, ...subjects.map(({ name }) => name)],
  detail: ({ metadata, roleRef }, related) => {
    const name = roleRef?.name ?? "";
    return {
      roleKnown:
        roleRef?.kind === "Role"
          ? related.feeds.roles.table.get(metadata?.namespace ?? "", name) !== undefined
          : related.feeds.clusterRoles.table.get("", name) !== undefined,
    };
  },
  notes: (raw, related) =>
    isLastAdmin(raw.metadata?.name ?? "", raw.metadata?.namespace ?? "", raw.roleRef?.name ?? "", related)
      ? [reasonOf("last-admin", { project: raw.metadata?.namespace ?? "" })]
      : [],
  mayDelete: (record, related) =>
    isLastAdmin(record.name, record.namespace, record.facts.role, related)
      ? denied("last-admin", { project: record.namespace })
      : allowed,
  form: {
    manifest: (spec, project, current) => ({
      ...current,
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: { ...current?.metadata, name: spec.name, namespace: project },
      roleRef: { apiGroup: rbac, kind: spec.roleKind, name: spec.role },
      subjects: spec.subjects.map(({ kind, name, project: of }) =>
        kind === "ServiceAccount"
          ? { kind, name, namespace: of === "" ? project : of }
          : { kind, name, apiGroup: rbac },
      ),
    }),
    spec: (raw) => ({
      name: raw.metadata?.name ?? "",
      role: raw.roleRef?.name ?? "",
      roleKind: raw.roleRef?.kind === "Role" ? "Role" : "ClusterRole",
      subjects: subjectsOf(raw).map(({ kind, name, project }) => ({
        kind: kind === "Group" || kind === "ServiceAccount" ? kind : "User",
        name,
        project,
      })),
    }),
    problems: ({ role, roleKind }, related, project) => {
      const { roles, clusterRoles } = related.feeds;
      const known =
        roleKind === "Role"
          ? roles.table.get(project, role) !== undefined
          : clusterRoles.table.get("", role) !== undefined;
      const table = roleKind === "Role" ? roles : clusterRoles;
      return known || !table.settled || table.state !== "live"
        ? []
        : [{ path: "role", reason: reasonOf("role-missing", { name: role }) }];
    },
    fieldOf: (field) => {
      const subject = /subjects\[(\d+)\]/.exec(field);
      if (subject !== null) return `subjects.${subject[1] ?? "0"}.name`;
      if (/roleRef/.test(field)) return "role";
      return /metadata\.name|^name/.test(field) ? "name" : null;
    },
  },
};

type RawServiceAccount = RawObject & { automountServiceAccountToken?: boolean };

export const serviceAccountKind: ObjectKind<"service-account", RawServiceAccount> = {
  noun: "service-account",
  read: () => ({ state: present, facts: { roles: [] } }),
  join: ({ name, namespace }, related) => {
    const roles: string[] = [];
    for (const binding of related.objects("role-binding"))
      if (
        binding.namespace === namespace &&
        binding.facts.subjects.some(
          (one) =>
            one.kind === "ServiceAccount" &&
            one.name === name &&
            (one.project === "" || one.project === namespace),
        )
      )
        roles.push(binding.facts.role);
    return { roles };
  },
  detail: ({ metadata, automountServiceAccountToken }) => ({
    userName: `system:serviceaccount:${metadata?.namespace ?? ""}:${metadata?.name ?? ""}`,
    mountsToken: automountServiceAccountToken !== false,
  }),
  form: {
    manifest: (spec, project, current) => ({
      ...current,
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { ...current?.metadata, name: spec.name, namespace: project },
    }),
    spec: ({ metadata }) => ({ name: metadata?.name ?? "" }),
    fieldOf: (field) => (/metadata\.name|^name/.test(field) ? "name" : null),
  },
};
