/**
 * Screens through the console against a bare splice and a proxy of `ws` messages, all before the same guest. Bars, in bytes
 * for each second of the proxy's processor time: ≥ 3 × the message proxy at 1 kB frames, ≥ 0.8 × the bare splice at 1 and
 * 16 kB; a round trip is longer by at most 0.25 ms (p50) than without anything between; an idle console holds at most 60 kB,
 * and 500 that blink once a second leave a first page at twice its time.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scaleVmPlace } from "@kubev/kube-sim/scenarios/scale-machine";
import { measureIdle } from "./console-crowd.ts";
import { startProcess } from "./bench-process.ts";
import { startFrontedCluster } from "./fronted-cluster.ts";
import { machineScale } from "./list-scale.ts";
import { loadNow, mainThreadMs, startMeasuredConsole, untilQuiet } from "./measured-console.ts";
import { bytesWithin, openScreen, roundTrips, type ScreenPath, ticketed } from "./screen-client.ts";
import { spread } from "./statistics.ts";

const bars = { messages: 3, splice: 0.8, addedMs: 0.25, idleBytes: 60_000, lists: 2 };
const rounds = 5;
const roundMs = 600;
const trips = 2000;
const people = 25;
/** Payloads, so that a frame of the larger with its header is one TLS record. */
const frames = [
  { name: "1 kB, a record each", bytes: 1024, packed: 0 },
  { name: "1 kB, packed", bytes: 1024, packed: 1 },
  { name: "16 kB", bytes: 16_380, packed: 0 },
];

interface Way {
  name: string;
  pid: number;
  open(): Promise<ScreenPath>;
}

/** Megabytes that a way passes for each second that its main thread works, and for each second. */
async function measureStream(way: Way, { bytes, packed }: (typeof frames)[number]) {
  const socket = await openScreen(await way.open(), `stream ${bytes} ${packed}`);
  await bytesWithin(socket, roundMs / 4);
  const before = mainThreadMs(way.pid);
  const startedAt = performance.now();
  const passed = await bytesWithin(socket, roundMs);
  const workMs = mainThreadMs(way.pid) - before;
  const ms = performance.now() - startedAt;
  socket.destroy();
  return { perWork: passed / workMs / 1000, perSecond: passed / ms / 1000 };
}

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const cluster = await startFrontedCluster(folder, people);
const proxyOf = async (file: string) =>
  startProcess(
    [join(import.meta.dirname, file), JSON.stringify({ url: cluster.url, caPem: cluster.caPem })],
    {},
    (line) => (line.startsWith("{") ? (JSON.parse(line) as { port: number }) : undefined), // both print it
  );
const splice = await proxyOf("bare-splice.ts");
const messages = await proxyOf("message-proxy.ts");
const measured = await startMeasuredConsole(cluster, 18_399, join(folder, "console"), {
  nodeOptions: ["--expose-gc", "--import", join(import.meta.dirname, "self-measuring.ts")],
});
try {
  const machine = scaleVmPlace(0, machineScale);
  const straight: ScreenPath = {
    name: "without anything between",
    port: Number(new URL(cluster.url).port),
    path: `/apis/subresources.kubevirt.io/v1/namespaces/${machine.project}/virtualmachineinstances/${machine.name}/vnc`,
    caPem: cluster.caPem,
    headers: { "sec-websocket-protocol": "plain.kubevirt.io" },
  };
  const { caPem: _tls, ...plain } = straight;
  const ways: Way[] = [
    {
      name: "console",
      pid: measured.pid,
      open: async () => ticketed(measured.url, measured.cookie, machine),
    },
    {
      name: "bare splice",
      pid: splice.pid,
      open: async () => ({ ...plain, name: "bare splice", port: splice.ready.port }),
    },
    {
      name: "ws proxy",
      pid: messages.pid,
      open: async () => ({ ...plain, name: "ws proxy", port: messages.ready.port }),
    },
  ];
  await measured.settled;
  await untilQuiet(measured.pid);
  const rows = [];
  for (const frame of frames) {
    const seen = new Map(
      ways.map((way) => [way.name, { perWork: [] as number[], perSecond: [] as number[] }]),
    );
    // one round more, that nobody counts: compilers wake up
    for (let round = 0; round <= rounds; round += 1)
      for (const way of ways) {
        const { perWork, perSecond } = await measureStream(way, frame);
        if (round === 0) continue;
        seen.get(way.name)?.perWork.push(perWork);
        seen.get(way.name)?.perSecond.push(perSecond);
      }
    const of = (name: string) => {
      const { perWork = [], perSecond = [] } = seen.get(name) ?? {};
      return { perWork: spread(perWork).p50, perSecond: spread(perSecond).p50 };
    };
    rows.push({
      frame: frame.name,
      console: of("console"),
      splice: of("bare splice"),
      messages: of("ws proxy"),
    });
  }
  console.table(
    rows.map((row) => ({
      frames: row.frame,
      "console MB/s of work": row.console.perWork.toFixed(0),
      "splice MB/s of work": row.splice.perWork.toFixed(0),
      "ws MB/s of work": row.messages.perWork.toFixed(0),
      "÷ splice": (row.console.perWork / row.splice.perWork).toFixed(2),
      "÷ ws": (row.console.perWork / row.messages.perWork).toFixed(2),
      "by the clock ÷ splice": (row.console.perSecond / row.splice.perSecond).toFixed(2),
      "by the clock ÷ ws": (row.console.perSecond / row.messages.perSecond).toFixed(2),
    })),
  );
  const tripsOf = async (way: ScreenPath) => {
    const socket = await openScreen(way, "echo");
    const times = await roundTrips(socket, trips);
    socket.destroy();
    return spread(times.slice(trips / 10)).p50;
  };
  const added: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const without = await tripsOf(straight);
    added.push((await tripsOf(await ticketed(measured.url, measured.cookie, machine))) - without);
  }
  const addedMs = spread(added).p50;
  console.log(`added round trip p50 ${addedMs.toFixed(3)} ms`);
  const idle = await measureIdle(measured, cluster.tenants);
  const result = { at: new Date().toISOString(), load: loadNow(), rows, addedMs, idle };
  writeFileSync(join(import.meta.dirname, "consoles.result.json"), `${JSON.stringify(result, null, 2)}\n`);
  console.log(
    `${idle.consoles} idle consoles: ${(idle.bytesEach / 1000).toFixed(1)} kB resident each (heap ${(idle.heapBytesEach / 1000).toFixed(1)} kB, outside ${(idle.externalBytesEach / 1000).toFixed(1)} kB)`,
  );
  console.log(
    `first page p50 ${idle.before.p50.toFixed(1)} → ${idle.during.p50.toFixed(1)} ms, p95 ${idle.before.p95.toFixed(1)} → ${idle.during.p95.toFixed(1)} ms; load ${result.load}`,
  );
  const met = {
    "≥ 3 × ws proxy at 1 kB": rows.some(
      (row) => row.frame.startsWith("1 kB") && row.console.perWork / row.messages.perWork >= bars.messages,
    ),
    "≥ 0.8 × bare splice": rows.every((row) => row.console.perWork / row.splice.perWork >= bars.splice),
    "added ≤ 0.25 ms": addedMs <= bars.addedMs,
    "≤ 60 kB idle": idle.bytesEach <= bars.idleBytes,
    "lists ≤ 2 ×": idle.during.p50 <= bars.lists * idle.before.p50,
  };
  for (const [bar, isMet] of Object.entries(met)) console.log(`${bar}: ${isMet ? "met" : "missed"}`);
  process.exitCode = Object.values(met).every(Boolean) ? 0 : 1;
} finally {
  await measured.stop();
  await splice.stop();
  await messages.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
