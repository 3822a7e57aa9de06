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
const profile = (name: string, is: (status: { snapshotClass?: string }) => boolean) =>
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

const claims = "/api/v1/namespaces/d/persistentvolumeclaims";
const pods = "/api/v1/namespaces/d/pods";
const snapshots = "/apis/snapshot.storage.k8s.io/v1/namespaces/d/volumesnapshots";
const contents = "/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents";

const claim = (name: string, storageClassName: string, storage: string, more: object = {}) =>
  make(claims, {
    metadata: { name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      volumeMode: "Block",
      storageClassName,
      resources: { requests: { storage } },
      ...more,
    },
  });

const pod = (name: string, claimNames: string[], more: object = {}) =>
  make(pods, {
    metadata: { name },
    spec: {
      containers: [{ name: "main", image: "main" }],
      volumes: claimNames.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
      ...more,
    },
  });

const bound = (name: string) =>
  eventually(async () => {
    const { body } = await cluster.call(`${claims}/${name}`);
    return body.status?.phase === "Bound" && body;
  });

/** The words of an event about the object. */
const told = (name: string, reason: string) =>
  eventually(async () => {
    const { body } = await cluster.call("/api/v1/namespaces/d/events");
    const found = body.items.find(
      (event: { reason: string; involvedObject: { name: string } }) =>
        event.reason === reason && event.involvedObject.name === name,
    );
    return found?.message as string | undefined;
  });

test("a pod goes where the driver takes its volumes, starts once they are attached, and waits where none does", async () => {
  const { body: nodes } = await cluster.call("/apis/storage.k8s.io/v1/csinodes");
  for (const { metadata } of nodes.items)
    await cluster.call(`/apis/storage.k8s.io/v1/csinodes/${metadata.name}`, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: {
        spec: {
          drivers: [
            {
              name: "block.csi.kubev.dev",
              nodeID: metadata.name,
              topologyKeys: [],
              allocatable: { count: 1 },
            },
          ],
        },
      },
    });
  const hosts: string[] = nodes.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  for (const [index] of hosts.entries()) {
    await claim(`limit-${index}`, "fast-block", "1Mi");
    await bound(`limit-${index}`);
    await pod(`limit-${index}`, [`limit-${index}`]);
  }
  const running = await eventually(async () => {
    const { body } = await cluster.call(pods);
    const up = body.items.filter((one: { status: { phase: string } }) => one.status.phase === "Running");
    return up.length === hosts.length && up;
  });
  const { body: attachments } = await cluster.call("/apis/storage.k8s.io/v1/volumeattachments");
  expect(new Set(running.map((one: { spec: { nodeName: string } }) => one.spec.nodeName)).size).toBe(
    hosts.length,
  );
  expect(attachments.items.map((one: { status: { attached: boolean } }) => one.status.attached)).toEqual(
    hosts.map(() => true),
  );
  await claim("over", "fast-block", "1Mi");
  await bound("over");
  await pod("over", ["over"]);
  expect(await told("over", "FailedScheduling")).toContain(`${hosts.length} node(s) exceed max volume count`);
  await pod("forced", ["over"], { nodeName: hosts[0] });
  expect(await told("forced", "FailedAttachVolume")).toMatch(
    /^AttachVolume.Attach failed for volume "pvc-.*ResourceExhausted/,
  );
  expect((await cluster.call(`${pods}/forced`)).body.status.phase).not.toBe("Running");
});

test("capacity shrinks with each volume, and what does not fit is not provisioned", async () => {
  await make(classes, {
    metadata: { name: "small" },
    provisioner: "block.csi.kubev.dev",
    parameters: { "kubesim.kubev.io/zone-capacity": "64Mi" },
  });
  const free = (is: (bytes: string) => boolean) =>
    eventually(async () => {
      const { body } = await cluster.call("/apis/storage.k8s.io/v1/csistoragecapacities");
      const found = body.items.find((one: { storageClassName: string }) => one.storageClassName === "small");
      return is(found?.capacity ?? "") && found;
    });
  const whole = await free((capacity) => capacity === "64Mi");
  await claim("fits", "small", "48Mi");
  await bound("fits");
  await free((capacity) => capacity !== "" && capacity !== whole.capacity);
  await claim("too-large", "small", "65Mi");
  expect(await told("too-large", "ProvisioningFailed")).toContain("code = ResourceExhausted");
  expect((await cluster.call(`${claims}/too-large`)).body.status.phase).toBe("Pending");
});

test("a claim begins as a copy of another, or of a snapshot; whichever field names it, both do", async () => {
  await claim("origin", "fast-block", "2Mi");
  await bound("origin");
  await claim("copy", "fast-block", "4Mi", {
    dataSource: { kind: "PersistentVolumeClaim", name: "origin" },
  });
  expect((await bound("copy")).spec.dataSourceRef).toEqual({ kind: "PersistentVolumeClaim", name: "origin" });
  await claim("shrunk", "fast-block", "1Mi", {
    dataSourceRef: { kind: "PersistentVolumeClaim", name: "origin" },
  });
  expect(await told("shrunk", "ProvisioningFailed")).toContain(
    "must be greater than or equal in size to the specified PVC data source",
  );
  await claim("early", "fast-block", "2Mi", {
    dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "shot" },
  });
  expect(await told("early", "ProvisioningFailed")).toContain("snapshot shot is not Ready");
  await snapshot("shot", "keeping", { persistentVolumeClaimName: "origin" });
  await bound("early");
});

const snapshot = async (name: string, snapshotClass: string, source: object): Promise<void> => {
  const apiVersion = "snapshot.storage.k8s.io/v1";
  if ((await cluster.call(`${snapshotClasses}/${snapshotClass}`)).code === 404)
    await make(snapshotClasses, {
      apiVersion,
      kind: "VolumeSnapshotClass",
      metadata: { name: snapshotClass },
      driver: "block.csi.kubev.dev",
      deletionPolicy: "Retain",
    });
  await make(snapshots, {
    apiVersion,
    kind: "VolumeSnapshot",
    metadata: { name },
    spec: { volumeSnapshotClassName: snapshotClass, source },
  });
};

test("what a class retains outlives its snapshot and is bound again by its handle, or by nobody else's", async () => {
  const ready = (name: string) =>
    eventually(async () => {
      const { body } = await cluster.call(`${snapshots}/${name}`);
      return body.status?.readyToUse === true && body;
    });
  const content = (await ready("shot")).status.boundVolumeSnapshotContentName;
  const { snapshotHandle } = (await cluster.call(`${contents}/${content}`)).body.status;
  await cluster.call(`${snapshots}/shot`, { method: "DELETE" });
  await eventually(async () => (await cluster.call(`${snapshots}/shot`)).code === 404);
  expect((await cluster.call(`${contents}/${content}`)).code).toBe(200);
  await cluster.call(`${contents}/${content}`, { method: "DELETE" });
  await eventually(async () => (await cluster.call(`${contents}/${content}`)).code === 404);
  const known = (name: string, handle: string) =>
    make(contents, {
      apiVersion: "snapshot.storage.k8s.io/v1",
      kind: "VolumeSnapshotContent",
      metadata: { name },
      spec: {
        deletionPolicy: "Delete",
        driver: "block.csi.kubev.dev",
        source: { snapshotHandle: handle },
        volumeSnapshotRef: { namespace: "d", name },
      },
    });
  await known("again", snapshotHandle);
  await snapshot("again", "keeping", { volumeSnapshotContentName: "again" });
  expect((await ready("again")).status).toMatchObject({
    boundVolumeSnapshotContentName: "again",
    restoreSize: "2Mi",
  });
  await claim("restored", "fast-block", "2Mi", {
    dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "again" },
  });
  await bound("restored");
  const volume = (await bound("origin")).spec.volumeName;
  await known("stolen", volume);
  await snapshot("stolen", "keeping", { volumeSnapshotContentName: "stolen" });
  expect(await told("stolen", "SnapshotContentCheckandUpdateFailed")).toContain("code = NotFound");
  await snapshot("wrong", "keeping", { volumeSnapshotContentName: "again" });
  expect(await told("wrong", "SnapshotContentMisbound")).toContain("is bound to a different snapshot");
  await cluster.call(`${snapshots}/again`, { method: "DELETE" });
  await eventually(async () => (await cluster.call(`${contents}/again`)).code === 404);
});

test("volumes made by hand are bound to the claims that they fit or are kept for", async () => {
  const volume = (name: string, storage: string, extra: object = {}) =>
    make("/api/v1/persistentvolumes", {
      metadata: { name },
      spec: {
        capacity: { storage },
        accessModes: ["ReadWriteOnce", "ReadOnlyMany"],
        storageClassName: "manual",
        hostPath: { path: "/srv" },
        ...extra,
      },
    });
  const claim = (name: string, storage: string, extra: object = {}) =>
    make("/api/v1/namespaces/d/persistentvolumeclaims", {
      metadata: { name },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage } },
        storageClassName: "manual",
        ...extra,
      },
    });
  const boundTo = async (name: string) =>
    eventually(async () => {
      const { body } = await cluster.call(`/api/v1/namespaces/d/persistentvolumeclaims/${name}`);
      return body.status.phase === "Bound" && `${body.spec.volumeName} of ${body.status.capacity.storage}`;
    });
  await volume("large", "20Gi");
  await volume("small", "5Gi");
  await volume("kept", "1Gi", { claimRef: { namespace: "d", name: "expected" } });
  await claim("modest", "2Gi");
  expect(await boundTo("modest")).toBe("small of 5Gi");
  await claim("expected", "1Gi");
  expect(await boundTo("expected")).toBe("kept of 1Gi");
  // waits for the volume that it names, though another would do
  await claim("choosy", "1Gi", { volumeName: "late" });
  await volume("late", "2Gi");
  expect(await boundTo("choosy")).toBe("late of 2Gi");
  const unused = await cluster.call("/api/v1/persistentvolumes/large");
  expect(unused.body.status.phase).toBe("Available");
  await cluster.call("/api/v1/namespaces/d/persistentvolumeclaims/modest", { method: "DELETE" });
  const released = await eventually(async () => {
    const { body } = await cluster.call("/api/v1/persistentvolumes/small");
    return body.status.phase === "Released" && body;
  });
  expect(released.spec.claimRef.name).toBe("modest");
});
