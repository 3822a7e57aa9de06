/** Brings what a first press would wait for, once, when the page has nothing better to do. */
import { useEffect } from "react";

const asked = new Set<() => Promise<unknown>>();
/** At the latest, and where the browser tells of no idle time (Safari). */
const laterMs = 2000;

export function useWhenIdle(load: () => Promise<unknown>): void {
  useEffect(() => {
    if (asked.has(load)) return;
    asked.add(load);
    // what could not be loaded now is loaded at the press, which says so
    const run = () => void load().catch(() => asked.delete(load));
    if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: laterMs });
    else setTimeout(run, laterMs);
  }, [load]);
}
