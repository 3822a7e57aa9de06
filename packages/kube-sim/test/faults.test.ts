/** Faults hit what they name, as often as they say, and end when told: in the process, from a file, at the admin socket. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readFaults } from "../src/faults/fault.ts";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const folder = mkdtempSync(join(tmpdir(), "kube-sim-faults-"));
const socketPath = join(folder, "admin.sock");

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ adminSocket: socketPath });
});
afterEach(() => cluster.sim.faults.clear());
afterAll(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One question to the admin socket. */
const admin = (method: string, path: string, body?: object): Promise<{ code: number; body: unknown }> =>
  new Promise((resolve, reject) => {
    const question = httpRequest({ socketPath, method, path }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ code: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    question.on("error", reject);
    question.end(body === undefined ? "" : JSON.stringify(body));
  });

describe("a fault", () => {
  test("answers 429 once, with Retry-After", async () => {
    cluster.sim.faults.add({ urlContains: "/nodes", effect: { kind: "status", code: 429 }, times: 1 });
    const answer = await cluster.call("/api/v1/nodes");
    expect(answer.code).toBe(429);
    expect(answer.headers["retry-after"]).toBe("1");
    expect((await cluster.call("/api/v1/nodes")).code).toBe(200);
  });

  test.each([401, 404, 409, 410, 422, 429, 500, 503, 504] as const)(
    "answers %s with a Status",
    async (code) => {
      cluster.sim.faults.add({ urlContains: "/nodes", effect: { kind: "status", code } });
      const { body, ...answer } = await cluster.call("/api/v1/nodes");
      expect(answer.code).toBe(code);
      expect(body).toMatchObject({ kind: "Status", status: "Failure", code });
    },
  );

  test("hits each third request", async () => {
    cluster.sim.faults.add({ urlContains: "/nodes", everyNth: 3, effect: { kind: "status", code: 500 } });
    const codes: number[] = [];
    for (let index = 0; index < 6; index += 1) codes.push((await cluster.call("/api/v1/nodes")).code);
    expect(codes).toEqual([200, 200, 500, 200, 200, 500]);
  });

  test("hangs up on the request and on nothing else", async () => {
    cluster.sim.faults.add({ method: "GET", urlContains: "/secrets", effect: { kind: "hang-up" } });
    await expect(cluster.call("/api/v1/secrets")).rejects.toThrow(/closed|other side/);
    expect((await cluster.call("/api/v1/configmaps")).code).toBe(200);
  });

  test("takes an API group away, from discovery too", async () => {
    const end = cluster.sim.faults.add({ effect: { kind: "missing-group", group: "kubeovn.io" } });
    const names = async (): Promise<string[]> =>
      (await cluster.call("/apis")).body.groups.map(({ name }: { name: string }) => name);
    expect((await cluster.call("/apis/kubeovn.io/v1/vpcs")).text).toBe("404 page not found\n");
    expect((await cluster.call("/apis/kubeovn.io/v1")).code).toBe(404);
    expect(await names()).not.toContain("kubeovn.io");
    expect(await names()).toContain("kubevirt.io");
    end();
    expect(await names()).toContain("kubeovn.io");
    expect((await cluster.call("/apis/kubeovn.io/v1/vpcs")).code).toBe(200);
  });

  test("makes versions forgotten: 410", async () => {
    const { body } = await cluster.call("/api/v1/configmaps");
    await cluster.call("/api/v1/namespaces/default/configmaps", { body: { metadata: { name: "x" } } });
    cluster.sim.faults.expireVersions();
    const answer = await cluster.call(
      `/api/v1/configmaps?watch=1&resourceVersion=${body.metadata.resourceVersion}`,
    );
    expect(answer.text).toContain('"code":410');
  });
});

/** Opens a watch; `lines` counts what came, `closed` is how it ended. */
async function watch(
  options = "",
): Promise<{ lines: () => number; closed: () => string | undefined; stop: () => void }> {
  let lines = 0;
  let closed: string | undefined;
  const path = "/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=0" + options;
  const question = httpsRequest(new URL(path, cluster.sim.url), cluster.tls);
  await new Promise<void>((resolve, reject) => {
    question.on("error", reject);
    question.on("response", (response) => {
      response.on("data", (chunk: Buffer) => (lines += chunk.toString().split("\n").length - 1));
      response.on("end", () => (closed = "end"));
      response.on("error", () => (closed = "reset"));
      resolve();
    });
    question.end();
  });
  return { lines: () => lines, closed: () => closed, stop: () => question.destroy() };
}

describe("an open watch", () => {
  test.each(["end", "reset"] as const)("is dropped: %s", async (how) => {
    const stream = await watch();
    await eventually(async () => stream.lines() > 0);
    cluster.sim.faults.dropWatches(how);
    await eventually(async () => stream.closed() === how);
    expect(stream.closed()).toBe(how);
  });

  test("has its bookmark when told", async () => {
    const stream = await watch("&allowWatchBookmarks=true");
    await eventually(async () => stream.lines() > 0);
    const before = stream.lines();
    cluster.sim.faults.bookmarkWatches();
    await eventually(async () => stream.lines() === before + 1);
    expect(stream.closed()).toBeUndefined();
    stream.stop();
  });

  test.each([0, 1])("says its last words after %s lines", async (afterLines) => {
    const text = '{"type":"ERR';
    cluster.sim.faults.add({ urlContains: "watch=1", effect: { kind: "last-words", afterLines, text } });
    const answer = await cluster.call("/api/v1/namespaces?watch=1&resourceVersion=0");
    const lines = answer.text.split("\n");
    expect(lines).toHaveLength(afterLines + 1);
    expect(lines.at(-1)).toBe(text);
  });

  test("is half open: it stays, and nothing comes", async () => {
    const [frozen, maps] = [await watch(), "/api/v1/namespaces/default/configmaps"];
    await eventually(async () => frozen.lines() > 0);
    cluster.sim.faults.dropWatches("freeze");
    const before = frozen.lines();
    const living = await watch();
    const initial = (await cluster.call(maps)).body.items.length as number;
    await eventually(async () => living.lines() === initial);
    await cluster.call(maps, { body: { metadata: { name: "unheard" } } });
    await eventually(async () => living.lines() > initial);
    expect(frozen.lines()).toBe(before);
    expect(frozen.closed()).toBeUndefined();
    frozen.stop();
    living.stop();
  });
});

test("an expired certificate is shown to new connections, until it is right again", async () => {
  const fresh = (): Promise<string> =>
    new Promise((resolve) => {
      const question = httpsRequest(new URL("/livez", cluster.sim.url), { ca: cluster.tls.ca, agent: false });
      question.on("response", (response) => {
        response.resume();
        resolve(String(response.statusCode));
      });
      question.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
      question.end();
    });
  expect(await fresh()).toBe("200");
  cluster.sim.faults.expireCertificate(true);
  expect(await fresh()).toBe("CERT_HAS_EXPIRED");
  cluster.sim.faults.expireCertificate(false);
  expect(await fresh()).toBe("200");
});

describe("the admin socket", () => {
  test("is its owner's alone", () => {
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  });

  test("puts faults in force, tells of them and ends them", async () => {
    const put = await admin("POST", "/faults", {
      urlContains: "/nodes",
      effect: { kind: "status", code: 503 },
    });
    expect(put.code).toBe(200);
    const { id } = put.body as { id: number }; // as put
    expect((await cluster.call("/api/v1/nodes")).code).toBe(503);
    expect((await admin("GET", "/faults")).body).toEqual([
      { id, fault: { urlContains: "/nodes", effect: { kind: "status", code: 503 } } },
    ]);
    expect((await admin("DELETE", `/faults/${id}`)).code).toBe(200);
    expect((await cluster.call("/api/v1/nodes")).code).toBe(200);
    expect((await admin("DELETE", `/faults/${id}`)).code).toBe(404);
  });

  test("drops watches, forgets versions, and says what it does not know", async () => {
    const stream = await watch();
    expect((await admin("POST", "/watches", { drop: "end" })).code).toBe(200);
    await eventually(async () => stream.closed() === "end");
    expect((await admin("POST", "/versions", { expire: true })).code).toBe(200);
    expect(await admin("POST", "/watches", { drop: "softly" })).toEqual({
      code: 422,
      body: { error: "drop must be end, reset or freeze" },
    });
    expect(await admin("POST", "/faults", { effect: { kind: "status", code: 418 } })).toMatchObject({
      code: 422,
      body: { error: expect.stringContaining("effect.code must be one of") },
    });
    expect((await admin("GET", "/elsewhere")).code).toBe(404);
  });
});

describe("a file of faults", () => {
  test("is refused at what is wrong with it", () => {
    expect(() => readFaults({})).toThrow("the file must hold a list of faults");
    expect(() => readFaults([{ effect: { kind: "silence" } }, { effect: { kind: "noise" } }])).toThrow(
      "fault 2: effect.kind must be one of",
    );
    expect(() => readFaults([{ effect: { kind: "silence" }, url: "/" }])).toThrow(
      "fault 1: a fault has no field url",
    );
    expect(() => readFaults([{ effect: { kind: "delay", delayMs: -1 } }])).toThrow("effect.delayMs");
  });

  test("and the degraded scenario are in force from the start", { timeout: 30_000 }, async () => {
    const file = join(folder, "faults.yaml");
    writeFileSync(file, "- urlContains: /api/v1/nodes\n  effect: {kind: status, code: 504}\n");
    const cli = join(import.meta.dirname, "../src/cli.ts");
    const dataDir = join(folder, "degraded");
    const child = spawn(
      process.execPath,
      [cli, "--data-dir", dataDir, "--scenario", "degraded", "--machines", "stand-in", "--faults", file],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    const { url } = JSON.parse(String(line.value)) as { url: string }; // the process's own line
    const ask = (path: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const question = httpsRequest(new URL(path, url), { rejectUnauthorized: false, agent: false });
        question.on("response", (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        question.on("error", reject);
        question.end();
      });
    // Faults come before anybody is asked who he is.
    expect(await ask("/api/v1/nodes")).toBe(504);
    expect(await ask("/apis/snapshot.storage.k8s.io/v1/volumesnapshots")).toBe(404);
    expect(await ask("/apis/metrics.k8s.io/v1beta1/nodes")).toBe(503);
    expect(await ask("/apis/storage.k8s.io/v1/storageclasses")).toBe(403);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });
});
