/** Projects: one, a new one, and taking one away. */
import { inScope } from "../access/rights.ts";
import { consoleAnnotations, consoleLabels, managedByValue } from "../domain/console-labels.ts";
import { reasonOf } from "../domain/reasons.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import { problemOfKubeError } from "../http/error-mapping.ts";
import { isSystemProject, projectScope } from "../inventory/projects.ts";
import { waitForEntry } from "../inventory/wait-for-entry.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

const showWithinMs = 5000;

export function projectOperations(services: Services) {
  const noun = services.nouns.projects;
  return {
    getProject: {
      access: "session",
      handle: async ({ caller, params: { project } }) => {
        noun.flush();
        const entry = noun.index.get(project);
        if (entry === undefined || !inScope(await projectScope(caller.rights), project)) throw notFound();
        return (await noun.rowMaker(caller.rights, [project]))(entry);
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
        try {
          await caller.client.json(collectionPath(types.namespace), {
            method: "POST",
            body: {
              apiVersion: "v1",
              kind: "Namespace",
              metadata: {
                name: body.name,
                labels: { [consoleLabels.managedBy]: managedByValue, [consoleLabels.project]: "true" },
                annotations: {
                  ...(body.displayName === "" ? {} : { [consoleAnnotations.displayName]: body.displayName }),
                  ...(body.description === "" ? {} : { [consoleAnnotations.description]: body.description }),
                },
              },
            },
          });
        } catch (error) {
          if (error instanceof KubeError && error.reason === "AlreadyExists")
            throw new ApiProblem("already-exists", {
              reason: reasonOf("name-taken"),
              fields: [{ path: "name", reason: reasonOf("name-taken") }],
            });
          throw error instanceof KubeError
            ? problemOfKubeError(error, (field) => (/name/.test(field) ? "name" : null))
            : error;
        }
        const entry = await waitForEntry(noun, body.name, showWithinMs);
        if (entry === undefined)
          throw new ApiProblem("upstream-timeout", { reason: reasonOf("upstream-silent") });
        return (await noun.rowMaker(caller.rights, [body.name]))(entry);
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
        if (isSystemProject(project, services.inventory.feeds.projects.table.get("", project)?.labels))
          throw new ApiProblem("forbidden", { reason: reasonOf("project-is-system") });
        await caller.client.json(objectPath(types.namespace, project), { method: "DELETE" });
        return null;
      },
    },
  } satisfies Partial<Operations>;
}
