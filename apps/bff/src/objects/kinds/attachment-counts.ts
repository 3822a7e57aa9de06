/** How many volumes each driver has attached at each host: summed once for every change of the attachments. */
import type { Related } from "../object-kind.ts";

const known = new WeakMap<Related, { version: number; counts: ReadonlyMap<string, number> }>();

/** Attached volumes of `driver` at `host`. */
export function attachedAt(related: Related, host: string, driver: string): number {
  const version = related.version("volume-attachment");
  let sums = known.get(related);
  if (sums?.version !== version) {
    const counts = new Map<string, number>();
    for (const { facts } of related.objects("volume-attachment")) {
      const key = `${facts.host}\n${facts.driver}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    sums = { version, counts };
    known.set(related, sums);
  }
  return sums.counts.get(`${host}\n${driver}`) ?? 0;
}
