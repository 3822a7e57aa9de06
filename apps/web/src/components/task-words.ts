/** What kind of work is under way, to go before what it is done to. */
import type { Task } from "@kubev/api-types/tasks";

export const taskWords: Record<Task["kind"], string> = {
  import: "Importing",
  upload: "Receiving",
  clone: "Copying",
  migration: "Migrating",
  snapshot: "Taking a snapshot of",
  restore: "Restoring",
  start: "Starting",
  stop: "Stopping",
  delete: "Deleting",
  drain: "Draining",
};
