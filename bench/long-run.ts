/**
 * What the console holds after an hour of changes: 720,000 of them at 10,000 machines (200 a second would take that long), as
 * fast as it follows, while pages are asked for and a list is open. Labels, hosts, pauses and restarts change, instances and pods
 * go and others come. After each quarter everything shown is compared with what the generator made, then what is resident
 * after collection counts. Bars: the last quarter ≤ 1.05 × the first, never above 250 MB, and ≤ 0.3 × what informers of the
 * Kubernetes client hold of the same six long lists. Takes five to ten minutes; BENCH_CHANGES takes another number.
 */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { serverFlags, serverMemoryEnvironment } from "../tools/server-flags.ts";
import { type BenchProcess, startProcess } from "./bench-process.ts";
import { startFrontedCluster } from "./fronted-cluster.ts";
import type { GeneratedTruth } from "./generated-machines.ts";
import { machineCase } from "./list-cases.ts";
import { machineScale } from "./list-scale.ts";
import { openLists } from "./live-crowd.ts";
import {
  fetchParsed,
  loadNow,
  mainThreadMs,
  residentBytes,
  startMeasuredConsole,
  untilQuiet,
} from "./measured-console.ts";
import { plainScript } from "./plain-script.ts";
import type { SelfMeasured } from "./self-measuring.ts";
import { differences } from "./shown-machines.ts";

const bars = { growth: 1.05, megabytes: 250, ofInformers: 0.3 };
const changes = Number(process.env["BENCH_CHANGES"] ?? 720_000);
const quarters = 4;
const pageEveryMs = 250;
const longestBehindMs = 60_000;
const pagesKeptMs = 10_000;
const lookMs = 500;

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
// scripts that lie in it find the packages of the bench
symlinkSync(join(import.meta.dirname, "node_modules"), join(folder, "node_modules"));
const measuring = [
  "--expose-gc",
  "--import",
  plainScript(join(import.meta.dirname, "self-measuring.ts"), folder),
];
const cluster = await startFrontedCluster(folder, 0, "disks", machineScale);
const dispatcher = new Agent({ connect: { ca: cluster.caPem }, headersTimeout: 0, bodyTimeout: 0 });

async function generator(path: string): Promise<unknown> {
  const answer = await request(`${cluster.url}/generated/${path}`, { dispatcher, method: "POST" });
  return answer.body.json();
}

/** V8 keeps pages ready for some seconds after a collection, and gives some back only with the next: so the least of two counts. */
async function memoryOf(of: Pick<BenchProcess<unknown>, "pid" | "nextLine">): Promise<SelfMeasured> {
  const first = await collected(of);
  const second = await collected(of);
  return { ...second, residentMegabytes: Math.min(first.residentMegabytes, second.residentMegabytes) };
}

async function collected(of: Pick<BenchProcess<unknown>, "pid" | "nextLine">): Promise<SelfMeasured> {
  const line = of.nextLine((text) => text.startsWith('{"selfMeasured"'));
  process.kill(of.pid, "SIGWINCH");
  const { selfMeasured } = JSON.parse(await line) as { selfMeasured: SelfMeasured }; // self-measuring.ts prints it
  let least = selfMeasured.residentMegabytes;
  for (let look = 0; look < pagesKeptMs / lookMs; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    least = Math.min(least, residentBytes(of.pid) / 1e6);
  }
  return { ...selfMeasured, residentMegabytes: least };
}

async function measureInformers(): Promise<SelfMeasured & { objects: number }> {
  const informers = await startProcess(
    [
      ...serverFlags,
      ...measuring,
      plainScript(join(import.meta.dirname, "informers.ts"), folder),
      cluster.kubeconfig,
    ],
    serverMemoryEnvironment,
    (line) => (line.startsWith("{") ? (JSON.parse(line) as { objects: number }) : undefined), // informers.ts prints it
  );
  try {
    return { ...(await memoryOf(informers)), ...informers.ready };
  } finally {
    await informers.stop();
  }
}

/** Asks for pages until it is told to end. */
function startReader(url: string, cookie: string): () => Promise<number> {
  const end = new AbortController();
  const reading = (async () => {
    let pages = 0;
    for (; !end.signal.aborted; pages += 1) {
      const query = machineCase.queries[pages % machineCase.queries.length] ?? "";
      const answer = await fetchParsed(`${url}${machineCase.path}?${query}`, { cookie });
      if (answer.status !== 200) throw new Error(`${query} answered ${answer.status}`);
      await new Promise((resolve) => setTimeout(resolve, pageEveryMs));
    }
    return pages;
  })();
  return async () => {
    end.abort();
    return reading;
  };
}

/** @throws what is shown wrongly, where the console does not come to show what is */
async function untilShown(console: { url: string; cookie: string }): Promise<void> {
  const truth = (await generator("truth")) as GeneratedTruth[]; // cluster-front.ts answers it
  for (const startedAt = performance.now(); ; ) {
    const wrong = await differences(console, truth);
    if (wrong.length === 0) return;
    if (performance.now() - startedAt > longestBehindMs)
      throw new Error(`${wrong.length} are shown otherwise than they are: ${wrong.slice(0, 3).join("; ")}`);
  }
}

interface Quarter extends SelfMeasured {
  changes: number;
  perSecond: number;
  /** Of the main thread, for one change. */
  workMs: number;
  pages: number;
}

try {
  const informers = await measureInformers();
  console.log(
    `informers of the Kubernetes client: ${informers.objects} objects, ${informers.residentMegabytes.toFixed(0)} MB resident after collection (heap ${informers.heapMegabytes.toFixed(0)} MB)`,
  );
  const measured = await startMeasuredConsole(cluster, 18_409, join(folder, "console"), {
    nodeOptions: measuring,
  });
  const seen: Quarter[] = [];
  let atStart: SelfMeasured;
  try {
    await untilQuiet(measured.pid);
    await untilShown(measured);
    atStart = await memoryOf(measured);
    const tab = await openLists(measured.url, [measured.cookie]);
    let made = 0;
    for (let quarter = 1; quarter <= quarters; quarter += 1) {
      const endReader = startReader(measured.url, measured.cookie);
      const before = { ms: performance.now(), workMs: mainThreadMs(measured.pid) };
      const { changed } = (await generator(`changes?count=${changes / quarters}`)) as { changed: number }; // cluster-front.ts answers it
      const ms = performance.now() - before.ms;
      const workMs = (mainThreadMs(measured.pid) - before.workMs) / changed;
      const pages = await endReader();
      made += changed;
      await untilShown(measured);
      await untilQuiet(measured.pid);
      seen.push({
        changes: made,
        perSecond: (changed / ms) * 1000,
        workMs,
        pages,
        ...(await memoryOf(measured)),
      });
    }
    tab.close();
  } finally {
    await measured.stop();
  }
  const resident = seen.map((quarter) => quarter.residentMegabytes);
  const last = resident.at(-1) ?? Number.NaN;
  const result = { at: new Date().toISOString(), load: loadNow(), informers, atStart, quarters: seen };
  writeFileSync(join(import.meta.dirname, "long-run.result.json"), `${JSON.stringify(result, null, 2)}\n`);
  console.table(
    [{ changes: 0, perSecond: 0, workMs: 0, pages: 0, ...atStart }, ...seen].map((quarter) => ({
      changes: quarter.changes,
      "a second": quarter.perSecond.toFixed(0),
      "work ms each": quarter.workMs.toFixed(3),
      pages: quarter.pages,
      "resident MB": quarter.residentMegabytes.toFixed(1),
      "heap MB": quarter.heapMegabytes.toFixed(1),
      "outside MB": quarter.externalMegabytes.toFixed(1),
    })),
  );
  console.log(
    `last quarter ${(last / (resident[0] ?? Number.NaN)).toFixed(3)} × the first, ${(Math.max(...resident) / informers.residentMegabytes).toFixed(2)} × the informers; load ${result.load}`,
  );
  const met = {
    "no growth": last <= bars.growth * (resident[0] ?? 0),
    "≤ 250 MB": Math.max(...resident) <= bars.megabytes,
    "≤ 0.3 × informers": Math.max(...resident) <= bars.ofInformers * informers.residentMegabytes,
  };
  for (const [bar, isMet] of Object.entries(met)) console.log(`${bar}: ${isMet ? "met" : "missed"}`);
  process.exitCode = Object.values(met).every(Boolean) ? 0 : 1;
} finally {
  await dispatcher.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
