/** Who may copy a project's images: CDI's right `datavolumes/source`, shown from the bindings, given and taken as the caller. */
import { createHash } from "node:crypto";
import type { ImageAccess, ImageGrant } from "@kubev/api-types/images";
import { managedByValue, consoleLabels } from "../domain/console-labels.ts";
import type { RoleBindingRecord } from "../domain/platform-records.ts";
import { allowed, denied, reasonOf } from "../domain/reasons.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { inSteps } from "./in-steps.ts";
import type { Operations } from "./operation.ts";

const rbac = "rbac.authorization.k8s.io";
const clonerRole = "image-cloner";
const right = (verb: string, resource: string): NeededRight => ({
  verb,
  group: rbac,
  resource,
  subresource: "",
});
const rights = {
  list: right("list", "rolebindings"),
  create: right("create", "rolebindings"),
  delete: right("delete", "rolebindings"),
  listAll: right("list", "clusterrolebindings"),
};

/** What is needed to find an image and to copy it, and nothing else. */
function clonerRoleManifest(project: string) {
  return {
    apiVersion: `${rbac}/v1`,
    kind: "Role",
    metadata: {
      name: clonerRole,
      namespace: project,
      labels: { [consoleLabels.managedBy]: managedByValue },
    },
    rules: [
      {
        apiGroups: ["cdi.kubevirt.io"],
        resources: ["datasources", "datavolumes"],
        verbs: ["get", "list", "watch"],
      },
      { apiGroups: ["cdi.kubevirt.io"], resources: ["datavolumes/source"], verbs: ["create"] },
    ],
  };
}

/** Kubernetes' group of all service accounts of a namespace. */
const accountsOf = "system:serviceaccounts:";

function bindingManifest(project: string, grant: ImageGrant) {
  const kind = grant.kind === "Project" ? "Group" : grant.kind;
  const name = grant.kind === "Project" ? `${accountsOf}${grant.name}` : grant.name;
  const digest = createHash("sha256").update(`${kind}/${name}`).digest("hex").slice(0, 10);
  return {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata: {
      name: `${clonerRole}-${digest}`,
      namespace: project,
      labels: { [consoleLabels.managedBy]: managedByValue },
    },
    roleRef: { apiGroup: rbac, kind: "Role", name: clonerRole },
    subjects: [{ apiGroup: rbac, kind, name }],
  };
}

/** `user:ann`, `group:g`, `group:system:serviceaccounts:ns` or `user:system:serviceaccount:ns:name`, as bindings are kept. */
function subjectOf(subject: string): Pick<ImageAccess["grants"][number], "kind" | "name"> {
  const account = /^user:system:serviceaccount:(.+)$/.exec(subject);
  if (account !== null) return { kind: "ServiceAccount", name: account[1] ?? "" };
  const [kind = "", ...name] = subject.split(":");
  const group = kind === "group" ? name.join(":") : "";
  if (group.startsWith(accountsOf)) return { kind: "Project", name: group.slice(accountsOf.length) };
  return { kind: kind === "group" ? "Group" : "User", name: name.join(":") };
}

export function imageAccessOperations({ inventory: { feeds } }: Services) {
  async function require(caller: Caller, needed: NeededRight, project: string): Promise<void> {
    if (!(await caller.rights.can(needed, project)))
      throw new ApiProblem("forbidden", {
        reason: reasonOf("no-permission", { verb: needed.verb, resource: needed.resource, project }),
      });
  }

  function givesCopying(binding: RoleBindingRecord): boolean {
    const [kind = "", name = ""] = binding.role.split("/");
    const role =
      kind === "Role"
        ? feeds.roles.table.get(binding.namespace, name)
        : feeds.clusterRoles.table.get("", name);
    return role?.mayClone === true;
  }

  return {
    getImageAccess: {
      access: "session",
      handle: async ({ caller, params: { project } }): Promise<ImageAccess> => {
        await require(caller, rights.list, project);
        const [mayCreate, mayDelete, seesAll] = await Promise.all([
          caller.rights.can(rights.create, project),
          caller.rights.can(rights.delete, project),
          caller.rights.can(rights.listAll, ""),
        ]);
        const bindings = [
          ...[...feeds.roleBindings.table.values()].filter((one) => one.namespace === project),
          ...(seesAll ? feeds.clusterRoleBindings.table.values() : []),
        ].filter(givesCopying);
        const missing = (verb: string) =>
          denied("no-permission", { verb, resource: "rolebindings", project });
        return {
          grants: bindings.flatMap((binding) =>
            binding.subjects.map((subject) => ({
              ...subjectOf(subject),
              role: binding.role.replace(/^\w+\//, ""),
              binding: binding.name,
              clusterWide: binding.namespace === "",
              revoke:
                binding.role !== `Role/${clonerRole}`
                  ? denied("grant-not-ours")
                  : mayDelete
                    ? allowed
                    : missing("delete"),
            })),
          ),
          grant: mayCreate ? allowed : missing("create"),
        };
      },
    },
    grantImageAccess: {
      access: "session",
      audit: ({ params, body }) => ({
        action: "grant-image-access",
        noun: "project",
        project: params.project,
        name: params.project,
        diff: [{ path: "/mayCopyImages", new: body }],
      }),
      handle: async ({ caller, params: { project }, body }) => {
        await require(caller, rights.create, project);
        await inSteps(async (step) => {
          for (const [type, manifest] of [
            [types.role, clonerRoleManifest(project)],
            [types.roleBinding, bindingManifest(project, body)],
          ] as const)
            try {
              await step(
                caller.client.json(collectionPath(type, project), { method: "POST", body: manifest }),
              );
            } catch (error) {
              // the binding may stand already: then there is nothing left to do
              if (!(error instanceof KubeError && error.reason === "AlreadyExists")) throw error;
            }
        });
        return null;
      },
    },
    revokeImageAccess: {
      access: "session",
      audit: ({ params }) => ({
        action: "revoke-image-access",
        noun: "project",
        project: params.project,
        name: params.project,
        diff: [{ path: "/mayCopyImages", old: params.name }],
      }),
      handle: async ({ caller, params: { project, name } }) => {
        await require(caller, rights.delete, project);
        const binding = feeds.roleBindings.table.get(project, name);
        if (binding === undefined) throw notFound();
        if (binding.role !== `Role/${clonerRole}`)
          throw new ApiProblem("conflict", { reason: reasonOf("grant-not-ours") });
        await caller.client.json(objectPath(types.roleBinding, name, project), {
          method: "DELETE",
          body: { preconditions: { uid: binding.uid } },
        });
        return null;
      },
    },
  } satisfies Partial<Operations>;
}
