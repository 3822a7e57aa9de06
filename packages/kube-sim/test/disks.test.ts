/** Disks: imports that succeed, hang and tell why; growing, and what refuses to grow. */
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

beforeAll(async () => {
  cluster = await startCluster({ importsFromLoopback: true });
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "d" } } });
  web = createServer((asked, answer) => {
    if (asked.url === "/good.img") answer.end(image);
    else if (asked.url === "/elsewhere") answer.writeHead(302, { location: "/good.img" }).end();
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
