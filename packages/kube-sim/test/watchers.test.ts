/**
 * Twenty watchers in a process of their own see five hundred changes a second as they happen, none missing. `SOAK=1` goes
 * on for a minute and holds the pace and the delay to the bar; beside other tests the machine's load would decide them.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCluster, type TestCluster } from "./cluster.ts";

const WATCHERS = 20;
const CHANGES_PER_SECOND = 500;
const IS_SOAK = process.env["SOAK"] === "1";
const SECONDS = IS_SOAK ? 60 : 5;
const CHANGES = CHANGES_PER_SECOND * SECONDS;
/** About the size of a VM. */
const BALLAST = "x".repeat(8000);

interface Figures {
  events: number;
  bytes: number;
  p50LagMs: number;
  p99LagMs: number;
  worstLagMs: number;
}

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

test("watchers keep up with 500 changes a second", { timeout: (SECONDS + 60) * 1000 }, async () => {
  const maps = "/api/v1/namespaces/default/configmaps";
  for (let index = 0; index < 100; index += 1) {
    await cluster.call(maps, { body: { metadata: { name: `m${index}` }, data: { BALLAST } } });
  }
  const { body } = await cluster.call(`${maps}?limit=1`);
  const url = new URL(`${maps}?watch=1&resourceVersion=${body.metadata.resourceVersion}`, cluster.sim.url);
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, "watcher-process.ts"),
      url.href,
      cluster.sim.kubeconfigPath,
      String(WATCHERS),
      String(CHANGES),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (let open = 0; open < WATCHERS; open += 1) expect((await lines.next()).value).toBe("open");

  const beganAt = performance.now();
  let next = 0;
  const write = async (): Promise<void> => {
    for (let change = next++; change < CHANGES; change = next++) {
      const dueMs = (change / CHANGES_PER_SECOND) * 1000 - (performance.now() - beganAt);
      if (dueMs > 1) await new Promise((resolve) => setTimeout(resolve, dueMs));
      const { code } = await cluster.call(`${maps}/m${change % 100}`, {
        method: "PATCH",
        body: { data: { sentAt: String(Date.now()) } },
        headers: { "content-type": "application/merge-patch+json" },
      });
      expect(code).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: 8 }, write));
  const paceMs = performance.now() - beganAt;
  const last = await lines.next();
  const figures = JSON.parse(String(last.value)) as Figures; // written by watcher-process.ts
  process.stdout.write(`${JSON.stringify({ ...figures, changes: CHANGES, paceMs: Math.round(paceMs) })}\n`);
  expect(figures.events).toBe(CHANGES * WATCHERS);
  expect(figures.bytes).toBeGreaterThan(CHANGES * WATCHERS * BALLAST.length);
  if (!IS_SOAK) return;
  expect(paceMs).toBeLessThan(SECONDS * 1010);
  expect(figures.worstLagMs).toBeLessThan(1000);
});
