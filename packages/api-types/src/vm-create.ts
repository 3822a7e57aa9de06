/** The form that makes a VM: what a person chooses, and what the server answers before anything is made. */
import { z } from "zod";
import { fieldError } from "./errors.ts";
import { registrySource, urlSource } from "./import-source.ts";
import { reason } from "./reason.ts";
import { labelName, resourceName } from "./resource-ref.ts";
import { evictionStrategy } from "./vm-settings.ts";

const gibibyte = 1024 ** 3;

/** Where the first disk comes from. */
export const bootSource = z.discriminatedUnion("kind", [
  /** A copy of an image (a CDI DataSource). */
  z.strictObject({ kind: z.literal("image"), project: labelName, name: z.string().min(1).max(253) }),
  /** An installer ISO (an image of format iso) as CD-ROM, beside an empty disk to install onto. */
  z.strictObject({ kind: z.literal("iso"), project: labelName, name: z.string().min(1).max(253) }),
  /** A disk that exists in this project; it is used, not copied. */
  z.strictObject({ kind: z.literal("disk"), name: z.string().min(1).max(253) }),
  /** An empty disk. */
  z.strictObject({ kind: z.literal("blank") }),
  /** Without a checksum: KubeVirt's dataVolumeTemplates have no field for it, unlike CDI's own DataVolume. */
  urlSource.omit({ checksum: true }),
  registrySource,
  /** What a disk of this project held once: a copy of its VolumeSnapshot. */
  z.strictObject({ kind: z.literal("snapshot"), name: z.string().min(1).max(253) }),
]);
export type BootSource = z.infer<typeof bootSource>;

export const sizing = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("instance-type"),
    /** The id of a choice: a name, or `PROJECT/NAME` of a project's own. */
    name: z.string().min(1).max(317),
  }),
  z.strictObject({
    kind: z.literal("custom"),
    cpuCores: z.number().int().min(1).max(512),
    memoryBytes: z
      .number()
      .int()
      .min(32 * 1024 ** 2)
      .max(16 * 1024 * gibibyte),
  }),
]);
export type Sizing = z.infer<typeof sizing>;

export const macPattern = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

/** Where a machine's first interface is on Kube-OVN's networks. */
export const nicPlace = z.strictObject({
  /** A Kube-OVN Subnet that the project may use; '' takes the project's default. */
  subnet: z.string().max(253).default(""),
  /** Fixed addresses in that subnet, one of each family at most. */
  ips: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .max(2)
    .default([]),
  mac: z.union([z.string().regex(macPattern), z.literal("")]).default(""),
  /** With any, only what their rules allow passes. */
  securityGroups: z.array(resourceName).max(16).default([]),
});
export type NicPlace = z.infer<typeof nicPlace>;

/** An empty disk beside the one that the machine starts from. */
export const dataDisk = z.strictObject({
  sizeBytes: z
    .number()
    .int()
    .min(1024 ** 2)
    .max(64 * 1024 * gibibyte),
  /** '' takes the cluster's default class for machines. */
  storageClass: z.string().max(253).default(""),
});

export const cloudInitSpec = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("form"),
    userName: z
      .string()
      .max(32)
      .regex(/^[a-z_][a-z0-9_-]*$/)
      .or(z.literal(""))
      .default(""),
    /** Plain; hashed by the guest. It goes into a Secret, never into the VM's spec. */
    password: z.string().max(200).default(""),
    sshKeys: z.array(z.string().min(1).max(8192)).max(50).default([]),
    /** Secrets of the project whose keys are SSH public keys. Named, not copied; cloud-init reads them once. */
    sshKeySecrets: z.array(resourceName).max(16).default([]),
    hostname: z.string().max(63).default(""),
  }),
  z.strictObject({ kind: z.literal("raw"), userData: z.string().max(65_536) }),
]);
export type CloudInitSpec = z.infer<typeof cloudInitSpec>;

export const vmCreateSpec = z.strictObject({
  name: labelName,
  description: z.string().max(1000).default(""),
  labels: z.record(z.string().max(317), z.string().max(63)).default({}),
  source: bootSource,
  /** Size of the first disk (image and blank) or of the disk to install onto (iso). */
  diskSizeBytes: z
    .number()
    .int()
    .min(1024 ** 2)
    .max(64 * 1024 * gibibyte),
  /** '' takes the cluster's default class for machines. */
  storageClass: z.string().max(253).default(""),
  sizing,
  /** As the instance type. */
  preference: z.string().max(317).default(""),
  firmware: z.enum(["default", "bios", "efi", "efi-secure-boot"]).default("default"),
  dataDisks: z.array(dataDisk).max(16).default([]),
  nic: nicPlace.prefault({}),
  /** NetworkAttachmentDefinitions of the project: an interface more for each. */
  attachments: z.array(resourceName).max(7).default([]),
  cloudInit: cloudInitSpec,
  startAfterCreate: z.boolean().default(true),
  runStrategy: z.enum(["Always", "RerunOnFailure", "Manual", "Once", "Halted"]).default("RerunOnFailure"),
  /** What a drain of its host does; '' leaves it to the cluster, whose own default is to stop the machine. */
  evictionStrategy: evictionStrategy.default("LiveMigrateIfPossible"),
});
export type VmCreateSpec = z.infer<typeof vmCreateSpec>;
export type VmCreateInput = z.input<typeof vmCreateSpec>;

/** One thing looked at before the create. `blocking` ones refuse it; others only warn. */
export const preflightCheck = z.object({
  name: z.enum([
    "name",
    "schedulable",
    "quota",
    "storage",
    "image",
    "network",
    "instance-type",
    "dry-run",
    "cloud-init",
  ]),
  result: z.enum(["ok", "warning", "blocking", "unknown"]),
  reason: reason.optional(),
  fields: z.array(fieldError).optional(),
});
export type PreflightCheck = z.infer<typeof preflightCheck>;

export const vmPreview = z.object({
  /** The machine that will be made. Its cloud-init Secret is named in a comment and not shown. */
  yaml: z.string(),
  /** What to type instead, for people who prefer the shell. */
  kubectl: z.string(),
  virtctl: z.string(),
  /** Fields that are filled in and that the virtctl line cannot say. */
  virtctlOmits: z.array(z.string()),
  checks: z.array(preflightCheck),
  /** True when no check is blocking. */
  creatable: z.boolean(),
});
export type VmPreview = z.infer<typeof vmPreview>;

export const vmCreated = z.object({
  project: z.string(),
  name: z.string(),
  uid: z.string(),
  /** Why the machine, which was made, could not be started. */
  warning: reason.optional(),
});
export type VmCreated = z.infer<typeof vmCreated>;
