/** Projects: one, a new one with what bounds it and who is in it, its words, and taking one away. */
import type { FieldError } from "@kubev/api-types/errors";
import { objectCatalog, objectNouns } from "@kubev/api-types/object-catalog";
import type { CreateProject } from "@kubev/api-types/projects";
import { mergeFields } from "../domain/field-merge.ts";
import { toYaml } from "../domain/object-text.ts";
import { allowed, denied, reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOfKubeError } from "../http/error-mapping.ts";
import type { Caller } from "../identity/callers.ts";
import { projectProject } from "../inventory/project-platform.ts";
import { createProjectRight, isSystemProject } from "../inventory/projects.ts";
import { waitForEntry } from "../inventory/wait-for-entry.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { overNewest } from "../kube/over-newest.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import { namespaceOf, projectAnnotations, projectParts } from "../objects/project-parts.ts";
import type { Services } from "../services.ts";
import { checkText, readText, storeText } from "./object-text-exchange.ts";
import { begun } from "./in-steps.ts";
import type { Operations } from "./operation.ts";
import { nameOfKey } from "../inventory/list-index.ts";
import { isVisible } from "../inventory/list-query.ts";
import { requireProject } from "./require-project.ts";

const showWithinMs = 5000;
/** Of each noun that goes with a project, so many are named. */
const namedAtMost = 5;

const fieldOf = (field: string): string | null =>
  /labels/.test(field) ? "labels" : /name/.test(field) ? "name" : null;

interface Words {
  displayName: string;
  description: string;
  labels: Readonly<Record<string, string>>;
}

const listSecretsRight = { verb: "list", group: "", resource: "secrets", subresource: "" };

/** Null for labels that are no more there, as a merge patch wants it. */
function labelPatch(was: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>) {
  const gone = Object.keys(was).filter((key) => now[key] === undefined);
  return { ...now, ...Object.fromEntries(gone.map((key) => [key, null])) };
}

export function projectOperations(services: Services) {
  const noun = services.nouns.projects;
  const { catalogue } = services.nouns;
  const { feeds } = services.inventory;

  async function rowOf(caller: Caller, project: string) {
    noun.flush();
    const entry = await waitForEntry(noun, project, showWithinMs);
    if (entry === undefined)
      throw new ApiProblem("upstream-timeout", { reason: reasonOf("upstream-silent") });
    return (await noun.rowMaker(caller.rights, [entry]))(entry);
  }

  /** What the cluster's dry run of the project alone cannot find. */
  function ownProblems(body: CreateProject): FieldError[] {
    const { clusterRoles } = feeds;
    if (clusterRoles.state !== "live") return [];
    return body.members.flatMap(({ role }, index) =>
      clusterRoles.table.get("", role) === undefined
        ? [{ path: `members.${index}.role`, reason: reasonOf("role-missing", { name: role }) }]
        : [],
    );
  }

  function nameTaken(error: KubeError): ApiProblem {
    return new ApiProblem("already-exists", {
      reason: reasonOf("name-taken"),
      fields: [{ path: "name", reason: reasonOf("name-taken", undefined, error.message) }],
    });
  }

  async function makeNamespace(caller: Caller, body: CreateProject, dryRun: boolean): Promise<string[]> {
    try {
      const { warnings } = await caller.client.jsonWithWarnings(collectionPath(types.namespace), {
        method: "POST",
        query: dryRun ? { dryRun: "All" } : {},
        body: namespaceOf(body),
      });
      return warnings;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      throw error.reason === "AlreadyExists" ? nameTaken(error) : problemOfKubeError(error, fieldOf);
    }
  }

  return {
    getProject: {
      access: "session",
      handle: async ({ caller, params: { project } }) => {
        await requireProject(services, caller, project);
        const [row, seesSecrets] = await Promise.all([
          rowOf(caller, project),
          caller.rights.can(listSecretsRight, project),
        ]);
        const listSecrets = seesSecrets
          ? allowed
          : denied("no-permission", { verb: "list", resource: "secrets", project });
        return { ...row, listSecrets };
      },
    },
    previewProject: {
      access: "session",
      handle: async ({ caller, body }) => {
        if (!(await caller.rights.can(createProjectRight, "")))
          throw new ApiProblem("forbidden", {
            reason: reasonOf("no-permission", { verb: "create", resource: "namespaces" }),
          });
        const yaml = [namespaceOf(body), ...projectParts(body).map(({ manifest }) => manifest)]
          .map(toYaml)
          .join("---\n");
        const fields = ownProblems(body);
        try {
          const warnings = await makeNamespace(caller, body, true);
          return { ok: fields.length === 0, fields, yaml, warnings };
        } catch (error) {
          if (!(error instanceof ApiProblem) || error.code === "forbidden") throw error;
          const found = error.details.fields ?? [];
          if (found.length === 0) throw error;
          return { ok: false, fields: [...found, ...fields], yaml, warnings: [] };
        }
      },
    },
    createProject: {
      access: "session",
      status: 201,
      audit: ({ body }) => ({
        action: "create",
        noun: "project",
        project: body.name,
        name: body.name,
        diff: [{ path: "", new: body }],
      }),
      handle: async ({ caller, body }) => {
        const fields = (await caller.rights.can(createProjectRight, "")) ? ownProblems(body) : [];
        if (fields.length > 0) throw new ApiProblem("invalid", { reason: fields[0]?.reason, fields });
        await makeNamespace(caller, body, false);
        const notMade = [];
        for (const part of projectParts(body)) {
          const { type, kind } = catalogue[part.noun];
          try {
            await caller.client.json(collectionPath(type, body.name), {
              method: "POST",
              body: part.manifest,
            });
          } catch (error) {
            if (!(error instanceof KubeError)) throw begun(error);
            notMade.push({
              kind,
              name: part.name,
              reason: reasonOf(
                error.outcomeUnknown ? "outcome-unknown" : "upstream-refused",
                undefined,
                error.message,
              ),
            });
          }
        }
        const project = await rowOf(caller, body.name).catch((error: unknown) => {
          throw begun(error);
        });
        return { project, notMade };
      },
    },
    editProject: {
      access: "session",
      audit: ({ params: { project } }) => ({
        action: "update",
        noun: "project",
        project,
        name: project,
        diff: [],
      }),
      handle: async ({ caller, params: { project }, body, audit }) => {
        await requireProject(services, caller, project);
        const { edit } = (await rowOf(caller, project)).actions;
        if (!edit.allowed)
          throw new ApiProblem(edit.reason.code === "no-permission" ? "forbidden" : "conflict", {
            reason: edit.reason,
          });
        const { was, ...yours } = body;
        const path = objectPath(types.namespace, project);
        await overNewest(
          async () => caller.client.json<Parameters<typeof projectProject>[0]>(path),
          async (stored) => {
            const { displayName, description, labels } = projectProject(stored);
            // rows show the name where nobody gave another
            const current: Words = {
              displayName: displayName === project ? "" : displayName,
              description,
              labels,
            };
            const { merged, conflicts } = mergeFields(was, { ...current }, yours, ["labels"]);
            if (conflicts.length > 0)
              throw new ApiProblem("conflict", { reason: reasonOf("changed-meanwhile"), conflicts });
            const now = merged as typeof yours; // each field is one of the two sides'
            await caller.client.json(path, {
              method: "PATCH",
              contentType: "application/merge-patch+json",
              body: {
                metadata: {
                  resourceVersion: stored.metadata?.resourceVersion,
                  labels: labelPatch(current.labels, now.labels),
                  annotations: projectAnnotations(now),
                },
              },
            });
            if (audit !== null)
              audit.diff = (["displayName", "description", "labels"] as const)
                .filter((key) => JSON.stringify(current[key]) !== JSON.stringify(now[key]))
                .map((key) => ({ path: `/${key}`, old: current[key], new: now[key] }));
          },
          (error) => {
            throw error instanceof KubeError ? problemOfKubeError(error, fieldOf) : error;
          },
        );
        return rowOf(caller, project);
      },
    },
    getProjectYaml: {
      access: "session",
      handle: async ({ caller, params: { project } }) => {
        await requireProject(services, caller, project);
        return readText(caller.client, objectPath(types.namespace, project));
      },
    },
    checkProjectYaml: {
      access: "session",
      handle: async ({ caller, params: { project }, body }) => {
        await requireProject(services, caller, project);
        return checkText(caller.client, objectPath(types.namespace, project), body);
      },
    },
    putProjectYaml: {
      access: "session",
      audit: ({ params: { project } }) => ({
        action: "edit",
        noun: "project",
        project,
        name: project,
        diff: [],
      }),
      handle: async ({ caller, params: { project }, body, audit }) => {
        await requireProject(services, caller, project);
        return storeText(caller.client, objectPath(types.namespace, project), body, audit);
      },
    },
    getProjectDeletion: {
      access: "session",
      handle: async ({ caller, params: { project } }) => {
        await requireProject(services, caller, project);
        const { nouns } = services;
        const lists = [
          ["virtual-machine", nouns.vms],
          ["disk", nouns.disks],
          ["image", nouns.images],
          ...objectNouns
            .filter((one) => objectCatalog[one].namespaced)
            .map((one) => [one, catalogue[one].list] as const),
        ] as const;
        const parts = [];
        let more = false;
        for (const [name, list] of lists) {
          const scope = await list.scope(caller.rights);
          list.flush();
          const there = [...list.index.values()].filter((entry) => entry.project === project);
          const found = there.filter((entry) => isVisible(entry, scope));
          more ||= found.length < there.length;
          if (found.length === 0) continue;
          const names = found.slice(0, namedAtMost).map((entry) => nameOfKey(entry.key));
          parts.push({ noun: name, count: found.length, names });
        }
        return { parts, more };
      },
    },
    deleteProject: {
      access: "session",
      audit: ({ params }) => ({
        action: "delete",
        noun: "project",
        project: params.project,
        name: params.project,
        diff: [],
      }),
      handle: async ({ caller, params: { project } }) => {
        if (isSystemProject(project, feeds.projects.table.get("", project)?.labels))
          throw new ApiProblem("forbidden", { reason: reasonOf("project-is-system") });
        await caller.client.json(objectPath(types.namespace, project), { method: "DELETE" });
        return null;
      },
    },
  } satisfies Partial<Operations>;
}
