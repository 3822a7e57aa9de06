/** A copy of a machine under another name. */
import { reasonOf } from "../domain/reasons.ts";
import { cloneManifest } from "../domain/vm-copy-manifests.ts";
import type { SettingsVm } from "../domain/vm-settings.ts";
import { ApiProblem } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath, objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

/** KubeVirt takes a copy onto a machine that is there, and waits without end (measured). */
export async function refuseTakenName(
  caller: Caller,
  project: string,
  name: string,
  path: string,
): Promise<void> {
  try {
    await caller.client.json(objectPath(types.virtualMachine, name, project));
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return;
    throw error;
  }
  throw new ApiProblem("invalid", { fields: [{ path, reason: reasonOf("name-taken") }] });
}

export function vmCloneOperations(_services: Services) {
  return {
    cloneVm: {
      access: "session",
      audit: ({ params: { project, name }, body }) => ({
        action: "clone",
        noun: "virtual-machine",
        project,
        name,
        diff: [{ path: "/target", new: body.name }],
      }),
      handle: async ({ caller, params: { project, name }, body }) => {
        const vm = await caller.client.json<SettingsVm>(objectPath(types.virtualMachine, name, project));
        await refuseTakenName(caller, project, body.name, "name");
        const made = await caller.client.json<{ metadata?: { name?: string } }>(
          collectionPath(types.vmClone, project),
          {
            method: "POST",
            query: { fieldValidation: "Strict" },
            body: cloneManifest(name, body.name, vm.spec ?? {}, body.start),
          },
        );
        return { name: made.metadata?.name ?? "", target: body.name };
      },
    },
  } satisfies Partial<Operations>;
}
