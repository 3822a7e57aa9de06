/** One page, asked for again and again, and the table of what that took against the bare side. */
import { setTimeout as sleep } from "node:timers/promises";
import type { BareCase } from "./bare-pages.ts";
import type { Answer, MeasuredConsole } from "./measured-console.ts";
import { fetchParsed, mainThreadMs } from "./measured-console.ts";
import { spread } from "./statistics.ts";

/**
 * Asked for before any round counts: the first of a query makes its order, the rest wakes up both sides' compilers, whose threads share
 * the processors with the server. After ten of them the first query of each list alone had a p95 of four to eight times its middle.
 */
const warmUpRounds = { still: 60, moving: 10 };
/** Enough that the 95th of a hundred is no single garbage collection, which comes every ten seconds and takes a quarter of one. */
const stillRounds = 200;

interface PageBars {
  /** Times as fast, and as few bytes, as the bare side. */
  time: number;
  bytes: number;
  ms: number;
}
/** What is asked of the list of machines. */
export const machineBars: PageBars = { time: 100, bytes: 200, ms: 15 };
/** Other lists are made of fewer and smaller objects, and a moving one is worked on meanwhile. */
export const otherBars: PageBars = { time: 50, bytes: 50, ms: Number.POSITIVE_INFINITY };

export interface PageRow {
  list: string;
  query: string;
  matches: number;
  bareMs: number;
  bareBytes: number;
  /** The very first, before anything was made ready for it. */
  firstMs: number;
  p50Ms: number;
  p95Ms: number;
  /** What the console's main thread worked meanwhile, its own garbage collection included: no other program can lengthen it. */
  workP95Ms: number;
  bytes: number;
  timeRatio: number;
  /** The same of processor time: what tells on a machine that does other work meanwhile. */
  workRatio: number;
  byteRatio: number;
}

/** How many rows a list has without a query. */
export async function totalOf(
  { url, cookie }: Pick<MeasuredConsole, "url" | "cookie">,
  path: string,
): Promise<number> {
  const answer = await fetchParsed(`${url}${path}`, { cookie });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  return (answer.body as { total: number }).total; // the contract's list envelope
}

export async function measurePage(
  { url, cookie, pid }: Pick<MeasuredConsole, "url" | "cookie" | "pid">,
  page: { list: string; path: string; query: string },
  bare: BareCase,
  pauseMs = 0,
  rounds = stillRounds,
): Promise<PageRow> {
  const warmUp = pauseMs > 0 ? warmUpRounds.moving : warmUpRounds.still;
  const answers: (Answer & { workMs: number })[] = [];
  let matches = 0;
  for (let round = 0; round < warmUp + rounds; round += 1) {
    if (pauseMs > 0) await sleep(pauseMs);
    const before = mainThreadMs(pid);
    const answer = await fetchParsed(`${url}${page.path}?${page.query}`, { cookie });
    const workMs = mainThreadMs(pid) - before;
    if (answer.status !== 200)
      throw new Error(`${page.path}?${page.query} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    matches = (answer.body as { total: number }).total; // the contract's list envelope
    answers.push({ ms: answer.ms, bytes: answer.bytes, workMs });
  }
  const ms = spread(answers.slice(warmUp).map((one) => one.ms));
  const workP95Ms = spread(answers.slice(warmUp).map((one) => one.workMs)).p95;
  const bytes = Math.max(...answers.map((one) => one.bytes));
  return {
    list: page.list,
    query: page.query || "(none)",
    matches,
    bareMs: bare.ms,
    bareBytes: bare.bytes,
    firstMs: answers[0]?.ms ?? Number.NaN,
    p50Ms: ms.p50,
    p95Ms: ms.p95,
    workP95Ms,
    bytes,
    timeRatio: bare.ms / ms.p95,
    workRatio: bare.workMs / workP95Ms,
    byteRatio: bare.bytes / bytes,
  };
}

export function printPages(rows: readonly PageRow[]): void {
  console.table(
    rows.map((row) => ({
      list: row.list,
      query: row.query,
      matches: row.matches,
      "bare ms": row.bareMs.toFixed(0),
      "bare KiB": (row.bareBytes / 1024).toFixed(0),
      "first ms": row.firstMs.toFixed(0),
      "p50 ms": row.p50Ms.toFixed(1),
      "p95 ms": row.p95Ms.toFixed(1),
      "work p95": row.workP95Ms.toFixed(1),
      bytes: row.bytes,
      "time ÷": row.timeRatio.toFixed(0),
      "work ÷": row.workRatio.toFixed(0),
      "bytes ÷": row.byteRatio.toFixed(0),
    })),
  );
}

/** Says which bars are met; false where one is not, which fails a bench. */
export function judgePages(rows: readonly PageRow[], bars: PageBars): boolean {
  const time = Math.min(...rows.map((row) => row.timeRatio));
  const bytes = Math.min(...rows.map((row) => row.byteRatio));
  const p95Ms = Math.max(...rows.map((row) => row.p95Ms));
  const workMs = Math.max(...rows.map((row) => row.workP95Ms));
  const work = Math.min(...rows.map((row) => row.workRatio));
  console.log(`processor time of the console: worst 1/${work.toFixed(0)}, worst p95 ${workMs.toFixed(1)} ms`);
  const said = (of: PageBars) =>
    `time 1/${of.time}, bytes 1/${of.bytes}${Number.isFinite(of.ms) ? `, p95 ${of.ms} ms` : ""}`;
  const isMet = (of: PageBars) => time >= of.time && bytes >= of.bytes && p95Ms <= of.ms;
  const worst = `worst 1/${time.toFixed(0)}, 1/${bytes.toFixed(0)}, ${p95Ms.toFixed(1)} ms`;
  console.log(`bars ${said(bars)}: ${isMet(bars) ? "met" : "missed"} (${worst})`);
  if (bars !== machineBars)
    console.log(`wanted ${said(machineBars)}: ${isMet(machineBars) ? "met" : "missed"}`);
  return isMet(bars);
}
