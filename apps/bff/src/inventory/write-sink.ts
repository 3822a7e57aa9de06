/** Tells of each object that was written, be it in what no record holds. What is listed anew is told where it changed since. */
import type { ReflectorSink } from "../kube/reflector.ts";

/** Undefined: any may have changed. */
export type WriteListener = (object: { namespace: string; name: string } | undefined) => void;

interface RawObject {
  metadata: { namespace?: string; name: string; resourceVersion?: string };
}

/** Beyond so many changes in one list all are looked at anew. */
const mostToldOneByOne = 1000;

interface Listing {
  changed: { namespace: string; name: string }[];
  highest: number;
}

/**
 * Versions of a kind rise with every change (KEP-5504), so what a list holds of a higher one than the last known was changed
 * since; nothing has to be remembered of the objects. Where versions are no numbers, or fell, as after a restored backup,
 * any may have changed.
 */
export function writeSink(listeners: readonly WriteListener[]): ReflectorSink {
  /** Of everything that was told or listed; null before the first list, and where it cannot be compared. */
  let known: number | null = null;
  let listing: Listing | null = null;
  const tell: WriteListener = (object) => {
    for (const listener of listeners) listener(object);
  };
  return {
    upsert: (raw) => {
      const { namespace = "", name, resourceVersion } = (raw as RawObject).metadata; // as: a reflector hands in objects of the API
      const version = Number(resourceVersion ?? Number.NaN);
      if (listing === null) {
        if (known !== null) known = Math.max(known, version);
        tell({ namespace, name });
        return;
      }
      listing.highest = Math.max(listing.highest, version);
      if (known !== null && version > known && listing.changed.length <= mostToldOneByOne)
        listing.changed.push({ namespace, name });
    },
    remove: () => {}, // every record tells of that
    beginReplace: () => {
      listing = { changed: [], highest: 0 };
    },
    endReplace: () => {
      const { changed, highest } = listing ?? { changed: [], highest: Number.NaN };
      listing = null;
      const isComparable = known !== null && highest >= known && changed.length <= mostToldOneByOne;
      known = Number.isNaN(highest) ? null : highest;
      if (!isComparable) tell(undefined);
      else for (const object of changed) tell(object);
    },
    abortReplace: () => {
      listing = null;
    },
    stateChanged: () => {},
  };
}
