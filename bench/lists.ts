/**
 * The first page of every other list at its own scale, on a cluster that holds still, against a bare server that streams the
 * full lists of what the page is made of, gzipped from memory, and a client that parses them. Bar: time and bytes ≤ 1/50,
 * wanted ≤ 1/100 and p95 ≤ 15 ms. A noun joins with an entry of list-cases.ts.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startBare } from "./bare-side.ts";
import { startProcess } from "./bench-process.ts";
import { otherCases } from "./list-cases.ts";
import { loadNow, residentMegabytes, root, startMeasuredConsole, untilQuiet } from "./measured-console.ts";
import { judgePages, otherBars, measurePage, type PageRow, printPages, totalOf } from "./page-rounds.ts";

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const bareSide = await startBare(otherCases.map((each) => each.bare));
const cluster = await startProcess(
  [join(import.meta.dirname, "scale-cluster.ts"), folder, join(root, "deploy/rbac.yaml"), "lists"],
  {},
  (line) => (line.startsWith("{") ? (JSON.parse(line) as { kubeconfig: string; token: string }) : undefined), // scale-cluster.ts prints it
);
const measured = await startMeasuredConsole(cluster.ready, 18_393, join(folder, "console"));
try {
  const rows: PageRow[] = [];
  for (const { name, path, queries, rows: least, bare: paths } of otherCases) {
    while ((await totalOf(measured, path)) < least) await sleep(200);
    const bare = await bareSide.measure(paths);
    await untilQuiet(measured.pid);
    for (const query of queries) rows.push(await measurePage(measured, { list: name, path, query }, bare));
  }
  const result = {
    at: new Date().toISOString(),
    load: loadNow(),
    rows,
    syncMs: measured.syncMs,
    consoleResidentMegabytes: residentMegabytes(measured.pid),
  };
  writeFileSync(join(import.meta.dirname, "lists.result.json"), `${JSON.stringify(result, null, 2)}\n`);
  printPages(rows);
  console.log(
    `inventory synced in ${measured.syncMs.toFixed(0)} ms; console resident ${result.consoleResidentMegabytes} MB; load ${result.load}`,
  );
  process.exitCode = judgePages(rows, otherBars) ? 0 : 1;
} finally {
  await measured.stop();
  await bareSide.stop();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
