/** The API groups of all kinds that the console knows. */
import { objectCatalog } from "@kubev/api-types/object-catalog";
import { resourceTypes } from "../src/kube/resource-types.ts";

/** Without the core group: where that is not served, there is no cluster. */
export const clusterGroups: readonly string[] = [
  ...new Set([...Object.values(resourceTypes), ...Object.values(objectCatalog)].map(({ group }) => group)),
].filter((group) => group !== "");
