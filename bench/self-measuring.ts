/**
 * Loaded into a process under measurement (`--expose-gc --import`): how late its event loop ran, and what it spent and holds.
 * SIGWINCH makes it collect its garbage and print one line of JSON; SIGUSR2 would end the console. Where BENCH_PROFILE names a
 * file, its CPU profile goes to FILE.cpuprofile and what it holds to FILE.heapsnapshot, at the cost of the figures.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { writeHeapSnapshot } from "node:v8";

const delay = monitorEventLoopDelay({ resolution: 2 });
delay.enable();

export interface SelfMeasured {
  /** Since the first list was asked for. */
  cpuMs: number;
  /** Before that: what every process takes to be there. */
  startCpuMs: number;
  /** Of the event loop, since the start, what the timer itself waits left out. */
  delayMs: { p50: number; p99: number; max: number };
  /** After the garbage is collected. */
  heapMegabytes: number;
  residentMegabytes: number;
  externalMegabytes: number;
}

const usedMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
let startCpuMs = 0;
const askingForList = "undici:request:create";
const onRequest = (message: unknown) => {
  const { path } = (message as { request: { path: string } }).request; // undici's channel
  if (!path.includes("sendInitialEvents") && !path.includes("limit=")) return;
  startCpuMs = usedMs();
  unsubscribe(askingForList, onRequest);
};
subscribe(askingForList, onRequest);

const resolutionMs = 2;
const beyond = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);

const profileFile = process.env["BENCH_PROFILE"] ?? "";
const session = new Session();
if (profileFile !== "") {
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.start");
}

const collect = globalThis.gc as
  | ((options: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void)
  | undefined; // its types know no flavours

process.on("SIGWINCH", () => {
  delay.disable();
  const cpuMs = usedMs() - startCpuMs;
  if (profileFile !== "")
    session.post("Profiler.stop", (_error, { profile }) => {
      writeFileSync(`${profileFile}.cpuprofile`, JSON.stringify(profile));
    });
  // as the server does itself once it has read everything
  collect?.({ type: "major", execution: "sync", flavor: "last-resort" });
  const memory = process.memoryUsage();
  const line: SelfMeasured = {
    cpuMs,
    startCpuMs,
    delayMs: { p50: beyond(delay.percentile(50)), p99: beyond(delay.percentile(99)), max: beyond(delay.max) },
    heapMegabytes: memory.heapUsed / 1e6,
    residentMegabytes: memory.rss / 1e6,
    externalMegabytes: memory.external / 1e6,
  };
  if (profileFile !== "") writeHeapSnapshot(`${profileFile}.heapsnapshot`);
  process.stdout.write(`${JSON.stringify({ selfMeasured: line })}\n`);
});
