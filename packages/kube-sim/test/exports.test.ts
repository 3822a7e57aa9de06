/** Exports of claims: from the object to the bytes, over HTTPS, without any client of KubeVirt's. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "./cluster.ts";
import {
  claim,
  content,
  diskBytes,
  exports,
  ExportWorld,
  mebibyte,
  namespace,
  tokenHeader,
  urlOf,
} from "./export-world.ts";

let world: ExportWorld;
beforeAll(async () => {
  world = await ExportWorld.open();
  await world.uploaded("disk", content);
}, 60_000);
afterAll(() => world.close());

test("a claim's disk is fetched whole, as it is and compressed", async () => {
  expect((await world.create("whole", claim("disk"))).code).toBe(201);
  const one = await world.ready("whole");
  const token = await world.tokenOf(one);
  const expected = Buffer.concat([content, Buffer.alloc(diskBytes - content.length)]);
  const raw = await world.fetched(urlOf(one.status.links.external, "raw"), { [tokenHeader]: token });
  expect(raw.bytes.equals(expected)).toBe(true);
  const gzip = await world.fetched(urlOf(one.status.links.external, "gzip"), { [tokenHeader]: token });
  expect(gunzipSync(gzip.bytes).equals(expected)).toBe(true);
});

test("parts of a raw disk are given as they are asked for, its size without its bytes", async () => {
  const one = await world.found("whole");
  const url = urlOf(one.status.links.external, "raw");
  const token = { [tokenHeader]: await world.tokenOf(one) };
  const part = (range: string) => world.fetched(url, { ...token, range });
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
  expect(await world.fetched(url, token, "HEAD")).toMatchObject({
    code: 200,
    headers: { "content-length": String(diskBytes), "accept-ranges": "bytes" },
    text: "",
  });
  expect((await world.fetched(urlOf(one.status.links.external, "gzip"), token, "HEAD")).code).toBe(400);
});

test("the token decides, and nothing else opens the door", async () => {
  const one = await world.found("whole");
  const url = urlOf(one.status.links.external, "raw");
  const token = await world.tokenOf(one);
  const range = "bytes=0-0";
  expect((await world.fetched(`${url}?${tokenHeader}=${token}`, { range })).code).toBe(206);
  for (const headers of [
    {},
    { [tokenHeader]: "" },
    { [tokenHeader]: `${token}x` },
    { authorization: `Bearer ${world.cluster.tokenOf("operator")}` },
  ])
    expect(await world.fetched(url, { ...headers, range })).toMatchObject({ code: 401, text: "" });
  expect(await world.fetched(`${url}.bz2`, { [tokenHeader]: token })).toMatchObject({
    code: 404,
    text: "404 page not found\n",
  });
  expect((await world.fetched(url.replace("/whole/", "/other/"), { [tokenHeader]: token })).code).toBe(404);
  expect((await world.fetched(new URL("/api/v1/pods", url).href)).code).toBe(400);
  expect((await world.fetched(new URL("/healthz", url).href)).text).toBe("OK");
});

test("its objects are called as upstream's and go with it", async () => {
  const one = await world.found("whole");
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
  const { body: pod } = await world.cluster.call(`/api/v1/namespaces/${namespace}/pods/virt-export-whole`);
  const { body: service } = await world.cluster.call(
    `/api/v1/namespaces/${namespace}/services/virt-export-whole`,
  );
  expect(service.spec).toMatchObject({
    clusterIP: expect.stringMatching(/^10\./),
    selector: { "kubevirt.io.virt-export-service": pod.metadata.labels["kubevirt.io.virt-export-service"] },
  });
  expect((await world.cluster.call(`${exports}/whole`, { method: "DELETE" })).code).toBe(200);
  for (const kind of ["pods", "services"])
    await eventually(
      async () =>
        (await world.cluster.call(`/api/v1/namespaces/${namespace}/${kind}/virt-export-whole`)).code === 404,
    );
  await eventually(
    async () =>
      (await world.cluster.call(`/api/v1/namespaces/${namespace}/secrets/export-token-whole`)).code === 404,
  );
});

test("an export ends with its time, and what belongs to it", async () => {
  await world.uploaded("brief-disk", content.subarray(0, mebibyte));
  expect((await world.create("brief", claim("brief-disk"), { ttlDuration: "4s" })).code).toBe(201);
  const one = await world.ready("brief");
  expect(Date.parse(one.status.ttlExpirationTime) - Date.parse(one.metadata.creationTimestamp)).toBe(4_000);
  const url = urlOf(one.status.links.external, "raw");
  const token = { [tokenHeader]: await world.tokenOf(one) };
  expect((await world.fetched(url, { ...token, range: "bytes=0-0" })).code).toBe(206);
  await eventually(async () => (await world.cluster.call(`${exports}/brief`)).code === 404);
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(one.status.ttlExpirationTime));
  expect((await world.fetched(url, token)).code).toBe(404);
  await eventually(
    async () =>
      (await world.cluster.call(`/api/v1/namespaces/${namespace}/pods/virt-export-brief`)).code === 404,
  );
});

test("a claim of which nobody says that it holds a disk is a folder: listed, or packed", async () => {
  const claims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  const made = await world.cluster.call(claims, {
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
        resources: { requests: { storage: "64Mi" } },
      },
    },
  });
  expect(made.code).toBe(201);
  await eventually(async () => {
    const { annotations } = (await world.cluster.call(`${claims}/files.1`)).body.metadata;
    return annotations["cdi.kubevirt.io/storage.pod.ready"] === "true";
  });
  await world.upload("files.1", content);
  await world.create("folder", claim("files.1"));
  const one = await world.ready("folder");
  const token = { [tokenHeader]: await world.tokenOf(one) };
  const { formats } = one.status.links.external.volumes[0];
  expect(formats.map(({ format }: { format: string }) => format)).toEqual(["dir", "tar.gz"]);
  const dir = urlOf(one.status.links.external, "dir");
  expect(await world.fetched(dir, token)).toMatchObject({
    code: 301,
    headers: { location: "/volumes/files.1/dir/" },
  });
  expect((await world.fetched(`${dir}/`, token)).text).toContain('<a href="disk.img">disk.img</a>');
  expect((await world.fetched(`${dir}/disk.img`)).code).toBe(401);
  expect((await world.fetched(`${dir}/other.img`, token)).code).toBe(404);
  const { bytes } = await world.fetched(`${dir}/disk.img`, { ...token, range: "bytes=0-99" });
  expect(bytes.equals(content.subarray(0, 100))).toBe(true);
  const packed = await world.fetched(urlOf(one.status.links.external, "tar.gz"), token);
  expect(packed.code).toBe(200);
  const folder = mkdtempSync(join(tmpdir(), "kube-sim-exports-"));
  execFileSync("tar", ["-xzf", "-", "-C", folder], { input: packed.bytes });
  const unpacked = readFileSync(join(folder, "disk.img"));
  rmSync(folder, { recursive: true });
  expect(unpacked.length).toBe(diskBytes);
  expect(unpacked.subarray(0, content.length).equals(content)).toBe(true);
});
