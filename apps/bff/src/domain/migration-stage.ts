/** How far a live migration is, from the phase of its VirtualMachineInstanceMigration (kubevirt-behaviour: Migration). */
import type { MigrationStage } from "@kubev/api-types/vm-migrations";

export function isMigrationOver(phase: string): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

/** `deleting`: its object is being deleted, which is how KubeVirt is asked to give up. */
export function migrationStage(phase: string, deleting: boolean): MigrationStage {
  if (phase === "Succeeded") return "succeeded";
  if (phase === "Failed") return "failed";
  if (deleting) return "cancelling";
  switch (phase) {
    case "Scheduling":
      return "finding-host";
    case "Scheduled":
    case "PreparingTarget":
    case "TargetReady":
      return "preparing";
    case "Running":
      return "copying";
    default:
      return "waiting";
  }
}
