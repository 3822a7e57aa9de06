/** Asks again while a socket is open whether its person may still have it. */
import { consoleCloseCodes } from "@kubev/api-types/consoles";
import type { NeededRight } from "../domain/vm-actions.ts";
import type { Caller } from "../identity/callers.ts";
import type { Clock } from "../kube/clock.ts";

const recheckMs = 5000;
/** A right that was held stands this long while the cluster cannot be asked. */
const rightsUnknownMs = 5 * 60_000;

/** @returns what ends it */
export function watchRights(
  clock: Clock,
  caller: Caller,
  rights: readonly NeededRight[],
  { project, name }: { project: string; name: string },
  close: (code: number, reason: string) => void,
): () => void {
  let heldAtMs = clock.monotonicMs();
  const look = () => {
    void (async () => {
      if (!(await caller.stillHolds())) close(consoleCloseCodes.sessionEnded, "The session ended");
      else if (await holdsAll(caller, rights, { project, name })) heldAtMs = clock.monotonicMs();
      else if (!caller.rights.unknown)
        close(consoleCloseCodes.rightsRevoked, "The right to this console was taken away");
      else if (clock.monotonicMs() - heldAtMs > rightsUnknownMs)
        close(consoleCloseCodes.upstreamGone, "The cluster cannot be asked about this console");
    })();
  };
  const recheck = setInterval(look, recheckMs);
  recheck.unref();
  // a decision that was renewed in the background counts at once, and not with the next look
  const stopListening = caller.rights.onChange(look);
  return () => {
    clearInterval(recheck);
    stopListening();
  };
}

export async function holdsAll(
  caller: Caller,
  rights: readonly NeededRight[],
  { project, name }: { project: string; name: string },
): Promise<boolean> {
  for (const right of rights) if (!(await caller.rights.can(right, project, name))) return false;
  return true;
}
