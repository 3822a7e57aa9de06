/** Uploads: tokens, readiness, refusals, progress to Succeeded, and what a cut-off leaves. */
import { request as httpsRequest } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Agent, FormData, request } from "undici";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;
let proxy: string;
let uploadCa: string;
let agent: Agent;
const dataVolumes = "/apis/cdi.kubevirt.io/v1beta1/namespaces/u/datavolumes";

beforeAll(async () => {
  cluster = await startCluster();
  agent = new Agent({ connect: { ca: cluster.sim.caPem } });
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "u" } } });
  const config = await cluster.call("/apis/cdi.kubevirt.io/v1beta1/cdiconfigs/config");
  proxy = config.body.status.uploadProxyURL;
  uploadCa = config.body.status.uploadProxyCA;
});
afterAll(async () => {
  await agent.destroy();
  await cluster.close();
});

/** A DataVolume waiting for its upload, and a token for it. */
async function prepare(name: string, storage = "16Mi"): Promise<string> {
  const created = await cluster.call(dataVolumes, {
    body: {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataVolume",
      metadata: { name, annotations: { "cdi.kubevirt.io/storage.bind.immediate.requested": "true" } },
      spec: { source: { upload: {} }, storage: { resources: { requests: { storage } } } },
    },
  });
  expect(created.code).toBe(201);
  await eventually(
    async () => (await cluster.call(`${dataVolumes}/${name}`)).body.status?.phase === "UploadReady",
  );
  const token = await cluster.call("/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/u/uploadtokenrequests", {
    body: {
      apiVersion: "upload.cdi.kubevirt.io/v1beta1",
      kind: "UploadTokenRequest",
      metadata: { name },
      spec: { pvcName: name },
    },
  });
  expect(token.code).toBe(200);
  return token.body.status.token as string;
}

async function upload(token: string, body: Buffer): Promise<{ code: number; text: string }> {
  const answer = await request(`${proxy}/v1beta1/upload`, {
    dispatcher: agent,
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body,
  });
  return { code: answer.statusCode, text: await answer.body.text() };
}

const phaseOf = async (name: string): Promise<string> =>
  (await cluster.call(`${dataVolumes}/${name}`)).body.status?.phase as string;

/** A disk with a boot signature, and so a raw image. */
function rawImage(bytes: number): Buffer {
  const image = Buffer.alloc(bytes);
  image[510] = 0x55;
  image[511] = 0xaa;
  return image;
}

describe("upload proxy", () => {
  test("takes an image and lets the DataVolume succeed", async () => {
    const token = await prepare("good");
    const answer = await upload(token, rawImage(1024 * 1024));
    expect(answer).toEqual({ code: 200, text: "" });
    await eventually(async () => (await phaseOf("good")) === "Succeeded");
    const again = await upload(token, rawImage(512));
    expect(again.code).toBe(503);
    expect(again.text).toBe("rejecting Upload Request for PVC good that already finished uploading");
  });

  test("refuses a qcow2 that names a backing file, and takes a good image afterwards", async () => {
    const token = await prepare("hostile");
    const header = Buffer.alloc(104 + 64);
    header.write("QFI\xfb", 0, "latin1");
    header.writeUInt32BE(3, 4);
    header.writeBigUInt64BE(104n, 8);
    const backing = "/etc/passwd";
    header.writeUInt32BE(backing.length, 16);
    header.writeUInt32BE(16, 20);
    header.writeBigUInt64BE(1024n * 1024n, 24);
    header.writeUInt32BE(104, 100);
    header.write(backing, 104);
    const refused = await upload(token, header);
    expect(refused.code).toBe(400);
    expect(refused.text).toContain("Saving stream failed:");
    expect((await upload(token, rawImage(4096))).code).toBe(200);
  });

  test("is announced with its certificate authority", () => {
    expect(uploadCa).toBe(cluster.sim.caPem);
  });

  test("knows no token but its own", async () => {
    expect((await upload("x", rawImage(512))).code).toBe(401);
    const bare = await request(`${proxy}/v1beta1/upload`, { dispatcher: agent, method: "POST", body: "x" });
    await bare.body.dump();
    expect(bare.statusCode).toBe(400);
  });

  test("a cut-off upload leaves the volume open for another try", async () => {
    const token = await prepare("cut");
    const stream = httpsRequest(`${proxy}/v1beta1/upload`, {
      ca: cluster.sim.caPem,
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-length": 1024 * 1024 },
    });
    stream.on("error", () => {});
    stream.write(rawImage(64 * 1024));
    const claim = "/api/v1/namespaces/u/persistentvolumeclaims/cut";
    const state = async (): Promise<string> =>
      (await cluster.call(claim)).body.metadata.annotations["kubesim/upload-state"] as string;
    await eventually(async () => (await state()) === "receiving");
    stream.destroy();
    await eventually(async () => (await state()) === "failed");
    expect((await upload(token, rawImage(4096))).code).toBe(200);
  });

  test("takes the file of a form, and refuses a form without one", async () => {
    const token = await prepare("formed");
    const send = async (form: FormData): Promise<number> => {
      const answer = await request(`${proxy}/v1beta1/upload-form`, {
        dispatcher: agent,
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: form,
      });
      await answer.body.dump();
      return answer.statusCode;
    };
    const without = new FormData();
    without.set("note", "x");
    expect(await send(without)).toBe(500);
    const withFile = new FormData();
    withFile.set("note", "before");
    const bytes = rawImage(300_000);
    // a line like the form's own, in the file
    bytes.write("\r\n--", 1000, "latin1");
    withFile.set("file", new Blob([new Uint8Array(bytes)]), "disk.img");
    expect(await send(withFile)).toBe(200);
    await eventually(async () => (await phaseOf("formed")) === "Succeeded");
  });

  test("a viewer gets no token", async () => {
    await cluster.call("/apis/rbac.authorization.k8s.io/v1/namespaces/u/rolebindings", {
      body: {
        metadata: { name: "viewer" },
        subjects: [{ kind: "User", name: "viewer", apiGroup: "rbac.authorization.k8s.io" }],
        roleRef: { kind: "ClusterRole", name: "view", apiGroup: "rbac.authorization.k8s.io" },
      },
    });
    const answer = await cluster.call(
      "/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/u/uploadtokenrequests",
      {
        token: cluster.tokenOf("viewer"),
        body: { spec: { pvcName: "good" } },
      },
    );
    expect(answer.code).toBe(403);
  });
});

describe("DataVolume webhook", () => {
  test.each([
    ["no target", { source: { blank: {} } }, "Missing Data volume PVC"],
    [
      "two targets",
      { source: { blank: {} }, pvc: { accessModes: ["ReadWriteOnce"] }, storage: {} },
      "Duplicate storage definition, both target storage and target pvc defined",
    ],
    ["no size", { source: { blank: {} }, storage: {} }, "Storage size is missing"],
    [
      "a size of nothing",
      {
        source: { blank: {} },
        pvc: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "0" } } },
      },
      "PVC size can't be equal or less than zero",
    ],
    [
      "a size too small",
      { source: { blank: {} }, storage: { resources: { requests: { storage: "1Ki" } } } },
      "Storage size should be at least 1MiB",
    ],
    [
      "a claim without modes",
      { source: { blank: {} }, pvc: { resources: { requests: { storage: "1Gi" } } } },
      "Required value: at least 1 access mode is required",
    ],
    [
      "two sources",
      { source: { blank: {}, upload: {} }, storage: { resources: { requests: { storage: "1Gi" } } } },
      "Multiple Data volume sources",
    ],
    [
      "an archive of nothing",
      {
        contentType: "archive",
        source: { blank: {} },
        storage: { resources: { requests: { storage: "1Gi" } } },
      },
      "SourceType cannot be blank and the contentType be archive",
    ],
    [
      "a sum of another length",
      {
        source: { http: { url: "http://127.0.0.1/a", checksum: "sha256:abc" } },
        storage: { resources: { requests: { storage: "1Gi" } } },
      },
      "Invalid checksum format: invalid sha256 hash length: expected 64 hex characters, got 3",
    ],
    [
      "a scheme that nobody fetches",
      {
        source: { http: { url: "ftp://127.0.0.1/a" } },
        storage: { resources: { requests: { storage: "1Gi" } } },
      },
      "spec.source Invalid source URL scheme: ftp://127.0.0.1/a",
    ],
    [
      "a source and another",
      {
        source: { blank: {} },
        storage: {
          resources: { requests: { storage: "1Gi" } },
          dataSource: { kind: "PersistentVolumeClaim", name: "a" },
        },
      },
      "External population is incompatible with Source and SourceRef",
    ],
  ])("%s", async (_name, spec, text) => {
    const answer = await cluster.call(dataVolumes, {
      body: { apiVersion: "cdi.kubevirt.io/v1beta1", kind: "DataVolume", metadata: { name: "wrong" }, spec },
    });
    expect(answer.code).toBe(422);
    expect(answer.body.message).toContain(text);
  });

  test("of two uploads that wait together one goes on and the other is turned away", async () => {
    const token = await prepare("race");
    const answers = await Promise.all([
      upload(token, rawImage(1024 * 1024)),
      upload(token, rawImage(1024 * 1024)),
    ]);
    expect(answers.map(({ code }) => code).toSorted((a, b) => a - b)).toEqual([200, 503]);
    expect(answers.find(({ code }) => code === 503)?.text).toMatch(
      /receiving another upload|already finished/,
    );
  });

  test("a claim that only names a stranger's volume reaches nothing of it", async () => {
    const token = await prepare("victim");
    await upload(token, rawImage(1024 * 1024));
    await eventually(async () => (await phaseOf("victim")) === "Succeeded");
    const claims = "/api/v1/namespaces/u/persistentvolumeclaims";
    const { volumeName } = (await cluster.call(`${claims}/victim`)).body.spec as { volumeName: string };
    const made = await cluster.call(claims, {
      body: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "thief", annotations: { "kubesim/upload-state": "ready" } },
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: "",
          volumeName,
          resources: { requests: { storage: "16Mi" } },
        },
      },
    });
    expect(made.code).toBe(201);
    expect(made.body.metadata.annotations?.["kubesim/upload-state"]).toBeUndefined();
    const patched = await cluster.call(`${claims}/thief`, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: { metadata: { annotations: { "kubesim/upload-state": "ready" } } },
    });
    expect(patched.body.metadata.annotations?.["kubesim/upload-state"]).toBeUndefined();
    const clone = await cluster.call(dataVolumes, {
      body: {
        apiVersion: "cdi.kubevirt.io/v1beta1",
        kind: "DataVolume",
        metadata: { name: "copy-of-thief" },
        spec: {
          source: { pvc: { namespace: "u", name: "thief" } },
          storage: { resources: { requests: { storage: "16Mi" } } },
        },
      },
    });
    expect(clone.code).toBe(201);
    await eventually(async () => (await phaseOf("copy-of-thief")) === "CloneScheduled");
    expect((await cluster.call(`${claims}/thief`)).body.status.phase).toBe("Pending");
  });
});
