/** ⌘K: one search over every noun the caller may see. */
import { z } from "zod";
import { tone } from "./reason.ts";
import { resourceRef } from "./resource-ref.ts";

export const searchQuery = z.object({
  q: z.string().max(200),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});
export const searchHit = z.object({
  ref: resourceRef,
  title: z.string(),
  detail: z.string(),
  tone: tone.optional(),
});
export type SearchHit = z.infer<typeof searchHit>;
export const searchReply = z.object({ hits: z.array(searchHit) });
export type SearchReply = z.infer<typeof searchReply>;
