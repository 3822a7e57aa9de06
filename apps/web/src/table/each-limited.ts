/** Many things of one sort, some at a time: neither the server nor the browser is asked for all of them at once. */

/** Requests under way at once. */
const atOnce = 6;

/** Ends when all have ended. What can fail is caught by `task` itself. */
export async function eachLimited<T>(
  items: readonly T[],
  task: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) await task(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
