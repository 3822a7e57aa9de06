/**
 * A thousand people with a list of machines open each, while 100 changes a second go to machines, instances and pods. Bars: at
 * most a quarter of a processor; as many upstream watches as without anybody; access reviews at most users × kinds × candidate
 * projects in the ten seconds that an answer holds. Kinds are the kinds of objects that the rows and what may be done with
 * them are about.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "./bench-process.ts";
import { startFrontedCluster } from "./fronted-cluster.ts";
import { openLists } from "./live-crowd.ts";
import {
  loadNow,
  mainThreadMs,
  residentMegabytes,
  signIn,
  startMeasuredConsole,
  untilQuiet,
} from "./measured-console.ts";

const bars = { share: 0.25 };
const people = Number(process.env["BENCH_PEOPLE"] ?? 1000);
/** Where the CPU profile of the console goes. */
const profileFolder = process.env["BENCH_PROFILE"];
const changesPerSecond = 100;
const settleMs = 15_000;
/** Several lives of an answer. */
const measuredMs = 30_000;
const answerLifeMs = 10_000;
/** Machines, instances, and migrations: api groups of their own count as the same kind. */
const kinds = 3;
const candidates = 2;
/** One address may sign in twenty times a minute. */
const peoplePerAddress = 10;

const pause = async (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const cluster = await startFrontedCluster(folder, people);
const measured = await startMeasuredConsole(cluster, 18_401, join(folder, "console"), {
  nodeOptions: profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`],
});
try {
  await untilQuiet(measured.pid);
  const alone = await cluster.counts();
  const residentAlone = residentMegabytes(measured.pid);
  const cookies: string[] = [];
  for (const [at, { token }] of cluster.tenants.entries()) {
    const address = Math.floor(at / peoplePerAddress);
    cookies.push(await signIn(measured.url, token, `127.1.${address >> 7}.${(address & 127) + 1}`));
  }
  const lists = await openLists(measured.url, cookies);
  const changes = await startProcess(
    [
      join(import.meta.dirname, "changes.ts"),
      JSON.stringify({
        url: cluster.directUrl,
        caPem: cluster.caPem,
        token: cluster.token,
        perSecond: changesPerSecond,
      }),
    ],
    {},
    (line) => (line.startsWith("{") ? true : undefined),
  );
  const told = changes.nextLine((line) => line.startsWith('{"done"'));
  await pause(settleMs);
  const before = { counts: await cluster.counts(), workMs: mainThreadMs(measured.pid), seen: lists.seen() };
  const startedAt = performance.now();
  await pause(measuredMs);
  const after = { counts: await cluster.counts(), workMs: mainThreadMs(measured.pid), seen: lists.seen() };
  const ms = performance.now() - startedAt;
  await changes.stop();
  const changed = JSON.parse(await told) as { perSecond: number; refused: number; words: string }; // changes.ts prints it
  if (changed.refused > 0) throw new Error(`${changed.refused} changes were refused: ${changed.words}`);
  const share = (after.workMs - before.workMs) / ms;
  const reviews = ((after.counts.reviews - before.counts.reviews) / ms) * answerLifeMs;
  const mostReviews = people * kinds * candidates;
  const result = {
    at: new Date().toISOString(),
    load: loadNow(),
    people,
    share,
    reviewsPerLife: reviews,
    mostReviews,
    watches: { alone: alone.watches, withAll: after.counts.watches },
    changesPerSecond: changed.perSecond,
    framesPerSecond: ((after.seen.frames - before.seen.frames) / ms) * 1000,
    bytesPerSecond: ((after.seen.bytes - before.seen.bytes) / ms) * 1000,
    staleFrames: after.seen.stale,
    residentMegabytes: { alone: residentAlone, withAll: residentMegabytes(measured.pid) },
  };
  writeFileSync(join(import.meta.dirname, "users.result.json"), `${JSON.stringify(result, null, 2)}\n`);
  lists.close();
  console.log(
    `${people} people, ${changed.perSecond.toFixed(0)} changes/s: ${(share * 100).toFixed(0)} % of a processor (main thread); ${result.framesPerSecond.toFixed(0)} frames/s, ${(result.bytesPerSecond / 1e6).toFixed(1)} MB/s out`,
  );
  console.log(
    `watches ${alone.watches} → ${after.counts.watches}; ${reviews.toFixed(0)} access reviews in ${answerLifeMs / 1000} s of at most ${mostReviews}; resident ${residentAlone} → ${result.residentMegabytes.withAll} MB; load ${result.load}`,
  );
  const met = {
    "≤ 25 % of a processor": share <= bars.share,
    "watches do not grow": after.counts.watches <= alone.watches,
    "nobody is told that the cluster is away": after.seen.stale === 0,
    "access reviews": reviews <= mostReviews,
  };
  for (const [bar, isMet] of Object.entries(met)) console.log(`${bar}: ${isMet ? "met" : "missed"}`);
  process.exitCode = Object.values(met).every(Boolean) ? 0 : 1;
} finally {
  await measured.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
