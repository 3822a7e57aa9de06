/** Uploads from the first byte to any end, and what a chosen file is. */
import { judgeImageHead, showsNoImage } from "@kubev/api-types/image-file";
import { beforeEach, describe, expect, test } from "vitest";
import type { UploadTransport } from "../api/upload.ts";
import { fittingDiskBytes, imageNameFrom, isHeaderDamaged, isNameDeceiving } from "./image-file.ts";
import { lastJudged } from "./last-judged.ts";
import { UploadStore } from "./upload-store.ts";

class FakeTransport implements UploadTransport {
  status = 0;
  responseText = "";
  upload: UploadTransport["upload"] = { onprogress: null };
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;
  opened = "";
  headers: Record<string, string> = {};
  body: Blob | null = null;
  open(method: string, url: string): void {
    this.opened = `${method} ${url}`;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  send(body: Blob): void {
    this.body = body;
  }
  abort(): void {
    this.onabort?.();
  }
  answer(status: number, body: unknown): void {
    this.status = status;
    this.responseText = typeof body === "string" ? body : JSON.stringify(body);
    this.onload?.();
  }
}

let transport: FakeTransport;
let nowMs: number;
let store: UploadStore;
let settled: number;
const file = new File([new Uint8Array(1000)], "disk.qcow2");
const upload = () => store.snapshot()[0];
const ended = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  nowMs = 0;
  settled = 0;
  transport = new FakeTransport();
  store = new UploadStore(
    () => nowMs,
    () => transport,
  );
  store.start({ project: "p", name: "disk", url: "/api/x", file }, () => {
    settled += 1;
  });
});

test("sends the raw file and shows how far it is", () => {
  expect(transport.opened).toBe("PUT /api/x");
  expect(transport.headers).toEqual({ "content-type": "application/octet-stream" });
  expect(transport.body).toBe(file);
  nowMs = 2000;
  transport.upload.onprogress?.({ loaded: 400, total: 1000 });
  expect(upload()).toMatchObject({ state: "sending", sentBytes: 400, totalBytes: 1000, bytesPerSecond: 200 });
  transport.upload.onprogress?.({ loaded: 1000, total: 1000 });
  expect(upload()?.state).toBe("finishing");
});

test("ends well", async () => {
  transport.answer(201, { project: "p", name: "disk", bytes: 1000 });
  await ended();
  expect(upload()).toMatchObject({ state: "done", sentBytes: 1000 });
  expect(settled).toBe(1);
});

test("the server's refusal is kept with its reason", async () => {
  transport.answer(422, {
    error: { code: "image-refused", requestId: "r", reason: { code: "image-upload-refused" } },
  });
  await ended();
  expect(upload()).toMatchObject({ state: "failed", error: { code: "image-refused" } });
});

test("nobody knows what came of a file that left as a whole and whose answer was lost", async () => {
  transport.upload.onprogress?.({ loaded: 1000, total: 1000 });
  transport.onerror?.();
  await ended();
  expect(upload()).toMatchObject({ state: "failed", error: { code: "network" } });
});

test("a lost connection is a failure, a proxy's page too", async () => {
  transport.onerror?.();
  await ended();
  expect(upload()).toMatchObject({ state: "failed", error: { code: "upload-incomplete" } });
  const second = new UploadStore(
    () => 0,
    () => transport,
  );
  second.start({ project: "p", name: "x", url: "/", file });
  transport.answer(502, "<html>Bad gateway</html>");
  await ended();
  expect(second.snapshot()[0]).toMatchObject({ state: "failed", error: { code: "unreadable" } });
});

test("cancelling is no failure; only an ended upload leaves the list", async () => {
  const id = upload()?.id ?? "";
  store.dismiss(id);
  expect(store.snapshot()).toHaveLength(1);
  store.cancel(id);
  await ended();
  expect(upload()).toMatchObject({ state: "cancelled", error: null });
  store.dismiss(id);
  expect(store.snapshot()).toEqual([]);
});

describe("a file is judged by its first bytes", () => {
  const head = (at: number, bytes: readonly number[]) => {
    const made = new Uint8Array(33 * 1024);
    made.set(bytes, at);
    return made;
  };
  test("qcow2 tells its virtual size", () => {
    const bytes = head(0, [0x51, 0x46, 0x49, 0xfb]);
    new DataView(bytes.buffer).setBigUint64(24, 10n * 1024n ** 3n);
    expect(judgeImageHead(bytes, 5000)).toEqual({
      kind: "qcow2",
      virtualSizeBytes: 10 * 1024 ** 3,
      insteadOfImage: null,
    });
  });
  test("a cut qcow2 header does not throw", () => {
    expect(judgeImageHead(new Uint8Array([0x51, 0x46, 0x49, 0xfb]), 4).kind).toBe("qcow2");
  });
  test("ISO, raw, packed and unknown", () => {
    expect(judgeImageHead(head(32_769, [0x43, 0x44, 0x30, 0x30, 0x31]), 9).kind).toBe("iso");
    expect(judgeImageHead(head(510, [0x55, 0xaa]), 512).kind).toBe("raw");
    expect(judgeImageHead(head(0, [0x1f, 0x8b]), 9).kind).toBe("gzip");
    expect(judgeImageHead(new Uint8Array(), 0)).toEqual({
      kind: "unknown",
      virtualSizeBytes: null,
      insteadOfImage: null,
    });
  });
  test("only bytes of no known kind may be a raw disk all the same", () => {
    expect(showsNoImage(judgeImageHead(head(0, []), 1024 ** 2), 1024 ** 2)).toBe(true);
    expect(showsNoImage(judgeImageHead(head(0, [0x25, 0x50, 0x44, 0x46]), 9), 9)).toBe(false);
    expect(showsNoImage(judgeImageHead(head(510, [0x55, 0xaa]), 512), 512)).toBe(false);
    expect(showsNoImage(judgeImageHead(new Uint8Array(), 0), 0)).toBe(false);
  });
  test("what is plainly something else is named", () => {
    const text = new TextEncoder().encode("hello\nthis is no disk\nnor will it boot\n");
    expect(judgeImageHead(text, text.length)).toMatchObject({
      kind: "unknown",
      insteadOfImage: "a text file",
    });
    expect(judgeImageHead(new Uint8Array(33 * 1024), 1024 ** 2).insteadOfImage).toBeNull();
    expect(judgeImageHead(head(0, [0x25, 0x50, 0x44, 0x46]), 9).insteadOfImage).toBe("a PDF document");
  });
});

test("a header with an absurd size is damaged; a name may promise what the file is not", () => {
  const image = { kind: "qcow2", virtualSizeBytes: 64 * 1024 ** 4, insteadOfImage: null } as const;
  expect(isHeaderDamaged(image)).toBe(false);
  expect(isHeaderDamaged({ ...image, virtualSizeBytes: 64 * 1024 ** 4 + 1 })).toBe(true);
  const unknown = judgeImageHead(new Uint8Array(512), 512);
  expect(isNameDeceiving(unknown, "disk.QCOW2")).toBe(true);
  expect(isNameDeceiving(unknown, "disk.img")).toBe(false);
  expect(isNameDeceiving(image, "disk.qcow2")).toBe(false);
});

describe("of files chosen one after the other", () => {
  /** A file whose beginning arrives when told to. */
  const slow = () => {
    const { promise, resolve, reject } = Promise.withResolvers<ArrayBuffer>();
    const file = new File([new Uint8Array(512)], "disk.img");
    file.slice = () => Object.assign(new Blob(), { arrayBuffer: async () => promise });
    return { file, arrive: () => resolve(new ArrayBuffer(512)), vanish: () => reject(new Error("gone")) };
  };

  test("the last one counts, also where one before it is read later", async () => {
    const judge = lastJudged();
    const found: string[] = [];
    const [first, second] = [slow(), slow()];
    const both = [
      judge(first.file, () => found.push("first")),
      judge(second.file, (judged) => found.push(`second ${judged?.kind}`)),
    ];
    second.arrive();
    await both[1];
    first.arrive();
    await Promise.all(both);
    expect(found).toEqual(["second unknown"]);
  });

  test("one that cannot be read is told, but not of one that was replaced", async () => {
    const judge = lastJudged();
    const found: unknown[] = [];
    const [first, second] = [slow(), slow()];
    const both = [first, second].map(async ({ file }) => judge(file, (judged) => found.push(judged)));
    first.vanish();
    second.vanish();
    await Promise.all(both);
    expect(found).toEqual([null]);
  });
});

test("names and sizes follow from the file", () => {
  expect(imageNameFrom("Debian 12 (amd64).qcow2")).toBe("debian-12-amd64");
  expect(imageNameFrom("disk.img.xz")).toBe("disk");
  expect(imageNameFrom("x".repeat(80))).toHaveLength(63);
  const raw = { kind: "raw" as const, virtualSizeBytes: 1024 ** 3 + 1, insteadOfImage: null };
  expect(fittingDiskBytes(raw, 1)).toBe(2 * 1024 ** 3);
  expect(fittingDiskBytes({ ...raw, virtualSizeBytes: 512 }, 512)).toBe(64 * 1024 ** 2);
});
