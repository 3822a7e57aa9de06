/**
 * First pages of machines for fifty sessions, 100 requests a second in all, sent when they are due whether or not the ones before
 * were answered (open loop), warm: first of people who see everything, then of those who see two of the fifty projects. Against the bare server that streams the full
 * lists and the client that parses them. Bars: p95 ≤ 1/100 of the time and ≤ 15 ms, bytes ≤ 1/200, and no more access reviews
 * than people, kinds and projects ask for, however many rows there are.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBare } from "./bare-side.ts";
import { startFrontedCluster } from "./fronted-cluster.ts";
import { machineCase } from "./list-cases.ts";
import { loadNow, startMeasuredConsole, untilQuiet } from "./measured-console.ts";
import { measureCrowd, mostReviews, printCrowd, signInAll } from "./page-crowd.ts";

const bars = { time: 100, bytes: 200, ms: 15 };
const people = 50;

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const bareSide = await startBare([machineCase.bare]);
const cluster = await startFrontedCluster(folder, people);
const measured = await startMeasuredConsole(cluster, 18_405, join(folder, "console"));
try {
  const { tenants, operators } = await signInAll(measured.url, cluster);
  const bare = await bareSide.measure(machineCase.bare);
  await untilQuiet(measured.pid);
  const reviews = async () => (await cluster.counts()).reviews;
  const whole = await measureCrowd(measured, operators, reviews);
  console.log("fifty sessions that see everything");
  printCrowd(whole, bare);
  const own = await measureCrowd(measured, tenants, reviews);
  console.log("fifty people who see two of fifty projects");
  printCrowd(own, bare);
  const most = mostReviews(people);
  const result = { at: new Date().toISOString(), load: loadNow(), bare, whole, own, mostReviews: most };
  writeFileSync(
    join(import.meta.dirname, "fifty-sessions.result.json"),
    `${JSON.stringify(result, null, 2)}\n`,
  );
  console.log(`at most ${most.toFixed(0)} reviews; load ${result.load}`);
  const met = {
    "time ≤ 1/100": bare.ms / Math.max(whole.all.p95, own.all.p95) >= bars.time,
    "p95 ≤ 15 ms": Math.max(whole.all.p95, own.all.p95) <= bars.ms,
    "bytes ≤ 1/200": bare.bytes / Math.max(whole.bytes, own.bytes) >= bars.bytes,
    "no review per row": Math.max(whole.reviewsPerLife, own.reviewsPerLife) <= most,
  };
  for (const [bar, isMet] of Object.entries(met)) console.log(`${bar}: ${isMet ? "met" : "missed"}`);
  process.exitCode = Object.values(met).every(Boolean) ? 0 : 1;
} finally {
  await measured.stop();
  await bareSide.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
