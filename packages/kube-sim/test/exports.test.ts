/** Exports of disks: from the object to the bytes, over HTTPS, without any client of KubeVirt's. */
import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Agent, request } from "undici";
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
