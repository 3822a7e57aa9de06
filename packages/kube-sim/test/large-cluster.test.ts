/**
 * Thirty thousand objects of a VM's size: seeding is bounded, long lists stream and leave the process free to answer
 * others. They are of kinds that no controller works on, so that the figures are the API machinery's alone.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NewObject } from "../src/store/kube-object.ts";
import { startCluster, type TestCluster } from "./cluster.ts";

const OBJECTS = 10_000;
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

/** About the size of the real thing, 8 kB. */
const ballast = "x".repeat(6500);

function* objects(): Generator<NewObject> {
  for (let index = 0; index < OBJECTS; index += 1) {
    const metadata = {
      namespace: "default",
      name: `object-${String(index).padStart(5, "0")}`,
      labels: { app: `a${index % 100}` },
    };
    const spec = { domain: { devices: {} }, selector: { matchLabels: {} } };
    const preset = { ...metadata, annotations: { ballast } };
    yield { apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstancePreset", metadata: preset, spec };
    yield { apiVersion: "v1", kind: "ConfigMap", metadata, data: { ballast } };
    yield { apiVersion: "v1", kind: "Secret", metadata, data: { ballast } };
  }
}

test("seeds in bounded time and lists without blocking", { timeout: 180_000 }, async () => {
  const startedAt = performance.now();
  cluster.sim.seed([...objects()]);
  const seedMs = performance.now() - startedAt;
  expect(seedMs).toBeLessThan(60_000);

  let worstMs = 0;
  const listing = new AbortController();
  const probe = (async (): Promise<void> => {
    while (!listing.signal.aborted) {
      // A reader of the list, not a load test: one question at a time.
      const at = performance.now();
      await cluster.call("/version");
      worstMs = Math.max(worstMs, performance.now() - at);
    }
  })();
  const listAt = performance.now();
  const answer = await cluster.call("/apis/kubevirt.io/v1/virtualmachineinstancepresets", {
    headers: { "accept-encoding": "gzip" },
  });
  const listMs = performance.now() - listAt;
  listing.abort();
  await probe;
  expect(answer.headers["content-encoding"]).toBe("gzip");

  const pagesAt = performance.now();
  let token = "";
  let count = 0;
  do {
    const page = await cluster.call(
      `/apis/kubevirt.io/v1/virtualmachineinstancepresets?limit=500&continue=${encodeURIComponent(token)}`,
    );
    count += page.body.items.length;
    token = page.body.metadata.continue ?? "";
  } while (token !== "");
  const pagesMs = performance.now() - pagesAt;
  expect(count).toBe(OBJECTS);
  const warnings: string[] = [];
  const onWarning = (warning: Error): number => warnings.push(warning.name);
  process.on("warning", onWarning);
  await cluster.call(
    "/apis/kubevirt.io/v1/virtualmachineinstancepresets?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=2",
  );
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
  const figures = { seedMs, listMs, pagesMs, worstAnswerBesideListMs: worstMs };
  process.stdout.write(
    `figures ${JSON.stringify(figures, (_key, value: unknown) => (typeof value === "number" ? Math.round(value) : value))}\n`,
  );
  // The client parses in this very process; a blocked server would show as a wait of the whole list's length.
  expect(worstMs).toBeLessThan(5000);
});
