/** Disks: imports that succeed, hang and tell why; growing, and what refuses to grow. */
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;
let web: Server;
let url: string;
const namespace = "/namespaces/d";
const dataVolumes = `/apis/cdi.kubevirt.io/v1beta1${namespace}/datavolumes`;
const claims = `/api/v1${namespace}/persistentvolumeclaims`;

/** A disk with a boot signature. */
const image = Buffer.alloc(1024 * 1024);
image[510] = 0x55;
image[511] = 0xaa;

const sumOf = (algorithm: string) => createHash(algorithm).update(image).digest("hex");

beforeAll(async () => {
  cluster = await startCluster({ importsFromLoopback: true });
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "d" } } });
  web = createServer((asked, answer) => {
    if (asked.url === "/good.img") answer.end(image);
    else if (asked.url === "/elsewhere") answer.writeHead(302, { location: "/good.img" }).end();
    else if (asked.url === "/guarded.img")
      if (
        asked.headers.authorization === `Basic ${Buffer.from("me:pass").toString("base64")}` &&
        asked.headers["x-from"] === "kube sim"
      )
        answer.end(image);
      else answer.writeHead(401).end();
    else if (asked.url === "/backed.qcow2") answer.end(backedImage());
    else answer.writeHead(404).end();
  }).listen(0, "127.0.0.1");
  await eventually(async () => web.listening);
  url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`; // a TCP server's
});
afterAll(async () => {
  web.close();
  await cluster.close();
});

/** A qcow2 head that names a file of the host as its backing file. */
function backedImage(): Buffer {
  const head = Buffer.alloc(512);
  head.write("QFI\u00fb", 0, "latin1");
  head.writeUInt32BE(3, 4);
  head.writeBigUInt64BE(256n, 8);
  head.writeUInt32BE(11, 16);
  head.writeUInt32BE(16, 20);
  head.writeBigUInt64BE(1024n * 1024n, 24);
  head.write("/etc/passwd", 256);
  return head;
}

async function importDisk(name: string, source: object, storage = "16Mi"): Promise<void> {
  const made = await cluster.call(dataVolumes, {
    body: {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataVolume",
      metadata: { name },
      spec: { source, storage: { resources: { requests: { storage } } } },
    },
  });
  expect(made.code).toBe(201);
}

test("an image is imported from where that is allowed", async () => {
  await importDisk("good", { http: { url: `${url}/good.img` } });
  await eventually(
    async () => (await cluster.call(`${dataVolumes}/good`)).body.status?.phase === "Succeeded",
  );
  const { body } = await cluster.call(`/api/v1${namespace}/pods`);
  expect(
    body.items.filter((pod: { metadata: { deletionTimestamp?: string } }) => !pod.metadata.deletionTimestamp),
  ).toEqual([]);
});

test("an import is checked by its sum, and asks with the credentials and headers that it names", async () => {
  await cluster.call(`/api/v1${namespace}/secrets`, {
    body: { metadata: { name: "registry" }, stringData: { accessKeyId: "me", secretKey: "pass" } },
  });
  await importDisk("guarded", {
    http: {
      url: `${url}/guarded.img`,
      secretRef: "registry",
      extraHeaders: ["X-From: kube sim"],
      checksum: `SHA256:${sumOf("sha256")}`,
    },
  });
  const done = await eventually(async () => {
    const { body } = await cluster.call(`${dataVolumes}/guarded`);
    return body.status?.phase === "Succeeded" && body;
  });
  expect(done.status.progress).toBe("100.0%");
});

test("a DataSource leads through one other, and no further", async () => {
  const dataSources = `/apis/cdi.kubevirt.io/v1beta1${namespace}/datasources`;
  const named = async (name: string, source: object) => {
    const { code } = await cluster.call(dataSources, {
      body: {
        apiVersion: "cdi.kubevirt.io/v1beta1",
        kind: "DataSource",
        metadata: { name },
        spec: { source },
      },
    });
    expect(code).toBe(201);
    return eventually(async () => {
      const { body } = await cluster.call(`${dataSources}/${name}`);
      return body.status?.conditions?.[0] as { status: string; reason: string } | undefined;
    });
  };
  expect(await named("first", { pvc: { namespace: "d", name: "good" } })).toMatchObject({ status: "True" });
  expect(await named("second", { dataSource: { namespace: "d", name: "first" } })).toMatchObject({
    status: "True",
  });
  expect(await named("third", { dataSource: { namespace: "d", name: "second" } })).toMatchObject({
    status: "False",
    reason: "MaxReferenceDepthReached",
  });
  expect(await named("self", { dataSource: { namespace: "d", name: "self" } })).toMatchObject({
    reason: "SelfReference",
  });
  const { code } = await cluster.call(dataVolumes, {
    body: {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataVolume",
      metadata: { name: "by-reference" },
      spec: {
        sourceRef: { kind: "DataSource", name: "second" },
        storage: { resources: { requests: { storage: "16Mi" } } },
      },
    },
  });
  expect(code).toBe(201);
  await eventually(
    async () => (await cluster.call(`${dataVolumes}/by-reference`)).body.status?.phase === "Succeeded",
  );
});

test("who may make pods in a namespace may copy its disks", async () => {
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "e" } } });
  const rights = "/apis/rbac.authorization.k8s.io/v1/namespaces";
  const allow = async (where: string, group: string, resource: string) => {
    const name = `make-${resource}`;
    await cluster.call(`${rights}/${where}/roles`, {
      body: { metadata: { name }, rules: [{ apiGroups: [group], resources: [resource], verbs: ["create"] }] },
    });
    await cluster.call(`${rights}/${where}/rolebindings`, {
      body: {
        metadata: { name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "copier" }],
      },
    });
  };
  await allow("e", "cdi.kubevirt.io", "datavolumes");
  const copy = () =>
    cluster.call("/apis/cdi.kubevirt.io/v1beta1/namespaces/e/datavolumes", {
      as: "copier",
      body: {
        apiVersion: "cdi.kubevirt.io/v1beta1",
        kind: "DataVolume",
        metadata: { name: "copied" },
        spec: { source: { pvc: { namespace: "d", name: "good" } }, storage: {} },
      },
    });
  expect((await copy()).text).toContain("insufficient permissions in clone source namespace d");
  await allow("d", "", "pods");
  expect((await copy()).code).toBe(201);
});

test.each<[string, () => object, RegExp]>([
  ["a missing file", () => ({ http: { url: `${url}/none.img` } }), /expected status code 200, got 404/],
  ["a redirect", () => ({ http: { url: `${url}/elsewhere` } }), /expected status code 200, got 302/],
  [
    "a hostile image",
    () => ({ http: { url: `${url}/backed.qcow2` } }),
    /^Unable to process data: .*backing/i,
  ],
  [
    "the world outside",
    () => ({ http: { url: "http://images.example.com/a.img" } }),
    /network is unreachable/,
  ],
  [
    "a sum of something else",
    () => ({ http: { url: `${url}/good.img`, checksum: `md5:${"0".repeat(32)}` } }),
    new RegExp(
      `^Unable to process data: checksum validation failed: checksum mismatch: expected md5:0{32}, calculated md5:${sumOf("md5")}$`,
    ),
  ],
  ["no credentials", () => ({ http: { url: `${url}/guarded.img` } }), /got 401/],
  ["a registry", () => ({ registry: { url: "docker://quay.io/x/y" } }), /Failed to read registry image/],
])("%s hangs and says why", async (what, source, words) => {
  const name = what.replaceAll(" ", "-");
  await importDisk(name, source());
  const stuck = await eventually(async () => {
    const { body } = await cluster.call(`${dataVolumes}/${name}`);
    return body.status?.restartCount > 0 && body;
  });
  expect(stuck.status.phase).toBe("ImportInProgress");
  const running = stuck.status.conditions.find((one: { type: string }) => one.type === "Running");
  expect(running).toMatchObject({ status: "False", reason: "Error" });
  expect(running.message).toMatch(words);
  const claim = (await cluster.call(`${claims}/${name}`)).body;
  const podName = claim.metadata.annotations["cdi.kubevirt.io/storage.import.importPodName"];
  const pod = (await cluster.call(`/api/v1${namespace}/pods/${podName}`)).body;
  expect(pod.status.containerStatuses[0]).toMatchObject({
    state: { waiting: { reason: "CrashLoopBackOff" } },
  });
  expect(pod.status.containerStatuses[0].lastState.terminated.message).toMatch(words);
});

const grow = async (name: string, storage: string) =>
  cluster.call(`${claims}/${name}`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: { spec: { resources: { requests: { storage } } } },
  });

async function blank(name: string, storageClassName: string): Promise<void> {
  await cluster.call(dataVolumes, {
    body: {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataVolume",
      metadata: { name, annotations: { "cdi.kubevirt.io/storage.bind.immediate.requested": "true" } },
      spec: {
        source: { blank: {} },
        storage: { storageClassName, resources: { requests: { storage: "16Mi" } } },
      },
    },
  });
  await eventually(async () => (await cluster.call(`${claims}/${name}`)).body.status?.phase === "Bound");
}

test("a block volume grows at once, a file system when it is mounted, and never back", async () => {
  await blank("block", "fast-block");
  expect((await grow("block", "32Mi")).code).toBe(200);
  await eventually(
    async () => (await cluster.call(`${claims}/block`)).body.status.capacity.storage === "32Mi",
  );
  expect((await grow("block", "20Mi")).text).toContain("field can not be less than status.capacity");
  await blank("file", "standard-file");
  expect((await grow("file", "32Mi")).code).toBe(200);
  const waits = await eventually(async () => {
    const { body } = await cluster.call(`${claims}/file`);
    return body.status.conditions?.length > 0 && body;
  });
  expect(waits.status.capacity.storage).toBe("16Mi");
  expect(waits.status.conditions[0].type).toBe("FileSystemResizePending");
});

test("a class without expansion refuses", async () => {
  await blank("fixed", "archive");
  const refused = await grow("fixed", "32Mi");
  expect(refused.code).toBe(403);
  expect(refused.text).toContain("the storageclass that provisions the pvc must support resize");
});

test("what pods use is attached at their hosts within the limit, and capacity is told by zone", async () => {
  await cluster.close();
  cluster = await startCluster({ scenario: "demo" });
  const list = async (resource: string) =>
    (await cluster.call(`/apis/storage.k8s.io/v1/${resource}`)).body.items;
  const attachments = await eventually(async () => {
    const items = await list("volumeattachments");
    return items.length > 10 && items;
  });
  expect(attachments.every((one: { status: { attached: boolean } }) => one.status.attached)).toBe(true);
  const capacities = await eventually(async () => {
    const items = await list("csistoragecapacities");
    return items.length === 6 && items;
  });
  expect(capacities[0].nodeTopology.matchLabels["topology.kubernetes.io/zone"]).toMatch(/^rack-/);
  const [one] = attachments;
  const pods = (await cluster.call("/api/v1/pods")).body.items;
  const volume = (await cluster.call(`/api/v1/persistentvolumes/${one.spec.source.persistentVolumeName}`))
    .body;
  const user = pods.find(
    (pod: { spec: { nodeName?: string; volumes?: { persistentVolumeClaim?: { claimName: string } }[] } }) =>
      pod.spec.nodeName === one.spec.nodeName &&
      pod.spec.volumes?.some((each) => each.persistentVolumeClaim?.claimName === volume.spec.claimRef.name),
  );
  expect(user).toBeDefined();
});

test("a scheduled import that reaches no registry says so", async () => {
  const crons = "/apis/cdi.kubevirt.io/v1beta1/namespaces/web-shop/dataimportcrons";
  const made = await cluster.call(crons, {
    body: {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataImportCron",
      metadata: { name: "nightly" },
      spec: {
        schedule: "0 3 * * *",
        managedDataSource: "nightly",
        template: {
          spec: {
            source: { registry: { url: "docker://quay.io/x/y" } },
            storage: { resources: { requests: { storage: "1Gi" } } },
          },
        },
      },
    },
  });
  expect(made.code).toBe(201);
  const told = await eventually(async () => {
    const { body } = await cluster.call(`${crons}/nightly`);
    return body.status?.conditions?.length === 2 && body;
  });
  expect(told.status.conditions[1]).toMatchObject({ type: "UpToDate", status: "False", reason: "NoDigest" });
});

test("a storage class's driver and policies are fixed, its words and marks are not", async () => {
  const classes = "/apis/storage.k8s.io/v1/storageclasses";
  const unnamed = await cluster.call(classes, { body: { metadata: { name: "none" } } });
  expect(unnamed.body.message).toContain("provisioner: Required value");
  const { body: made } = await cluster.call(classes, {
    body: { metadata: { name: "fixed" }, provisioner: "block.csi.kubev.dev", parameters: { pool: "a" } },
  });
  expect(made).toMatchObject({ reclaimPolicy: "Delete", volumeBindingMode: "Immediate" });
  const change = (part: object) =>
    cluster.call(`${classes}/fixed`, { method: "PUT", body: { ...made, ...part } });
  const refused = await change({ parameters: { pool: "b" }, volumeBindingMode: "WaitForFirstConsumer" });
  expect(refused.code).toBe(422);
  expect(refused.body.message).toContain("parameters: Forbidden: updates to parameters are forbidden.");
  expect(refused.body.message).toContain("volumeBindingMode: Invalid value");
  expect((await change({ allowVolumeExpansion: true })).code).toBe(200);
});
