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
import {
  fetchParsed,
  loadNow,
  mainThreadMs,
  signIn,
  startMeasuredConsole,
  untilQuiet,
} from "./measured-console.ts";
import { spread } from "./statistics.ts";

const bars = { time: 100, bytes: 200, ms: 15 };
const people = 50;
const perSecond = 100;
const warmUpMs = 10_000;
const measuredMs = 40_000;
const answerLifeMs = 10_000;
/** Machines and instances, each asked for in the whole cluster and both projects; `*` anywhere; what rows offer, per project. */
const questionsEach = 2 * 3 + 1 + 2;
/** An answer in use is renewed after four of its ten seconds. */
const renewals = 10 / 4;

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const bareSide = await startBare([machineCase.bare]);
const cluster = await startFrontedCluster(folder, people);
const measured = await startMeasuredConsole(cluster, 18_405, join(folder, "console"));

interface Asked {
  query: string;
  ms: number;
  bytes: number;
  rows: number;
}

try {
  const sessions: { projects: string[]; cookie: string }[] = [];
  for (const [at, { token, projects }] of cluster.tenants.entries())
    sessions.push({ projects, cookie: await signIn(measured.url, token, `127.0.1.${at + 1}`) });
  const bare = await bareSide.measure(machineCase.bare);
  await untilQuiet(measured.pid);
  const asked: Asked[] = [];
  const ask = async (turn: number, dueMs: number) => {
    const { projects, cookie } = sessions[turn % people] ?? { projects: [], cookie: "" };
    const query = machineCase.queries[Math.floor(turn / people) % machineCase.queries.length] ?? "";
    const own = query.replace("project-07", projects[0] ?? "");
    const answer = await fetchParsed(`${measured.url}${machineCase.path}?${own}`, { cookie });
    if (answer.status !== 200) throw new Error(`${own} answered ${answer.status}`);
    const { rows } = answer.body as { rows: { ref: { project: string } }[] }; // the contract's list of machines
    if (rows.some(({ ref }) => !projects.includes(ref.project))) throw new Error(`${own} shows a hidden row`);
    asked.push({ query, ms: performance.now() - dueMs, bytes: answer.bytes, rows: rows.length });
  };
  const run = async (ms: number) => {
    const startedAt = performance.now();
    const under: Promise<void>[] = [];
    for (let turn = 0; turn < (ms * perSecond) / 1000; turn += 1) {
      const dueMs = startedAt + (turn * 1000) / perSecond;
      const early = dueMs - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      under.push(ask(turn, dueMs));
    }
    await Promise.all(under);
  };
  await run(warmUpMs);
  asked.length = 0;
  const before = { reviews: (await cluster.counts()).reviews, workMs: mainThreadMs(measured.pid) };
  const startedAt = performance.now();
  await run(measuredMs);
  const ms = performance.now() - startedAt;
  const workMs = (mainThreadMs(measured.pid) - before.workMs) / asked.length;
  const reviews = (((await cluster.counts()).reviews - before.reviews) / ms) * answerLifeMs;
  const mostReviews = people * questionsEach * renewals;
  const rows = machineCase.queries.map((query) => {
    const of = asked.filter((one) => one.query === query);
    const times = spread(of.map((one) => one.ms));
    const bytes = Math.max(...of.map((one) => one.bytes));
    return { query: query || "(none)", asked: of.length, p50Ms: times.p50, p95Ms: times.p95, bytes };
  });
  const all = spread(asked.map((one) => one.ms));
  const result = {
    at: new Date().toISOString(),
    load: loadNow(),
    bare,
    all,
    workMs,
    rows,
    reviewsPerLife: reviews,
    mostReviews,
  };
  writeFileSync(
    join(import.meta.dirname, "few-projects.result.json"),
    `${JSON.stringify(result, null, 2)}\n`,
  );
  console.table(
    rows.map((row) => ({
      query: row.query,
      asked: row.asked,
      "p50 ms": row.p50Ms.toFixed(1),
      "p95 ms": row.p95Ms.toFixed(1),
      bytes: row.bytes,
      "time ÷": (bare.ms / row.p95Ms).toFixed(0),
      "bytes ÷": (bare.bytes / row.bytes).toFixed(0),
    })),
  );
  const bytes = Math.max(...rows.map((row) => row.bytes));
  console.log(
    `all: p50 ${all.p50.toFixed(1)}, p95 ${all.p95.toFixed(1)} ms (1/${(bare.ms / all.p95).toFixed(0)} of ${bare.ms.toFixed(0)} ms); ${workMs.toFixed(1)} ms of the main thread each (1/${(bare.workMs / workMs).toFixed(0)}); bytes 1/${(bare.bytes / bytes).toFixed(0)}`,
  );
  console.log(
    `${reviews.toFixed(0)} access reviews in ${answerLifeMs / 1000} s of at most ${mostReviews.toFixed(0)}; load ${result.load}`,
  );
  const met = {
    "time ≤ 1/100": bare.ms / all.p95 >= bars.time,
    "p95 ≤ 15 ms": all.p95 <= bars.ms,
    "bytes ≤ 1/200": bare.bytes / bytes >= bars.bytes,
    "no review per row": reviews <= mostReviews,
  };
  for (const [bar, isMet] of Object.entries(met)) console.log(`${bar}: ${isMet ? "met" : "missed"}`);
  process.exitCode = Object.values(met).every(Boolean) ? 0 : 1;
} finally {
  await measured.stop();
  await bareSide.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
