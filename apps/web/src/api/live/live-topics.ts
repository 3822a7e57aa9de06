/** Which reads a feed's change makes stale. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import type { LiveFeed } from "@kubev/api-types/live";

export const liveTopicOf: Record<LiveFeed, readonly OperationName[]> = {
  vm: [
    "getVm",
    "getVmYaml",
    "getVmSettings",
    "listVmEvents",
    "getVmGuest",
    "getVmMigrations",
    "listVmSnapshots",
    "getVmPending",
    "getVmDeletionPlan",
  ],
  disk: ["getDisk", "getDiskYaml", "listDiskEvents"],
  image: ["getImage", "getImageYaml", "listImageEvents"],
  tasks: ["listTasks"],
  activity: ["listActivity"],
  session: ["getSession", "listObjectNouns", "getObjectNoun"],
  capabilities: ["getCapabilities"],
  object: ["getObject", "getObjectYaml", "listObjectEvents"],
  networks: ["getVpc", "getSubnet", "getVpcSpace", "getTopology"],
};
