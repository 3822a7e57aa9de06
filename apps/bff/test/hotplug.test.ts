/** Disks that join and leave a machine through the console, while it runs. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const project = "web-shop";
const params = { project, name: "plugged" };
let cut: ConsoleUnderTest;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  cut = await startConsole();
  cut.sim.seed([
    {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name: params.name, namespace: project },
      spec: {
        runStrategy: "Always",
        template: {
          spec: {
            domain: {
              devices: { disks: [{ name: "seed", disk: { bus: "virtio" } }] },
              memory: { guest: "128Mi" },
            },
            volumes: [{ name: "seed", cloudInitNoCloud: { userData: "#cloud-config\n" } }],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "extra.disk", namespace: project },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "16Mi" } } },
    },
  ]);
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
  await until(async () => (await alice.call("getVm", { params })).row.state.status === "Running");
});
afterAll(async () => cut.close());

const diskOf = async (name: string) =>
  (await alice.call("getVm", { params })).disks.find((disk) => disk.name === name);

test("a disk joins the running machine and leaves it; the trail says so", async () => {
  expect(await diskOf("seed")).toMatchObject({
    hotplugged: false,
    detach: { allowed: false, reason: { code: "disk-of-the-definition" } },
  });
  await alice.call("attachVmDisk", { params, body: { claim: "extra.disk", bus: "scsi" } });
  const attached = await until(async () => {
    const disk = await diskOf("extra-disk");
    return disk !== undefined && disk.attaching === undefined && disk.claim?.phase === "Bound" && disk;
  });
  expect(attached).toMatchObject({ bus: "scsi", hotplugged: true, detach: { allowed: true } });
  expect((await alice.call("getVmPending", { params })).changes).toEqual([]);
  const twice = await alice.refused("attachVmDisk", { params, body: { claim: "extra.disk" } });
  expect(twice.body.error.fields).toMatchObject([{ reason: { code: "disk-attached-already" } }]);
  await alice.call("detachVmDisk", { params: { ...params, disk: "extra-disk" } });
  await until(async () => (await diskOf("extra-disk")) === undefined);
  const { rows } = await alice.call("listActivity", { query: { project, name: params.name } });
  expect(rows.map((row) => `${row.action} ${row.outcome}`)).toEqual([
    "detachDisk ok",
    "attachDisk refused",
    "attachDisk ok",
  ]);
});

test("a claim that is not there is said before the machine waits for it without end", async () => {
  const refused = await alice.refused("attachVmDisk", { params, body: { claim: "nowhere" } });
  expect(refused.body.error.fields).toMatchObject([{ path: "claim", reason: { code: "disk-missing" } }]);
});

test("a disk of the definition stays, in the cluster's words; bob may do neither", async () => {
  const kept = await alice.refused("detachVmDisk", { params: { ...params, disk: "seed" } });
  expect(kept.body.error.upstream?.message).toContain("it is not hotpluggable");
  expect((await bob.refused("attachVmDisk", { params, body: { claim: "extra.disk" } })).status).toBe(403);
  expect((await bob.refused("detachVmDisk", { params: { ...params, disk: "seed" } })).status).toBe(403);
});
