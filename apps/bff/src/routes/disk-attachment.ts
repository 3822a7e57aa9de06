/** One rule for every operation that gives a disk to a machine: what the list's button says, the server also holds to. */
import type { ActionDecision } from "@kubev/api-types/reason";
import { sees } from "../access/scope.ts";
import { mayAttachDisk } from "../domain/disk-actions.ts";
import { reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { ResourceType } from "../kube/kube-path.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";

/** Whether a disk may be given to a machine; undefined where the console does not know the disk. */
export async function attachDecision(
  services: Services,
  caller: Caller,
  project: string,
  claim: string,
): Promise<ActionDecision | undefined> {
  const { disks, vms } = services.nouns;
  disks.flush();
  const entry = disks.index.get(`${project}/${claim}`);
  if (entry === undefined) return undefined;
  const storageClass = services.inventory.feeds.storageClasses.table.get("", entry.storageClass);
  const machines = await vms.scope(caller.rights);
  const seesMachines = entry.usedBy.every((machine) => sees(machines, project, machine));
  return mayAttachDisk({ ...entry, seesMachines }, storageClass);
}

/** A DataVolume where one made the claim, so that KubeVirt waits for it to be filled. */
async function sourceOfClaim(caller: Caller, project: string, claim: string) {
  const exists = async (type: ResourceType) => {
    try {
      await caller.client.json(objectPath(type, claim, project));
      return true;
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return false;
      throw error;
    }
  };
  if (await exists(types.dataVolume)) return { dataVolume: { name: claim } };
  if (await exists(types.claim)) return { persistentVolumeClaim: { claimName: claim } };
  // the cluster takes a claim that is missing, and the machine waits for it without end (measured)
  throw new ApiProblem("invalid", {
    fields: [{ path: "claim", reason: reasonOf("disk-missing", { name: claim }) }],
  });
}

/**
 * The volume source that stands for a disk.
 * @throws ApiProblem `invalid` at `claim` where there is no such disk or it may not be given away; the caller's right to read it
 * is asked first, so that nothing is told of disks that are not his
 */
export async function attachableSource(services: Services, caller: Caller, project: string, claim: string) {
  const source = await sourceOfClaim(caller, project, claim);
  const decision = await attachDecision(services, caller, project, claim);
  if (decision?.allowed === false)
    throw new ApiProblem("invalid", { fields: [{ path: "claim", reason: decision.reason }] });
  return source;
}
