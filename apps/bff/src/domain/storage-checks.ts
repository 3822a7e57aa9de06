/** Whether a storage class can hold a new disk: one rule for machines, disks and images. Pure. */
import { defaultStorageClass } from "@kubev/api-types/default-storage-class";
import type { Reason } from "@kubev/api-types/reason";
import { reasonOf } from "./reasons.ts";
import type { StorageClassRecord, StorageProfileRecord } from "./storage-records.ts";

export interface StorageFacts {
  storageClasses: () => readonly StorageClassRecord[];
  profileOf: (storageClass: string) => StorageProfileRecord | undefined;
}

/** The class that `name` stands for ('' for the default), or why CDI could not make a disk on it. */
export function usableClass(
  name: string,
  facts: StorageFacts,
): { storageClass: StorageClassRecord; profile: StorageProfileRecord } | { refusal: Reason } {
  const storageClass =
    name === ""
      ? defaultStorageClass(facts.storageClasses())
      : facts.storageClasses().find((one) => one.name === name);
  if (storageClass === undefined)
    return {
      refusal:
        name === "" ? reasonOf("storage-class-no-default") : reasonOf("storage-class-missing", { name }),
    };
  const profile = facts.profileOf(storageClass.name);
  if (profile === undefined)
    return { refusal: reasonOf("storage-profile-missing", { storageClass: storageClass.name }) };
  if (profile.accessModes.length === 0)
    return { refusal: reasonOf("storage-profile-empty", { storageClass: storageClass.name }) };
  return { storageClass, profile };
}
