/** What volumes pods have at their hosts: how many of each driver, against the limits of CSINodes, and whether they are attached. */
import { createHash } from "node:crypto";
import type { Pod } from "./core-shapes.ts";
import type { Indexes } from "./indexes.ts";
import { claimKind, csiDriverKind, csiNodeKind, volumeAttachmentKind, volumeKind } from "./kinds.ts";
import { isPodOver } from "./node-requests.ts";
import type { PersistentVolume, VolumeAttachment } from "./storage-shapes.ts";
import type { TypedStore } from "./typed-store.ts";

/** The name that the attach-detach controller gives. Source: getAttachmentName in pkg/volume/csi of Kubernetes. */
export function attachmentName(volume: PersistentVolume, host: string): string {
  const { volumeHandle = "", driver = "" } = volume.spec.csi ?? {};
  return `csi-${createHash("sha256").update(`${volumeHandle}${driver}${host}`).digest("hex")}`;
}

/** The bound volumes of a pod's claims that a storage driver serves. */
export function volumesOf(store: TypedStore, pod: Pod): PersistentVolume[] {
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => {
    if (persistentVolumeClaim === undefined) return [];
    const claim = store.get(claimKind, pod.metadata.namespace, persistentVolumeClaim.claimName);
    const volume = store.get(volumeKind, undefined, claim?.spec.volumeName ?? "");
    return volume?.spec.csi === undefined ? [] : [volume];
  });
}

/**
 * Whether the pod's volumes would be more than a driver takes at the host. Source: the NodeVolumeLimits plugin of kube-scheduler:
 * volumes count once, however many pods there use them.
 */
export function exceedsLimit(store: TypedStore, indexes: Indexes, pod: Pod, host: string): boolean {
  const claims = (one: Pod) => (one.spec.volumes ?? []).filter((each) => each.persistentVolumeClaim).length;
  const added = claims(pod);
  const limits = new Map(
    (store.get(csiNodeKind, undefined, host)?.spec.drivers ?? []).flatMap(({ name, allocatable }) =>
      allocatable?.count === undefined ? [] : [[name, allocatable.count] as const],
    ),
  );
  if (added === 0 || limits.size === 0) return false;
  const there = indexes.podsByNode.get(host).filter((one) => !isPodOver(one));
  // most hosts are far from their limits: what the pods there could have at most is cheap to know
  if (there.reduce((sum, one) => sum + claims(one), added) <= Math.min(...limits.values())) return false;
  const byDriver = new Map<string, Set<string>>();
  const used = new Set(there.flatMap((one) => volumesOf(store, one)));
  const wanted = volumesOf(store, pod);
  for (const { metadata, spec } of [...used, ...wanted]) {
    const driver = spec.csi?.driver ?? "";
    byDriver.set(driver, (byDriver.get(driver) ?? new Set()).add(metadata.name));
  }
  return wanted.some(({ spec }) => {
    const driver = spec.csi?.driver ?? "";
    return (byDriver.get(driver)?.size ?? 0) > (limits.get(driver) ?? Number.POSITIVE_INFINITY);
  });
}

/** The pod's volumes that are not attached at its host yet, with what is known of their attachment. */
export function unattached(
  store: TypedStore,
  pod: Pod,
): { volume: PersistentVolume; attachment: VolumeAttachment | undefined }[] {
  const host = pod.spec.nodeName ?? "";
  return volumesOf(store, pod).flatMap((volume) => {
    const driver = store.get(csiDriverKind, undefined, volume.spec.csi?.driver ?? "");
    if (driver === undefined || driver.spec.attachRequired === false) return [];
    const attachment = store.get(volumeAttachmentKind, undefined, attachmentName(volume, host));
    return attachment?.status?.attached === true ? [] : [{ volume, attachment }];
  });
}
