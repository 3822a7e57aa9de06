/** Uploads that go wrong, each with a clear end and nothing lost. */
import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, ErrorBody, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

let cut: ConsoleUnderTest;
let alice: Person;
const project = "web-shop";
const mib = 1024 ** 2;

beforeAll(async () => {
  cut = await startConsole();
  alice = await cut.signIn("alice");
});
afterAll(async () => cut.close());

const declare = async (name: string, fileSizeBytes: number, diskSizeBytes = 64 * mib) =>
  alice.call("createImage", {
    params: { project },
    body: { name, media: "disk", fileSizeBytes, diskSizeBytes },
  });

const put = async (name: string, body: Uint8Array<ArrayBuffer>, query = "") => {
  const response = await fetch(`${cut.url}/api/projects/${project}/images/${name}/content${query}`, {
    method: "PUT",
    headers: { cookie: alice.cookie, origin: cut.url, "content-type": "application/octet-stream" },
    body,
  });
  return { status: response.status, body: (await response.json()) as ErrorBody };
};

const stateOf = async (name: string) =>
  (await alice.call("getImage", { params: { project, name } })).row.state;

function raw(bytes: number): Uint8Array<ArrayBuffer> {
  const disk = new Uint8Array(bytes);
  disk[510] = 0x55;
  disk[511] = 0xaa;
  return disk;
}

test("a name that is taken is said at the field", async () => {
  await declare("taken", mib);
  const { status, body } = await alice.refused("createImage", {
    params: { project },
    body: { name: "taken", media: "disk", fileSizeBytes: mib, diskSizeBytes: mib },
  });
  expect(status).toBe(409);
  expect(body.error.code).toBe("already-exists");
});

test("a file larger than its disk is refused at the field, and before its bytes", async () => {
  const { body } = await alice.refused("createImage", {
    params: { project },
    body: { name: "big", media: "disk", fileSizeBytes: 8 * mib, diskSizeBytes: mib },
  });
  expect(body.error.fields?.[0]).toMatchObject({
    path: "diskSizeBytes",
    reason: { code: "image-larger-than-disk" },
  });
  await declare("small", mib, 2 * mib);
  const refused = await put("small", raw(8 * mib));
  expect(refused.status).toBe(413);
});

test("an upload that breaks off says so, and can be tried again", async () => {
  const total = 32 * mib;
  await declare("cut-off", total);
  await new Promise<void>((resolve) => {
    const sent = request(`${cut.url}/api/projects/${project}/images/cut-off/content`, {
      method: "PUT",
      headers: {
        cookie: alice.cookie,
        origin: cut.url,
        "content-type": "application/octet-stream",
        "content-length": total,
      },
    });
    sent.on("error", () => resolve());
    sent.write(raw(4 * mib));
    void until(async () => (await stateOf("cut-off")).status === "uploading").then(() => sent.destroy());
    sent.on("close", () => resolve());
  });
  const state = await until(async () => {
    const now = await stateOf("cut-off");
    return now.status === "failed" && now;
  });
  expect(state.reason).toMatchObject({ code: "image-upload-cut", params: { expected: total } });
  const again = await put("cut-off", raw(total));
  expect(again.status).toBe(200);
  await until(async () => (await stateOf("cut-off")).status === "ready");
  const filled = await put("cut-off", raw(mib));
  expect(filled).toMatchObject({
    status: 409,
    body: { error: { reason: { code: "image-already-filled" } } },
  });
});

test("a file that is no image is refused in the service's words", async () => {
  // a qcow2 header whose backing file names a file of the host
  const evil = new Uint8Array(mib);
  evil.set([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 104, 0, 0, 0, 11], 0);
  evil.set(new TextEncoder().encode("/etc/passwd"), 104);
  await declare("evil", evil.length);
  const { status, body } = await put("evil", evil);
  expect(status).toBe(422);
  expect(body.error.code).toBe("image-refused");
  expect(body.error.reason?.upstreamText).not.toBe("");
});

test.each([
  ["text", new TextEncoder().encode("three lines\nof text\nare no disk\n"), "a text file"],
  ["zeros", new Uint8Array(2 * mib), ""],
])("a file of %s is no image: nothing of it is taken unless somebody says so", async (name, body, looks) => {
  await declare(name, body.length);
  const refused = await put(name, body);
  const reason = { code: "image-file-unlike", params: { looks } };
  expect(refused).toMatchObject({ status: 422, body: { error: { code: "image-refused", reason } } });
  const state = await until(async () => {
    const now = await stateOf(name);
    return now.status === "failed" && now;
  });
  expect(state).toMatchObject({ tone: "error", reason });
  expect((await put(name, body, "?asRaw=true")).status).toBe(200);
  await until(async () => (await stateOf(name)).status === "ready");
});
