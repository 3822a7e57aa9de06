/**
 * CDI's storage profiles: one for each storage class, with what an operator set, else what is known of the driver; a driver that
 * nobody knows has no claim properties. One that is deleted comes back, and goes with its class.
 * Source: CDI pkg/controller/storageprofile-controller.go.
 */
import { defaultSnapshotClassAnnotation } from "../store/default-class.ts";
import type { GroupResource } from "../store/object-store.ts";
import { withCondition } from "./conditions.ts";
import type { Clock } from "./controller.ts";
import { storageClassKind, storageProfileKind, volumeSnapshotClassKind } from "./kinds.ts";
import { detectedOf } from "./storage-capabilities.ts";
import type { StorageClass, StorageProfile } from "./storage-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

const cloneStrategyAnnotation = "cdi.kubevirt.io/clone-strategy";
const cloneStrategies = new Set(["copy", "snapshot", "csi-clone"]);

/** Starts at once; returns the way to stop. */
export function startStorageProfiles(store: TypedStore, clock: Clock): () => void {
  let stopped = false;
  const look = (name: string) => {
    if (stopped) return;
    const storageClass = store.get(storageClassKind, undefined, name);
    const known = store.get(storageProfileKind, undefined, name);
    if (storageClass === undefined) return;
    const profile = known ?? store.create(storageProfileKind, { metadata: { name }, spec: {} });
    store.modifyObject(storageProfileKind, profile, (current) => {
      const status = statusOf(store, current, storageClass, timestamp(clock.now()));
      return JSON.stringify(status) === JSON.stringify(current.status) ? current : { ...current, status };
    });
  };
  const lookAtAll = () => {
    for (const { metadata } of store.list(storageClassKind)) look(metadata.name);
  };
  const goWithClass = (name: string) => {
    if (stopped || store.get(storageClassKind, undefined, name) !== undefined) return;
    const profile = store.get(storageProfileKind, undefined, name);
    if (profile) store.delete(storageProfileKind, profile);
  };
  const isOf = (one: GroupResource, kind: GroupResource) =>
    one.group === kind.group && one.resource === kind.resource;
  const stop = store.raw.onChange(({ type, kind, object }) => {
    if (type === "DELETED" && isOf(storageClassKind, kind))
      store.raw.later(() => goWithClass(object.metadata.name));
    else if (isOf(volumeSnapshotClassKind, kind)) store.raw.later(lookAtAll);
    else if ([storageClassKind, storageProfileKind].some((one) => isOf(one, kind)))
      store.raw.later(() => look(object.metadata.name));
  });
  store.raw.later(lookAtAll);
  return () => {
    stopped = true;
    stop();
  };
}

function statusOf(
  store: TypedStore,
  { metadata, spec, status }: StorageProfile,
  storageClass: StorageClass,
  now: string,
): NonNullable<StorageProfile["status"]> {
  const { provisioner } = storageClass;
  const detected = detectedOf(provisioner);
  const { snapshotClass: _gone, ...kept } = status ?? {};
  const snapshotClass = snapshotClassOf(store, provisioner, spec?.snapshotClass);
  return {
    ...kept,
    storageClass: metadata.name,
    provisioner,
    claimPropertySets: spec?.claimPropertySets?.length
      ? spec.claimPropertySets
      : (detected?.claimPropertySets ?? []),
    cloneStrategy: spec?.cloneStrategy ?? cloneStrategyOf(storageClass, snapshotClass),
    dataImportCronSourceFormat: spec?.dataImportCronSourceFormat ?? "pvc",
    ...(snapshotClass !== undefined && { snapshotClass }),
    conditions: withCondition(
      status?.conditions,
      detected
        ? {
            type: "Recognized",
            status: "True",
            reason: "RecognizedProvisioner",
            message: "Provisioner is recognized",
          }
        : {
            type: "Recognized",
            status: "False",
            reason: "UnrecognizedProvisioner",
            message: "Provisioner is not recognized",
          },
      now,
    ),
  };
}

/** The one that was set, if it is of this driver; else the default one of the driver, else its first by name. */
function snapshotClassOf(store: TypedStore, driver: string, wanted: string | undefined): string | undefined {
  const candidates = store.list(volumeSnapshotClassKind).filter((one) => one.driver === driver);
  if (wanted !== undefined) return candidates.find(({ metadata }) => metadata.name === wanted)?.metadata.name;
  const marked = candidates.find(
    ({ metadata }) => metadata.annotations?.[defaultSnapshotClassAnnotation] === "true",
  );
  return marked?.metadata.name ?? candidates.map(({ metadata }) => metadata.name).sort()[0];
}

function cloneStrategyOf(storageClass: StorageClass, snapshotClass: string | undefined): string {
  const marked = storageClass.metadata.annotations?.[cloneStrategyAnnotation];
  if (marked !== undefined && cloneStrategies.has(marked)) return marked;
  const fallback = snapshotClass === undefined ? "copy" : "snapshot";
  const strategy = detectedOf(storageClass.provisioner)?.cloneStrategy ?? fallback;
  return strategy === "snapshot" && snapshotClass === undefined ? "copy" : strategy;
}
