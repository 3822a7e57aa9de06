/** First pages of machines for fifty sessions at once: 100 requests a second in all, open loop, warm, with the reviews they cost. */
import { machineCase } from "./list-cases.ts";
import { fetchParsed, mainThreadMs, mainThreadWaitedMs, signIn } from "./measured-console.ts";
import { openLoop } from "./open-loop.ts";
import { type Spread, spread } from "./statistics.ts";

const perSecond = 100;
const warmUpMs = 10_000;
const measuredMs = 40_000;
const answerLifeMs = 10_000;

export interface Session {
  cookie: string;
  /** Those whose machines it may see; null sees all. */
  projects: readonly string[] | null;
}

export interface CrowdPages {
  /** Milliseconds from when a request was due until its answer was parsed. */
  all: Spread;
  /** Of the console's main thread, for one page. */
  workMs: number;
  /** Share of the time in which the console, and who asks, would have worked but other programs did. */
  waited: { console: number; asker: number };
  /** Of the largest page, on the wire. */
  bytes: number;
  /** In the time that the answer of a review holds. */
  reviewsPerLife: number;
  rows: { query: string; asked: number; p50Ms: number; p95Ms: number; bytes: number }[];
}

interface Asked {
  query: string;
  ms: number;
  bytes: number;
}

interface Signed {
  /** People who may see two projects each. */
  tenants: Session[];
  /** As many who see everything. */
  operators: Session[];
}

/** Signs everybody in, each from an address of its own, as people come. */
export async function signInAll(
  url: string,
  cluster: { token: string; tenants: readonly { token: string; projects: readonly string[] }[] },
): Promise<Signed> {
  const signed: Signed = { tenants: [], operators: [] };
  for (const [at, { token, projects }] of cluster.tenants.entries()) {
    signed.tenants.push({ projects, cookie: await signIn(url, token, `127.0.1.${at + 1}`) });
    signed.operators.push({ projects: null, cookie: await signIn(url, cluster.token, `127.0.2.${at + 1}`) });
  }
  return signed;
}

/** @param reviews how many the cluster has answered so far */
export async function measureCrowd(
  console: { url: string; pid: number },
  sessions: readonly Session[],
  reviews: () => Promise<number>,
): Promise<CrowdPages> {
  const asked: Asked[] = [];
  const ask = async (turn: number, dueMs: number) => {
    const session = sessions[turn % sessions.length];
    const { cookie, projects } = session ?? { cookie: "", projects: [] };
    const query = machineCase.queries[Math.floor(turn / sessions.length) % machineCase.queries.length] ?? "";
    const own = query.replace("project-07", projects?.[0] ?? "project-07");
    const answer = await fetchParsed(`${console.url}${machineCase.path}?${own}`, { cookie });
    if (answer.status !== 200) throw new Error(`${own} answered ${answer.status}`);
    const { rows } = answer.body as { rows: { ref: { project: string } }[] }; // the contract's list of machines
    if (rows.some(({ ref }) => projects?.includes(ref.project) === false))
      throw new Error(`${own} shows a hidden row`);
    asked.push({ query, ms: performance.now() - dueMs, bytes: answer.bytes });
  };
  await openLoop(perSecond, warmUpMs, ask);
  asked.length = 0;
  const before = {
    reviews: await reviews(),
    workMs: mainThreadMs(console.pid),
    console: mainThreadWaitedMs(console.pid),
    asker: mainThreadWaitedMs(process.pid),
  };
  const startedAt = performance.now();
  await openLoop(perSecond, measuredMs, ask);
  const ms = performance.now() - startedAt;
  return {
    all: spread(asked.map((one) => one.ms)),
    workMs: (mainThreadMs(console.pid) - before.workMs) / asked.length,
    waited: {
      console: (mainThreadWaitedMs(console.pid) - before.console) / ms,
      asker: (mainThreadWaitedMs(process.pid) - before.asker) / ms,
    },
    bytes: Math.max(...asked.map((one) => one.bytes)),
    reviewsPerLife: (((await reviews()) - before.reviews) / ms) * answerLifeMs,
    rows: machineCase.queries.map((query) => {
      const of = asked.filter((one) => one.query === query);
      const times = spread(of.map((one) => one.ms));
      const bytes = Math.max(...of.map((one) => one.bytes));
      return { query: query || "(none)", asked: of.length, p50Ms: times.p50, p95Ms: times.p95, bytes };
    }),
  };
}

/** Machines and instances, each asked for in the whole cluster and both projects; `*` anywhere; what rows offer, per project. */
const questionsEach = 2 * 3 + 1 + 2;
/** An answer in use is renewed after four of its ten seconds. */
const renewals = 10 / 4;

/** More reviews in the life of an answer than so many would be for rows. */
export function mostReviews(people: number): number {
  return people * questionsEach * renewals;
}

export function printCrowd(pages: CrowdPages, bare: { ms: number; workMs: number; bytes: number }): void {
  console.table(
    pages.rows.map((row) => ({
      query: row.query,
      asked: row.asked,
      "p50 ms": row.p50Ms.toFixed(1),
      "p95 ms": row.p95Ms.toFixed(1),
      bytes: row.bytes,
      "time ÷": (bare.ms / row.p95Ms).toFixed(0),
      "bytes ÷": (bare.bytes / row.bytes).toFixed(0),
    })),
  );
  console.log(
    `all: p50 ${pages.all.p50.toFixed(1)}, p95 ${pages.all.p95.toFixed(1)} ms (1/${(bare.ms / pages.all.p95).toFixed(0)} of ${bare.ms.toFixed(0)} ms); ${pages.workMs.toFixed(1)} ms of the main thread each (1/${(bare.workMs / pages.workMs).toFixed(0)}); bytes 1/${(bare.bytes / pages.bytes).toFixed(0)}; ${pages.reviewsPerLife.toFixed(0)} access reviews in ${answerLifeMs / 1000} s; waited for a processor: the console ${(pages.waited.console * 100).toFixed(0)} %, who asks ${(pages.waited.asker * 100).toFixed(0)} % of the time`,
  );
}
