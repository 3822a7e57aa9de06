/** Storage classes and profiles as the rules want them. */
import { ApiProblem } from "../http/api-problem.ts";
import type { StorageClassChoice } from "@kubev/api-types/disks";
import { reasonOf } from "../domain/reasons.ts";
import type { StorageFacts, Unread } from "../domain/storage-checks.ts";
import type { StorageClassRecord } from "../domain/storage-records.ts";
import type { FeedStatus } from "../inventory/feed.ts";
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
    profileOf: (name) => {
      const { table } = known(feeds.storageProfiles);
      return unreadOf(feeds.storageProfiles) ?? table.get("", name);
    },
  };
}

function unreadOf({ state, health: { resource } }: FeedStatus): Unread | null {
  return state === "forbidden" ? { unread: reasonOf("feed-forbidden", { resource }) } : null;
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
  const reason =
    unreadOf(feeds.storageProfiles) !== null
      ? undefined
      : profile === undefined
        ? reasonOf("storage-profile-missing", { storageClass: record.name })
        : profile.accessModes.length === 0
          ? reasonOf("storage-profile-empty", { storageClass: record.name })
          : undefined;
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
    ...(reason === undefined ? {} : { reason }),
  };
}
