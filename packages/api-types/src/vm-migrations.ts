/** Live migration of one machine: what runs now, what went before, and which hosts could take it. */
import { z } from "zod";
import { actionDecision } from "./reason.ts";

/** How far a migration is. `finding-host` until a target pod is placed, then `preparing`, `copying` memory, and an end. */
export const migrationStage = z.enum([
  "waiting",
  "finding-host",
  "preparing",
  "copying",
  "cancelling",
  "succeeded",
  "failed",
]);
export type MigrationStage = z.infer<typeof migrationStage>;

export const vmMigration = z.object({
  name: z.string(),
  uid: z.string(),
  stage: migrationStage,
  /** KubeVirt's own phase, verbatim. */
  phase: z.string(),
  /** '' until they are known. */
  sourceHost: z.string(),
  targetHost: z.string(),
  /** The host that was asked for; '' where the scheduler chooses. */
  wantedHost: z.string(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  /** `PreCopy`, `PostCopy` or `Paused`; '' before memory is copied. */
  mode: z.string(),
  /** The cluster's words of a failure, or of why no host is found yet; '' otherwise. */
  message: z.string(),
});
export type VmMigration = z.infer<typeof vmMigration>;

export const migrationTarget = z.object({
  host: z.string(),
  /** Whether the machine could go there, and why not. The scheduler has the last word. */
  decision: actionDecision,
  freeCpuCores: z.number(),
  freeMemoryBytes: z.number(),
  machines: z.number().int(),
});
export type MigrationTarget = z.infer<typeof migrationTarget>;

export const vmMigrations = z.object({
  migrate: actionDecision,
  cancel: actionDecision,
  active: vmMigration.nullable(),
  /** Ended ones that the cluster still keeps, newest first (KubeVirt keeps five). */
  history: z.array(vmMigration),
  /** Every host for who may see hosts, else empty: then only the scheduler chooses. */
  targets: z.array(migrationTarget),
  hostsVisible: z.boolean(),
});
export type VmMigrations = z.infer<typeof vmMigrations>;
