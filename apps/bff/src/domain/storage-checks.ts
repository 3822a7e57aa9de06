/** Whether a storage class can hold a new disk: one rule for machines, disks and images. Pure. */
import { defaultStorageClass } from "@kubev/api-types/default-storage-class";
import type { Reason } from "@kubev/api-types/reason";
import { reasonOf } from "./reasons.ts";
import type { StorageClassRecord, StorageProfileRecord } from "./storage-records.ts";

/** The console may not read a kind: what it says of it is for the cluster to decide. */
export interface Unread {
  unread: Reason;
}

export interface StorageFacts {
  storageClasses: () => readonly StorageClassRecord[] | Unread;
  profileOf: (storageClass: string) => StorageProfileRecord | Unread | undefined;
}

type Usable =
  | { storageClass: StorageClassRecord; profile: StorageProfileRecord }
  | { refusal: Reason }
  | (Unread & { storageClass: StorageClassRecord | null });

/** The class that `name` stands for ('' for the default), or why CDI could not make a disk on it, or why that is not known. */
export function usableClass(name: string, facts: StorageFacts): Usable {
  const classes = facts.storageClasses();
  if ("unread" in classes) return { ...classes, storageClass: null };
  const storageClass = name === "" ? defaultStorageClass(classes) : classes.find((one) => one.name === name);
  if (storageClass === undefined)
    return {
      refusal:
        name === "" ? reasonOf("storage-class-no-default") : reasonOf("storage-class-missing", { name }),
    };
  const checked = checkedProfile(storageClass.name, facts.profileOf(storageClass.name));
  return "refusal" in checked ? checked : { ...checked, storageClass };
}

/** The profile of a class, or why CDI fills no disks on the class for want of one. */
export function checkedProfile(
  storageClass: string,
  profile: StorageProfileRecord | Unread | undefined,
): { profile: StorageProfileRecord } | { refusal: Reason } | Unread {
  if (profile === undefined) return { refusal: reasonOf("storage-profile-missing", { storageClass }) };
  if ("unread" in profile) return profile;
  return profile.accessModes.length === 0
    ? { refusal: reasonOf("storage-profile-empty", { storageClass }) }
    : { profile };
}

/** What the class that was asked for is called, as far as that is known. */
export function classNameOf(asked: string, facts: StorageFacts): string {
  const found = usableClass(asked, facts);
  return "refusal" in found ? asked : (found.storageClass?.name ?? asked);
}
