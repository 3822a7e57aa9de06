/** Why something is so: a code the browser turns into a whole sentence, with the cluster's own words beside it. */
import { z } from "zod";

export const reason = z.object({
  /** A stable code, e.g. `vm-is-running`; the browser owns its sentence (see web's `reasons/`). */
  code: z.string(),
  /** What the sentence needs: names, counts, formatted by the browser. */
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** The cluster's own words, verbatim. Shown in mono, never parsed. */
  upstreamText: z.string().optional(),
});
export type Reason = z.infer<typeof reason>;

/** What the caller may do with an object now: the state rule and the caller's rights, merged on the server. */
export const actionDecision = z.discriminatedUnion("allowed", [
  z.object({ allowed: z.literal(true) }),
  z.object({ allowed: z.literal(false), reason }),
]);
export type ActionDecision = z.infer<typeof actionDecision>;

/** How a state is to be felt; the browser maps it to shape and colour. */
export const tone = z.enum(["ok", "working", "attention", "error", "off"]);
export type Tone = z.infer<typeof tone>;
