/** DataImportCron of CDI (crds/cdi, cdi.kubevirt.io_dataimportcrons.yaml): keeps an image up to date. */
import { z } from "zod";
import { condition } from "../conditions.ts";
import { labelName } from "../resource-ref.ts";

export const dataImportCron = {
  facts: z.object({
    url: z.string(),
    schedule: z.string(),
    /** The image (DataSource) that follows it. */
    image: z.string(),
    importsToKeep: z.number().int(),
    lastImport: z.string(),
    lastRunAt: z.string(),
  }),
  detail: z.object({
    lastImportAt: z.string(),
    nextRunAt: z.string(),
    imports: z.array(z.object({ disk: z.string(), digest: z.string() })),
    conditions: z.array(condition),
  }),
  spec: z.strictObject({
    name: labelName,
    image: labelName,
    /** `docker://host/name:tag`. */
    url: z.string().min(1).max(2000),
    /** Five fields of cron, in UTC. */
    schedule: z.string().min(1).max(200),
    importsToKeep: z.number().int().min(1).max(100).default(3),
    sizeBytes: z
      .number()
      .int()
      .min(1024 ** 2),
    storageClass: z.string().max(253).default(""),
  }),
};
