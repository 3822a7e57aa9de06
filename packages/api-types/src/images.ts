/** Images: what machines start from. A CDI DataSource, with the DataVolume and PVC behind it. */
import { z } from "zod";
import { diskSource } from "./disk-create.ts";
import { registrySource, urlSource } from "./import-source.ts";
import { listOf } from "./list-query.ts";
import { actionDecision, reason, tone } from "./reason.ts";
import { labelName, resourceRef } from "./resource-ref.ts";

/** `disk` boots by itself; `iso` is an installer that is inserted as a CD-ROM. */
export const imageMedia = z.enum(["disk", "iso"]);
export type ImageMedia = z.infer<typeof imageMedia>;

export const imageStatus = z.enum([
  "ready",
  "awaiting-upload",
  "uploading",
  "importing",
  "preparing",
  "failed",
  "deleting",
]);

export const imageRow = z.object({
  ref: resourceRef,
  name: z.string(),
  project: z.string(),
  displayName: z.string(),
  media: imageMedia,
  state: z.object({ status: imageStatus, tone, reason: reason.optional() }),
  progressPercent: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  storageClass: z.string(),
  defaultInstanceType: z.string().optional(),
  defaultPreference: z.string().optional(),
  /** True when it comes from the shared project and every project may use it. */
  shared: z.boolean(),
  createdAt: z.string(),
  /** VMs of projects the caller may see whose disks were copied from it. */
  usedBy: z.number().int(),
  actions: z.object({
    createVirtualMachine: actionDecision,
    edit: actionDecision,
    delete: actionDecision,
    upload: actionDecision,
  }),
});
export type ImageRow = z.infer<typeof imageRow>;
export const imageList = listOf(imageRow);
export type ImageList = z.infer<typeof imageList>;
export const imageSortKeys = ["name", "project", "status", "size", "created"] as const;

export const imageCreate = z.strictObject({
  name: labelName,
  displayName: z.string().max(200).default(""),
  media: imageMedia,
  /** Bytes of the file to be sent. */
  fileSizeBytes: z.number().int().min(1),
  /** Size of the disk it becomes; at least the image's virtual size. */
  diskSizeBytes: z
    .number()
    .int()
    .min(1024 ** 2),
  storageClass: z.string().max(253).default(""),
  defaultInstanceType: z.string().max(253).default(""),
  defaultPreference: z.string().max(253).default(""),
});
export type ImageCreate = z.infer<typeof imageCreate>;

/** The file then goes as the raw body of `PUT uploadImage` (application/octet-stream). */
export const imageCreated = z.object({ project: z.string(), name: z.string() });
export type ImageCreated = z.infer<typeof imageCreated>;

/** An image that the cluster fetches or copies by itself. */
export const imageImport = imageCreate.omit({ fileSizeBytes: true }).extend({
  source: z.discriminatedUnion("kind", [urlSource, registrySource, diskSource]),
});
export type ImageImport = z.infer<typeof imageImport>;

/** What may be changed of an image: its name to people, and what its machines get unless they say otherwise. '' takes it away. */
const imageWords = {
  displayName: z.string().max(200),
  defaultInstanceType: z.string().max(253),
  defaultPreference: z.string().max(253),
};
/** `was` is what the person saw: a field that both he and somebody else changed since is refused as a conflict, with both values. */
export const imageEdit = z.strictObject({ ...imageWords, was: z.strictObject(imageWords) });
export type ImageEdit = z.infer<typeof imageEdit>;

/** `Project`: all service accounts of a project, as which KubeVirt copies the disks of its machines. */
export const subjectKind = z.enum(["User", "Group", "ServiceAccount", "Project"]);

/** Who may copy the images and disks of a project, by the bindings of that project and of the whole cluster. */
export const imageAccess = z.object({
  grants: z.array(
    z.object({
      kind: subjectKind,
      /** Of a service account, `project:name`. */
      name: z.string(),
      role: z.string(),
      binding: z.string(),
      /** Given here, for copying alone, so that taking it away takes nothing else. */
      revoke: actionDecision,
      /** Whether it comes from a binding of the whole cluster. */
      clusterWide: z.boolean(),
    }),
  ),
  grant: actionDecision,
});
export type ImageAccess = z.infer<typeof imageAccess>;

export const imageGrant = z.strictObject({
  kind: z.enum(["User", "Group", "Project"]),
  name: z.string().min(1).max(253),
});
export type ImageGrant = z.infer<typeof imageGrant>;

/** `asRaw=true` sends a file whose first bytes show no disk image; somebody was told and wants it. */
export const imageUploadQuery = z.object({ asRaw: z.enum(["true", "false"]).default("false") });

export const imageUploaded = z.object({ project: z.string(), name: z.string(), bytes: z.number().int() });
