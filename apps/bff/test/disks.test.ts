/** Disks over a whole console: what a hung import says, making from every source, growing, deleting; as operator, owner and stranger. */
import type { DiskCreateInput } from "@kubev/api-types/disk-create";
import { noProject } from "@kubev/api-types/object-catalog";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const gib = 1024 ** 3;
const project = "web-shop";
let cut: ConsoleUnderTest;
let operator: Person;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  cut = await startConsole();
  [operator, alice, bob] = await Promise.all([
    cut.signIn("operator"),
    cut.signIn("alice"),
    cut.signIn("bob"),
  ]);
});
afterAll(async () => cut.close());

const diskOf = (name: string, person = alice) => person.call("getDisk", { params: { project, name } });
const make = async (body: DiskCreateInput, person = alice) => {
  const preview = await person.call("previewDisk", { params: { project }, body });
  expect(preview.checks.filter((check) => check.result === "blocking")).toEqual([]);
  expect(preview.creatable).toBe(true);
  expect(preview.yaml).toContain("kind: DataVolume");
  return person.call("createDisk", { params: { project }, body });
};
const becomes = async (name: string, status: string) =>
  until(async () => {
    const detail = await diskOf(name);
    return detail.row.state.status === status && detail;
  });

describe("one disk", () => {
  test("a hung import says why, in the words of DataVolume and pod", async () => {
    const params = { project: "office-it", name: "scanner-import" };
    const detail = await until(async () => {
      const found = await operator.call("getDisk", { params });
      // the words of the volume may come before its pod has failed again
      return (
        found.row.state.status === "failed" &&
        found.causes.some((cause) => cause.kind === "DataVolume") &&
        found
      );
    });
    expect(detail.row.state.reason).toMatchObject({ code: "disk-fill-failed" });
    expect(detail.causes[0]?.message).toContain("network is unreachable");
    expect(detail.causes.map((cause) => cause.kind)).toContain("Pod");
    expect(detail.source).toEqual({ kind: "url", from: "https://images.example.com/scanner.qcow2" });
    expect(detail.dataVolume?.restarts).toBeGreaterThan(0);
    expect(detail.row.actions.snapshot).toMatchObject({ allowed: false });
    const { events } = await operator.call("listDiskEvents", { params });
    expect(events.map((event) => event.object.kind)).toContain("DataVolume");
  });

  test("a claim of a class that is gone says so", async () => {
    const params = { project: "office-it", name: "badge-reader-root" };
    const detail = await until(async () => {
      const found = await operator.call("getDisk", { params });
      return found.causes.length > 0 && found;
    });
    expect(detail.causes[0]).toMatchObject({
      kind: "PersistentVolumeClaim",
      reason: "ProvisioningFailed",
      message: 'storageclass.storage.k8s.io "gone-san" not found',
    });
    expect(detail.storageClass).toBeNull();
    expect(detail.goes.map((one) => one.kind)).toEqual(["PersistentVolumeClaim"]);
  });

  test("tells who uses it, its snapshots, and what would go with it", async () => {
    const detail = await diskOf("shop-db-1-data", operator);
    expect(detail.machines).toEqual([{ name: "shop-db-1", running: true }]);
    // a third comes with the snapshot of the whole machine, a moment later
    expect(detail.snapshots.map((snapshot) => snapshot.name)).toEqual(
      expect.arrayContaining(["shop-db-1-data-friday", "shop-db-1-data-monday"]),
    );
    expect(detail.volume).toMatchObject({ driver: "block.csi.kubev.dev", reclaimPolicy: "Delete" });
    expect(detail.storageClass).toMatchObject({ expandable: true, snapshots: true });
    expect(detail.growthSeen).toBe("at-once");
    expect(detail.row.actions.delete).toMatchObject({
      allowed: false,
      reason: { code: "disk-in-use", params: { by: "shop-db-1" } },
    });
    const hers = await diskOf("shop-db-1-data");
    expect(hers.volume).toBeNull(); // volumes are the operator's to read
    expect(hers.machines).toHaveLength(1);
  });

  test("is nobody else's", async () => {
    for (const operation of ["getDisk", "listDiskEvents", "deleteDisk"] as const)
      expect((await bob.refused(operation, { params: { project, name: "shop-db-1-data" } })).status).toBe(
        403,
      );
  });
});

describe("a new disk", () => {
  test("blank, then a copy of it, and what it counts against", async () => {
    const body = { name: "blank-1", source: { kind: "blank" }, sizeBytes: gib } as const;
    const preview = await alice.call("previewDisk", { params: { project }, body });
    expect(preview.quota.map((line) => line.resource)).toContain("requests.storage");
    await make(body);
    const blank = await becomes("blank-1", "ready");
    expect(blank.row).toMatchObject({ sizeBytes: gib, storageClass: "fast-block", volumeMode: "Block" });
    await make({ name: "copy-1", source: { kind: "disk", project, name: "blank-1" }, sizeBytes: 2 * gib });
    expect((await becomes("copy-1", "ready")).source).toEqual({ kind: "disk", from: `${project}/blank-1` });
    const { rows } = await alice.call("listActivity", { query: { project } });
    expect(rows.map((row) => `${row.action} ${row.noun} ${row.name} ${row.outcome}`)).toContain(
      "create disk copy-1 ok",
    );
  });

  test("from a shared image, because everybody may copy out of its project", async () => {
    await make({
      name: "from-image",
      source: { kind: "image", project: "shared-images", name: "kubev-demo" },
      sizeBytes: gib,
    });
    expect((await becomes("from-image", "ready")).source?.from).toBe("shared-images/kubev-demo");
  });

  test("from a snapshot", async () => {
    await make({ name: "for-snap", source: { kind: "blank" }, sizeBytes: gib });
    await becomes("for-snap", "ready");
    cut.sim.seed([
      {
        apiVersion: "snapshot.storage.k8s.io/v1",
        kind: "VolumeSnapshot",
        metadata: { name: "snap-1", namespace: project },
        spec: {
          volumeSnapshotClassName: "fast-block-snapshots",
          source: { persistentVolumeClaimName: "for-snap" },
        },
      },
    ]);
    await until(
      () => cut.app.services.inventory.feeds.volumeSnapshots.table.get(project, "snap-1")?.ready === true,
    );
    await make({ name: "restored", source: { kind: "snapshot", name: "snap-1" }, sizeBytes: gib });
    const restored = await becomes("restored", "ready");
    expect(restored.source).toEqual({ kind: "snapshot", from: `${project}/snap-1` });
  });

  test("on a class that waits, it waits unless told not to", async () => {
    const body = { source: { kind: "blank" }, sizeBytes: gib, storageClass: "standard-file" } as const;
    const preview = await alice.call("previewDisk", { params: { project }, body: { ...body, name: "lazy" } });
    expect(preview.checks.find((check) => check.name === "storage")?.reason?.code).toBe(
      "storage-waits-for-consumer",
    );
    await make({ ...body, name: "lazy" });
    await becomes("lazy", "waiting-for-consumer");
    await make({ ...body, name: "eager", bindNow: true });
    await becomes("eager", "ready");
  });

  test("from a URL that cannot be reached, it says why", async () => {
    await make({
      name: "from-url",
      source: { kind: "url", url: "https://images.example.com/a.qcow2" },
      sizeBytes: gib,
    });
    const stuck = await becomes("from-url", "failed");
    expect(stuck.causes[0]?.message).toContain("network is unreachable");
  });

  const source = { kind: "blank" } as const;
  test.each<[string, Partial<DiskCreateInput>, string, string]>([
    ["a taken name", { name: "shop-db-1-data", source }, "name", "name-taken"],
    ["more than the quota has", { sizeBytes: 900 * 1024 * gib, source }, "sizeBytes", "quota-exceeded"],
    ["a class that is not there", { storageClass: "none", source }, "storageClass", "storage-class-missing"],
    ["no address", { source: { kind: "url", url: "images.example.com" } }, "source.url", "source-url-wrong"],
    [
      "another scheme",
      { source: { kind: "url", url: "file:///etc/passwd" } },
      "source.url",
      "source-url-wrong",
    ],
    [
      "a password",
      { source: { kind: "url", url: "https://a:b@example.com/x" } },
      "source.url",
      "source-url-credentials",
    ],
    [
      "no container image",
      { source: { kind: "registry", url: "quay.io/x" } },
      "source.url",
      "source-registry-wrong",
    ],
    [
      "a snapshot that is not there",
      { source: { kind: "snapshot", name: "none" } },
      "source.name",
      "snapshot-missing",
    ],
    [
      "a disk that she may not see",
      { source: { kind: "disk", project: "build-farm", name: "runner-1-root" } },
      "source.name",
      "disk-missing",
    ],
    [
      "less than the source",
      { source: { kind: "disk", project, name: "shop-db-1-data" } },
      "sizeBytes",
      "disk-smaller-than-source",
    ],
  ])("%s is refused at its field, in the preview too", async (_what, over, path, code) => {
    const body = { name: "refused", sizeBytes: gib, source, ...over };
    const preview = await alice.call("previewDisk", { params: { project }, body });
    expect(preview.creatable).toBe(false);
    const refused = await alice.refused("createDisk", { params: { project }, body });
    expect(refused.body.error.fields?.map((field) => `${field.path} ${field.reason.code}`)).toContain(
      `${path} ${code}`,
    );
  });

  test("copying out of a project needs CDI's own right there", async () => {
    const rbac = "rbac.authorization.k8s.io";
    cut.sim.seed([
      {
        apiVersion: `${rbac}/v1`,
        kind: "Role",
        metadata: { name: "looker", namespace: "build-farm" },
        rules: [
          { apiGroups: [""], resources: ["persistentvolumeclaims", "namespaces"], verbs: ["get", "list"] },
        ],
      },
      {
        apiVersion: `${rbac}/v1`,
        kind: "RoleBinding",
        metadata: { name: "looker", namespace: "build-farm" },
        roleRef: { apiGroup: rbac, kind: "Role", name: "looker" },
        subjects: [{ kind: "User", apiGroup: rbac, name: "alice" }],
      },
    ]);
    await until(async () => (await alice.call("listDisks", { query: { project: "build-farm" } })).total > 0);
    const [disk] = (await alice.call("listDisks", { query: { project: "build-farm" } })).rows;
    const body = {
      name: "taken-out",
      source: { kind: "disk", project: "build-farm", name: disk?.name ?? "" },
      sizeBytes: 500 * gib,
    } as const;
    const preview = await alice.call("previewDisk", { params: { project }, body });
    expect(preview.checks.find((check) => check.name === "image")?.reason).toMatchObject({
      code: "clone-right-missing",
      params: { project: "build-farm" },
    });
    expect(preview.checks.find((check) => check.name === "dry-run")?.reason?.upstreamText).toContain(
      "insufficient permissions in clone source namespace build-farm",
    );
    const refused = await alice.refused("createDisk", { params: { project }, body });
    expect(refused.body.error.reason?.code).toBe("clone-right-missing");
  });
});

describe("growing", () => {
  test("grows, never shrinks, not over the quota, not on a class that cannot", async () => {
    await make({ name: "grows", source: { kind: "blank" }, sizeBytes: gib });
    await becomes("grows", "ready");
    const params = { project, name: "grows" };
    await alice.call("resizeDisk", { params, body: { sizeBytes: 2 * gib } });
    await until(async () => (await diskOf("grows")).row.sizeBytes === 2 * gib);
    const shrunk = await alice.refused("resizeDisk", { params, body: { sizeBytes: gib } });
    expect(shrunk.body.error.fields?.[0]).toMatchObject({
      path: "sizeBytes",
      reason: { code: "disk-shrinks", params: { currentBytes: 2 * gib } },
    });
    const over = await alice.refused("resizeDisk", { params, body: { sizeBytes: 900 * 1024 * gib } });
    expect(over.body.error.reason?.code).toBe("quota-exceeded");
    const fixed = { project, name: "old-catalogue" };
    expect((await diskOf("old-catalogue")).row.actions).toMatchObject({
      resize: { allowed: false, reason: { code: "disk-class-fixed" } },
      snapshot: { allowed: false, reason: { code: "storage-class-no-snapshots" } },
    });
    const refused = await alice.refused("resizeDisk", { params: fixed, body: { sizeBytes: 100 * gib } });
    expect(refused.body.error.reason?.code).toBe("disk-class-fixed");
    expect((await bob.refused("resizeDisk", { params, body: { sizeBytes: 4 * gib } })).status).toBe(403);
  });
});

test("who may only look at a disk is told so before he types", async () => {
  const viewer = await cut.signIn("viewer");
  const params = { project, name: "old-catalogue" };
  expect((await viewer.call("getDisk", { params })).row.actions.edit).toMatchObject({
    allowed: false,
    reason: { code: "no-permission", params: { verb: "update" } },
  });
  expect((await alice.call("getDisk", { params })).row.actions.edit).toEqual({ allowed: true });
});

test("unused disks are found by that word, and go with all that is theirs", async () => {
  const { rows } = await alice.call("listDisks", { query: { project, q: "used:no grows" } });
  expect(rows.map((row) => row.name)).toEqual(["grows"]);
  expect((await diskOf("grows")).goes.map((one) => one.kind)).toEqual([
    "DataVolume",
    "PersistentVolumeClaim",
  ]);
  await alice.call("deleteDisk", { params: { project, name: "grows" } });
  await until(async () => (await alice.call("listDisks", { query: { project, q: "grows" } })).total === 0);
});

test("modes that are set in a storage profile are those of its class, until they are left to CDI again", async () => {
  const params = { noun: "storage-profile", project: noProject, name: "standard-file" } as const;
  const profile = async () => operator.call("getObject", { params });
  const before = await profile();
  expect(before.row.facts).toMatchObject({ modes: ["ReadWriteOnce Filesystem"], areModesSet: false });
  const was = before.spec ?? {};
  const modes = [{ accessMode: "ReadWriteMany", volumeMode: "Filesystem" }];
  await operator.call("changeObject", { params, body: { spec: { ...was, modes }, was } });
  const modesOfClass = async () =>
    (await operator.call("getObject", { params: { ...params, noun: "storage-class" } })).row.facts["modes"];
  expect(
    await until(async () => {
      const { facts } = (await profile()).row;
      return facts["areModesSet"] === true && facts["modes"];
    }),
  ).toEqual(["ReadWriteMany Filesystem"]);
  await until(async () => JSON.stringify(await modesOfClass()) === '["ReadWriteMany Filesystem"]');
  const set = (await profile()).spec ?? {};
  await operator.call("changeObject", { params, body: { spec: { ...set, modes: [] }, was: set } });
  await until(async () => JSON.stringify(await modesOfClass()) === '["ReadWriteOnce Filesystem"]');
  const refused = await alice.refused("changeObject", { params, body: { spec: { ...was, modes }, was } });
  expect(refused.status).toBe(403);
});
