/**
 * An object with nothing but a name, or with an empty spec and status, is taken or refused; either way it ends nothing and
 * hinders nobody, not even the next start.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiVersionOf } from "../src/schema/kind.ts";
import { allKinds } from "../src/schema/registry.ts";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const folder = mkdtempSync(join(tmpdir(), "kube-sim-bare-"));
const project = "bare";
const failures: string[] = [];
const log = (message: string, fields?: Record<string, unknown>) => {
  if (/failed|could not/.test(message)) failures.push(`${message} ${JSON.stringify(fields)}`);
};
let cluster: TestCluster;
const start = async () => startCluster({ dataDir: folder, scenario: "demo", log });
beforeAll(async () => {
  cluster = await start();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: project } } });
});
afterAll(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true, force: true });
});

const scrape = async () => (await fetch(cluster.sim.metricsUrl)).status;
const lastPod = `/api/v1/namespaces/${project}/pods/last`;
const contents = { nothing: {}, empty: { spec: {}, status: {} } };

test("none of them ends the cluster or its controllers", async () => {
  const wrong: string[] = [];
  for (const kind of allKinds) {
    if (kind.resource === "namespaces") continue;
    const apiVersion = apiVersionOf(kind.group, kind.storageVersion);
    const within = kind.namespaced ? `namespaces/${project}/` : "";
    const path = `${kind.group === "" ? "/api" : "/apis"}/${apiVersion}/${within}${kind.resource}`;
    for (const [name, content] of Object.entries(contents)) {
      const body = { apiVersion, kind: kind.kind, metadata: { name: `bare-${name}` }, ...content };
      const { code, text } = await cluster.call(path, { body });
      if (code === 500) wrong.push(`${kind.kind} ${name}: ${text}`);
      if (code < 300 && (await scrape()) !== 200) wrong.push(`metrics after ${kind.kind} ${name}`);
    }
  }
  expect(wrong).toEqual([]);
  // who comes last is served behind all of them
  const pod = { metadata: { name: "last" }, spec: { containers: [{ name: "a", image: "a" }] } };
  expect((await cluster.call(`/api/v1/namespaces/${project}/pods`, { body: pod })).code).toBe(201);
  await eventually(async () => {
    const { body } = await cluster.call(lastPod);
    return body.status?.phase === "Running" && body.status.podIP;
  });
  expect(failures).toEqual([]);
});

test("the cluster starts again with all of them", async () => {
  await cluster.close();
  cluster = await start();
  expect(await scrape()).toBe(200);
  expect((await cluster.call(lastPod)).code).toBe(200);
  expect(failures).toEqual([]);
});
