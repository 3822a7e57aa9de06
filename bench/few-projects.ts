/**
 * First pages of machines for people who may see two of the fifty projects: fifty of them, 100 requests a second in all, sent when
 * they are due whether or not the ones before were answered (open loop), warm. Against the bare server that streams the full
 * lists and the client that parses them. Bars: p95 ≤ 1/100 of the time and ≤ 15 ms, bytes ≤ 1/200, and no more access reviews
 * than people, kinds and projects ask for, however many rows there are.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBare } from "./bare-side.ts";
import { startFrontedCluster } from "./fronted-cluster.ts";
import { machineCase } from "./list-cases.ts";
import { loadNow, signIn, startMeasuredConsole, untilQuiet } from "./measured-console.ts";
import { measureCrowd, mostReviews, printCrowd, type Session } from "./page-crowd.ts";

const bars = { time: 100, bytes: 200, ms: 15 };
const people = 50;

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const bareSide = await startBare([machineCase.bare]);
const cluster = await startFrontedCluster(folder, people);
const measured = await startMeasuredConsole(cluster, 18_405, join(folder, "console"));
try {
  const sessions: Session[] = [];
  for (const [at, { token, projects }] of cluster.tenants.entries())
    sessions.push({ projects, cookie: await signIn(measured.url, token, `127.0.1.${at + 1}`) });
  const bare = await bareSide.measure(machineCase.bare);
  await untilQuiet(measured.pid);
  const pages = await measureCrowd(measured, sessions, async () => (await cluster.counts()).reviews);
  const most = mostReviews(people);
  const result = { at: new Date().toISOString(), load: loadNow(), bare, ...pages, mostReviews: most };
  writeFileSync(
    join(import.meta.dirname, "few-projects.result.json"),
    `${JSON.stringify(result, null, 2)}\n`,
  );
  printCrowd(pages, bare);
  console.log(`at most ${most.toFixed(0)} reviews; load ${result.load}`);
  const met = {
    "time ≤ 1/100": bare.ms / pages.all.p95 >= bars.time,
    "p95 ≤ 15 ms": pages.all.p95 <= bars.ms,
    "bytes ≤ 1/200": bare.bytes / pages.bytes >= bars.bytes,
    "no review per row": pages.reviewsPerLife <= most,
  };
  for (const [bar, isMet] of Object.entries(met)) console.log(`${bar}: ${isMet ? "met" : "missed"}`);
  process.exitCode = Object.values(met).every(Boolean) ? 0 : 1;
} finally {
  await measured.stop();
  await bareSide.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
