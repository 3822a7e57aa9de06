/** Uploads that go wrong, each with a clear end and nothing lost. */
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Clock } from "../src/kube/clock.ts";
import { systemClock } from "../src/kube/clock.ts";
import type { ConsoleUnderTest, ErrorBody, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

let cut: ConsoleUnderTest;
let alice: Person;
let operator: Person;
let bob: Person;
let viewer: Person;
/** Half a minute passes in a blink. */
let hurried = false;
const clock: Clock = {
  ...systemClock,
  sleep: async (ms, signal) => systemClock.sleep(hurried && ms >= 30_000 ? 50 : ms, signal),
};
const project = "web-shop";
const mib = 1024 ** 2;

beforeAll(async () => {
  cut = await startConsole({ clock });
  [alice, operator, bob, viewer] = await Promise.all([
    cut.signIn("alice"),
    cut.signIn("operator"),
    cut.signIn("bob"),
    cut.signIn("viewer"),
  ]);
});
afterAll(async () => cut.close());

const declare = async (name: string, fileSizeBytes: number, diskSizeBytes = 64 * mib) =>
  alice.call("createImage", {
    params: { project },
    body: { name, media: "disk", fileSizeBytes, diskSizeBytes },
  });

const put = async (
  name: string,
  body: Uint8Array<ArrayBuffer>,
  { query = "", noun = "images", person = alice } = {},
) => {
  const response = await fetch(`${cut.url}/api/projects/${project}/${noun}/${name}/content${query}`, {
    method: "PUT",
    headers: { cookie: person.cookie, origin: cut.url, "content-type": "application/octet-stream" },
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

/** Announces a file and sends nothing of it. */
function announce(name: string, totalBytes: number, person: Person, at = cut): ClientRequest {
  const sent = request(`${at.url}/api/projects/${project}/images/${name}/content`, {
    method: "PUT",
    headers: {
      cookie: person.cookie,
      origin: at.url,
      "content-type": "application/octet-stream",
      "content-length": totalBytes,
    },
  });
  sent.on("error", () => {});
  sent.flushHeaders();
  return sent;
}

/** What is answered while nothing was sent. */
const answered = async (sent: ClientRequest) =>
  new Promise<{ status: number; body: ErrorBody }>((resolve, reject) => {
    sent.once("error", reject);
    sent.once("response", (response: IncomingMessage) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on(
        "end",
        () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as ErrorBody }), // every error has this one shape
      );
    });
  });

/** Sends the beginning of a file, and goes once `isUnderWay`. */
async function breakOff(path: string, totalBytes: number, isUnderWay: () => Promise<boolean>) {
  await new Promise<void>((resolve) => {
    const sent = request(`${cut.url}/api/projects/${project}/${path}/content`, {
      method: "PUT",
      headers: {
        cookie: alice.cookie,
        origin: cut.url,
        "content-type": "application/octet-stream",
        "content-length": totalBytes,
      },
    });
    sent.on("error", () => resolve());
    sent.write(raw(4 * mib));
    void until(isUnderWay).then(() => sent.destroy());
    sent.on("close", () => resolve());
  });
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
  await breakOff("images/cut-off", total, async () => (await stateOf("cut-off")).status === "uploading");
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

test("who may not upload holds nothing: he is refused before he sends, and the owner uploads", async () => {
  await declare("looked-at", mib);
  const idle = announce("looked-at", mib, viewer);
  expect(await answered(idle)).toMatchObject({
    status: 403,
    body: {
      error: {
        reason: {
          code: "no-permission",
          params: { verb: "create", resource: "uploadtokenrequests", project },
        },
      },
    },
  });
  expect(await put("looked-at", raw(mib))).toMatchObject({ status: 200 });
  idle.destroy();
});

test("a browser that announces a file and sends nothing frees it after half a minute", async () => {
  await declare("announced", mib);
  hurried = true;
  const idle = announce("announced", mib, alice);
  const cutOff = { code: "image-upload-cut", params: { received: 0, expected: mib } };
  expect(await answered(idle)).toMatchObject({ status: 400, body: { error: { reason: cutOff } } });
  hurried = false;
  expect(await put("announced", raw(mib))).toMatchObject({ status: 200 });
  idle.destroy();
});

test("a browser that begins a file and stops keeps nobody waiting, and is told how much came", async () => {
  await declare("begun", mib);
  const slow = announce("begun", mib, alice);
  slow.write(raw(1000));
  await until(async () => (await stateOf("begun")).status === "uploading");
  // others are answered meanwhile
  for (let asked = 0; asked < 5; asked += 1) await stateOf("begun");
  slow.destroy();
  await until(async () => (await stateOf("begun")).status !== "uploading");
  hurried = true;
  const stopped = announce("begun", mib, alice);
  stopped.write(raw(1000));
  const cutOff = { code: "image-upload-cut", params: { received: 1000, expected: mib } };
  expect(await answered(stopped)).toMatchObject({ status: 400, body: { error: { reason: cutOff } } });
  hurried = false;
  stopped.destroy();
  expect(await put("begun", raw(mib))).toMatchObject({ status: 200 });
});

test("where nobody knows the upload service, a large file is refused and no connection waits for its rest", async () => {
  const mend = cut.sim.faults.add({ urlContains: "/cdiconfigs", effect: { kind: "status", code: 404 } });
  const other = await startConsole({ sim: cut.sim });
  try {
    await declare("nowhere", 64 * mib);
    const sent = announce("nowhere", 64 * mib, await other.signIn("alice"), other);
    sent.write(raw(16 * mib));
    const closed = new Promise<void>((resolve) => sent.once("close", resolve));
    expect(await answered(sent)).toMatchObject({
      status: 501,
      body: { error: { reason: { code: "upload-service-unknown" } } },
    });
    await closed;
  } finally {
    await other.close();
    mend();
  }
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
  expect((await put(name, body, { query: "?asRaw=true" })).status).toBe(200);
  await until(async () => (await stateOf(name)).status === "ready");
});

describe("a disk of a file", () => {
  const noun = "disks";
  const diskForm = (name: string, fileSizeBytes: number, sizeBytes = 64 * mib) => ({
    params: { project },
    body: { name, sizeBytes, source: { kind: "upload" as const, fileSizeBytes } },
  });
  const diskOf = async (name: string, person = alice) =>
    (await person.call("getDisk", { params: { project, name } })).row;
  const becomes = async (name: string, status: string) =>
    until(async () => {
      const row = await diskOf(name);
      return row.state.status === status && row;
    });
  /** CDI says that a file was not taken, before the console says which way. */
  const failsWith = async (name: string, code: string) =>
    until(async () => {
      const row = await diskOf(name);
      return row.state.status === "failed" && row.state.reason?.code === code && row;
    });

  test.each(["alice", "operator"])("is made by %s, waits for it, takes it once", async (who) => {
    const person = who === "alice" ? alice : operator;
    const name = `file-of-${who}`;
    const preview = await person.call("previewDisk", diskForm(name, mib));
    expect(preview).toMatchObject({ creatable: true });
    expect(preview.yaml).toContain("upload: {}");
    await person.call("createDisk", diskForm(name, mib));
    const waiting = await becomes(name, "awaiting-upload");
    expect(waiting).toMatchObject({
      state: { tone: "attention", reason: { code: "image-awaiting-upload" } },
      actions: { upload: { allowed: true }, attach: { allowed: false } },
    });
    expect(await put(name, raw(mib), { noun, person })).toMatchObject({ status: 200 });
    const ready = await becomes(name, "ready");
    expect(ready.actions.upload).toMatchObject({ reason: { code: "disk-takes-no-file" } });
    expect(await put(name, raw(mib), { noun, person })).toMatchObject({
      status: 409,
      body: { error: { reason: { code: "image-already-filled" } } },
    });
    const { rows } = await person.call("listActivity", { query: { project } });
    expect(rows.map((row) => `${row.action} ${row.noun} ${row.name} ${row.outcome}`)).toContain(
      `upload disk ${name} ok`,
    );
  });

  test("is not a stranger's to make or fill", async () => {
    await alice.call("createDisk", diskForm("hers", mib));
    expect(await put("hers", raw(mib), { noun, person: bob })).toMatchObject({ status: 403 });
    expect((await bob.refused("createDisk", diskForm("his", mib))).status).toBe(404);
    expect((await diskOf("hers")).state.status).not.toBe("ready");
  });

  test("a file that does not fit is refused before the disk is made, and before its bytes", async () => {
    const preview = await alice.call("previewDisk", diskForm("big-file", 8 * mib, mib));
    const fields = [{ path: "sizeBytes", reason: { code: "image-larger-than-disk" } }];
    expect(preview.checks).toContainEqual(expect.objectContaining({ name: "image", result: "blocking" }));
    const refused = await alice.refused("createDisk", diskForm("big-file", 8 * mib, mib));
    expect(refused.body.error).toMatchObject({ code: "invalid", fields });
    const beyond = await alice.refused("createDisk", diskForm("huge", 1024 ** 5, 1024 ** 5));
    expect(beyond.body.error.fields).toContainEqual(
      expect.objectContaining({
        path: "source.fileSizeBytes",
        reason: expect.objectContaining({ code: "upload-too-large" }) as unknown,
      }),
    );
    await alice.call("createDisk", diskForm("small-disk", mib, 2 * mib));
    expect((await put("small-disk", raw(8 * mib), { noun })).status).toBe(413);
  });

  test("one that breaks off says so, and is sent again", async () => {
    const total = 32 * mib;
    await alice.call("createDisk", diskForm("cut-disk", total));
    await breakOff(
      "disks/cut-disk",
      total,
      async () => (await diskOf("cut-disk")).state.status === "uploading",
    );
    const cutOff = await failsWith("cut-disk", "image-upload-cut");
    expect(cutOff).toMatchObject({
      state: { reason: { code: "image-upload-cut", params: { expected: total } } },
      actions: { upload: { allowed: true } },
    });
    expect((await put("cut-disk", raw(total), { noun })).status).toBe(200);
    await becomes("cut-disk", "ready");
  });

  test("a text file is refused, and the disk says why", async () => {
    const text = new TextEncoder().encode("three lines\nof text\nare no disk\n");
    await alice.call("createDisk", diskForm("text-disk", text.length));
    const reason = { code: "image-file-unlike", params: { looks: "a text file" } };
    expect(await put("text-disk", text, { noun })).toMatchObject({
      status: 422,
      body: { error: { reason } },
    });
    expect((await failsWith("text-disk", reason.code)).state).toMatchObject({ tone: "error", reason });
  });
});
