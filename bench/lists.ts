/**
 * The first page of every other list at its own scale, against a bare server that streams the full lists of what the page is
 * made of, gzipped from memory, and a client that parses them. Bar: time and bytes ≤ 1/50. A noun joins with a line of `cases`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProcess } from "./bench-process.ts";
import type { Answer } from "./measured-console.ts";
import { fetchParsed, residentMegabytes, root, startMeasuredConsole } from "./measured-console.ts";
import { spread } from "./statistics.ts";

interface ListCase {
  name: string;
  /** Least number of rows the list must have, so that a list that is not there yet is not measured. */
  rows: number;
  path: string;
  /** Full lists that a client without this server would need for the same page. */
  bare: readonly string[];
  queries: readonly string[];
}

const cases: readonly ListCase[] = [
  {
    name: "disks",
    rows: 20_000,
    path: "/api/disks",
    bare: ["/claims", "/datavolumes"],
    queries: [
      "",
      "sort=-size",
      "sort=created&q=status:filling",
      "q=size%3E400Gi&sort=project",
      "q=class:fast-block%20db",
      "project=project-07&sort=-name",
      "sort=storageClass&page=200",
    ],
  },
  {
    name: "hosts",
    rows: 500,
    path: "/api/hosts",
    // a host's row counts its machines and what its pods ask for
    bare: ["/nodes", "/pods", "/vmis"],
    queries: ["", "sort=-name", "q=host-12", "page=5"],
  },
  {
    name: "addresses",
    rows: 40_000,
    path: "/api/objects/address",
    bare: ["/ips"],
    queries: [
      "",
      "sort=-address",
      "q=10.64.20.",
      "q=holder:pod&sort=holder",
      "project=project-07&sort=address",
      "page=400",
    ],
  },
];
const rounds = 30;
const bareRounds = 7;

const folder = mkdtempSync(join(tmpdir(), "kubev-bench-"));
const cluster = await startProcess(
  [join(import.meta.dirname, "scale-cluster.ts"), folder, join(root, "deploy/rbac.yaml"), "lists"],
  {},
  (line) => (line.startsWith("{") ? (JSON.parse(line) as { kubeconfig: string; token: string }) : undefined), // scale-cluster.ts prints it
);
const bare = await startProcess(
  [join(import.meta.dirname, "bare-lists.ts"), "lists"],
  {},
  (line) => (line.startsWith("{") ? (JSON.parse(line) as { url: string }) : undefined), // bare-lists.ts prints it
);
const measured = await startMeasuredConsole(cluster.ready, 18_393, join(folder, "console"));
try {
  const { cookie, url } = measured;
  const total = async (path: string) => {
    const answer = await fetchParsed(`${url}${path}`, { cookie });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    return (answer.body as { total: number }).total; // the contract's list envelope
  };
  const rows = [];
  for (const each of cases) {
    while ((await total(each.path)) < each.rows) await new Promise((resolve) => setTimeout(resolve, 200));
    const full: Answer[] = [];
    for (let round = 0; round < bareRounds; round++) {
      const lists: Answer[] = [];
      for (const path of each.bare) lists.push(await fetchParsed(`${bare.ready.url}${path}`, {}));
      full.push({
        ms: lists.reduce((sum, one) => sum + one.ms, 0),
        bytes: lists.reduce((sum, one) => sum + one.bytes, 0),
      });
    }
    const bareMs = spread(full.map((one) => one.ms)).p50;
    const bareBytes = full[0]?.bytes ?? 0;
    for (const query of each.queries) {
      const answers: Answer[] = [];
      for (let round = 0; round < rounds; round++)
        answers.push(await fetchParsed(`${url}${each.path}?${query}`, { cookie }));
      const ms = spread(answers.slice(1).map((one) => one.ms));
      const bytes = Math.max(...answers.map((one) => one.bytes));
      rows.push({
        list: each.name,
        query: query || "(none)",
        bareMs,
        bareBytes,
        p50Ms: ms.p50,
        p95Ms: ms.p95,
        bytes,
        timeRatio: bareMs / ms.p95,
        byteRatio: bareBytes / bytes,
      });
    }
  }
  const result = {
    at: new Date().toISOString(),
    rows,
    syncMs: measured.syncMs,
    consoleResidentMegabytes: residentMegabytes(measured.pid),
  };
  writeFileSync(join(import.meta.dirname, "lists.result.json"), `${JSON.stringify(result, null, 2)}\n`);
  console.table(
    rows.map((row) => ({
      list: row.list,
      query: row.query,
      "bare ms": row.bareMs.toFixed(0),
      "bare KiB": (row.bareBytes / 1024).toFixed(0),
      "p50 ms": row.p50Ms.toFixed(1),
      "p95 ms": row.p95Ms.toFixed(1),
      bytes: row.bytes,
      "time ÷": row.timeRatio.toFixed(0),
      "bytes ÷": row.byteRatio.toFixed(0),
    })),
  );
  console.log(
    `inventory synced in ${measured.syncMs.toFixed(0)} ms; console resident ${result.consoleResidentMegabytes} MB`,
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
