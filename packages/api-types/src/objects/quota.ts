/** ResourceQuota and LimitRange of Kubernetes: what a project may use in all, and what one pod, container or disk may ask for. */
import { z } from "zod";
import { quotaLine } from "../quota-line.ts";
import { labelName } from "../resource-ref.ts";

/** A quantity as Kubernetes writes it, e.g. 2, 500m, 10Gi. */
export const quantityPattern = /^[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;
const quantity = z.string().min(1).max(40).regex(quantityPattern);

export const quotaHard = z.array(
  z.strictObject({
    /** As ResourceQuota names it, e.g. requests.cpu or count/virtualmachines.kubevirt.io. */
    resource: z.string().min(1).max(316),
    amount: quantity,
  }),
);

export const resourceQuota = {
  facts: z.object({ lines: z.array(quotaLine) }),
  detail: z.object({ scopes: z.array(z.string()) }),
  spec: z.strictObject({ name: labelName, hard: quotaHard.min(1).max(60) }),
};

const optionalQuantity = z.union([z.literal(""), quantity]).default("");
export const limitLine = z.strictObject({
  type: z.enum(["Container", "Pod", "PersistentVolumeClaim"]),
  resource: z.string().min(1).max(100),
  min: optionalQuantity,
  max: optionalQuantity,
  /** Of containers only: the limit and the request of one that names none. */
  defaultLimit: optionalQuantity,
  defaultRequest: optionalQuantity,
});

export const limitRange = {
  facts: z.object({ lines: z.number().int(), types: z.array(z.string()) }),
  detail: z.object({ lines: z.array(limitLine) }),
  spec: z.strictObject({ name: labelName, lines: z.array(limitLine).min(1).max(60) }),
};
