/** How disks are sent: formats of images, size without memory, clients that go, claims that nobody used before, a restart. */
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Agent, request } from "undici";
import { openDiskImages } from "../src/machines/open-disk-images.ts";
import { openRawDisk } from "../src/machines/raw-disk.ts";
import { findOnPath } from "../src/machines/accelerator.ts";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const namespace = "out";
const exports = `/apis/export.kubevirt.io/v1beta1/namespaces/${namespace}/virtualmachineexports`;
const tokenHeader = "x-kubevirt-export-token";
const mebibyte = 1024 ** 2;
const dataDir = mkdtempSync(join(tmpdir(), "kube-sim-streams-"));

let cluster: TestCluster;
let agent: Agent;

beforeAll(async () => {
  cluster = await startCluster({ dataDir });
  agent = new Agent({ connect: { ca: cluster.sim.caPem } });
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: namespace } } });
}, 60_000);
afterAll(async () => {
  await agent.destroy();
  await cluster.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function exported(name: string, storage: string) {
  await cluster.call(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
    body: {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, annotations: { "cdi.kubevirt.io/storage.contentType": "kubevirt" } },
      spec: {
        // waits for its first consumer
        storageClassName: "standard-file",
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage } },
      },
    },
  });
  const made = await cluster.call(exports, {
    body: {
      apiVersion: "export.kubevirt.io/v1beta1",
      kind: "VirtualMachineExport",
      metadata: { name },
      spec: { source: { kind: "PersistentVolumeClaim", name } },
    },
  });
  expect(made).toMatchObject({
    code: 201,
    headers: { warning: expect.stringContaining("v1beta1 VirtualMachineExport is now deprecated") },
  });
  return ready(name);
}

async function ready(name: string): Promise<{ raw: string; token: string }> {
  const { status } = await eventually(async () => {
    const { body } = await cluster.call(`${exports}/${name}`);
    return body.status?.phase === "Ready" && body;
  });
  const { body } = await cluster.call(`/api/v1/namespaces/${namespace}/secrets/${status.tokenSecretRef}`);
  return {
    raw: status.links.external.volumes[0].formats[0].url,
    token: Buffer.from(body.data.token, "base64").toString(),
  };
}

const open = ({ raw, token }: { raw: string; token: string }) =>
  request(raw, { dispatcher: agent, headers: { [tokenHeader]: token } });

/** The programs that this process has started and that still run. */
const children = (): string[] =>
  readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const [, name = "", parent = ""] = /^\d+ \((.*)\) \S (\d+)/.exec(stat) ?? [];
        return Number(parent) === process.pid ? [name] : [];
      } catch {
        return []; // ended meanwhile
      }
    });

test("a disk larger than memory should hold is sent in pieces", async () => {
  const door = await exported("large", "512Mi");
  const before = process.memoryUsage().arrayBuffers;
  const { statusCode, body, headers } = await open(door);
  expect({ statusCode, length: headers["content-length"] }).toEqual({
    statusCode: 200,
    length: String(512 * mebibyte),
  });
  let bytes = 0;
  let most = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  }
  expect(bytes).toBe(512 * mebibyte);
  expect(most - before).toBeLessThan(192 * mebibyte);
}, 40_000);

test("nothing goes on for a client that went, and nothing for an export that was deleted", async () => {
  const door = await ready("large");
  const gone = await open(door);
  gone.body.on("error", () => {});
  await new Promise((resolve) => gone.body.once("readable", resolve));
  gone.body.destroy();
  await eventually(async () => !children().includes("qemu-nbd"));
  const cut = await open(door);
  expect((await cluster.call(`${exports}/large`, { method: "DELETE" })).code).toBe(200);
  await expect(cut.body.arrayBuffer()).rejects.toThrow(/closed|terminated|aborted/);
  await eventually(async () => !children().includes("qemu-nbd"));
});

test("an export stays what it was over a restart, at the same address", async () => {
  const door = await exported("kept", "8Mi");
  await cluster.close();
  cluster = await startCluster({ dataDir });
  expect(await ready("kept")).toEqual(door);
  const { statusCode, body } = await open(door);
  expect({ statusCode, length: (await body.arrayBuffer()).byteLength }).toEqual({
    statusCode: 200,
    length: 8 * mebibyte,
  });
  // it is still looked after
  const path = `/api/v1/namespaces/${namespace}/pods/virt-export-kept`;
  const { uid } = (await cluster.call(path)).body.metadata;
  await cluster.call(path, { method: "DELETE" });
  await eventually(async () => {
    const pod = (await cluster.call(path)).body;
    return pod.metadata.uid !== undefined && pod.metadata.uid !== uid;
  });
  await ready("kept");
}, 40_000);

describe.skipIf(findOnPath("qemu-img") === null)("a qcow2", () => {
  test("that was uploaded is read as the bytes that went into it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kube-sim-qcow2-"));
    try {
      const bytes = Buffer.concat([randomBytes(5 * mebibyte + 512), Buffer.alloc(3 * mebibyte - 512)]);
      writeFileSync(join(folder, "from.raw"), bytes);
      const files = [join(folder, "from.raw"), join(folder, "sent.qcow2")];
      execFileSync("qemu-img", ["convert", "-c", "-f", "raw", "-O", "qcow2", ...files]);
      const images = await openDiskImages({ dir: join(folder, "disks"), log: () => {} });
      const sent = new Blob([readFileSync(join(folder, "sent.qcow2"))]).stream();
      const image = await images.receiveUpload("volume", Readable.from(sent), {
        capacityBytes: bytes.length,
      });
      expect(image.format).toBe("qcow2");
      const disk = await openRawDisk(image);
      const hash = createHash("sha256");
      for await (const chunk of disk.read(0, disk.sizeBytes) as AsyncIterable<Buffer>) hash.update(chunk);
      expect(disk.sizeBytes).toBe(bytes.length);
      expect(hash.digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
      const part: Buffer[] = [];
      for await (const chunk of disk.read(4_000_001, 2_000_003) as AsyncIterable<Buffer>) part.push(chunk);
      expect(Buffer.concat(part).equals(bytes.subarray(4_000_001, 6_000_004))).toBe(true);
      await disk.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
