/**
 * The same pages right after a change: 200 a second to machines, their instances and pods, through the cluster's API, so that
 * several lie between a page and the one before it. Bars as of lists that hold still.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startBare } from "./bare-side.ts";
import { startProcess } from "./bench-process.ts";
import { machineCase, otherCases } from "./list-cases.ts";
import { loadNow, root, startMeasuredConsole } from "./measured-console.ts";
import { judgePages, otherBars, measurePage, type PageRow, printPages, totalOf } from "./page-rounds.ts";

const perSecond = 200;
/** About five changes between two pages. */
const pauseMs = 25;
const rounds = 60;
const cases = [machineCase, ...otherCases];

interface Cluster {
  kubeconfig: string;
  token: string;
  url: string;
  caPem: string;
}
interface Changed {
  done: number;
  refused: number;
  words: string;
  perSecond: number;
}

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const bareSide = await startBare(cases.map((each) => each.bare));
const cluster = await startProcess(
  [join(import.meta.dirname, "scale-cluster.ts"), folder, join(root, "deploy/rbac.yaml"), "lists"],
  {},
  (line) => (line.startsWith("{") ? (JSON.parse(line) as Cluster) : undefined), // scale-cluster.ts prints it
);
const measured = await startMeasuredConsole(cluster.ready, 18_397, join(folder, "console"));
try {
  for (const { path, rows } of cases) while ((await totalOf(measured, path)) < rows) await sleep(200);
  const { url, caPem, token } = cluster.ready;
  const changes = await startProcess(
    [join(import.meta.dirname, "changes.ts"), JSON.stringify({ url, caPem, token, perSecond })],
    {},
    (line) => (line.startsWith("{") ? true : undefined),
  );
  const told = changes.nextLine((line) => line.startsWith('{"done"'));
  const rows: PageRow[] = [];
  for (const { name, path, queries, bare: paths } of cases) {
    const bare = await bareSide.measure(paths);
    for (const query of queries)
      rows.push(await measurePage(measured, { list: name, path, query }, bare, pauseMs, rounds));
  }
  await changes.stop();
  const changed = JSON.parse(await told) as Changed; // changes.ts prints it
  if (changed.refused > 0) throw new Error(`${changed.refused} changes were refused: ${changed.words}`);
  const result = { at: new Date().toISOString(), load: loadNow(), changed, rows };
  writeFileSync(join(import.meta.dirname, "moving.result.json"), `${JSON.stringify(result, null, 2)}\n`);
  printPages(rows);
  console.log(`${changed.perSecond.toFixed(0)} changes a second; load ${result.load}`);
  process.exitCode = judgePages(rows, otherBars) ? 0 : 1;
} finally {
  await measured.stop();
  await bareSide.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
