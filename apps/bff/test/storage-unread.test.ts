/** What the console may not read about storage does not stand in a person's way: the cluster decides then. */
import { noProject } from "@kubev/api-types/object-catalog";
import { startKubeSim, type KubeSim } from "@kubev/kube-sim/start";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startConsole } from "./console-under-test.ts";

const project = "web-shop";
const disk = { name: "unread-1", source: { kind: "blank" as const }, sizeBytes: 1024 ** 3 };
let sim: KubeSim;

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
});
afterEach(() => sim.faults.clear());
afterAll(async () => sim.close());

test.each([
  { resource: "storageprofiles.cdi.kubevirt.io", path: "/storageprofiles?", storageClass: "fast-block" },
  { resource: "storageclasses.storage.k8s.io", path: "/storageclasses?", storageClass: "" },
])(
  "without $resource disks are made, and it is said that nobody looked",
  async ({ resource, path, storageClass }) => {
    sim.faults.add({ urlContains: path, effect: { kind: "status", code: 401 } });
    const cut = await startConsole({ sim });
    const alice = await cut.signIn("alice");
    const body = { ...disk, name: `of-${resource.split(".")[0]}`, storageClass };
    const preview = await alice.call("previewDisk", { params: { project }, body });
    expect(preview.checks.find(({ name }) => name === "storage")).toMatchObject({
      result: "unknown",
      reason: { code: "feed-forbidden", params: { resource } },
    });
    expect(preview.creatable).toBe(true);
    await alice.call("createDisk", { params: { project }, body });
    await cut.close();
  },
);

test("a class whose profile may not be read is offered, and nothing bad is said of it", async () => {
  sim.faults.add({ urlContains: "/storageprofiles?", effect: { kind: "status", code: 401 } });
  const cut = await startConsole({ sim });
  const alice = await cut.signIn("alice");
  const { storageClasses } = await alice.call("listStorageClasses");
  expect(storageClasses.length).toBeGreaterThan(0);
  expect(storageClasses.filter(({ reason }) => reason !== undefined)).toEqual([]);
  const operator = await cut.signIn("operator");
  const { detail, notes } = await operator.call("getObject", {
    params: { noun: "storage-class", project: noProject, name: "fast-block" },
  });
  expect(detail).toMatchObject({ hasProfile: null });
  expect(notes).toEqual([]);
  await cut.close();
});
