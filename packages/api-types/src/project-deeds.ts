/** The deeds that a project's page of rights lists. */
import { z } from "zod";

export const projectDeed = z.enum([
  "see-machines",
  "create-machine",
  "change-machine",
  "power-machine",
  "open-screen",
  "open-serial",
  "migrate-machine",
  "snapshot-machine",
  "restore-machine",
  "delete-machine",
  "create-disk",
  "upload-image",
  "snapshot-disk",
  "publish-service",
  "write-network-policy",
  "run-workload",
  "read-logs",
  "read-secrets",
  "write-secrets",
  "see-members",
  "add-members",
  "change-quota",
  "edit-project",
  "delete-project",
]);
export type ProjectDeed = z.infer<typeof projectDeed>;
