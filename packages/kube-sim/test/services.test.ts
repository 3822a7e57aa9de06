/** Services get addresses and node ports, keep them, and give them back; the pods behind them are listed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const dataDir = mkdtempSync(join(tmpdir(), "kube-sim-services-"));
const services = "/api/v1/namespaces/project/services";
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ dataDir });
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "project" } } });
});
afterAll(async () => {
  await cluster.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const service = (name: string, spec: object) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { ports: [{ port: 80 }], ...spec },
});
const create = async (name: string, spec: object = {}) =>
  cluster.call(services, { body: service(name, spec) });

test("a service gets an address of the range and, where its type has them, ports of every host", async () => {
  const { code, body } = await create("plain");
  expect(code).toBe(201);
  expect(body.spec).toMatchObject({
    type: "ClusterIP",
    clusterIP: expect.stringMatching(/^10\.(9[6-9]|10\d|11[01])\./),
    clusterIPs: [body.spec.clusterIP],
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
  });
  expect(body.spec.ports[0].nodePort).toBeUndefined();
  expect(body.status).toEqual({ loadBalancer: {} });
  const balanced = (await create("balanced", { type: "LoadBalancer" })).body;
  expect(balanced.spec.ports[0].nodePort).toBeGreaterThanOrEqual(30_000);
  expect(balanced.spec.ports[0].nodePort).toBeLessThanOrEqual(32_767);
  expect(balanced.spec.clusterIP).not.toBe(body.spec.clusterIP);
  const headless = (await create("headless", { clusterIP: "None" })).body;
  expect(headless.spec).toMatchObject({ clusterIP: "None", clusterIPs: ["None"] });
});

test("what is taken or foreign is refused, and free again when its holder is gone", async () => {
  const wish = { type: "NodePort", clusterIP: "10.96.7.7", ports: [{ port: 80, nodePort: 30_777 }] };
  expect((await create("first", wish)).code).toBe(201);
  const messageOf = async (name: string, spec: object) => (await create(name, spec)).body.message as string; // a Status
  expect(await messageOf("second", { clusterIP: "10.96.7.7" })).toBe(
    'Service "second" is invalid: spec.clusterIPs: Invalid value: ["10.96.7.7"]: failed to allocate IP 10.96.7.7: provided IP is already allocated',
  );
  expect(await messageOf("second", { clusterIP: "10.16.0.9" })).toContain(
    "the provided IP (10.16.0.9) is not in the valid range. The range of valid IPs is 10.96.0.0/12",
  );
  expect(await messageOf("second", { type: "NodePort", ports: [{ port: 80, nodePort: 30_777 }] })).toBe(
    'Service "second" is invalid: spec.ports[0].nodePort: Invalid value: 30777: provided port is already allocated',
  );
  expect(await messageOf("second", { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] })).toContain(
    "The range of valid ports is 30000-32767",
  );
  expect(await messageOf("second", { ports: [{ port: 80, nodePort: 30_778 }] })).toContain(
    "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
  );
  expect(await messageOf("second", { ipFamilies: ["IPv6"] })).toContain("not configured on this cluster");
  expect(await messageOf("second", { ports: [{ port: 1 }, { port: 2 }] })).toContain(
    "spec.ports[0].name: Required value",
  );
  await cluster.call(`${services}/first`, { method: "DELETE" });
  expect((await create("second", wish)).code).toBe(201);
});

test("an update keeps what was given, and may not change the address", async () => {
  const { body } = await create("kept", { type: "NodePort" });
  const put = async (spec: object) =>
    cluster.call(`${services}/kept`, { method: "PUT", body: service("kept", spec) });
  const bare = await put({ type: "NodePort", selector: { app: "web" } });
  expect(bare.body.spec).toMatchObject({
    clusterIP: body.spec.clusterIP,
    ports: [{ nodePort: body.spec.ports[0].nodePort }],
  });
  const moved = await put({ type: "NodePort", clusterIP: "10.96.9.9" });
  expect(moved.code).toBe(422);
  expect(moved.body.message).toContain(
    'spec.clusterIPs[0]: Invalid value: ["10.96.9.9"]: may not change once set',
  );
  const inside = await put({ type: "ClusterIP", clusterIP: body.spec.clusterIP, ports: body.spec.ports });
  expect(inside.code).toBe(200);
  expect(inside.body.spec.clusterIP).toBe(body.spec.clusterIP);
  expect(inside.body.spec.ports[0].nodePort).toBeUndefined();
});

test("what was given survives a restart", async () => {
  const wish = { clusterIP: "10.96.8.8", type: "NodePort", ports: [{ port: 80, nodePort: 30_888 }] };
  await create("lasting", wish);
  await cluster.close();
  cluster = await startCluster({ dataDir });
  expect((await cluster.call(`${services}/lasting`)).body.spec).toMatchObject(wish);
  expect((await create("late", { clusterIP: "10.96.8.8" })).code).toBe(422);
  expect((await create("late", { type: "NodePort", ports: [{ port: 80, nodePort: 30_888 }] })).code).toBe(
    422,
  );
});

test("endpoints follow the ready pods of the selector, and go with the service", async () => {
  const pod = (name: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: "web" } },
    spec: { containers: [{ name: "web", image: "registry.example.com/web:1" }] },
  });
  const core = "/api/v1/namespaces/project";
  const slices = "/apis/discovery.k8s.io/v1/namespaces/project/endpointslices";
  await create("web", { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] });
  const podIp = async (name: string) =>
    eventually(async () => {
      const { status } = (await cluster.call(`${core}/pods/${name}`)).body;
      return status?.phase === "Running" && (status.podIP as string); // a Pod's status
    });
  const answering = async (): Promise<string[]> => {
    const { body } = await cluster.call(`${core}/endpoints/web`);
    const [subset] = body.subsets ?? [];
    return (subset?.addresses ?? []).map((one: { ip: string }) => one.ip);
  };
  for (const name of ["web-1", "web-2"]) await cluster.call(`${core}/pods`, { body: pod(name) });
  const both = [await podIp("web-1"), await podIp("web-2")];
  await eventually(async () => (await answering()).length === 2);
  expect(await answering()).toEqual(both);
  const { items } = (await cluster.call(`${slices}?labelSelector=kubernetes.io/service-name=web`)).body;
  expect(items).toMatchObject([
    {
      addressType: "IPv4",
      endpoints: both.map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
      ports: [{ port: 8080, protocol: "TCP" }],
    },
  ]);
  await cluster.call(`${core}/pods/web-1`, { method: "DELETE" });
  await eventually(async () => (await answering()).length === 1);
  expect(await answering()).toEqual(both.slice(1));
  await cluster.call(`${services}/web`, { method: "DELETE" });
  await eventually(async () => (await cluster.call(`${core}/endpoints/web`)).code === 404);
  await eventually(
    async () =>
      (await cluster.call(`${slices}?labelSelector=kubernetes.io/service-name=web`)).body.items.length === 0,
  );
});
