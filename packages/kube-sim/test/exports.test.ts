/** Exports of disks: from the object to the bytes, over HTTPS, without any client of KubeVirt's. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Agent, request } from "undici";
import { parse } from "yaml";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const namespace = "out";
const exports = `/apis/export.kubevirt.io/v1/namespaces/${namespace}/virtualmachineexports`;
const dataVolumes = `/apis/cdi.kubevirt.io/v1beta1/namespaces/${namespace}/datavolumes`;
const tokenHeader = "x-kubevirt-export-token";
const mebibyte = 1024 ** 2;
const diskBytes = 16 * mebibyte;
const content = randomBytes(3 * mebibyte);

let cluster: TestCluster;
let agent: Agent;

beforeAll(async () => {
  cluster = await startCluster({ scenario: "demo" });
  agent = new Agent({ connect: { ca: cluster.sim.caPem } });
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: namespace } } });
  await uploaded("disk", content);
}, 60_000);
afterAll(async () => {
  await agent.destroy();
  await cluster.close();
});

/** Sends the bytes to a claim that waits for them. */
async function upload(name: string, bytes: Buffer): Promise<void> {
  const { body: token } = await cluster.call(
    `/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/${namespace}/uploadtokenrequests`,
    { body: { metadata: { name }, spec: { pvcName: name } } },
  );
  const { body: config } = await cluster.call("/apis/cdi.kubevirt.io/v1beta1/cdiconfigs/config");
  const answer = await request(`${config.status.uploadProxyURL}/v1beta1/upload`, {
    dispatcher: agent,
    method: "POST",
    headers: { authorization: `Bearer ${token.status.token}` },
    body: bytes,
  });
  await answer.body.dump();
  expect(answer.statusCode).toBe(200);
}

/** A DataVolume that holds these bytes. */
async function uploaded(name: string, bytes: Buffer): Promise<void> {
  const made = await cluster.call(dataVolumes, {
    body: {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataVolume",
      metadata: { name },
      spec: { source: { upload: {} }, storage: { resources: { requests: { storage: "16Mi" } } } },
    },
  });
  expect(made.code).toBe(201);
  const phase = async () => (await cluster.call(`${dataVolumes}/${name}`)).body.status?.phase as string;
  await eventually(async () => (await phase()) === "UploadReady");
  await upload(name, bytes);
  await eventually(async () => (await phase()) === "Succeeded");
}

const create = (name: string, source: object, over: object = {}) =>
  cluster.call(exports, {
    body: {
      apiVersion: "export.kubevirt.io/v1",
      kind: "VirtualMachineExport",
      metadata: { name },
      spec: { source, ...over },
    },
  });
const found = async (name: string) => (await cluster.call(`${exports}/${name}`)).body;
const claim = (name: string) => ({ kind: "PersistentVolumeClaim", name });

const ready = (name: string) =>
  eventually(async () => {
    const one = await found(name);
    return one.status?.phase === "Ready" && one;
  });

const tokenOf = async (vmExport: { status: { tokenSecretRef: string } }): Promise<string> => {
  const path = `/api/v1/namespaces/${namespace}/secrets/${vmExport.status.tokenSecretRef}`;
  return Buffer.from((await cluster.call(path)).body.data.token, "base64").toString();
};

/** The door's answer, its certificate checked. */
async function fetched(url: string, headers: Record<string, string> = {}, method: "GET" | "HEAD" = "GET") {
  const answer = await request(url, { dispatcher: agent, headers, method });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  return { code: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString() };
}

interface Link {
  volumes: { name: string; formats: { format: string; url: string }[] }[];
  manifests: { type: string; url: string }[];
}
const urlOf = (link: Link, format: string, volume = 0): string =>
  link.volumes[volume]?.formats.find((one) => one.format === format)?.url ?? "";

test("a claim's disk is fetched whole, as it is and compressed", async () => {
  expect((await create("whole", claim("disk"))).code).toBe(201);
  const one = await ready("whole");
  const token = await tokenOf(one);
  const expected = Buffer.concat([content, Buffer.alloc(diskBytes - content.length)]);
  const raw = await fetched(urlOf(one.status.links.external, "raw"), { [tokenHeader]: token });
  expect(raw.bytes.equals(expected)).toBe(true);
  const gzip = await fetched(urlOf(one.status.links.external, "gzip"), { [tokenHeader]: token });
  expect(gunzipSync(gzip.bytes).equals(expected)).toBe(true);
});

test("parts of a raw disk are given as they are asked for, its size without its bytes", async () => {
  const one = await found("whole");
  const url = urlOf(one.status.links.external, "raw");
  const token = { [tokenHeader]: await tokenOf(one) };
  const part = (range: string) => fetched(url, { ...token, range });
  const middle = await part("bytes=1000-2999999");
  expect(middle).toMatchObject({
    code: 206,
    headers: { "content-range": `bytes 1000-2999999/${diskBytes}`, "content-length": "2999000" },
  });
  expect(middle.bytes.equals(content.subarray(1000, 3_000_000))).toBe(true);
  expect((await part("bytes=-10")).headers["content-range"]).toBe(
    `bytes ${diskBytes - 10}-${diskBytes - 1}/${diskBytes}`,
  );
  expect(await part(`bytes=${diskBytes}-`)).toMatchObject({
    code: 416,
    text: "invalid range: failed to overlap\n",
    headers: { "content-range": `bytes */${diskBytes}` },
  });
  expect(await part("lines=1-2")).toMatchObject({ code: 416, text: "invalid range\n" });
  expect(await fetched(url, token, "HEAD")).toMatchObject({
    code: 200,
    headers: { "content-length": String(diskBytes), "accept-ranges": "bytes" },
    text: "",
  });
  expect((await fetched(urlOf(one.status.links.external, "gzip"), token, "HEAD")).code).toBe(400);
});

test("the token decides, and nothing else opens the door", async () => {
  const one = await found("whole");
  const url = urlOf(one.status.links.external, "raw");
  const token = await tokenOf(one);
  const range = "bytes=0-0";
  expect((await fetched(`${url}?${tokenHeader}=${token}`, { range })).code).toBe(206);
  for (const headers of [
    {},
    { [tokenHeader]: "" },
    { [tokenHeader]: `${token}x` },
    { authorization: `Bearer ${cluster.tokenOf("operator")}` },
  ])
    expect(await fetched(url, { ...headers, range })).toMatchObject({ code: 401, text: "" });
  expect(await fetched(`${url}.bz2`, { [tokenHeader]: token })).toMatchObject({
    code: 404,
    text: "404 page not found\n",
  });
  expect((await fetched(url.replace("/whole/", "/other/"), { [tokenHeader]: token })).code).toBe(404);
  expect((await fetched(new URL("/api/v1/pods", url).href)).code).toBe(400);
  expect((await fetched(new URL("/healthz", url).href)).text).toBe("OK");
});

test("its objects are called as upstream's and go with it", async () => {
  const one = await found("whole");
  expect(one.status).toMatchObject({
    serviceName: "virt-export-whole",
    tokenSecretRef: "export-token-whole",
    ttlExpirationTime: expect.stringMatching(/Z$/),
  });
  expect(Date.parse(one.status.ttlExpirationTime) - Date.parse(one.metadata.creationTimestamp)).toBe(
    2 * 3_600_000,
  );
  expect(urlOf(one.status.links.internal, "gzip")).toBe(
    `https://virt-export-whole.${namespace}.svc/volumes/disk/disk.img.gz`,
  );
  const { body: pod } = await cluster.call(`/api/v1/namespaces/${namespace}/pods/virt-export-whole`);
  const { body: service } = await cluster.call(`/api/v1/namespaces/${namespace}/services/virt-export-whole`);
  expect(service.spec).toMatchObject({
    clusterIP: expect.stringMatching(/^10\./),
    selector: { "kubevirt.io.virt-export-service": pod.metadata.labels["kubevirt.io.virt-export-service"] },
  });
  expect((await cluster.call(`${exports}/whole`, { method: "DELETE" })).code).toBe(200);
  for (const kind of ["pods", "services"])
    await eventually(
      async () =>
        (await cluster.call(`/api/v1/namespaces/${namespace}/${kind}/virt-export-whole`)).code === 404,
    );
  await eventually(
    async () =>
      (await cluster.call(`/api/v1/namespaces/${namespace}/secrets/export-token-whole`)).code === 404,
  );
});

const vms = `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;
const stopOrStart = (name: string, deed: "start" | "stop") =>
  cluster.call(`/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachines/${name}/${deed}`, {
    method: "PUT",
    body: {},
  });

async function machine(name: string, volumes: object[], over: object = {}): Promise<void> {
  const made = await cluster.call(vms, {
    body: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name },
      spec: {
        runStrategy: "Halted",
        template: {
          spec: {
            domain: { memory: { guest: "64Mi" }, devices: {} },
            terminationGracePeriodSeconds: 0,
            volumes,
          },
        },
        ...over,
      },
    },
  });
  expect({ code: made.code, text: made.code === 201 ? "" : made.text }).toEqual({ code: 201, text: "" });
}
const vm = (name: string) => ({ apiGroup: "kubevirt.io", kind: "VirtualMachine", name });
const condition = async (name: string, type = "Ready") =>
  (await found(name)).status?.conditions?.find((one: { type: string }) => one.type === type);

test("a machine is exported while it is off: its disks, and the manifests to make it elsewhere", async () => {
  await machine("shop", [{ name: "root", dataVolume: { name: "disk" } }]);
  await create("of-shop", vm("shop"), { tokenSecretRef: "mine" });
  // its token is not there yet
  await eventually(async () => {
    const { body } = await cluster.call(
      `/api/v1/namespaces/${namespace}/events?fieldSelector=involvedObject.name=virt-export-of-shop`,
    );
    return body.items.some(
      ({ reason, message }: { reason: string; message: string }) =>
        reason === "FailedMount" && message.endsWith('secret "mine" not found'),
    );
  });
  expect(await condition("of-shop")).toMatchObject({ status: "False", reason: "PodPending" });
  await cluster.call(`/api/v1/namespaces/${namespace}/secrets`, {
    body: { metadata: { name: "mine" }, stringData: { token: "a-token-of-mine" } },
  });
  const one = await ready("of-shop");
  expect(one.status).toMatchObject({ tokenSecretRef: "mine", virtualMachineName: "shop" });
  const links: Link = one.status.links.external;
  const token = { [tokenHeader]: "a-token-of-mine" };
  const gzip = await fetched(urlOf(links, "gzip"), token);
  expect(gunzipSync(gzip.bytes).subarray(0, content.length).equals(content)).toBe(true);

  const manifest = (type: string) => links.manifests.find((each) => each.type === type)?.url ?? "";
  const all = await fetched(manifest("all"), token);
  const { kind, items } = JSON.parse(all.text);
  expect({ kind, kinds: items.map((each: { kind: string }) => each.kind) }).toEqual({
    kind: "List",
    kinds: ["ConfigMap", "VirtualMachine", "DataVolume"],
  });
  expect(items[0]).toMatchObject({
    metadata: { name: "export-ca-cm-of-shop" },
    data: { "ca.pem": cluster.sim.caPem.trim() },
  });
  expect(items[2].spec.source.http).toEqual({
    url: urlOf(links, "gzip"),
    certConfigMap: "export-ca-cm-of-shop",
    secretExtraHeaders: ["header-secret-of-shop"],
  });
  const yaml = await fetched(manifest("auth-header-secret"), { ...token, accept: "application/yaml" });
  expect(parse(yaml.text.replace(/---\n$/, ""))).toMatchObject({
    kind: "Secret",
    metadata: { name: "header-secret-of-shop" },
    stringData: { token: "x-kubevirt-export-token:a-token-of-mine" },
  });
  expect((await fetched(manifest("all"))).code).toBe(401);
});

test("while its machine runs an export waits, and a download is broken off", async () => {
  const url = urlOf((await found("of-shop")).status.links.external, "raw");
  const reading = await request(url, {
    dispatcher: agent,
    headers: { [tokenHeader]: "a-token-of-mine" },
    highWaterMark: 1024,
  });
  expect((await stopOrStart("shop", "start")).code).toBe(202);
  const inUse = await eventually(async () => {
    const now = await condition("of-shop");
    return now?.reason === "InUse" && now;
  });
  expect(inUse).toMatchObject({
    status: "False",
    message: `Virtual Machine ${namespace}/shop is running`,
  });
  await expect(reading.body.arrayBuffer()).rejects.toThrow(/closed|terminated|aborted/);
  expect((await found("of-shop")).status).toMatchObject({ phase: "Pending", links: {} });
  expect((await fetched(url, { [tokenHeader]: "a-token-of-mine" })).code).toBe(503);
  await create("used", claim("disk"));
  await eventually(async () => (await condition("used"))?.reason === "InUse");
  expect((await condition("used")).message).toBe(`PersistentVolumeClaim ${namespace}/disk is in use`);
  expect((await stopOrStart("shop", "stop")).code).toBe(202);
  await ready("of-shop");
  // the machine's exporter uses the claim now
  expect((await condition("used")).reason).toBe("InUse");
  await cluster.call(`${exports}/of-shop`, { method: "DELETE" });
  await ready("used");
});

test("a snapshot's disks are those of its time", async () => {
  await create("snapped-wait", {
    ...vm("shop"),
    kind: "VirtualMachineSnapshot",
    apiGroup: "snapshot.kubevirt.io",
  });
  const nothing = await eventually(async () => {
    const one = await found("snapped-wait");
    return one.status?.phase === "Skipped" && one;
  });
  expect(nothing.status.conditions).toMatchObject([
    { type: "Ready", reason: "VMSnapshotNotFound" },
    {
      type: "VolumesCreated",
      reason: "VMSnapshotNoVolumes",
      message: `VirtualMachineSnapshot ${namespace}/shop does not contain any volume snapshots`,
    },
  ]);
  const snapshots = `/apis/snapshot.kubevirt.io/v1beta1/namespaces/${namespace}/virtualmachinesnapshots`;
  const taken = await cluster.call(snapshots, {
    body: {
      apiVersion: "snapshot.kubevirt.io/v1beta1",
      kind: "VirtualMachineSnapshot",
      metadata: { name: "then" },
      spec: { source: vm("shop") },
    },
  });
  expect(taken.code).toBe(201);
  await eventually(async () => (await cluster.call(`${snapshots}/then`)).body.status?.readyToUse === true);
  const source = { apiGroup: "snapshot.kubevirt.io", kind: "VirtualMachineSnapshot", name: "then" };
  expect((await create("snapped", source)).code).toBe(201);
  const one = await ready("snapped");
  expect(one.status).toMatchObject({
    virtualMachineName: "shop",
    links: { external: { volumes: [{ name: "disk" }] } },
  });
  expect(await condition("snapped", "VolumesCreated")).toMatchObject({
    status: "True",
    reason: "AllPVCsReady",
  });
  const url = urlOf(one.status.links.external, "raw");
  expect(url).toMatch(/\/volumes\/snapped-disk\/disk\.img$/);
  const { bytes } = await fetched(url, { [tokenHeader]: await tokenOf(one) });
  expect(bytes.subarray(0, content.length).equals(content)).toBe(true);
  // the claim that was restored for it goes with it
  await cluster.call(`${exports}/snapped`, { method: "DELETE" });
  const claims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  await eventually(async () => (await cluster.call(`${claims}/snapped-disk`)).code === 404);
});

test("an export ends with its time, and what belongs to it", async () => {
  await uploaded("brief-disk", content.subarray(0, mebibyte));
  expect((await create("brief", claim("brief-disk"), { ttlDuration: "4s" })).code).toBe(201);
  const one = await ready("brief");
  expect(Date.parse(one.status.ttlExpirationTime) - Date.parse(one.metadata.creationTimestamp)).toBe(4_000);
  const url = urlOf(one.status.links.external, "raw");
  const token = { [tokenHeader]: await tokenOf(one) };
  expect((await fetched(url, { ...token, range: "bytes=0-0" })).code).toBe(206);
  await eventually(async () => (await cluster.call(`${exports}/brief`)).code === 404);
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(one.status.ttlExpirationTime));
  expect((await fetched(url, token)).code).toBe(404);
  await eventually(
    async () => (await cluster.call(`/api/v1/namespaces/${namespace}/pods/virt-export-brief`)).code === 404,
  );
});

test("what has nothing to fetch is skipped, or waits for it", async () => {
  await machine("bare", [{ name: "root", containerDisk: { image: "demo" } }]);
  await create("of-bare", vm("bare"));
  await create("of-nobody", vm("nobody"));
  await create("of-nothing", claim("nothing"));
  const status = (name: string) => eventually(async () => (await found(name)).status);
  expect(await status("of-bare")).toMatchObject({
    phase: "Skipped",
    conditions: [{ reason: "VMNoVolumes", message: `Virtual Machine ${namespace}/bare has no volumes` }],
  });
  expect(await status("of-nobody")).toMatchObject({
    phase: "Skipped",
    conditions: [{ reason: "VMNotFound", message: `Virtual Machine ${namespace}/nobody not found` }],
  });
  expect(await status("of-nothing")).toMatchObject({
    phase: "Pending",
    conditions: [
      { reason: "Initializing" },
      {
        type: "PVCReady",
        reason: "PVCNotFound",
        message: `PersistentVolumeClaim ${namespace}/nothing not found`,
      },
    ],
  });
  await cluster.call(dataVolumes, {
    body: {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataVolume",
      metadata: { name: "nothing" },
      spec: { source: { upload: {} }, storage: { resources: { requests: { storage: "16Mi" } } } },
    },
  });
  await eventually(async () => (await condition("of-nothing"))?.reason === "PVCPending");
});

test.each([
  ["a kind that is not exported", { kind: "Pod", name: "a" }, {}, "spec.source.kind", "invalid kind"],
  [
    "a claim of another group",
    { apiGroup: "kubevirt.io", kind: "PersistentVolumeClaim", name: "a" },
    {},
    "spec.source.APIGroup",
    "PVC API group must be missing or blank",
  ],
  ["a claim without a name", claim(""), {}, "spec.source.name", "PVC name must not be empty"],
  [
    "a machine without a group",
    { kind: "VirtualMachine", name: "a" },
    {},
    "spec.source.APIGroup",
    "VM API group must be kubevirt.io",
  ],
  [
    "a snapshot of another group",
    { apiGroup: "kubevirt.io", kind: "VirtualMachineSnapshot", name: "a" },
    {},
    "spec.source.APIGroup",
    "VMSnapshot API group must be snapshot.kubevirt.io",
  ],
  [
    "a template",
    { apiGroup: "template.kubevirt.io", kind: "VirtualMachineTemplate", name: "a" },
    {},
    "spec.source.kind",
    "VirtualMachineTemplate source requires the OCIExport feature gate and virt-template deployment to be enabled",
  ],
])("%s is refused", async (_what, source, over, field, message) => {
  const { code, body } = await create("wrong", source, over);
  expect({ code, body }).toMatchObject({
    code: 422,
    body: {
      message: `admission webhook "virtualmachineexport-validator.export.kubevirt.io" denied the request: ${message}`,
      details: { causes: [{ reason: "FieldValueInvalid", field, message }] },
    },
  });
});

test("a spec stays as it was, a time is one of Go's, and a viewer makes none", async () => {
  const patched = await cluster.call(`${exports}/used`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: { spec: { ttlDuration: "1h" } },
  });
  expect(patched).toMatchObject({ code: 422 });
  expect(patched.body.message).toMatch(/denied the request: spec in immutable after creation$/);
  for (const [ttlDuration, words] of [
    ["2d", 'time: unknown unit "d" in duration "2d"'],
    ["2", 'time: missing unit in duration "2"'],
    ["soon", 'time: invalid duration "soon"'],
  ])
    expect((await create("wrong", claim("disk"), { ttlDuration })).body).toMatchObject({
      code: 400,
      message: `admission webhook "virtualmachineexport-validator.export.kubevirt.io" denied the request: ${words}`,
    });
  for (const name of ["view", "edit"])
    await cluster.call(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
      body: {
        metadata: { name },
        subjects: [{ kind: "User", name: `${name}er`, apiGroup: "rbac.authorization.k8s.io" }],
        roleRef: { kind: "ClusterRole", name, apiGroup: "rbac.authorization.k8s.io" },
      },
    });
  const as = (user: string) =>
    cluster.call(`${exports}?dryRun=All`, {
      as: user,
      body: {
        apiVersion: "export.kubevirt.io/v1",
        kind: "VirtualMachineExport",
        metadata: { name: "tried" },
        spec: { source: claim("disk") },
      },
    });
  expect((await as("viewer")).code).toBe(403);
  expect((await as("nobody")).code).toBe(403);
  expect((await as("editer")).code).toBe(201);
});

test("a claim of which nobody says that it holds a disk is a folder: listed, or packed", async () => {
  const claims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  const made = await cluster.call(claims, {
    body: {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name: "files.1",
        annotations: {
          "cdi.kubevirt.io/storage.upload.target": "",
          "cdi.kubevirt.io/storage.bind.immediate.requested": "true",
        },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "standard-file",
        resources: { requests: { storage: "16Mi" } },
      },
    },
  });
  expect(made.code).toBe(201);
  await eventually(async () => {
    const { annotations } = (await cluster.call(`${claims}/files.1`)).body.metadata;
    return annotations["cdi.kubevirt.io/storage.pod.ready"] === "true";
  });
  await upload("files.1", content);
  await create("folder", claim("files.1"));
  const one = await ready("folder");
  const token = { [tokenHeader]: await tokenOf(one) };
  const { formats } = one.status.links.external.volumes[0];
  expect(formats.map(({ format }: { format: string }) => format)).toEqual(["dir", "tar.gz"]);
  const dir = urlOf(one.status.links.external, "dir");
  expect(await fetched(dir, token)).toMatchObject({
    code: 301,
    headers: { location: "/volumes/files.1/dir/" },
  });
  expect((await fetched(`${dir}/`, token)).text).toContain('<a href="disk.img">disk.img</a>');
  expect((await fetched(`${dir}/disk.img`)).code).toBe(401);
  expect((await fetched(`${dir}/other.img`, token)).code).toBe(404);
  const { bytes } = await fetched(`${dir}/disk.img`, { ...token, range: "bytes=0-99" });
  expect(bytes.equals(content.subarray(0, 100))).toBe(true);
  const packed = await fetched(urlOf(one.status.links.external, "tar.gz"), token);
  expect(packed.code).toBe(200);
  const folder = mkdtempSync(join(tmpdir(), "kube-sim-exports-"));
  execFileSync("tar", ["-xzf", "-", "-C", folder], { input: packed.bytes });
  const unpacked = readFileSync(join(folder, "disk.img"));
  rmSync(folder, { recursive: true });
  expect(unpacked.length).toBe(diskBytes);
  expect(unpacked.subarray(0, content.length).equals(content)).toBe(true);
});
