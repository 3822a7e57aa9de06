/** Storage classes and profiles as the rules want them. */
import { ApiProblem } from "../http/api-problem.ts";
import type { StorageClassChoice } from "@kubev/api-types/disks";
import { reasonOf } from "../domain/reasons.ts";
import { checkedProfile, type StorageFacts } from "../domain/storage-checks.ts";
import type { StorageClassRecord } from "../domain/storage-records.ts";
import type { FeedStatus } from "../inventory/feed.ts";
import { storageProfileOf, unreadOf } from "../inventory/unread-kinds.ts";
import type { Services } from "../services.ts";

/**
 * Each is looked up when a rule wants it: a machine on a disk that is there needs none.
 * @returns what throws ApiProblem while a kind has yet to be read: nobody is told that there is no class before that is known
 */
export function storageFacts({ inventory: { feeds } }: Services): StorageFacts {
  return {
    storageClasses: () => {
      const { table } = known(feeds.storageClasses);
      return unreadOf(feeds.storageClasses) ?? [...table.values()];
    },
    profileOf: (name) => storageProfileOf({ storageProfiles: known(feeds.storageProfiles) }, name),
  };
}

function known<F extends FeedStatus & { settled: boolean }>(feed: F): F {
  const { resource } = feed.health;
  if (feed.state === "failing")
    throw new ApiProblem("upstream-unavailable", {
      reason: reasonOf("feed-failing", { resource }, feed.failure),
    });
  if (!feed.settled)
    throw new ApiProblem("upstream-unavailable", { reason: reasonOf("feed-syncing", { resource }) });
  return feed;
}

/** A class with what disks on it can do. */
export function storageClassChoice(services: Services, record: StorageClassRecord): StorageClassChoice {
  const { feeds } = services.inventory;
  const profile = feeds.storageProfiles.table.get("", record.name);
  const checked = checkedProfile(record.name, storageProfileOf(feeds, record.name));
  return {
    name: record.name,
    provisioner: record.provisioner,
    isDefault: record.isDefault,
    isDefaultForMachines: record.isDefaultForMachines,
    bindingMode: record.bindingMode === "WaitForFirstConsumer" ? "WaitForFirstConsumer" : "Immediate",
    expandable: record.expandable,
    accessModes: [...(profile?.accessModes ?? [])],
    volumeMode: profile?.volumeMode ?? "",
    snapshots: [...feeds.snapshotClasses.table.values()].some((one) => one.driver === record.provisioner),
    cloneStrategy: profile?.cloneStrategy ?? "",
    ...("refusal" in checked ? { reason: checked.refusal } : {}),
  };
}
