/** What a controller says of an object, in its own words: `status.conditions` of every Kubernetes kind. */
import { z } from "zod";
import { tone } from "./reason.ts";

export const condition = z.object({
  type: z.string(),
  /** True, False or Unknown. */
  status: z.string(),
  reason: z.string(),
  message: z.string(),
  /** When it last changed; '' where the controller does not say. */
  since: z.string(),
  /** Whether it is well: for some types `True` is, for others `False`. */
  tone,
});
export type Condition = z.infer<typeof condition>;
