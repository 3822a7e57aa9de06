/** Controllers and other people write all the time: what is made from an object is made anew when the object was stored meanwhile. */
import { isStale } from "./kube-error.ts";

const maxTries = 5;

/**
 * Reads and writes; where the object was stored anew in between, both again, a few times at most.
 * @param refused what becomes of a write that failed for another reason, or once too often; rethrows unless it is given
 */
export async function overNewest<Read, Written>(
  read: () => Promise<Read>,
  write: (read: Read) => Promise<Written>,
  refused?: (error: unknown, read: Read) => Written | Promise<Written>,
): Promise<Written> {
  for (let attempt = 1; ; attempt++) {
    const found = await read();
    try {
      return await write(found);
    } catch (error) {
      if (isStale(error) && attempt < maxTries) continue;
      if (refused === undefined) throw error;
      return refused(error, found);
    }
  }
}
