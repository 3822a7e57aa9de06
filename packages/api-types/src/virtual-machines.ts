/** The VirtualMachine as the console shows it: list row, detail, power actions, deletion plan. */
import { z } from "zod";
import { condition } from "./conditions.ts";
import { listOf } from "./list-query.ts";
import { actionDecision, reason, tone } from "./reason.ts";
import { resourceRef } from "./resource-ref.ts";

/** KubeVirt's `status.printableStatus`, verbatim (api-surface §3). */
export const printableStatus = z.enum([
  "Stopped",
  "Provisioning",
  "Starting",
  "Running",
  "Paused",
  "Stopping",
  "Terminating",
  "CrashLoopBackOff",
  "Migrating",
  "Unknown",
  "ErrorUnschedulable",
  "ErrImagePull",
  "ImagePullBackOff",
  "ErrorPvcNotFound",
  "DataVolumeError",
  "WaitingForVolumeBinding",
  "WaitingForReceiver",
]);
export type PrintableStatus = z.infer<typeof printableStatus>;

export const vmState = z.object({
  status: printableStatus,
  tone,
  /** The one cause to show beside the state, where there is one. */
  reason: reason.optional(),
});
export type VmState = z.infer<typeof vmState>;

export const runStrategy = z.enum(["Always", "Halted", "Manual", "RerunOnFailure", "Once", "WaitAsReceiver"]);
export type RunStrategy = z.infer<typeof runStrategy>;

/** The power actions and what else can be asked of one VM. Names are the API's and the audit trail's. */
export const vmActionName = z.enum([
  "start",
  "startPaused",
  "stop",
  "forceStop",
  "restart",
  "forceRestart",
  "pause",
  "unpause",
  "reset",
  "softReboot",
  "migrate",
  "cancelMigration",
]);
export type VmActionName = z.infer<typeof vmActionName>;

/** Everything a VM's menus offer: power actions plus what opens a page or a dialog. */
export const vmActions = z.object({
  start: actionDecision,
  startPaused: actionDecision,
  stop: actionDecision,
  forceStop: actionDecision,
  restart: actionDecision,
  forceRestart: actionDecision,
  pause: actionDecision,
  unpause: actionDecision,
  reset: actionDecision,
  softReboot: actionDecision,
  migrate: actionDecision,
  cancelMigration: actionDecision,
  delete: actionDecision,
  edit: actionDecision,
  vnc: actionDecision,
  serial: actionDecision,
  screenshot: actionDecision,
});
export type VmActions = z.infer<typeof vmActions>;

export const vmRow = z.object({
  ref: resourceRef,
  name: z.string(),
  project: z.string(),
  state: vmState,
  runStrategy: runStrategy.nullable(),
  /** The host it runs on, or ''. */
  host: z.string(),
  /** Where a live migration is taking it, or absent. */
  migratingTo: z.string().optional(),
  ips: z.array(z.string()),
  /** What the network keeps for it while its guest has no address; absent where that is nothing. */
  reservedIps: z.array(z.string()).optional(),
  cpuCores: z.number(),
  memoryBytes: z.number(),
  instanceType: z.string().optional(),
  preference: z.string().optional(),
  /** What the guest agent says, else what the preference says, else ''. */
  guestOs: z.string(),
  disks: z.number().int(),
  restartRequired: z.boolean(),
  createdAt: z.string(),
  /** Since when this instance runs; absent while it does not. */
  startedAt: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  actions: vmActions,
});
export type VmRow = z.infer<typeof vmRow>;

export const vmList = listOf(vmRow);
export type VmList = z.infer<typeof vmList>;

/** Columns a VM list sorts by, in `sort`. */
export const vmSortKeys = [
  "name",
  "project",
  "status",
  "host",
  "ip",
  "cpu",
  "memory",
  "created",
  "os",
] as const;

export const vmDisk = z.object({
  name: z.string(),
  kind: z.enum(["disk", "cdrom", "lun", "cloud-init", "container", "other"]),
  bus: z.string(),
  bootOrder: z.number().int().optional(),
  /** The PVC or DataVolume behind it; absent for cloud-init and container disks. */
  claim: z
    .object({
      name: z.string(),
      phase: z.string(),
      sizeBytes: z.number().nullable(),
      storageClass: z.string(),
      accessModes: z.array(z.string()),
      /** `45.2` while an import, upload or clone runs. */
      progressPercent: z.number().nullable(),
      reason: reason.optional(),
      /** Goes with the VM because it comes from its dataVolumeTemplates. */
      ownedByVm: z.boolean(),
    })
    .optional(),
  containerImage: z.string().optional(),
  hotplugged: z.boolean(),
  /** Of a CD-ROM: whether a medium can go in or come out. */
  media: z.object({ insert: actionDecision, eject: actionDecision }).optional(),
  /** How far a hotplugged disk is while the machine runs; absent when it is in, or was there at boot. */
  attaching: z.object({ phase: z.string(), message: z.string() }).optional(),
  detach: actionDecision,
});
export type VmDisk = z.infer<typeof vmDisk>;

export const vmNic = z.object({
  name: z.string(),
  network: z.string(),
  binding: z.string(),
  model: z.string(),
  mac: z.string(),
  ips: z.array(z.string()),
  subnet: z.string().optional(),
  vpc: z.string().optional(),
  linkUp: z.boolean(),
  /** `coming` and `leaving`: in the definition so, and not yet in the running machine. */
  plug: z.enum(["in", "coming", "leaving"]),
  detach: actionDecision,
  /** `guest-agent`, `domain`, … as KubeVirt reports it. */
  infoSource: z.string().optional(),
});
export type VmNic = z.infer<typeof vmNic>;

export const vmDetail = z.object({
  row: vmRow,
  resourceVersion: z.string(),
  description: z.string(),
  annotations: z.record(z.string(), z.string()),
  machineType: z.string(),
  firmware: z.enum(["bios", "efi", "efi-secure-boot"]),
  cpu: z.object({ sockets: z.number(), cores: z.number(), threads: z.number(), model: z.string() }),
  evictionStrategy: z.string(),
  terminationGracePeriodSeconds: z.number().nullable(),
  hostname: z.string(),
  disks: z.array(vmDisk),
  attachDisk: actionDecision,
  nics: z.array(vmNic),
  attachNic: actionDecision,
  conditions: z.array(condition),
  instance: z
    .object({ uid: z.string(), phase: z.string(), pod: z.string(), createdAt: z.string() })
    .nullable(),
  /** Whether cloud-init data is set, and which keys; the data itself is never in this reply. */
  cloudInit: z.object({ present: z.boolean(), userName: z.string().optional(), sshKeys: z.number().int() }),
  guestAgent: z.enum(["connected", "absent", "not-running"]),
  consoles: z.object({ vnc: z.boolean(), serial: z.boolean() }),
});
export type VmDetail = z.infer<typeof vmDetail>;

export const guestInfo = z.object({
  hostname: z.string(),
  os: z.string(),
  kernel: z.string(),
  timezone: z.string(),
  agentVersion: z.string(),
  users: z.array(z.object({ name: z.string(), loginAt: z.string().nullable() })),
  fileSystems: z.array(
    z.object({ mountPoint: z.string(), type: z.string(), usedBytes: z.number(), totalBytes: z.number() }),
  ),
});
export type GuestInfo = z.infer<typeof guestInfo>;

/** A disk that is there already joins the machine: at once when it runs. */
export const vmDiskAttach = z.strictObject({
  /** The PVC or DataVolume. */
  claim: z.string().min(1).max(253),
  bus: z.enum(["virtio", "scsi"]).default("virtio"),
});
export type VmDiskAttach = z.infer<typeof vmDiskAttach>;

/** A disk of the project becomes the medium of a CD-ROM drive. */
export const vmMediaInsert = z.strictObject({ claim: z.string().min(1).max(253) });

/** How a changed interface reaches the machine: at its next start, by a live migration now, or only by a restart. */
export const vmNicEffect = z.enum(["start", "migration", "restart"]);
export type VmNicEffect = z.infer<typeof vmNicEffect>;

/** What an interface can be joined to. */
export const vmNicChoices = z.object({
  /** NetworkAttachmentDefinitions of the project. */
  attachments: z.array(z.object({ name: z.string(), type: z.string() })),
  effect: vmNicEffect,
  /** Why there are none to choose from, where that is not that the project has none. */
  reason: reason.optional(),
});
export type VmNicChoices = z.infer<typeof vmNicChoices>;

export const vmNicAttach = z.strictObject({
  /** A NetworkAttachmentDefinition of the project. */
  attachment: z.string().min(1).max(253),
  mac: z.union([z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i), z.literal("")]).default(""),
});

/** One power action on one or many VMs; the reply has one outcome per target, in order. */
export const vmActionRequest = z.strictObject({
  action: vmActionName,
  targets: z
    .array(z.strictObject({ project: z.string().max(63), name: z.string().max(253) }))
    .min(1)
    .max(500),
  /** Only for `migrate`: where to. Left out, the scheduler chooses. */
  host: z.string().max(253).optional(),
});
export type VmActionRequest = z.infer<typeof vmActionRequest>;

export const actionOutcome = z.object({
  project: z.string(),
  name: z.string(),
  ok: z.boolean(),
  /** Why not: the cluster's words in `upstreamText` where it refused. */
  reason: reason.optional(),
});
export type ActionOutcome = z.infer<typeof actionOutcome>;
export const vmActionReply = z.object({ outcomes: z.array(actionOutcome) });
export type VmActionReply = z.infer<typeof vmActionReply>;

/** What goes when a VM goes. Shown before the delete; its `disks` are the ones to choose from. */
export const vmDeletionPlan = z.object({
  name: z.string(),
  project: z.string(),
  uid: z.string(),
  running: z.boolean(),
  /** How long the guest that runs has to shut down; null where none runs, or nothing is said of it to the caller. */
  shutdownSeconds: z.number().nullable(),
  /** kubevirt.io/vm-delete-protection: the cluster refuses the delete until it is off. */
  protected: z.boolean(),
  disks: z.array(
    z.object({
      name: z.string(),
      sizeBytes: z.number().nullable(),
      /** Other VMs that use it; such a disk is kept. */
      usedBy: z.array(z.string()),
      /** Deleted with the VM unless kept. */
      ownedByVm: z.boolean(),
      mayDelete: actionDecision,
    }),
  ),
  /** Snapshots of this VM; they stay unless the cluster removes them. */
  snapshots: z.array(z.string()),
  alsoGoes: z.array(z.object({ kind: z.string(), name: z.string() })),
});
export type VmDeletionPlan = z.infer<typeof vmDeletionPlan>;

/** `deleteDisks` names the disks that go; every other disk of the VM stays. `uid` guards against a reused name. */
export const vmDeleteRequest = z.strictObject({
  uid: z.string(),
  deleteDisks: z.array(z.string()).max(100),
});
/** The machine goes; chosen disks that the cluster did not delete are named, since nobody can ask for it with the machine again. */
export const vmDeleted = z.object({ disksLeft: z.array(z.object({ name: z.string(), reason })) });
export type VmDeleted = z.infer<typeof vmDeleted>;
export type VmDeleteRequest = z.infer<typeof vmDeleteRequest>;
