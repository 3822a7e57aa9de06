/**
 * The volume behind a claim. A claim's own `spec.volumeName` is what its author wrote: it counts only when the volume names the
 * claim in return, else anybody could reach a stranger's disk by naming its volume.
 */
import type { KubeObject } from "./kube-object.ts";
import type { ObjectStore } from "./object-store.ts";

interface ClaimParts {
  spec?: { volumeName?: string };
  status?: { phase?: string };
}

/** The name of the PersistentVolume that is bound to this claim, both ways; undefined while there is none. */
export function boundVolume(
  store: Pick<ObjectStore, "get">,
  claim: KubeObject | undefined,
): string | undefined {
  const { spec, status } = (claim ?? {}) as ClaimParts; // the parts of a PersistentVolumeClaim
  if (claim === undefined || status?.phase !== "Bound" || !spec?.volumeName) return undefined;
  const volume = store.get({ group: "", resource: "persistentvolumes", name: spec.volumeName });
  const claimRef = (volume?.["spec"] as { claimRef?: { uid?: string } } | undefined)?.claimRef; // of a PersistentVolume
  return claimRef?.uid === claim.metadata.uid ? spec.volumeName : undefined;
}
