/** Requests that are sent when they are due, whether or not the ones before were answered. */

/**
 * @param ask gets the number of the request and when it was due, by `performance.now()`
 * @throws what the first that failed threw, once all are answered; none is sent after it
 */
export async function openLoop(
  perSecond: number,
  ms: number,
  ask: (turn: number, dueMs: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const under: Promise<void>[] = [];
  const failed: unknown[] = [];
  for (let turn = 0; failed.length === 0 && turn < (ms * perSecond) / 1000; turn += 1) {
    const dueMs = startedAt + (turn * 1000) / perSecond;
    const early = dueMs - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    under.push(ask(turn, dueMs).catch((error: unknown) => void failed.push(error)));
  }
  await Promise.all(under);
  if (failed.length > 0) throw failed[0];
}
