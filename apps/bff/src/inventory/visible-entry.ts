/** One entry of a noun, for somebody: what is hidden from him and what is not there cost the same and look the same. */
import type { Rights } from "../access/rights.ts";
import type { ListEntry } from "./list-index.ts";
import { isVisible } from "./list-query.ts";
import type { Noun } from "./noun.ts";

/** Rights are asked whether the entry is there or not: else the number of questions to the cluster would tell. */
export async function visibleEntry<E extends ListEntry, Row>(
  noun: Noun<E, Row>,
  rights: Rights,
  key: string,
): Promise<E | undefined> {
  const scope = await noun.scope(rights);
  noun.flush();
  const entry = noun.index.get(key);
  return entry !== undefined && isVisible(entry, scope) ? entry : undefined;
}
