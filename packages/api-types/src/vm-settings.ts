/** The common settings of a machine as a form, and what a change of them takes: said before saving, itemised after. */
import { z } from "zod";
import { fieldConflict, fieldError } from "./errors.ts";
import { actionDecision, reason } from "./reason.ts";

/** When a change reaches the guest: at once, by a live migration, at the next restart, or when it starts (it does not run). */
export const changeEffect = z.enum(["live", "migration", "restart", "next-start"]);
export type ChangeEffect = z.infer<typeof changeEffect>;

const settingValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const settingChange = z.object({
  /** A field of the form, `disk.NAME`, `interface.NAME`, or the JSON pointer of what no form has. */
  field: z.string(),
  /** Raw: bytes, counts, names; null where there was or will be nothing. */
  from: settingValue,
  to: settingValue,
  effect: changeEffect,
});
export type SettingChange = z.infer<typeof settingChange>;

export const evictionStrategy = z.enum(["", "None", "LiveMigrate", "LiveMigrateIfPossible", "External"]);
export type EvictionStrategy = z.infer<typeof evictionStrategy>;

export const vmSettingsForm = z.strictObject({
  description: z.string().max(1000),
  labels: z.record(z.string().min(1).max(317), z.string().max(63)),
  deleteProtected: z.boolean(),
  runStrategy: z.enum(["Always", "Halted", "Manual", "RerunOnFailure", "Once"]),
  /** The id of a choice; '' where the size is the machine's own. */
  instanceType: z.string().max(317),
  preference: z.string().max(317),
  /** Of no effect beside an instance type. */
  sockets: z.number().int().min(1).max(512),
  cores: z.number().int().min(1).max(512),
  threads: z.number().int().min(1).max(8),
  memoryBytes: z.number().int().min(0),
  /** Names of disks and interfaces to boot from, first to last; what is not named has no order. */
  bootOrder: z.array(z.string().max(253)).max(64),
  /** `default`: what the preference says, else BIOS. */
  firmware: z.enum(["default", "bios", "efi", "efi-secure-boot"]),
  /** '' leaves it to the cluster. */
  evictionStrategy,
  /** Null leaves it to the cluster. */
  terminationGracePeriodSeconds: z.number().int().min(0).max(86_400).nullable(),
  /** '' takes the machine's name. */
  hostname: z.string().max(63),
  /** Of the first interface. */
  subnet: z.string().max(253),
  /** As they stand in the cluster, which may be written in ways that this form would not; a change is checked by the server. */
  ips: z.array(z.string().max(100)).max(64),
  mac: z.string().max(100),
  securityGroups: z.array(z.string().max(253)).max(64),
});
export type VmSettingsForm = z.infer<typeof vmSettingsForm>;

export const vmSettings = z.object({
  resourceVersion: z.string(),
  values: vmSettingsForm,
  running: z.boolean(),
  edit: actionDecision,
  bootDevices: z.array(z.object({ name: z.string(), kind: z.enum(["disk", "cdrom", "interface"]) })),
  /** How far CPU and memory may grow without a restart; null where they cannot. */
  growth: z.object({ maxSockets: z.number().nullable(), maxMemoryBytes: z.number().nullable() }),
});
export type VmSettings = z.infer<typeof vmSettings>;

export const vmSettingsWrite = z.strictObject({
  /** What the form held when the person began: only a field that somebody else changed since then too is a conflict. */
  was: vmSettingsForm,
  values: vmSettingsForm,
});
export type VmSettingsWrite = z.infer<typeof vmSettingsWrite>;

export const vmSettingsCheck = z.object({
  ok: z.boolean(),
  changes: z.array(settingChange),
  fields: z.array(fieldError),
  /** The cluster's own warnings of a dry run. */
  warnings: z.array(z.string()),
  /** Why the new size may find no room in the project's quota, or that nobody could look; left out where it has room or stays. */
  quota: reason.optional(),
  /** Fields that somebody else changed meanwhile too; to keep yours, say theirs in `was`. */
  conflicts: z.array(fieldConflict).optional(),
});
export type VmSettingsCheck = z.infer<typeof vmSettingsCheck>;

export const vmSettingsSaved = z.object({ resourceVersion: z.string(), changes: z.array(settingChange) });
export type VmSettingsSaved = z.infer<typeof vmSettingsSaved>;

/** What the machine's definition says and its running instance does not. */
export const vmPending = z.object({
  restartRequired: z.boolean(),
  /** KubeVirt's words; '' where it has none. */
  message: z.string(),
  changes: z.array(settingChange),
});
export type VmPending = z.infer<typeof vmPending>;
