/**
 * The first page of any search, sort and filter over 10,000 VMs, against a bare server that streams the same full VM and VMI
 * lists gzipped from memory and a client that parses them, in one run. Bar: time and bytes ≤ 1/50.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "./bench-process.ts";
import type { Answer } from "./measured-console.ts";
import { fetchParsed, residentMegabytes, root, startMeasuredConsole } from "./measured-console.ts";
import { spread } from "./statistics.ts";

const queries = [
  "",
  "sort=name",
  "sort=-created",
  "sort=memory&q=status:running",
  "sort=-cpu&q=label:env=prod",
  "q=cpu%3E4",
  "q=db%20-label:env=dev&sort=host",
  "sort=ip&project=project-07",
  "q=host-123",
  "sort=status&page=100",
];
const rounds = 30;
const bareRounds = 7;

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const cluster = await startProcess(
  [join(import.meta.dirname, "scale-cluster.ts"), folder, join(root, "deploy/rbac.yaml")],
  {},
  (line) => (line.startsWith("{") ? (JSON.parse(line) as { kubeconfig: string; token: string }) : undefined), // scale-cluster.ts prints it
);
const bare = await startProcess(
  [join(import.meta.dirname, "bare-lists.ts")],
  {},
  (line) => (line.startsWith("{") ? (JSON.parse(line) as { url: string }) : undefined), // bare-lists.ts prints it
);
const measured = await startMeasuredConsole(cluster.ready, 18_391, join(folder, "console"));
const { url: consoleUrl, cookie, syncMs } = measured;
try {
  const bareAnswers: Answer[] = [];
  for (let round = 0; round < bareRounds; round++) {
    const lists = [
      await fetchParsed(`${bare.ready.url}/vms`, {}),
      await fetchParsed(`${bare.ready.url}/vmis`, {}),
    ];
    bareAnswers.push({
      ms: lists.reduce((sum, each) => sum + each.ms, 0),
      bytes: lists.reduce((sum, each) => sum + each.bytes, 0),
    });
  }
  const bareMs = spread(bareAnswers.map(({ ms }) => ms));
  const bareBytes = bareAnswers[0]?.bytes ?? 0;

  const rows = [];
  for (const query of queries) {
    const answers: Answer[] = [];
    let total = 0;
    for (let round = 0; round < rounds; round++) {
      const answer = await fetchParsed(`${consoleUrl}/api/vms?${query}`, { cookie });
      if (answer.status !== 200)
        throw new Error(`${query} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      total = (answer.body as { total: number }).total; // the contract's list envelope
      answers.push(answer);
    }
    const ms = spread(answers.slice(1).map((each) => each.ms));
    const bytes = Math.max(...answers.map((each) => each.bytes));
    rows.push({
      query: query || "(none)",
      matches: total,
      p50Ms: ms.p50,
      p95Ms: ms.p95,
      bytes,
      timeRatio: bareMs.p50 / ms.p95,
      byteRatio: bareBytes / bytes,
    });
  }
  const result = {
    at: new Date().toISOString(),
    vms: 10_000,
    bare: { p50Ms: bareMs.p50, bytes: bareBytes },
    rows,
    syncMs,
    consoleResidentMegabytes: residentMegabytes(measured.pid),
    clusterResidentMegabytes: residentMegabytes(cluster.pid),
  };
  writeFileSync(join(import.meta.dirname, "first-page.result.json"), `${JSON.stringify(result, null, 2)}\n`);
  console.log(`bare lists: ${bareMs.p50.toFixed(0)} ms, ${(bareBytes / 1024).toFixed(0)} KiB`);
  console.table(
    rows.map((row) => ({
      query: row.query,
      matches: row.matches,
      "p50 ms": row.p50Ms.toFixed(1),
      "p95 ms": row.p95Ms.toFixed(1),
      bytes: row.bytes,
      "time ÷": row.timeRatio.toFixed(0),
      "bytes ÷": row.byteRatio.toFixed(0),
    })),
  );
  console.log(
    `inventory synced in ${syncMs.toFixed(0)} ms; console resident ${result.consoleResidentMegabytes} MB`,
  );
  const worst = {
    time: Math.min(...rows.map((row) => row.timeRatio)),
    bytes: Math.min(...rows.map((row) => row.byteRatio)),
  };
  const met = worst.time >= 50 && worst.bytes >= 50;
  console.log(
    `bar 1/50: ${met ? "met" : "missed"} (worst time 1/${worst.time.toFixed(0)}, worst bytes 1/${worst.bytes.toFixed(0)})`,
  );
  process.exitCode = met ? 0 : 1;
} finally {
  await measured.stop();
  await bare.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
