/** Storage classes: three that differ, profiles of those and of later ones, attach limits, capacity, claims of snapshots and of claims. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;
const classes = "/apis/storage.k8s.io/v1/storageclasses";
const profiles = "/apis/cdi.kubevirt.io/v1beta1/storageprofiles";
const snapshotClasses = "/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses";

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "d" } } });
});
afterAll(() => cluster.close());

async function make(path: string, body: object): Promise<void> {
  const made = await cluster.call(path, { body });
  expect([made.code, made.text]).toEqual([201, expect.any(String)]);
}

/** The status of a profile once it is as wanted. */
const profile = (
  name: string,
  is: (status: Record<string, any>) => boolean, // any: an answer's body
) =>
  eventually(async () => {
    const { code, body } = await cluster.call(`${profiles}/${name}`);
    return code === 200 && body.status?.conditions !== undefined && is(body.status) && body.status;
  });

test("three classes differ: shared blocks, a file for one host, no snapshots", async () => {
  expect(await profile("fast-block", () => true)).toMatchObject({
    claimPropertySets: [{ accessModes: ["ReadWriteMany"], volumeMode: "Block" }],
    cloneStrategy: "csi-clone",
    dataImportCronSourceFormat: "pvc",
    snapshotClass: "fast-block-snapshots",
    conditions: [{ type: "Recognized", status: "True", reason: "RecognizedProvisioner" }],
  });
  expect(await profile("standard-file", () => true)).toMatchObject({
    claimPropertySets: [{ accessModes: ["ReadWriteOnce"], volumeMode: "Filesystem" }],
    snapshotClass: "standard-file-snapshots",
  });
  const archive = await profile("archive", () => true);
  expect(archive).toMatchObject({ cloneStrategy: "copy" });
  expect(archive).not.toHaveProperty("snapshotClass");
});

test("a later class gets a profile, which follows its snapshot class and goes with it", async () => {
  await make(classes, { metadata: { name: "later" }, provisioner: "made.up/driver" });
  const first = await profile("later", () => true);
  expect(first).toEqual({
    storageClass: "later",
    provisioner: "made.up/driver",
    claimPropertySets: [],
    cloneStrategy: "copy",
    dataImportCronSourceFormat: "pvc",
    conditions: [
      {
        type: "Recognized",
        status: "False",
        reason: "UnrecognizedProvisioner",
        message: "Provisioner is not recognized",
        lastTransitionTime: expect.any(String),
      },
    ],
  });
  await make(snapshotClasses, {
    apiVersion: "snapshot.storage.k8s.io/v1",
    kind: "VolumeSnapshotClass",
    metadata: { name: "later-snapshots" },
    driver: "made.up/driver",
    deletionPolicy: "Delete",
  });
  const second = await profile("later", ({ snapshotClass }) => snapshotClass !== undefined);
  expect(second).toMatchObject({ snapshotClass: "later-snapshots", cloneStrategy: "snapshot" });
  await cluster.call(`${profiles}/later`, { method: "DELETE" });
  await profile("later", ({ snapshotClass }) => snapshotClass === "later-snapshots");
  await cluster.call(`${classes}/later`, { method: "DELETE" });
  await eventually(async () => (await cluster.call(`${profiles}/later`)).code === 404);
});
