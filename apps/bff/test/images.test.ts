/** Images over a whole console: imported, edited, followed by a schedule, and who may copy them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { openLive } from "./foreign-project.ts";
import { kubePath } from "../src/kube/kube-path.ts";

const gib = 1024 ** 3;
const project = "web-shop";
const bobs = "build-farm";
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

const imageOf = async (name: string, person = alice) =>
  (await person.call("getImage", { params: { project, name } })).row;

test("an image from an address that cannot be reached says why; a wrong address is refused at its field", async () => {
  const body = {
    name: "from-web",
    displayName: "From the web",
    media: "disk",
    diskSizeBytes: gib,
    source: { kind: "url", url: "https://images.example.com/a.qcow2" },
  } as const;
  await alice.call("importImage", { params: { project }, body });
  const stuck = await until(async () => {
    const image = await imageOf("from-web");
    // for a moment its disk is not known yet
    return image.state.reason?.code === "image-import-failed" && image;
  });
  expect(stuck.state.reason?.upstreamText).toContain("network is unreachable");
  const wrong = { ...body, name: "wrong", source: { kind: "url", url: "ftp://example.com/a" } };
  const refused = await alice.refused("importImage", { params: { project }, body: wrong });
  expect(refused.body.error.fields).toMatchObject([
    { path: "source.url", reason: { code: "source-url-wrong" } },
  ]);
  expect((await bob.refused("importImage", { params: { project }, body })).status).toBe(403);
});

test("an image is made of a disk, edited, and its defaults taken away again", async () => {
  await alice.call("createDisk", {
    params: { project },
    body: { name: "golden", source: { kind: "blank" }, sizeBytes: gib },
  });
  await until(
    async () => (await alice.call("listDisks", { query: { q: "golden status:ready" } })).total === 1,
  );
  await alice.call("importImage", {
    params: { project },
    body: {
      name: "golden-image",
      media: "disk",
      diskSizeBytes: gib,
      source: { kind: "disk", project, name: "golden" },
    },
  });
  await until(async () => (await imageOf("golden-image")).state.status === "ready");
  const params = { project, name: "golden-image" };
  const none = { displayName: "", defaultInstanceType: "", defaultPreference: "" };
  const edit = { displayName: "Golden", defaultInstanceType: "u1.small", defaultPreference: "linux" };
  await alice.call("editImage", { params, body: { ...edit, was: none } });
  // the second of two people saw what is no longer so
  const late = { ...none, displayName: "Silver", was: none };
  const refused = await alice.refused("editImage", { params, body: late });
  expect(refused).toMatchObject({
    status: 409,
    body: {
      error: {
        reason: { code: "changed-meanwhile" },
        conflicts: [{ path: "displayName", theirs: "Golden", yours: "Silver" }],
      },
    },
  });
  await until(async () => (await imageOf("golden-image")).defaultInstanceType === "u1.small");
  expect(await imageOf("golden-image")).toMatchObject(edit);
  // a third saw only one field change, and touches others
  await alice.call("editImage", {
    params,
    body: {
      ...edit,
      displayName: "",
      defaultInstanceType: "",
      defaultPreference: "",
      was: { ...edit, displayName: "" },
    },
  });
  await until(async () => (await imageOf("golden-image")).defaultInstanceType === undefined);
  expect((await imageOf("golden-image")).displayName).toBe("Golden");
  const { rows } = await alice.call("listActivity", { query: { noun: "image", name: "golden-image" } });
  const last = rows.find(({ action, outcome }) => action === "update" && outcome === "ok");
  expect(last?.diff.map(({ path }) => path)).toEqual(["/defaultInstanceType", "/defaultPreference"]);
  const shared = { project: "shared-images", name: "rescue" };
  expect((await alice.call("getImage", { params: shared })).row.actions.edit).toMatchObject({
    allowed: false,
    reason: { code: "no-permission" },
  });
  expect((await alice.refused("editImage", { params: shared, body: { ...edit, was: edit } })).status).toBe(
    403,
  );
});

test("its page says what it is, what holds it, and what was made of it, to each what he may see", async () => {
  const params = { project, name: "golden-image" };
  const detail = await alice.call("getImage", { params });
  expect(detail).toMatchObject({
    source: { kind: "disk", from: `${project}/golden` },
    held: { kind: "disk", project, name: "golden-image", shown: true },
    contentType: "kubevirt",
    schedule: null,
    causes: [],
    disks: { total: 0, named: [] },
  });
  await alice.call("createDisk", {
    params: { project },
    body: { name: "of-golden", source: { kind: "image", project, name: "golden-image" }, sizeBytes: gib },
  });
  await until(async () => (await alice.call("getImage", { params })).disks.total === 1);
  const used = await alice.call("getImage", { params });
  expect(used.disks.named).toEqual([{ project, name: "of-golden" }]);
  const { events } = await alice.call("listImageEvents", { params });
  expect(events.map(({ object }) => object.name)).toContain("golden-image");
  // machines of all projects are made of the shared image: a tenant is told of his own
  const shared = { project: "shared-images", name: "kubev-demo" };
  const all = await operator.call("getImage", { params: shared });
  const own = await alice.call("getImage", { params: shared });
  expect(new Set(all.machines.named.map((one) => one.project)).size).toBeGreaterThan(1);
  expect(own.machines.total).toBeLessThan(all.machines.total);
  const hers = new Set((await alice.call("listProjects", {})).rows.map((row) => row.name));
  for (const one of [...own.machines.named, ...own.disks.named]) expect(hers).toContain(one.project);
  expect(own.row.shared).toBe(true);
  const stuck = await alice.call("getImage", { params: { project, name: "from-web" } });
  expect(stuck.causes.map(({ message }) => message).join("\n")).toContain("network is unreachable");
  expect((await bob.refused("getImage", { params })).status).toBe(404);
});

test("its text is read, checked and stored; a stale version is refused with what is stored now", async () => {
  const params = { project, name: "golden-image" };
  const read = await alice.call("getImageYaml", { params });
  expect(read.yaml).toContain("kind: DataSource");
  const body = {
    yaml: read.yaml.replace(/^ {2}annotations:\n/m, "  annotations:\n    note: by-text\n"),
    resourceVersion: read.resourceVersion,
  };
  expect(await alice.call("checkImageYaml", { params, body })).toMatchObject({ ok: true });
  const other = await alice.call("checkImageYaml", {
    params,
    body: { ...body, yaml: body.yaml.replace("kind: DataSource", "kind: DataVolume") },
  });
  expect(other.problems).toMatchObject([{ reason: { code: "yaml-not-this-object" } }]);
  expect((await alice.call("putImageYaml", { params, body })).yaml).toContain("by-text");
  const stale = await alice.refused("putImageYaml", { params, body });
  expect(stale.status).toBe(409);
  expect(stale.body.error.current?.yaml).toContain("by-text");
  const { rows } = await alice.call("listActivity", { query: { noun: "image", name: "golden-image" } });
  expect(rows.find(({ action, outcome }) => action === "edit" && outcome === "ok")?.diff).toMatchObject([
    { path: "/annotations/note", new: "by-text" },
  ]);
  const shared = { project: "shared-images", name: "rescue" };
  const theirs = await alice.call("getImageYaml", { params: shared });
  const refused = await alice.refused("putImageYaml", {
    params: shared,
    body: { yaml: theirs.yaml, resourceVersion: theirs.resourceVersion },
  });
  expect(refused.status).toBe(403);
});

test("an image that a schedule keeps is shown as such and not deleted alone", async () => {
  const image = await operator.call("getImage", {
    params: { project: "shared-images", name: "debian-stream" },
  });
  expect(image.row.actions.delete).toMatchObject({ allowed: false, reason: { code: "image-managed" } });
  expect(image.schedule).toBe("debian-stream");
  const cron = await operator.call("getObject", {
    params: { noun: "data-import-cron", project: "shared-images", name: "debian-stream" },
  });
  expect(cron.row.state.status).toBe("ready");
});

test("who may copy is shown, given and taken; what a wider role gives is not taken here", async () => {
  const before = await operator.call("getImageAccess", { params: { project: "shared-images" } });
  expect(before.grants).toContainEqual(
    expect.objectContaining({ kind: "Group", name: "system:authenticated", role: "image-user" }),
  );
  const mine = await alice.call("getImageAccess", { params: { project } });
  expect(mine.grants.map((grant) => grant.name)).toContain("alice");
  await alice.call("grantImageAccess", { params: { project }, body: { kind: "User", name: "bob" } });
  const granted = await until(async () => {
    const { grants } = await alice.call("getImageAccess", { params: { project } });
    return grants.find((grant) => grant.name === "bob");
  });
  expect(granted).toMatchObject({ kind: "User", role: "image-cloner", revoke: { allowed: true } });
  await until(async () => (await bob.call("listImages", { query: { project } })).total > 0);
  const own = mine.grants.find((grant) => grant.name === "alice");
  const kept = await alice.refused("revokeImageAccess", { params: { project, name: own?.binding ?? "" } });
  expect(kept.body.error.reason?.code).toBe("grant-not-ours");
  await alice.call("revokeImageAccess", { params: { project, name: granted.binding } });
  await until(async () => (await bob.call("listImages", { query: { project } })).total === 0);
  expect((await bob.refused("getImageAccess", { params: { project } })).status).toBe(403);
});

test("a person who may copy makes disks, and machines when his project may copy too", async () => {
  const image = { project, name: "golden-image" };
  const machine = {
    name: "from-golden",
    source: { kind: "image", ...image },
    diskSizeBytes: gib,
    sizing: { kind: "custom", cpuCores: 1, memoryBytes: 128 * 1024 ** 2 },
    cloudInit: { kind: "none" },
  } as const;
  const params = { project: bobs };
  const preview = async () => bob.call("previewVm", { params, body: machine });
  await alice.call("grantImageAccess", { params: { project }, body: { kind: "User", name: "bob" } });
  await until(async () => (await bob.call("listImages", { query: { project } })).total > 0);
  const { checks } = await preview();
  expect(checks).toContainEqual({
    name: "dry-run",
    result: "blocking",
    reason: {
      code: "machine-clone-right-missing",
      params: { project: bobs, from: project },
      upstreamText: expect.stringContaining(`User system:serviceaccount:${bobs}:default has insufficient`),
    },
    fields: [expect.objectContaining({ path: "source" })],
  });
  expect((await bob.refused("createVm", { params, body: machine })).status).toBe(422);

  await alice.call("grantImageAccess", { params: { project }, body: { kind: "Project", name: bobs } });
  await until(async () => {
    const { grants } = await alice.call("getImageAccess", { params: { project } });
    return grants.some(({ kind, name }) => kind === "Project" && name === bobs);
  });
  expect((await preview()).creatable).toBe(true);
  await bob.call("createVm", { params, body: machine });
  const { grants } = await alice.call("getImageAccess", { params: { project } });
  for (const { binding } of grants.filter(({ revoke }) => revoke.allowed))
    await alice.call("revokeImageAccess", { params: { project, name: binding } });
});

test("an image that points at another project's disk tells its owner nothing of that disk", async () => {
  const theirs = { project: "build-farm", name: "peeping" };
  const disk = { project, name: "not-yours" };
  await alice.call("createDisk", {
    params: { project },
    body: { name: disk.name, source: { kind: "blank" }, sizeBytes: gib },
  });
  await until(async () => (await alice.call("listDisks", { query: { q: disk.name } })).total === 1);
  const source = (name: string, claim: string) => ({
    apiVersion: "cdi.kubevirt.io/v1beta1",
    kind: "DataSource",
    metadata: { name, namespace: theirs.project },
    spec: { source: { pvc: { name: claim, namespace: project } } },
  });
  cut.sim.seed([source(theirs.name, disk.name), source("peeping-at-none", "no-such-disk")]);
  const seen = async (person: Person, q = "peeping") =>
    (await person.call("listImages", { query: { q, sort: "name" } })).rows;
  await until(async () => (await seen(operator))[0]?.sizeBytes === gib);
  expect((await seen(operator))[0]?.storageClass).not.toBe("");
  // the index knows no size that not everybody may know: what he is shown is at least not found under a wrong one
  for (const asked of ["size>=1Gi", "size<1Gi"]) expect(await seen(operator, `peeping ${asked}`)).toEqual([]);
  const unknown = { sizeBytes: null, storageClass: "" };
  expect(await seen(bob)).toMatchObject([unknown, unknown]);
  expect(await seen(bob, "peeping size>0")).toEqual([]);
  const detail = await bob.call("getImage", { params: theirs });
  expect(detail).toMatchObject({ row: unknown, source: null, volumeMode: "", accessModes: [], causes: [] });
  // the disk's owner does not see the image, and her disk is none because of it
  const [row] = (await alice.call("listDisks", { query: { q: disk.name } })).rows;
  expect(row).not.toHaveProperty("image");
  expect(row?.actions.delete.allowed).toBe(true);

  const live = await openLive(cut, bob);
  const query = { q: "peeping", page: 1, pageSize: 50 };
  live.socket.send(JSON.stringify({ type: "subscribe-list", id: "list", list: "images", query }));
  live.socket.send(JSON.stringify({ type: "subscribe-feed", id: "one", feed: "image", ...theirs }));
  const told = () => live.messages.filter(({ type }) => type === "rows" || type === "invalidate");
  await until(() => told().length === 2);
  const claims = ["api", "v1", "namespaces", project, "persistentvolumeclaims", disk.name];
  await cut.app.services.service.json(kubePath(...claims), {
    method: "PATCH",
    contentType: "application/merge-patch+json",
    body: { spec: { resources: { requests: { storage: "2Gi" } } } },
  });
  await until(async () => (await seen(operator))[0]?.sizeBytes === 2 * gib);
  // whatever was to be told of it has been by the next word about his own image
  await cut.app.services.service.json(
    kubePath("apis", "cdi.kubevirt.io", "v1beta1", "namespaces", theirs.project, "datasources", theirs.name),
    {
      method: "PATCH",
      contentType: "application/merge-patch+json",
      body: { metadata: { annotations: { "console.kubev.io/display-name": "Mine" } } },
    },
  );
  await until(() => told().length > 2);
  live.socket.close();
  const rows = live.messages.flatMap((one) => (one.type === "rows" ? one.upserts : []));
  expect(rows).not.toContainEqual(expect.objectContaining({ sizeBytes: expect.any(Number) }));
});

test("one default class at a time, for machines and for the rest; a tenant marks none", async () => {
  const classes = async () => (await operator.call("listStorageClasses")).storageClasses;
  const params = { name: "archive" };
  await operator.call("markStorageClass", { params, body: { machines: true, containers: true } });
  await until(async () =>
    (await classes()).every(
      (one) => one.isDefault === one.isDefaultForMachines && one.isDefault === (one.name === "archive"),
    ),
  );
  await operator.call("markStorageClass", {
    params: { name: "fast-block" },
    body: { machines: true, containers: false },
  });
  await until(
    async () => (await classes()).find((one) => one.name === "fast-block")?.isDefaultForMachines === true,
  );
  expect((await classes()).find((one) => one.name === "archive")).toMatchObject({
    isDefault: true,
    isDefaultForMachines: false,
  });
  const refused = await alice.refused("markStorageClass", {
    params,
    body: { machines: true, containers: true },
  });
  expect([403, 404]).toContain(refused.status);
});
