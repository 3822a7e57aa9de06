/** Faults hit what they name, as often as they say, and end when told. */
import { afterEach, beforeAll, afterAll, expect, test } from "vitest";
import { startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster.sim.faults.clear());
afterAll(() => cluster.close());

test("429 once, with Retry-After", async () => {
  cluster.sim.faults.add({ urlContains: "/nodes", effect: { kind: "status", code: 429 }, times: 1 });
  const answer = await cluster.call("/api/v1/nodes");
  expect(answer.code).toBe(429);
  expect(answer.headers["retry-after"]).toBe("1");
  expect((await cluster.call("/api/v1/nodes")).code).toBe(200);
});

test("a hang-up fails the request and nothing else", async () => {
  cluster.sim.faults.add({ method: "GET", urlContains: "/secrets", effect: { kind: "hang-up" } });
  await expect(cluster.call("/api/v1/secrets")).rejects.toThrow(/closed|other side/);
  expect((await cluster.call("/api/v1/configmaps")).code).toBe(200);
});

test("forgotten versions are 410", async () => {
  const { body } = await cluster.call("/api/v1/configmaps");
  await cluster.call("/api/v1/namespaces/default/configmaps", { body: { metadata: { name: "x" } } });
  cluster.sim.faults.expireVersions();
  const answer = await cluster.call(
    `/api/v1/configmaps?watch=1&resourceVersion=${body.metadata.resourceVersion}`,
  );
  expect(answer.text).toContain('"code":410');
});
