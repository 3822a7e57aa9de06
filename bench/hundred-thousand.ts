/**
 * First pages over 100,000 machines, of which 80,000 run, on 5,000 hosts. The objects are generated as they are sent: neither the
 * cluster's side nor the bare one's could hold them as text. Fifty sessions ask, 100 requests a second in all, open loop: first
 * fifty that see everything, then people who see two of the fifty projects. Bars: p95 ≤ 1/100 of the bare client's time and ≤ 60 ms,
 * bytes ≤ 1/200, no access review for a row. One request is one page. What was never asked before is measured beside it, one
 * question after the other. Takes about five minutes; BENCH_MACHINES takes another number, BENCH_PROFILE a folder for the CPU profile.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBareOf } from "./bare-side.ts";
import { startFrontedCluster } from "./fronted-cluster.ts";
import { machineCase } from "./list-cases.ts";
import {
  fetchParsed,
  loadNow,
  mainThreadMs,
  residentMegabytes,
  startMeasuredConsole,
  untilQuiet,
} from "./measured-console.ts";
import { measureCrowd, mostReviews, printCrowd, signInAll } from "./page-crowd.ts";
import { plainScript } from "./plain-script.ts";
import type { SelfMeasured } from "./self-measuring.ts";
import { spread } from "./statistics.ts";

const bars = { time: 100, bytes: 200, ms: 60 };
const people = 50;
const newQuestions = 100;
const vms = Number(process.env["BENCH_MACHINES"] ?? 100_000);
const scale = { vms, running: vms * 0.8, projects: 50, hosts: vms / 20 };
const profileFolder = process.env["BENCH_PROFILE"];

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const cluster = await startFrontedCluster(folder, people, "", scale);
const measured = await startMeasuredConsole(cluster, 18_407, join(folder, "console"), {
  nodeOptions: [
    "--expose-gc",
    "--import",
    plainScript(join(import.meta.dirname, "self-measuring.ts"), folder),
    ...(profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`]),
  ],
});

/** Questions that nobody asked before, one after the other: words of names, hosts, and numbers, in several orders. */
async function askNew(cookie: string) {
  const times: number[] = [];
  const works: number[] = [];
  const orders = ["name", "-created", "ip", "host", "memory"];
  for (let turn = 0; turn < newQuestions; turn += 1) {
    const word = ["web-prod-", "host-", "1", "team-1%20"][turn % 4];
    const query = `q=${word}${100 + turn}&sort=${orders[turn % orders.length]}`;
    const before = mainThreadMs(measured.pid);
    const answer = await fetchParsed(`${measured.url}${machineCase.path}?${query}`, { cookie });
    works.push(mainThreadMs(measured.pid) - before);
    if (answer.status !== 200) throw new Error(`${query} answered ${answer.status}`);
    times.push(answer.ms);
  }
  return { ms: spread(times), workMs: spread(works) };
}

try {
  const syncWorkMs = mainThreadMs(measured.pid);
  await untilQuiet(measured.pid);
  const told = measured.nextLine((text) => text.startsWith('{"selfMeasured"'));
  process.kill(measured.pid, "SIGWINCH");
  const { selfMeasured } = JSON.parse(await told) as { selfMeasured: SelfMeasured }; // self-measuring.ts prints it
  console.log(
    `${vms} machines known after ${(measured.syncMs / 1000).toFixed(0)} s (${(syncWorkMs / 1000).toFixed(1)} s of the main thread); resident ${selfMeasured.residentMegabytes.toFixed(0)} MB after collection (heap ${selfMeasured.heapMegabytes.toFixed(0)} MB)`,
  );
  const bareSide = await startBareOf(scale);
  const bare = await bareSide.measure(machineCase.bare);
  await bareSide.stop();
  console.log(
    `bare: ${bare.ms.toFixed(0)} ms (${bare.workMs.toFixed(0)} ms of its main thread), ${(bare.bytes / 1e6).toFixed(1)} MB gzipped`,
  );
  const { tenants, operators } = await signInAll(measured.url, cluster);
  await untilQuiet(measured.pid);
  const reviews = async () => (await cluster.counts()).reviews;
  const whole = await measureCrowd(measured, operators, reviews);
  console.log("fifty sessions that see everything");
  printCrowd(whole, bare);
  const own = await measureCrowd(measured, tenants, reviews);
  console.log("fifty people who see two of fifty projects");
  printCrowd(own, bare);
  const fresh = await askNew(measured.cookie);
  const most = mostReviews(people);
  const result = {
    at: new Date().toISOString(),
    load: loadNow(),
    vms,
    syncMs: measured.syncMs,
    syncWorkMs,
    afterSync: selfMeasured,
    residentAtTheEnd: residentMegabytes(measured.pid),
    generatorResident: residentMegabytes(cluster.pid),
    bare,
    whole,
    own,
    fresh,
    mostReviews: most,
  };
  writeFileSync(
    join(import.meta.dirname, "hundred-thousand.result.json"),
    `${JSON.stringify(result, null, 2)}\n`,
  );
  console.log(
    `never asked before: p50 ${fresh.ms.p50.toFixed(0)}, p95 ${fresh.ms.p95.toFixed(0)} ms (main thread ${fresh.workMs.p50.toFixed(0)}, ${fresh.workMs.p95.toFixed(0)} ms; 1/${(bare.ms / fresh.ms.p95).toFixed(0)} of bare)`,
  );
  console.log(
    `resident ${result.residentAtTheEnd} MB in the end, the generator's ${result.generatorResident} MB; at most ${most.toFixed(0)} reviews; load ${result.load}`,
  );
  const met = {
    "time ≤ 1/100": bare.ms / Math.max(whole.all.p95, own.all.p95) >= bars.time,
    "time ≤ 1/100 where it was never asked before": bare.ms / fresh.ms.p95 >= bars.time,
    "p95 ≤ 60 ms": Math.max(whole.all.p95, own.all.p95) <= bars.ms,
    "bytes ≤ 1/200": bare.bytes / Math.max(whole.bytes, own.bytes) >= bars.bytes,
    "no review per row": Math.max(whole.reviewsPerLife, own.reviewsPerLife) <= most,
  };
  for (const [bar, isMet] of Object.entries(met)) console.log(`${bar}: ${isMet ? "met" : "missed"}`);
  process.exitCode = Object.values(met).every(Boolean) ? 0 : 1;
} finally {
  await measured.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
