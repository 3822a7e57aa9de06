/** What machines' states allow: the same few dozen answers for all of them, each a kilobyte, so each is kept once. */
import type { VmActions } from "@kubev/api-types/virtual-machines";

/** Beyond this they were not alike after all: a reason may name a snapshot. */
const mostShared = 1000;
const known = new Map<string, Readonly<VmActions>>();

export function sharedActions(actions: Readonly<VmActions>): Readonly<VmActions> {
  const key = JSON.stringify(actions);
  const first = known.get(key);
  if (first !== undefined) return first;
  if (known.size >= mostShared) known.clear();
  known.set(key, Object.freeze(actions));
  return actions;
}
