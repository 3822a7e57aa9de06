/**
 * The attach-detach controller and the external-provisioner's capacity reports: VolumeAttachments for the volumes of pods at
 * their hosts, and what each class has left in each zone. Sums over the whole store, so many changes are looked at together.
 */
import { createHash } from "node:crypto";
import { freeBytes, usedByClass, zoneLabel, zonesOf } from "./free-capacity.ts";
import { binaryQuantity } from "./quantity.ts";
import type { ControllerContext } from "./controller.ts";
import type { PersistentVolume } from "./storage-shapes.ts";
import {
  claimKind,
  csiDriverKind,
  csiNodeKind,
  podKind,
  storageCapacityKind,
  storageClassKind,
  volumeAttachmentKind,
  volumeKind,
} from "./kinds.ts";
import { timestamp } from "./timestamp.ts";
import { attachmentName } from "./volume-attachments.ts";
import type { TypedStore } from "./typed-store.ts";

const settleMs = 50;
/** A look at ten thousand machines takes its time: the pause after it is this many times as long. */
const pauseFactor = 10;
const capacityNamespace = "kube-system";
const watched = new Set([
  "pods",
  "persistentvolumes",
  "persistentvolumeclaims",
  "csinodes",
  "csidrivers",
  "nodes",
  "storageclasses",
]);

const digest = (...parts: string[]) => createHash("sha256").update(parts.join("\n")).digest("hex");

/** Starts at once; returns the way to stop. */
export function startCsiController(context: ControllerContext, store: TypedStore): () => void {
  const { clock } = context;
  let timer: { cancel(): void } | null = null;
  let stopped = false;
  let pauseMs = settleMs;
  const look = () => {
    timer = null;
    const startedMs = clock.now();
    reconcileAttachments(store, timestamp(clock.now()));
    reportCapacity(store);
    pauseMs = Math.max(settleMs, (clock.now() - startedMs) * pauseFactor);
  };
  const soon = () => {
    if (!stopped) timer ??= clock.setTimeout(look, pauseMs);
  };
  const unfollow = store.raw.onChange((change) => {
    if (watched.has(change.kind.resource)) soon();
  });
  soon();
  return () => {
    stopped = true;
    unfollow();
    timer?.cancel();
  };
}

interface Wanted {
  volume: PersistentVolume;
  driver: string;
  host: string;
  /** For the target of a migration, which shares the volume with its source until the guest has moved. */
  migrates: boolean;
}

function wantedAttachments(store: TypedStore): Map<string, Wanted> {
  const attaching = new Set(
    store
      .list(csiDriverKind)
      .filter((driver) => driver.spec.attachRequired !== false)
      .map((driver) => driver.metadata.name),
  );
  const wanted = new Map<string, Wanted>();
  for (const pod of store.list(podKind)) {
    const host = pod.spec.nodeName;
    const ended = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
    if (host === undefined || ended) continue;
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
      if (!persistentVolumeClaim) continue;
      const claim = store.get(claimKind, pod.metadata.namespace, persistentVolumeClaim.claimName);
      const volume = store.get(volumeKind, undefined, claim?.spec.volumeName ?? "");
      const driver = volume?.spec.csi?.driver ?? "";
      if (!volume || !attaching.has(driver)) continue;
      const name = attachmentName(volume, host);
      const migrates = pod.metadata.annotations?.["kubevirt.io/migrationJobName"] !== undefined;
      wanted.set(name, { volume, driver, host, migrates });
    }
  }
  return wanted;
}

/** Words of errors follow the attach-detach controller and CSI's gRPC codes. */
function refusal(
  { volume, driver, host, migrates }: Wanted,
  limits: ReadonlyMap<string, number | undefined>,
  used: number,
  elsewhere: string | undefined,
): string | undefined {
  const key = `${host}\n${driver}`;
  if (!limits.has(key)) return `CSINode ${host} does not contain driver ${driver}`;
  const limit = limits.get(key);
  if (limit !== undefined && used >= limit)
    return `rpc error: code = ResourceExhausted desc = maximum number of volumes (${limit}) is attached to ${host}`;
  const shared = migrates || volume.spec.accessModes?.some((mode) => mode !== "ReadWriteOnce") === true;
  return elsewhere !== undefined && !shared
    ? `Multi-Attach error for volume "${volume.metadata.name}" Volume is already exclusively attached to one node and can't be attached to another`
    : undefined;
}

function reconcileAttachments(store: TypedStore, now: string): void {
  const wanted = wantedAttachments(store);
  const limits = new Map(
    store
      .list(csiNodeKind)
      .flatMap((node) =>
        (node.spec.drivers ?? []).map(
          (driver) => [`${node.metadata.name}\n${driver.name}`, driver.allocatable?.count] as const,
        ),
      ),
  );
  const used = new Map<string, number>();
  const holders = new Map<string, string>();
  const existing = new Map(store.list(volumeAttachmentKind).map((one) => [one.metadata.name, one]));
  for (const [name, attachment] of existing) {
    const { attacher, nodeName, source } = attachment.spec;
    if (!wanted.has(name)) {
      // one that somebody else made, under a name that is not ours, is his to take away
      if (/^csi-[0-9a-f]{64}$/.test(name)) store.delete(volumeAttachmentKind, attachment);
      continue;
    }
    if (attachment.status?.attached !== true) continue;
    used.set(`${nodeName}\n${attacher}`, (used.get(`${nodeName}\n${attacher}`) ?? 0) + 1);
    holders.set(source.persistentVolumeName ?? "", nodeName);
  }
  for (const [name, want] of wanted) {
    const known = existing.get(name);
    if (known?.status?.attached === true) continue;
    const key = `${want.host}\n${want.driver}`;
    const error = refusal(want, limits, used.get(key) ?? 0, holders.get(want.volume.metadata.name));
    if (known && known.status?.attachError?.message === error && error !== undefined) continue;
    const status =
      error === undefined
        ? { attached: true }
        : { attached: false, attachError: { message: error, time: now } };
    if (error === undefined) {
      used.set(key, (used.get(key) ?? 0) + 1);
      holders.set(want.volume.metadata.name, want.host);
    }
    if (known) store.modifyObject(volumeAttachmentKind, known, (current) => ({ ...current, status }));
    else
      store.create(volumeAttachmentKind, {
        metadata: { name },
        spec: {
          attacher: want.driver,
          nodeName: want.host,
          source: { persistentVolumeName: want.volume.metadata.name },
        },
        status,
      });
  }
}

function reportCapacity(store: TypedStore): void {
  const reporting = new Set(
    store
      .list(csiDriverKind)
      .filter((driver) => driver.spec.storageCapacity === true)
      .map((driver) => driver.metadata.name),
  );
  const zones = zonesOf(store);
  const used = usedByClass(store);
  for (const storageClass of store.list(storageClassKind)) {
    if (!reporting.has(storageClass.provisioner)) continue;
    const className = storageClass.metadata.name;
    const free = freeBytes(storageClass, zones.length, used);
    const unit = free < 1024 ** 4 ? 1024 ** 2 : 1024 ** 3;
    const capacity = binaryQuantity(Math.floor(free / unit) * unit);
    for (const zone of zones) {
      const name = `csisc-${digest(className, zone).slice(0, 5)}`;
      const known = store.get(storageCapacityKind, capacityNamespace, name);
      if (known?.capacity === capacity) continue;
      if (known)
        store.modifyObject(storageCapacityKind, known, (current) => ({
          ...current,
          capacity,
          maximumVolumeSize: capacity,
        }));
      else
        store.create(storageCapacityKind, {
          metadata: {
            name,
            namespace: capacityNamespace,
            labels: { "csi.storage.k8s.io/drivername": storageClass.provisioner },
          },
          storageClassName: className,
          nodeTopology: { matchLabels: { [zoneLabel]: zone } },
          capacity,
          maximumVolumeSize: capacity,
        });
    }
  }
}
