/** The query and the envelope that every server-driven list shares. */
import { z } from "zod";
import { reason } from "./reason.ts";

export const maxPageSize = 200;

/**
 * What a list asks for. It is the list page's URL, the live subscription and the CSV export alike.
 * `q` is the small query language: words match names, `key:value` a field, `key=value` the whole of it, `key>n` a number, a leading `-` negates,
 * `"two words"` quotes. Projects that belong to the platform are left out unless the query names `system`
 * (`system:true`; docs/query-language.md).
 */
export const listQuery = z.object({
  /** Only this project; absent spans every project the caller may see. */
  project: z.string().max(63).optional(),
  q: z.string().max(500).optional(),
  /** Column to sort by, with a leading `-` for descending. */
  sort: z
    .string()
    .max(40)
    .regex(/^-?[a-z][a-zA-Z]*$/)
    .optional(),
  /** 1-based. */
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(maxPageSize).default(50),
});
export type ListQuery = z.infer<typeof listQuery>;

/** A partial truth is said, never hidden: e.g. a kind the service may not list, or a feed that is behind. */
export const warning = z.object({ reason });
export type Warning = z.infer<typeof warning>;

/** A word of `q` that was not understood; the rest was applied. */
export const queryProblem = z.object({ at: z.number().int(), length: z.number().int(), reason });
export type QueryProblem = z.infer<typeof queryProblem>;

/** Builds the reply schema of a list of `row`. */
export function listOf<Row extends z.ZodType>(row: Row) {
  return z.object({
    rows: z.array(row),
    /** Rows that match, over all pages. */
    total: z.number().int(),
    /** Rows before `q`, so that "filtered away" and "nothing yet" can be told apart. */
    totalUnfiltered: z.number().int(),
    page: z.number().int(),
    pageSize: z.number().int(),
    /** Over all matching rows, by state: `status` counts them, `error` and `attention` those of them that feel so. */
    facets: z.record(z.string(), z.record(z.string(), z.number().int())).optional(),
    /** Since when the feed is behind (ISO 8601); null while it is live. */
    staleSince: z.string().nullable(),
    warnings: z.array(warning),
    queryProblems: z.array(queryProblem),
  });
}
