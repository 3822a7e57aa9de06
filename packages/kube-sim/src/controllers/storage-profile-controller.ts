/**
 * CDI's storage profiles: what an operator set, else what is known of the driver; one that is deleted comes back with its class.
 * Drivers that are not known are left alone. Source: CDI pkg/controller/storageprofile-controller.go.
 */
import { storageClassKind, storageProfileKind } from "./kinds.ts";
import { detectedOf } from "./storage-capabilities.ts";
import type { StorageProfile } from "./storage-shapes.ts";
import type { TypedStore } from "./typed-store.ts";

/** Starts it; returns the way to stop. */
export function startStorageProfiles(store: TypedStore): () => void {
  let stopped = false;
  const look = (name: string) => {
    if (stopped) return;
    const driver = store.get(storageClassKind, undefined, name)?.provisioner ?? "";
    const detected = detectedOf(driver);
    if (detected === undefined) return;
    const profile =
      store.get(storageProfileKind, undefined, name) ??
      store.create(storageProfileKind, { metadata: { name }, spec: {} });
    store.modifyObject(storageProfileKind, profile, (current) => {
      const status = statusOf(current, driver, detected);
      return JSON.stringify(status) === JSON.stringify(current.status) ? current : { ...current, status };
    });
  };
  const stop = store.raw.onChange(({ kind, object }) => {
    if (kind.group !== storageProfileKind.group || kind.resource !== storageProfileKind.resource) return;
    setImmediate(look, object.metadata.name);
  });
  return () => {
    stopped = true;
    stop();
  };
}

function statusOf(
  { metadata, spec, status }: StorageProfile,
  provisioner: string,
  detected: NonNullable<ReturnType<typeof detectedOf>>,
): NonNullable<StorageProfile["status"]> {
  return {
    ...status,
    storageClass: metadata.name,
    provisioner,
    claimPropertySets: spec?.claimPropertySets?.length ? spec.claimPropertySets : detected.claimPropertySets,
    cloneStrategy: spec?.cloneStrategy ?? detected.cloneStrategy,
  };
}
