/** The platform's status over a whole console: versions, workloads and OVN, and what is said when a part is missing or ill. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { objectPath } from "../src/kube/kube-path.ts";
import { resourceTypes as types } from "../src/kube/resource-types.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";

let cut: ConsoleUnderTest;
let operator: Person;

beforeAll(async () => {
  cut = await startConsole();
  operator = await cut.signIn("operator");
});
afterAll(async () => cut.close());

const part = async (name: string) =>
  (await operator.call("getPlatformStatus")).parts.find((one) => one.name === name);

test("every part with its version, and OVN with its leaders and hosts", async () => {
  const status = await operator.call("getPlatformStatus");
  const versions = Object.fromEntries(status.parts.map(({ name, version }) => [name, version]));
  expect(versions).toMatchObject({ KubeVirt: "v1.9.0", CDI: "v1.66.0", "Kube-OVN": "v1.16.0" });
  expect(versions["Kubernetes"]).toMatch(/^v1\.\d+/);
  expect(status.parts.find(({ name }) => name === "KubeVirt")).toMatchObject({
    phase: "Deployed",
    tone: "ok",
  });
  expect(status.parts.find(({ name }) => name === "Prometheus")?.reason).toMatchObject({
    code: "prometheus-not-configured",
  });
  expect(status.workloads.filter((one) => one.part === "KubeVirt").map((one) => one.name)).toEqual([
    "virt-api",
    "virt-controller",
    "virt-handler",
    "virt-operator",
  ]);
  expect(status.workloads.every((one) => one.tone === "ok")).toBe(true);
  expect(status.ovn.databases.map(({ name, leader }) => `${name} ${leader.slice(0, 11)}`)).toEqual([
    "northbound ovn-central",
    "southbound ovn-central",
    "northd ovn-central",
  ]);
  expect(status.ovn.members).toHaveLength(3);
  expect(status.ovn.hosts).toHaveLength(6);
  expect(status.ovn.hosts.every(({ ovs, cni }) => ovs?.ready === true && cni?.ready === true)).toBe(true);
});

test("a host without its pods, and a database without a leader, are seen", async () => {
  const client = cut.app.services.service;
  const { ovn } = await operator.call("getPlatformStatus");
  const cni = ovn.hosts.find(({ host }) => host === "host-2")?.cni?.name ?? "";
  const leader = ovn.databases[0]?.leader ?? "";
  const remove = async (name: string) =>
    client.done(objectPath(types.pod, name, "kube-system"), {
      method: "DELETE",
      body: { gracePeriodSeconds: 0 },
    });
  await remove(cni);
  await remove(leader);
  const after = await operator.call("getPlatformStatus");
  expect(after.ovn.hosts.find(({ host }) => host === "host-2")?.cni).toBeNull();
  expect(after.ovn.databases.map((database) => database.leader)).toEqual(["", "", ""]);
});

test.each([
  ["KubeVirt", "/apis/kubevirt.io/v1/kubevirts", 404, "component-absent", "off"],
  ["CDI", "/apis/cdi.kubevirt.io/v1beta1/cdis", 404, "component-absent", "off"],
  ["CDI", "/apis/cdi.kubevirt.io/v1beta1/cdis", 503, "component-failing", "error"],
] as const)("%s at %s answering %i", async (name, urlContains, code, reason, tone) => {
  const mend = cut.sim.faults.add({ urlContains, effect: { kind: "status", code } });
  expect(await part(name)).toMatchObject({ tone, reason: { code: reason } });
  mend();
});

test("workloads that cannot be read leave the rest standing", async () => {
  const mend = cut.sim.faults.add({ urlContains: "/apis/apps/v1/", effect: { kind: "status", code: 503 } });
  const status = await operator.call("getPlatformStatus");
  expect(status.workloads).toEqual([]);
  expect(status.workloadsReason?.code).toBe("component-failing");
  expect(status.parts.length).toBeGreaterThan(4);
  mend();
});

test("without Kube-OVN the page opens and says so", async () => {
  const mend = cut.sim.faults.add({ urlContains: "/apis/kubeovn.io", effect: { kind: "status", code: 404 } });
  const bare = await startConsole({ sim: cut.sim });
  try {
    const boss = await bare.signIn("operator");
    const { parts } = await boss.call("getPlatformStatus");
    expect(parts.find(({ name }) => name === "Kube-OVN")).toMatchObject({
      tone: "off",
      reason: { code: "component-absent" },
    });
    expect((await boss.call("getCapacity")).hosts.total).toBe(6);
    expect((await boss.call("getHost", { params: { name: "host-1" } })).row.name).toBe("host-1");
  } finally {
    mend();
    await bare.close();
  }
});

test("metrics that nobody answers for are ill, though their API group is told of", async () => {
  const mend = cut.sim.faults.add({
    urlContains: "/apis/metrics.k8s.io/v1beta1/",
    effect: { kind: "status", code: 503 },
  });
  const bare = await startConsole({ sim: cut.sim });
  try {
    const boss = await bare.signIn("operator");
    const { parts } = await boss.call("getPlatformStatus");
    expect(parts.find(({ name }) => name === "Metrics")).toMatchObject({
      tone: "error",
      reason: { code: "component-failing" },
    });
  } finally {
    mend();
    await bare.close();
  }
});

test("tenants are not told", async () => {
  for (const name of ["alice", "bob"])
    expect((await (await cut.signIn(name)).refused("getPlatformStatus")).status).toBe(403);
});
