/**
 * The first page of any search, sort and filter over 10,000 machines, on a cluster that holds still, against a bare server that
 * streams the same full VM and VMI lists gzipped from memory and a client that parses them. One question
 * after the other; `fifty-sessions.ts` asks as people do. Bars: time ≤ 1/100, bytes ≤ 1/200, p95 ≤ 15 ms.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBare } from "./bare-side.ts";
import { startProcess } from "./bench-process.ts";
import { machineCase } from "./list-cases.ts";
import { loadNow, residentMegabytes, root, startMeasuredConsole } from "./measured-console.ts";
import { judgePages, machineBars, measurePage, type PageRow, printPages } from "./page-rounds.ts";

const { name, path, queries } = machineCase;
const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const bareSide = await startBare([machineCase.bare]);
const cluster = await startProcess(
  [join(import.meta.dirname, "scale-cluster.ts"), folder, join(root, "deploy/rbac.yaml")],
  {},
  (line) => (line.startsWith("{") ? (JSON.parse(line) as { kubeconfig: string; token: string }) : undefined), // scale-cluster.ts prints it
);
const measured = await startMeasuredConsole(cluster.ready, 18_391, join(folder, "console"));
try {
  const bare = await bareSide.measure(machineCase.bare);
  const rows: PageRow[] = [];
  for (const query of queries) rows.push(await measurePage(measured, { list: name, path, query }, bare));
  const result = {
    at: new Date().toISOString(),
    load: loadNow(),
    rows,
    syncMs: measured.syncMs,
    consoleResidentMegabytes: residentMegabytes(measured.pid),
    clusterResidentMegabytes: residentMegabytes(cluster.pid),
  };
  writeFileSync(join(import.meta.dirname, "first-page.result.json"), `${JSON.stringify(result, null, 2)}\n`);
  printPages(rows);
  console.log(
    `inventory synced in ${measured.syncMs.toFixed(0)} ms; console resident ${result.consoleResidentMegabytes} MB; load ${result.load}`,
  );
  process.exitCode = judgePages(rows, machineBars) ? 0 : 1;
} finally {
  await measured.stop();
  await bareSide.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
