/** Debian's python3-kubernetes, unmodified: a script of ours drives it, and what it found is judged here. */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "../cluster.ts";

const PYTHON = "/usr/bin/python3";
const asked = spawnSync(PYTHON, ["-c", "import kubernetes, websocket; print(kubernetes.__version__)"]);
const version = asked.status === 0 ? String(asked.stdout).trim() : null;
process.stderr.write(
  version === null
    ? "SKIPPED: python3-kubernetes is not installed (npm test installs it), so Python's client was not tried\n"
    : `Python's client: ${version}\n`,
);

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into arbitrary answers
type Finding = Record<string, any>;

let cluster: TestCluster;
const findings = new Map<string, Finding[]>();
let problems = "";
let exitCode: number | null = null;

const machine = {
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachineInstance",
  metadata: { name: "guest" },
  spec: { domain: { devices: {}, memory: { guest: "64Mi" } } },
};

beforeAll(async () => {
  if (version === null) return;
  cluster = await startCluster();
  const instances = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances";
  await cluster.call(instances, { body: machine });
  await eventually(
    async () => (await cluster.call(`${instances}/guest`)).body?.status?.phase === "Running" || undefined,
  );
  const child = spawn(PYTHON, [
    join(import.meta.dirname, "python-client.py"),
    cluster.sim.kubeconfigPath,
    "snakes",
    "default/guest",
  ]);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stderr.on("data", (chunk: Buffer) => (problems += chunk.toString()));
  const maps = "/api/v1/namespaces/snakes/configmaps";
  const changed = async (name: string) => {
    const metadata = { name, labels: { set: "python" } };
    const { code } = await cluster.call(maps, { body: { metadata, data: { key: "b" } } });
    expect(code).toBe(201);
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const finding = JSON.parse(line) as Finding; // the script writes objects
    findings.set(finding["step"], [...(findings.get(finding["step"]) ?? []), finding]);
    if (finding["step"] === "listed") {
      // what has not changed since can still be gone on with
      await cluster.call(maps, { body: { metadata: { name: "unrelated" } } });
      cluster.sim.faults.expireVersions();
      child.stdin.write("compacted\n");
    }
    if (finding["step"] === "watching" && finding["relists"] === 0) {
      await changed("unseen");
      await cluster.call(`${maps}/map-24`, { method: "DELETE" });
      cluster.sim.faults.expireVersions();
      child.stdin.write("forgotten\n");
    }
  }
  exitCode = await ended;
});
afterAll(async () => cluster?.close());

const found = (step: string): Finding => findings.get(step)?.[0] ?? {};

describe.skipIf(version === null)("python3-kubernetes", () => {
  test("runs to its end", () => {
    expect(problems).toBe("");
    expect(exitCode).toBe(0);
  });

  test("lists in pages, and an expired token is 410", () => {
    expect(found("listed")["pages"]).toEqual([10, 10, 5]);
    expect(new Set(found("listed")["names"]).size).toBe(25);
    const { refused, rest } = found("token");
    expect(refused).toMatchObject({
      code: 410,
      body: { reason: "Expired", metadata: { continue: expect.any(String) } },
    });
    // behind the first ten of those there are: root certificates, 25 maps and the unrelated one
    expect(rest).toBe(17);
  });

  test("watches through a compaction: 410, then a new list, then on", () => {
    expect(findings.get("gone")).toEqual([
      {
        step: "gone",
        code: 410,
        reason: expect.stringMatching(/^Expired: too old resource version: \d+ \(\d+\)$/),
      },
    ]);
    const { known, relists, seen } = found("watched");
    expect(relists).toBe(1);
    expect(known).toMatchObject({ unseen: "b", last: "z", "map-00": "a" });
    expect(known).not.toHaveProperty("map-24");
    expect(seen).toEqual([["ADDED", "last"]]);
  });

  test("patches by all types, makes and deletes", () => {
    expect(found("patched")).toMatchObject({
      data: { key: "a", json: "yes" },
      labels: { set: "python", merge: "yes" },
      containers: ["side", "web"],
      machine: ["Manual", { merge: "yes" }],
      strategic: { code: 415 },
      conflict: { code: 409, body: { reason: "AlreadyExists" } },
    });
    expect(found("deleted")).toMatchObject({ left: 0, missing: { code: 404, body: { reason: "NotFound" } } });
  });

  test("opens a machine's console by WebSocket", () => {
    expect(found("console")).toMatchObject({
      subprotocol: "plain.kubevirt.io",
      binary: true,
      text: expect.stringContaining("typed by python"),
    });
  });
});
