/** Requests that a real API server survives: none may end the process, or keep it from answering others. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect as connectTls } from "node:tls";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const MAPS = "/api/v1/namespaces/p/configmaps";
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const merge = { "content-type": "application/merge-patch+json" };

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "p" } } });
});
afterAll(() => cluster.close());

/** What an answer takes of a processor, in ms; others wait as long, and a busy machine does not change it. */
async function processorMs(answer: Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await answer;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe("bodies", () => {
  test("null in a list is the zero value, which is refused where it must not be", async () => {
    const binding = await cluster.call(`${RBAC}/namespaces/p/rolebindings`, {
      body: {
        metadata: { name: "of-null" },
        subjects: [null],
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      },
    });
    expect(binding.code).toBe(422);
    expect(binding.body.message).toContain("subjects[0].name: Required value");
    const role = await cluster.call(`${RBAC}/clusterroles`, {
      body: { metadata: { name: "null" }, rules: [null] },
    });
    expect(role.body.message).toContain(
      "rules[0].verbs: Required value: verbs must contain at least one value",
    );
    const owned = await cluster.call(MAPS, {
      body: { metadata: { name: "owned", ownerReferences: [null] } },
    });
    expect(owned.code).toBe(422);
    expect(owned.body.message).toContain(
      'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    );
    const pod = await cluster.call("/api/v1/namespaces/p/pods", {
      body: { metadata: { name: "null" }, spec: { containers: [null] } },
    });
    expect(pod.code).toBe(422);
    const service = await cluster.call("/api/v1/namespaces/p/services", {
      body: { metadata: { name: "null" }, spec: { ports: [null] } },
    });
    expect(service.code).toBe(422);
  });

  test("a JSON patch copies three MiB at most", async () => {
    await cluster.call(MAPS, { body: { metadata: { name: "grows" }, data: { a: "b".repeat(1000) } } });
    const doublings = Array.from({ length: 30 }, (_, at) => ({
      op: "copy",
      from: "/data",
      path: `/data/copy${at}`,
    }));
    const { code, body } = await cluster.call(`${MAPS}/grows?dryRun=All`, {
      method: "PATCH",
      headers: { "content-type": "application/json-patch+json" },
      body: doublings,
    });
    expect(code).toBe(413);
    expect(body.message).toContain("the accumulated size increase of copy is");
  });

  test("a long YAML map takes the time of reading it", async () => {
    const lines = Array.from({ length: 40_000 }, (_, at) => `  key${at}: v`).join("\n");
    const sent = cluster.call(REVIEWS, {
      body: `spec:\n  nonResourceAttributes: {verb: get, path: /}\nextra:\n${lines}\n`,
      headers: { "content-type": "application/yaml" },
    });
    expect(await processorMs(sent)).toBeLessThan(3000);
    expect((await sent).code).toBe(201);
  });

  test("keys that YAML gives twice are told of, refused, or let pass", async () => {
    const twice = async (mode: string) =>
      cluster.call(`${MAPS}?fieldValidation=${mode}`, {
        body: `metadata: {name: twice-${mode.toLowerCase()}}\ndata:\n  a: b\n  a: c\n`,
        headers: { "content-type": "application/yaml" },
      });
    const strict = await twice("Strict");
    expect(strict.code).toBe(400);
    expect(strict.body.message).toContain('line 4: key "a" already set in map');
    const warned = await twice("Warn");
    expect(warned.code).toBe(201);
    expect(warned.headers["warning"]).toContain("already set in map");
    const ignored = await twice("Ignore");
    expect(ignored.body.data).toEqual({ a: "c" });
    expect(ignored.headers["warning"]).toBeUndefined();
  });

  test("a protobuf list takes the time of reading it", async () => {
    const field = (number: number, bytes: Buffer): Buffer => {
      const head: number[] = [(number << 3) | 2];
      let { length } = bytes;
      for (; length > 127; length >>>= 7) head.push((length & 127) | 128);
      return Buffer.concat([Buffer.from([...head, length]), bytes]);
    };
    // finalizers, each of one letter
    const metadata = Buffer.concat([
      field(1, Buffer.from("many")),
      ...Array.from({ length: 100_000 }, () => field(14, Buffer.from("f"))),
    ]);
    const type = Buffer.concat([field(1, Buffer.from("v1")), field(2, Buffer.from("ConfigMap"))]);
    const body = Buffer.concat([Buffer.from("k8s\0"), field(1, type), field(2, field(1, metadata))]);
    const sent = cluster.call(`${MAPS}?dryRun=All`, {
      body,
      headers: { "content-type": "application/vnd.kubernetes.protobuf" },
    });
    expect(await processorMs(sent)).toBeLessThan(3000);
    expect((await sent).code).toBeLessThan(500);
  });

  test("warnings carry what was written, whatever the letters", async () => {
    const { code, headers } = await cluster.call(MAPS, {
      body: { metadata: { name: "letters" }, größe: 1, "a\nb": 2 },
    });
    expect(code).toBe(201);
    const warnings = [headers["warning"]].flat().join();
    expect(Buffer.from(warnings, "latin1").toString("utf8")).toContain('unknown field \\"größe\\"');
    expect(warnings).toContain('unknown field \\"ab\\"');
  });
});

describe("questions", () => {
  test("a field selector takes the time of reading it", async () => {
    const selector = `metadata.name!=y,${"+".repeat(6000)}b`;
    const sent = cluster.call(`${MAPS}?fieldSelector=${encodeURIComponent(selector)}`);
    expect(await processorMs(sent)).toBeLessThan(1000);
    expect((await sent).code).toBe(400);
  });

  test("patterns of definitions are linear, as Go's are", async () => {
    const schema = (pattern: string) => ({
      type: "object",
      properties: { spec: { type: "object", properties: { text: { type: "string", pattern } } } },
    });
    const made = await cluster.call(DEFINITIONS, {
      body: {
        metadata: { name: "texts.example.com" },
        spec: {
          group: "example.com",
          scope: "Cluster",
          names: { plural: "texts", kind: "Text" },
          versions: [
            { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema("^(\\w+\\s?)*$") } },
          ],
        },
      },
    });
    expect(made.code).toBe(201);
    const texts = "/apis/example.com/v1/texts";
    await eventually(async () => (await cluster.call(texts)).code === 200);
    const sent = cluster.call(texts, {
      body: {
        apiVersion: "example.com/v1",
        kind: "Text",
        metadata: { name: "long" },
        spec: { text: `${"a".repeat(40)}!` },
      },
    });
    expect(await processorMs(sent)).toBeLessThan(1000);
    expect((await sent).code).toBe(422);
  });

  test("a watch of any length goes on; a length that is no number is refused", async () => {
    expect((await cluster.call(`${MAPS}?watch=1&timeoutSeconds=abc`)).code).toBe(400);
    const { hostname, port } = new URL(cluster.sim.url);
    const socket = connectTls({ host: hostname, port: Number(port), ...cluster.tls });
    let text = "";
    let ended = false;
    socket.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    socket.on("end", () => (ended = true));
    socket.write(`GET ${MAPS}?watch=1&timeoutSeconds=99999999 HTTP/1.1\r\nhost: x\r\n\r\n`);
    await eventually(() => Promise.resolve(text.includes('"ADDED"')));
    await cluster.call(MAPS, { body: { metadata: { name: "seen-by-the-long-watch" } } });
    await eventually(() => Promise.resolve(text.includes("seen-by-the-long-watch")));
    expect(ended).toBe(false);
    socket.destroy();
  });

  test("what leaves a selection is shown as it was in it", async () => {
    await cluster.call(MAPS, { body: { metadata: { name: "leaves", labels: { in: "yes" } } } });
    const watching = cluster.call(`${MAPS}?watch=1&labelSelector=in%3Dyes&timeoutSeconds=2`);
    await cluster.call(`${MAPS}/leaves`, {
      method: "PATCH",
      headers: merge,
      body: { metadata: { labels: { in: "no" } } },
    });
    const { body: now } = await cluster.call(`${MAPS}/leaves`);
    const lines = (await watching).text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; object: { metadata: Record<string, unknown> } });
    expect(lines.find(({ type }) => type === "DELETED")?.object.metadata).toMatchObject({
      labels: { in: "yes" },
      resourceVersion: now.metadata.resourceVersion,
    });
  });

  test("a scale is written over the version that was read", async () => {
    const deployments = "/apis/apps/v1/namespaces/p/deployments";
    const labels = { app: "scaled" };
    await cluster.call(deployments, {
      body: {
        metadata: { name: "scaled" },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: "a", image: "a" }] } },
        },
      },
    });
    const put = async (metadata: object) =>
      (
        await cluster.call(`${deployments}/scaled/scale`, {
          method: "PUT",
          body: { metadata: { name: "scaled", namespace: "p", ...metadata }, spec: { replicas: 1 } },
        })
      ).code;
    expect(await put({ resourceVersion: "1" })).toBe(409);
    expect(await put({ uid: "00000000-0000-0000-0000-000000000000" })).toBe(409);
    expect(await put({})).toBe(200);
  });
});

describe("what is left behind", () => {
  test("a definition whose finalizer was taken away leaves nothing that ends the cluster", async () => {
    const name = "orphans.example.com";
    await cluster.call(DEFINITIONS, {
      body: {
        metadata: { name },
        spec: {
          group: "example.com",
          scope: "Namespaced",
          names: { plural: "orphans", kind: "Orphan" },
          versions: [
            {
              name: "v1",
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
            },
          ],
        },
      },
    });
    const orphans = "/apis/example.com/v1/namespaces/p/orphans";
    await eventually(async () => (await cluster.call(orphans)).code === 200);
    const owners = [];
    for (const owner of ["owner-a", "owner-b"]) {
      const { body } = await cluster.call(MAPS, { body: { metadata: { name: owner } } });
      owners.push({ apiVersion: "v1", kind: "ConfigMap", name: owner, uid: body.metadata.uid as string });
    }
    const metadata = { name: "held", finalizers: ["example.com/hold"], ownerReferences: owners };
    await cluster.call(orphans, { body: { apiVersion: "example.com/v1", kind: "Orphan", metadata } });
    await cluster.call(`${DEFINITIONS}/${name}`, { method: "DELETE" });
    await cluster.call(`${DEFINITIONS}/${name}`, {
      method: "PATCH",
      headers: merge,
      body: { metadata: { finalizers: [] } },
    });
    await eventually(async () => (await cluster.call(`${DEFINITIONS}/${name}`)).code === 404);
    await cluster.call(`${MAPS}/owner-a`, { method: "DELETE" });
    // what the collector does next is behind it in the same queue
    await cluster.call(MAPS, {
      body: { metadata: { name: "dependent", ownerReferences: owners.slice(0, 1) } },
    });
    await eventually(async () => (await cluster.call(`${MAPS}/dependent`)).code === 404);
    expect((await cluster.call(`${MAPS}/owner-b`)).code).toBe(200);
  });

  test("finalizers of others hold what a controller has let go", async () => {
    await cluster.call("/api/v1/namespaces/p/pods", {
      body: {
        metadata: { name: "held", finalizers: ["example.com/hold"] },
        spec: { containers: [{ name: "a", image: "a" }], terminationGracePeriodSeconds: 0 },
      },
    });
    const pod = "/api/v1/namespaces/p/pods/held";
    await cluster.call(pod, { method: "DELETE" });
    const claims = "/api/v1/namespaces/p/persistentvolumeclaims";
    await cluster.call(claims, {
      body: {
        metadata: { name: "held", finalizers: ["example.com/hold"] },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
      },
    });
    await cluster.call(`${claims}/held`, { method: "DELETE" });
    await eventually(async () => {
      const { body } = await cluster.call(`${claims}/held`);
      return JSON.stringify(body.metadata.finalizers) === '["example.com/hold"]';
    });
    expect((await cluster.call(pod)).body.metadata.finalizers).toEqual(["example.com/hold"]);
  });
});

test("a write answers in the form that was asked for, and writes nothing where there is none", async () => {
  const made = await cluster.call(MAPS, {
    body: { metadata: { name: "told" } },
    headers: { accept: "application/yaml" },
  });
  expect(made.headers["content-type"]).toBe("application/yaml");
  expect(made.text).toMatch(/^apiVersion: v1\nkind: ConfigMap\n/);
  const table = await cluster.call(`${MAPS}/told`, {
    method: "PATCH",
    headers: { ...merge, accept: "application/json;as=Table;g=meta.k8s.io;v=v1" },
    body: { data: { a: "b" } },
  });
  expect(table.body).toMatchObject({ kind: "Table", rows: [{ cells: ["told", 1, expect.any(String)] }] });
  const refused = await cluster.call(MAPS, {
    body: { metadata: { name: "untold" } },
    headers: { accept: "application/vnd.example" },
  });
  expect(refused.code).toBe(406);
  expect((await cluster.call(`${MAPS}/untold`)).code).toBe(404);
});
