/** Metadata as the API server keeps it: maps and lists that are empty are absent. */
import type { ObjectMeta } from "./kube-object.ts";

const MAPS = ["labels", "annotations"] as const;
const LISTS = ["finalizers", "ownerReferences", "managedFields"] as const;

export function tidyMetadata(metadata: ObjectMeta): ObjectMeta {
  const isEmptyMap = (name: (typeof MAPS)[number]): boolean =>
    metadata[name] !== undefined && Object.keys(metadata[name]).length === 0;
  const isEmptyList = (name: (typeof LISTS)[number]): boolean => metadata[name]?.length === 0;
  const empty: (keyof ObjectMeta)[] = [...MAPS.filter(isEmptyMap), ...LISTS.filter(isEmptyList)];
  if (empty.length === 0) return metadata;
  const tidied = { ...metadata };
  for (const name of empty) delete tidied[name];
  return tidied;
}
