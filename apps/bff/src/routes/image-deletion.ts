/** Takes an image away, and the disk behind it where that was made for it alone. */
import { consoleLabels } from "../domain/console-labels.ts";
import type { Caller } from "../identity/callers.ts";
import type { ImageEntry } from "../inventory/images.ts";
import type { RawObject } from "../inventory/raw.ts";
import { KubeError } from "../kube/kube-error.ts";
import { objectPath, type ResourceType } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import { inSteps } from "./in-steps.ts";

async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof KubeError && error.status === 404)) throw error;
  });
}

/**
 * Whether the claim behind an image was made for that image alone. One that a person brought himself, that another
 * image names or that a machine uses stays. Asked as the caller; what he may not read is not his to delete.
 */
async function isOwnDisk(services: Services, caller: Caller, { image }: ImageEntry): Promise<boolean> {
  const { claimName, claimNamespace } = image;
  if (claimName === "" || claimNamespace !== image.namespace) return false;
  for (const other of services.inventory.feeds.images.table.values())
    if (other.uid !== image.uid && other.claimName === claimName && other.claimNamespace === claimNamespace)
      return false;
  if (services.nouns.vmIndex.usersOfClaim(claimNamespace, claimName).length > 0) return false;
  // CDI may have collected the DataVolume once it was filled; the claim carries its labels
  for (const type of [types.dataVolume, types.claim])
    try {
      const { metadata } = await caller.client.json<RawObject>(objectPath(type, claimName, claimNamespace));
      return (
        metadata?.labels?.[consoleLabels.image] === image.name ||
        (metadata?.ownerReferences ?? []).some((owner) => owner.uid === image.uid)
      );
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) continue;
      if (error instanceof KubeError && error.status === 403) return false;
      throw error;
    }
  return false;
}

export async function removeImage(services: Services, caller: Caller, entry: ImageEntry): Promise<void> {
  const { name, namespace: project } = entry.image;
  const { client } = caller;
  const ownDisk = await isOwnDisk(services, caller, entry);
  const remove = async (type: ResourceType, it: string) =>
    client.json(objectPath(type, it, project), { method: "DELETE" });
  await inSteps(async (step) => {
    await step(
      client.json(objectPath(types.dataSource, name, project), {
        method: "DELETE",
        body: {
          apiVersion: "v1",
          kind: "DeleteOptions",
          // a disk that stays must not go as a dependent either
          propagationPolicy: ownDisk ? "Background" : "Orphan",
        },
      }),
    );
    if (!ownDisk) return;
    for (const type of [types.dataVolume, types.claim])
      await step(ignoreMissing(remove(type, entry.image.claimName)));
  });
}
