/** ConfigMap of Kubernetes: named texts that workloads read. */
import { z } from "zod";
import { labelName } from "../resource-ref.ts";

const entry = z.strictObject({
  key: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[-._a-zA-Z0-9]+$/),
  value: z.string().max(1_000_000),
});

export const configMap = {
  facts: z.object({ keys: z.array(z.string()), sizeBytes: z.number().int(), immutable: z.boolean() }),
  detail: z.object({
    entries: z.array(entry),
    /** Keys whose values are no text. */
    binaryKeys: z.array(z.string()),
  }),
  spec: z.strictObject({ name: labelName, entries: z.array(entry).max(200).default([]) }),
};
