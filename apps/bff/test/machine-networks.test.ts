/** Where a machine is on the networks: chosen when it is made, changed afterwards, with its security groups, over a real console. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const project = "web-shop";
const mib = 1024 ** 2;
let cut: ConsoleUnderTest;
let operator: Person;
let alice: Person;

const kubeOvn = { apiVersion: "kubeovn.io/v1" };
const group = (name: string) => ({
  ...kubeOvn,
  kind: "SecurityGroup",
  metadata: { name },
  spec: { ingressRules: [], egressRules: [] },
});

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  operator = await cut.signIn("operator");
  alice = await cut.signIn("alice");
  cut.sim.seed([group("allow-web"), group("allow-ssh")]);
  await until(
    async () =>
      (await operator.call("listObjects", { params: { noun: "security-group" } })).rows.filter(({ name }) =>
        name.startsWith("allow-"),
      ).length === 2,
  );
});
afterAll(async () => cut.close());

const spec = (name: string, over: Record<string, unknown>) => ({
  name,
  source: { kind: "blank" } as const,
  diskSizeBytes: 64 * mib,
  sizing: { kind: "custom", cpuCores: 1, memoryBytes: 128 * mib } as const,
  cloudInit: { kind: "none" } as const,
  startAfterCreate: false,
  ...over,
});

const blocking = async (person: Person, over: Record<string, unknown>) =>
  (await person.call("previewVm", { params: { project }, body: spec("looked-at", over) })).checks
    .filter(({ result }) => result === "blocking")
    .flatMap(({ fields }) => (fields ?? []).map(({ path, reason }) => `${path} ${reason.code}`));

test("what cannot be had is said at its field before anything is made", async () => {
  expect(await blocking(operator, { nic: { securityGroups: ["allow-web", "no-such"] } })).toEqual([
    "nic.securityGroups.1 security-group-missing",
  ]);
  expect(await blocking(operator, { attachments: ["backup", "no-such"] })).toEqual([
    "attachments.1 network-attachment-missing",
  ]);
  expect(await blocking(operator, { nic: { subnet: "shop-back", ips: ["10.20.1.90"] } })).toEqual([
    "nic.ips.0 ip-taken",
  ]);
  expect(await blocking(operator, { nic: { ips: ["10.20.1.91", "10.20.1.92"] } })).toEqual([
    "nic.ips.1 ip-family-twice",
  ]);
  expect(await blocking(operator, { attachments: ["backup", "backup"] })).toEqual([
    "attachments.1 named-twice",
  ]);
  expect(await blocking(operator, { dataDisks: [{ sizeBytes: mib, storageClass: "no-such" }] })).toEqual([
    "dataDisks.0.storageClass storage-class-missing",
  ]);
});

test("who may not look at security groups learns nothing of which there are", async () => {
  const nic = (name: string) => ({ nic: { securityGroups: [name] } });
  expect(await blocking(alice, nic("no-such"))).toEqual(await blocking(alice, nic("allow-web")));
});

test("a disk that is there already is not taken for an empty one", async () => {
  cut.sim.seed([
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "looked-at-data-1", namespace: project },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
    },
  ]);
  await until(
    async () =>
      (await operator.call("listDisks", { query: { project, q: "looked-at-data-1" } })).rows.length === 1,
  );
  expect(await blocking(operator, { dataDisks: [{ sizeBytes: mib }] })).toEqual([
    "name disk-name-taken-by-old",
  ]);
  expect(await blocking(operator, {})).toEqual([]);
});

test("who may only look at a machine learns nothing of addresses by asking for them", async () => {
  const viewer = await cut.signIn("viewer");
  const params = { project, name: "shop-db-1" };
  const { values: was } = await viewer.call("getVmSettings", { params });
  const asking = async (ips: string[]) =>
    viewer.refused("checkVmSettings", { params, body: { was, values: { ...was, ips } } });
  const taken = await asking(["10.20.1.90"]);
  const free = await asking(["10.20.1.99"]);
  expect(taken.status).toBe(403);
  const told = ({ body: { error } }: typeof taken) => ({ ...error, requestId: "" });
  expect(told(taken)).toEqual(told(free));
});

test("empty disks count against the quota with the first one", async () => {
  const quota = await operator.call("listObjects", {
    params: { noun: "resource-quota" },
    query: { project },
  });
  expect(quota.rows.length).toBeGreaterThan(0);
  const huge = { dataDisks: [{ sizeBytes: 60 * 1024 ** 4 }] };
  const { checks } = await operator.call("previewVm", {
    params: { project },
    body: spec("too-much", huge),
  });
  expect(checks.find(({ name }) => name === "quota")).toMatchObject({
    result: "blocking",
    reason: { code: "quota-exceeded", params: { resource: "requests.storage" } },
  });
});

test("a machine is made with more disks, interfaces and groups, and its groups are changed", async () => {
  const name = "well-connected";
  const params = { project, name };
  await operator.call("createVm", {
    params: { project },
    body: spec(name, {
      nic: { subnet: "shop-back", ips: ["10.20.1.77"], securityGroups: ["allow-web"] },
      attachments: ["backup"],
      dataDisks: [{ sizeBytes: 32 * mib }],
    }),
  });
  const made = await until(async () => {
    const detail = await operator.call("getVm", { params });
    return detail.nics.length === 2 && detail.disks.length === 2 && detail;
  });
  expect(made.nics.map((nic) => nic.network)).toEqual(["pod", "backup"]);
  expect(made.disks.map(({ claim }) => claim?.name)).toEqual([`${name}-root`, `${name}-data-1`]);
  const usedBy = async (one: string) =>
    (
      await operator.call("getObject", {
        params: { noun: "security-group", project: "_", name: one },
      })
    ).detail as { usedBy: { machines: { name: string }[] } };
  expect((await usedBy("allow-web")).usedBy.machines).toMatchObject([{ name }]);
  expect((await usedBy("allow-ssh")).usedBy.machines).toEqual([]);

  const { values: was } = await operator.call("getVmSettings", { params });
  expect(was).toMatchObject({ subnet: "shop-back", ips: ["10.20.1.77"], securityGroups: ["allow-web"] });
  const taken = await operator.call("checkVmSettings", {
    params,
    body: { was, values: { ...was, ips: ["10.20.1.90"] } },
  });
  expect(taken).toMatchObject({ ok: false, fields: [{ path: "ips.0", reason: { code: "ip-taken" } }] });
  const foreign = await operator.call("checkVmSettings", {
    params,
    body: { was, values: { ...was, subnet: "data-main" } },
  });
  expect(foreign.fields).toMatchObject([{ path: "subnet", reason: { code: "subnet-not-for-project" } }]);
  const missing = await operator.call("checkVmSettings", {
    params,
    body: { was, values: { ...was, securityGroups: ["no-such"] } },
  });
  expect(missing.fields).toMatchObject([
    { path: "securityGroups.0", reason: { code: "security-group-missing" } },
  ]);

  const saved = await operator.call("putVmSettings", {
    params,
    body: { was, values: { ...was, ips: ["10.20.1.78"], securityGroups: ["allow-ssh", "allow-web"] } },
  });
  expect(saved.changes.map(({ field, effect }) => `${field} ${effect}`)).toEqual([
    "ips next-start",
    "securityGroups next-start",
  ]);
  await until(async () => (await usedBy("allow-ssh")).usedBy.machines.length === 1);
  const { yaml } = await operator.call("getVmYaml", { params });
  expect(yaml).toContain("ovn.kubernetes.io/security_groups: allow-ssh,allow-web");
  expect(yaml).toContain('ovn.kubernetes.io/port_security: "true"');
  expect(yaml).toContain("ovn.kubernetes.io/ip_address: 10.20.1.78");
});
