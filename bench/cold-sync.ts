/**
 * What the console costs from the first list that it asks for until it knows a cluster of 10,000 machines, 8,000 instances and
 * pods, 20,000 disks and 500 hosts, against a client that only downloads and parses the same lists from the same cluster. Bars:
 * CPU time ≤ 1.5 × the bare client's (of neither does the start of its process count; the console's is printed), p99 of the event
 * loop's delay meanwhile ≤ 50 ms, resident ≤ 250 MB once its garbage is collected.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "./bench-process.ts";
import { fetchParsed, root, startMeasuredConsole } from "./measured-console.ts";
import { plainScript } from "./plain-script.ts";
import type { SelfMeasured } from "./self-measuring.ts";

const bars = { ratio: 1.5, delayMs: 50, residentMegabytes: 250 };
/** What there is much of; every other kind of the console is a few objects. */
const paths = [
  "/apis/kubevirt.io/v1/virtualmachines",
  "/apis/kubevirt.io/v1/virtualmachineinstances",
  "/api/v1/pods",
  "/api/v1/persistentvolumeclaims",
  "/apis/cdi.kubevirt.io/v1beta1/datavolumes",
  "/api/v1/nodes",
];

interface Cluster {
  kubeconfig: string;
  token: string;
  url: string;
  caPem: string;
}
interface Bare {
  ms: number;
  cpuMs: number;
  bytes: number;
  items: number;
}

async function bareRun(cluster: Cluster): Promise<Bare> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "bare-client.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify({ ...cluster, paths }));
  const lines = await child.stdout.toArray();
  return JSON.parse(Buffer.concat(lines as Buffer[]).toString("utf8")) as Bare; // bare-client.ts prints it
}

/** CPU time of a process so far. */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10; // ticks of 10 ms
}

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const cluster = await startProcess(
  [join(import.meta.dirname, "scale-cluster.ts"), folder, join(root, "deploy/rbac.yaml"), "disks"],
  {},
  (line) => (line.startsWith("{") ? (JSON.parse(line) as Cluster) : undefined), // scale-cluster.ts prints it
);
try {
  // the first reader pays for the cluster's own encoding of each object, so it is not counted
  await bareRun(cluster.ready);
  const bare = await bareRun(cluster.ready);
  const clusterBeforeMs = cpuMsOf(cluster.pid);
  const measured = await startMeasuredConsole(cluster.ready, 18_395, join(folder, "console"), {
    nodeOptions: [
      "--expose-gc",
      "--import",
      plainScript(join(import.meta.dirname, "self-measuring.ts"), folder),
    ],
  });
  let self: SelfMeasured;
  let syncedMs = 0;
  try {
    for (;;) {
      const { body } = await fetchParsed(`${measured.url}/api/capabilities`, { cookie: measured.cookie });
      const { feeds } = body as { feeds: { state: string }[] }; // the contract's capabilities
      syncedMs = performance.now() - measured.startedAt;
      if (feeds.every(({ state }) => state !== "syncing")) break;
      // each answer is work of the console's, too
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    const line = measured.nextLine((text) => text.startsWith('{"selfMeasured"'));
    process.kill(measured.pid, "SIGWINCH");
    self = (JSON.parse(await line) as { selfMeasured: SelfMeasured }).selfMeasured; // self-measuring.ts prints it
  } finally {
    await measured.stop();
  }
  const clusterCpuMs = cpuMsOf(cluster.pid) - clusterBeforeMs;
  const result = {
    at: new Date().toISOString(),
    bare,
    console: { readyMs: measured.syncMs, syncedMs, ...self },
    clusterCpuMs,
    ratio: self.cpuMs / bare.cpuMs,
    wallRatio: syncedMs / bare.ms,
  };
  writeFileSync(join(import.meta.dirname, "cold-sync.result.json"), `${JSON.stringify(result, null, 2)}\n`);
  console.log(
    `bare client: ${bare.items} objects, ${(bare.bytes / 1e6).toFixed(0)} MB, ${bare.ms.toFixed(0)} ms, CPU ${bare.cpuMs.toFixed(0)} ms`,
  );
  console.log(
    `console: ready in ${measured.syncMs.toFixed(0)} ms, all known in ${syncedMs.toFixed(0)} ms, CPU ${self.cpuMs.toFixed(0)} ms after ${self.startCpuMs.toFixed(0)} ms for its start; the cluster's CPU meanwhile ${clusterCpuMs} ms`,
  );
  console.log(
    `event loop delay p50 ${self.delayMs.p50.toFixed(1)} ms, p99 ${self.delayMs.p99.toFixed(1)} ms, max ${self.delayMs.max.toFixed(0)} ms; resident ${self.residentMegabytes.toFixed(0)} MB (heap ${self.heapMegabytes.toFixed(0)} MB, external ${self.externalMegabytes.toFixed(0)} MB)`,
  );
  const met =
    result.ratio <= bars.ratio &&
    self.delayMs.p99 <= bars.delayMs &&
    self.residentMegabytes <= bars.residentMegabytes;
  console.log(
    `bars 1.5 ×, 50 ms, 250 MB: ${met ? "met" : "missed"} (CPU ${result.ratio.toFixed(2)} ×, wall ${result.wallRatio.toFixed(2)} ×)`,
  );
  process.exitCode = met ? 0 : 1;
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
