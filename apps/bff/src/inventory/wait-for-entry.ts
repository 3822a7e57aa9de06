/** A thing just made shows in the inventory a moment later; whoever shows it next waits for that, not for a time. */
import type { ListEntry } from "./list-index.ts";
import type { Noun } from "./noun.ts";

/** The entry, or undefined when it did not show within `timeoutMs`. */
export async function waitForEntry<E extends ListEntry, Row>(
  noun: Noun<E, Row>,
  key: string,
  timeoutMs: number,
): Promise<E | undefined> {
  noun.flush();
  const known = noun.index.get(key);
  if (known !== undefined) return known;
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(undefined), timeoutMs);
    const stop = noun.index.onChange((_before, after) => {
      if (after?.key === key) finish(after);
    });
    const finish = (entry: E | undefined) => {
      clearTimeout(timer);
      stop();
      resolve(entry);
    };
  });
}
