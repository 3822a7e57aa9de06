/** Every operation of the contract; one that is missing does not compile. */
import type { Services } from "../services.ts";
import { anyObjectOperations } from "./any-object-operations.ts";
import { choiceOperations } from "./choice-operations.ts";
import { diskOperations } from "./disk-operations.ts";
import { hostOperations } from "./host-operations.ts";
import { imageAccessOperations } from "./image-access-operations.ts";
import { imageOperations } from "./image-operations.ts";
import { imageReadOperations } from "./image-read-operations.ts";
import { listOperations } from "./list-operations.ts";
import type { Operations } from "./operation.ts";
import { networkOperations } from "./network-operations.ts";
import { objectOperations } from "./object-operations.ts";
import { overviewOperations } from "./overview-operations.ts";
import { platformOperations } from "./platform-operations.ts";
import { podOperations } from "./pod-operations.ts";
import { projectOperations } from "./project-operations.ts";
import { projectRightsOperations } from "./project-rights-operations.ts";
import { schemaOperations } from "./schema-operations.ts";
import { secretOperations } from "./secret-operations.ts";
import { sessionOperations } from "./session-operations.ts";
import { storageClassOperations } from "./storage-class-operations.ts";
import { taskOperations } from "./task-operations.ts";
import { topologyOperations } from "./topology-operations.ts";
import { usageOperations } from "./usage-operations.ts";
import { newTextOperations } from "./new-text-operations.ts";
import { workloadOperations } from "./workload-operations.ts";
import { vmActionOperations } from "./vm-action-operations.ts";
import { vmCreateOperations } from "./vm-create-operations.ts";
import { vmDeleteOperations } from "./vm-delete-operations.ts";
import { vmCloneOperations } from "./vm-clone-operations.ts";
import { vmSnapshotOperations } from "./vm-snapshot-operations.ts";
import { vmDeviceOperations } from "./vm-device-operations.ts";
import { vmDiskOperations } from "./vm-disk-operations.ts";
import { vmRelationOperations } from "./vm-relation-operations.ts";
import { vmMigrationOperations } from "./vm-migration-operations.ts";
import { vmReadOperations } from "./vm-read-operations.ts";
import { vmSettingsOperations } from "./vm-settings-operations.ts";
import { vmYamlOperations } from "./vm-yaml-operations.ts";

export function allOperations(services: Services): Operations {
  return {
    ...sessionOperations(services),
    ...listOperations(services),
    ...overviewOperations(services),
    ...taskOperations(services),
    ...projectOperations(services),
    ...projectRightsOperations(services),
    ...vmActionOperations(services),
    ...vmReadOperations(services),
    ...vmMigrationOperations(services),
    ...vmDiskOperations(services),
    ...vmDeviceOperations(services),
    ...vmRelationOperations(services),
    ...vmSnapshotOperations(services),
    ...vmCloneOperations(services),
    ...vmSettingsOperations(services),
    ...vmCreateOperations(services),
    ...vmDeleteOperations(services),
    ...vmYamlOperations,
    ...schemaOperations,
    ...diskOperations(services),
    ...storageClassOperations(services),
    ...imageOperations(services),
    ...imageReadOperations(services),
    ...imageAccessOperations(services),
    ...choiceOperations(services),
    ...networkOperations(services),
    ...topologyOperations(services),
    ...hostOperations(services),
    ...usageOperations(services),
    ...platformOperations(services),
    ...objectOperations(services),
    ...secretOperations,
    ...workloadOperations(services),
    ...podOperations(services),
    ...newTextOperations(services),
    ...anyObjectOperations,
  };
}
