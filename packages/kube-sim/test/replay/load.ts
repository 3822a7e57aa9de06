/** How busy the machine is, so that what is simulated takes as much longer as everything else does. */

/** Long enough to be sent away by other programs. */
const sampleMs = 300;
const mostSlowdown = 6;

/** Wall time over the time that this process really ran, 1 on an idle machine. */
export function measuredSlowdown(): number {
  const begin = process.cpuUsage();
  const start = performance.now();
  while (performance.now() - start < sampleMs); // works on purpose
  const { user, system } = process.cpuUsage(begin);
  const ratio = ((performance.now() - start) * 1000) / Math.max(1, user + system);
  return Math.min(mostSlowdown, Math.max(1, Math.round(ratio * 10) / 10));
}
