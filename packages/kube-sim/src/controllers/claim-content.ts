/**
 * What a new claim's volume begins with where its author names a source: the data of a snapshot or of another claim of the
 * namespace. The words are those with which the external-provisioner refuses (its controller's getVolumeContentSource).
 */
import { boundVolume } from "../store/bound-volume.ts";
import type { ControllerContext } from "./controller.ts";
import { claimKind } from "./kinds.ts";
import { parseQuantity } from "./quantity.ts";
import { snapshotData } from "./snapshot-content.ts";
import type { PersistentVolumeClaim } from "./storage-shapes.ts";
import type { TypedStore } from "./typed-store.ts";
import { volumeImage } from "./volume-content.ts";

/** What the provisioner says of a claim that it cannot make yet; it is tried again. */
export class SourceNotReady extends Error {}

/**
 * Fills the volume; false where the claim names no source that a storage driver knows. Throws SourceNotReady.
 */
export async function fillFromSource(
  { images }: ControllerContext,
  store: TypedStore,
  claim: PersistentVolumeClaim,
  volume: string,
  bytes: number,
): Promise<boolean> {
  const { namespace } = claim.metadata;
  const source = claim.spec.dataSource ?? claim.spec.dataSourceRef;
  if (source === undefined) return false;
  const refuse = (why: string) =>
    new SourceNotReady(
      `failed to provision volume with StorageClass "${claim.spec.storageClassName ?? ""}": error getting handle for DataSource Type ${source.kind} by Name ${source.name}: ${why}`,
    );
  if (source.kind === "VolumeSnapshot") {
    const data = snapshotData(store, namespace, source.name);
    if (data === undefined || !images.get(data.image)) throw refuse(`snapshot ${source.name} is not Ready`);
    const size = parseQuantity(data.restoreSize);
    if (bytes < size)
      throw refuse(
        `requested volume size ${bytes} is less than the size ${size} for the source snapshot ${source.name}`,
      );
    await images.clone(volume, data.image, bytes);
    return true;
  }
  if (source.kind !== "PersistentVolumeClaim") return false;
  const from = store.get(claimKind, namespace, source.name);
  if (from === undefined)
    throw refuse(
      `error getting PVC ${source.name} (namespace "${namespace ?? ""}") from api server: persistentvolumeclaims "${source.name}" not found`,
    );
  const fromVolume = boundVolume(store.raw, from);
  if (fromVolume === undefined)
    throw refuse(`the PVC ${source.name} is not bound: status is ${from.status?.phase ?? "Pending"}`);
  if (from.spec.storageClassName !== claim.spec.storageClassName)
    throw refuse("the source PVC and destination PVCs must be in the same storage class for cloning");
  if ((from.spec.volumeMode ?? "Filesystem") !== (claim.spec.volumeMode ?? "Filesystem"))
    throw refuse("the source PVC and destination PVCs must have the same volume mode for cloning");
  const size = parseQuantity(from.status?.capacity?.storage);
  if (bytes < size)
    throw refuse(
      `error, new PVC request must be greater than or equal in size to the specified PVC data source, requested ${bytes} but source is ${size}`,
    );
  if (await volumeImage(store, images, fromVolume)) await images.clone(volume, fromVolume, bytes);
  else await images.createBlank(volume, bytes);
  return true;
}
