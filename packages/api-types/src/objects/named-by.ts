/** The machines that name a thing: a type, a preference, a security group. */
import { z } from "zod";

/** Of those the caller may see; at most a hundred. */
export const namedBy = z.object({
  total: z.number().int(),
  machines: z.array(z.object({ project: z.string(), name: z.string() })),
});
