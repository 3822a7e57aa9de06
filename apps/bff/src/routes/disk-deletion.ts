/** Takes a disk away, whoever asks for it: by itself or with its machine. */
import type { Caller } from "../identity/callers.ts";
import { KubeError } from "../kube/kube-error.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import { inSteps } from "./in-steps.ts";

/** The DataVolume takes its claim along; a claim without one goes by itself. */
export async function deleteDisk(caller: Caller, project: string, claim: string): Promise<void> {
  await inSteps(async (step) => {
    for (const type of [types.dataVolume, types.claim])
      try {
        await step(caller.client.json(objectPath(type, claim, project), { method: "DELETE" }));
      } catch (error) {
        if (!(error instanceof KubeError && error.status === 404)) throw error;
      }
  });
}
