/** Full-jitter back-off: waits grow, and many browsers do not come back at the same moment. */

/** Milliseconds to wait before try `attempt` (0-based); `random` gives 0 ≤ x < 1. */
export function backoffMs(attempt: number, random: () => number, capMs = 15_000): number {
  const ceiling = Math.min(capMs, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling * (0.25 + 0.75 * random()));
}
