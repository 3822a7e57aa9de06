/** What the console itself may not read: what it lacks of such a kind is not known to be absent. */
import { reasonOf } from "../domain/reasons.ts";
import type { Unread } from "../domain/storage-checks.ts";
import type { StorageProfileRecord } from "../domain/storage-records.ts";
import type { FeedStatus } from "./feed.ts";
import type { Inventory } from "./inventory.ts";

export function unreadOf({ state, health: { resource } }: FeedStatus): Unread | null {
  return state === "forbidden" ? { unread: reasonOf("feed-forbidden", { resource }) } : null;
}

/** Of a storage class of this name. */
export function storageProfileOf(
  { storageProfiles }: Pick<Inventory["feeds"], "storageProfiles">,
  name: string,
): StorageProfileRecord | Unread | undefined {
  return unreadOf(storageProfiles) ?? storageProfiles.table.get("", name);
}
