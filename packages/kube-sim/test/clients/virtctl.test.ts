/** virtctl itself, unmodified, where `VIRTCTL` names it: every command of the recording, and what leads around it. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { eventually, startCluster, type TestCluster } from "../cluster.ts";
import { makeRecordedWorld, PROJECT, recordedCommands, settled } from "./virtctl-trace.ts";

const VIRTCTL = process.env["VIRTCTL"] ?? "";
const missing =
  VIRTCTL === "" ? "VIRTCTL names no virtctl" : existsSync(VIRTCTL) ? null : `${VIRTCTL} is not there`;
if (missing !== null) process.stderr.write(`SKIPPED: virtctl itself, since ${missing}\n`);
if (recordedCommands === null) process.stderr.write("SKIPPED: virtctl's recorded commands are absent\n");

let cluster: TestCluster;
const folder = mkdtempSync(join(tmpdir(), "kube-sim-virtctl-"));
beforeAll(async () => {
  if (missing !== null) return;
  // disks on storage that takes uploads
  cluster = await startCluster({ scenario: "demo" });
  await makeRecordedWorld(cluster);
});
afterAll(async () => {
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  code: number | null;
  out: string;
}

const start = (program: string, args: readonly string[]): ChildProcessWithoutNullStreams =>
  spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, KUBECONFIG: cluster.sim.kubeconfigPath, TERM: "dumb" },
  });

const withProject = (args: readonly string[]): string[] => [...args, "-n", PROJECT];

/** Both outputs together. */
function virtctl(args: readonly string[]): Promise<Ran> {
  const child = start(VIRTCTL, args);
  let out = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stdin.end();
  const killer = setTimeout(() => child.kill("SIGKILL"), 40_000);
  return new Promise((resolve) => {
    child.once("close", (code) => {
      clearTimeout(killer);
      resolve({ code, out });
    });
  });
}

async function ok(...args: string[]): Promise<string> {
  const { code, out } = await virtctl(withProject(args));
  if (code !== 0) throw new Error(`virtctl ${args.join(" ")}: ${String(code)} ${out}`);
  return out;
}

/** These are open until they are ended; tests of their own follow. `port-forward` waits for its subresource. */
const STREAMS = ["console", "vnc", "port-forward"];
const isStream = (args: readonly string[]) => STREAMS.includes(args[0] ?? "") && args[1] !== "screenshot";
const plain = (recordedCommands ?? []).filter(({ args, requests }) => requests.length > 0 && !isStream(args));

describe.skipIf(missing !== null)("virtctl", () => {
  test.each(plain.map(({ args, requests }) => ({ name: args.join(" "), args, requests })))(
    "$name",
    async ({ args, requests }) => {
      const { code, out } = await virtctl(withProject(args));
      const wasRefused = (requests.at(-1)?.code ?? 0) >= 400;
      expect({ out, failed: code !== 0 }).toEqual({ out: expect.any(String), failed: wasRefused });
      await settled(cluster);
    },
  );

  test("screenshots are pictures, and expand prints the machine", async () => {
    await ok("start", "v1");
    await settled(cluster);
    await ok("vnc", "screenshot", "v1", "-f", "again.png");
    expect(readFileSync(join(folder, "again.png")).subarray(1, 4).toString()).toBe("PNG");
    expect(parse(await ok("expand", "--vm", "v1"))).toMatchObject({
      kind: "VirtualMachine",
      metadata: { name: "v1" },
    });
    expect(JSON.parse(await ok("guestosinfo", "v1"))).toMatchObject({ os: { id: "debian" } });
  });

  test("console through a terminal: what is typed comes back, and Ctrl+] ends it", async () => {
    await settled(cluster);
    const console = start("script", ["-qec", `${VIRTCTL} console v1 -n ${PROJECT}`, "/dev/null"]);
    let out = "";
    console.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => console.once("close", resolve));
    await eventually(async () => out.includes("Successfully connected"));
    console.stdin.write("typed on a terminal\r");
    await eventually(async () => out.includes("typed on a terminal"));
    console.stdin.write("\u001d");
    expect(await ended).toBe(0);
  });

  test("vnc --proxy-only gives a port on which RFB answers", async () => {
    const proxy = start(VIRTCTL, withProject(["vnc", "v1", "--proxy-only"]));
    let out = "";
    proxy.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    const ended = new Promise((resolve) => proxy.once("close", resolve));
    const port = await eventually(async () => /"port":(\d+)/.exec(out)?.[1]);
    const socket = connect(Number(port), "127.0.0.1");
    const greeting = await new Promise<string>((resolve, reject) => {
      socket.once("data", (bytes: Buffer) => resolve(bytes.toString("latin1")));
      socket.once("error", reject);
    });
    expect(greeting).toBe("RFB 003.008\n");
    socket.destroy();
    await ended;
  });

  test("image-upload makes a DataVolume, sends the file and waits for it", async () => {
    writeFileSync(join(folder, "disk.img"), Buffer.alloc(1024 * 1024, 7));
    const out = await ok("image-upload", "dv", "up1", "--size=1Gi", "--image-path=disk.img", "--insecure");
    expect(out).toMatch(
      /DataVolume vctl\/up1 created[^]*Uploading data to https[^]*Uploading disk\.img completed successfully/,
    );
    const { body } = await cluster.call(
      `/apis/cdi.kubevirt.io/v1beta1/namespaces/${PROJECT}/datavolumes/up1`,
    );
    expect(body.status.phase).toBe("Succeeded");
  });

  test("image-upload to a claim without a DataVolume", async () => {
    const image = ["--size=1Gi", "--image-path=disk.img", "--insecure"];
    const storage = ["--storage-class=fast-block", "--volume-mode=block", "--access-mode=ReadWriteMany"];
    expect(await ok("image-upload", "pvc", "up2", ...image, ...storage)).toMatch(
      /PersistentVolumeClaim vctl\/up2 created[^]*Uploading disk\.img completed successfully/,
    );
  });

  test("vmexport downloads what was uploaded: of a claim, a machine and its snapshot", async () => {
    const content = randomBytes(1024 * 1024);
    writeFileSync(join(folder, "small.img"), content);
    await ok("image-upload", "dv", "small", "--size=16Mi", "--image-path=small.img", "--insecure");
    const expected = Buffer.concat([content, Buffer.alloc(15 * 1024 * 1024)]);
    const file = (name: string) => readFileSync(join(folder, name));
    const exported = async (name: string) =>
      (await cluster.call(`/apis/export.kubevirt.io/v1/namespaces/${PROJECT}/virtualmachineexports/${name}`))
        .code;

    const done = "Download finished successfully";
    const raw = ["--format=raw", "--output=got.img"];
    expect(await ok("vmexport", "download", "of-claim", "--pvc=small", ...raw)).toContain(done);
    expect(file("got.img").equals(expected)).toBe(true);
    expect(await exported("of-claim")).toBe(404);

    const made = await cluster.call(`/apis/kubevirt.io/v1/namespaces/${PROJECT}/virtualmachines`, {
      body: {
        apiVersion: "kubevirt.io/v1",
        kind: "VirtualMachine",
        metadata: { name: "packed" },
        spec: {
          runStrategy: "Halted",
          template: {
            spec: {
              domain: { memory: { guest: "64Mi" }, devices: {} },
              volumes: [{ name: "root", dataVolume: { name: "small" } }],
            },
          },
        },
      },
    });
    expect(made.code).toBe(201);
    const keep = ["--output=got.img.gz", "--keep-vme"];
    expect(await ok("vmexport", "download", "of-vm", "--vm=packed", ...keep)).toContain(done);
    expect(gunzipSync(file("got.img.gz")).equals(expected)).toBe(true);
    expect(await exported("of-vm")).toBe(200);
    const manifest = await ok(
      "vmexport",
      "download",
      "of-vm",
      "--manifest",
      "--include-secret",
      "--output=all.yaml",
    );
    expect(manifest).not.toContain("Bad status");
    const documents = parseAllDocuments(file("all.yaml").toString()).flatMap((one) => one.toJS() ?? []);
    expect(documents.map(({ kind }: { kind: string }) => kind)).toEqual([
      "ConfigMap",
      "VirtualMachine",
      "DataVolume",
      "Secret",
    ]);
    expect(await ok("vmexport", "delete", "of-vm")).toContain("deleted successfully");
    await eventually(async () => (await exported("of-vm")) === 404);

    const snapshots = `/apis/snapshot.kubevirt.io/v1beta1/namespaces/${PROJECT}/virtualmachinesnapshots`;
    await cluster.call(snapshots, {
      body: {
        apiVersion: "snapshot.kubevirt.io/v1beta1",
        kind: "VirtualMachineSnapshot",
        metadata: { name: "then" },
        spec: { source: { apiGroup: "kubevirt.io", kind: "VirtualMachine", name: "packed" } },
      },
    });
    await eventually(async () => (await cluster.call(`${snapshots}/then`)).body.status?.readyToUse === true);
    const volume = ["--volume=small", "--format=raw", "--output=snapped.img"];
    expect(await ok("vmexport", "download", "of-snapshot", "--snapshot=then", ...volume)).toContain(done);
    expect(file("snapped.img").equals(expected)).toBe(true);
  }, 60_000);

  test("what create prints is taken", async () => {
    const created: [string[], string][] = [
      [
        ["vm", "--name", "made", "--run-strategy", "Halted"],
        "/apis/kubevirt.io/v1/namespaces/vctl/virtualmachines",
      ],
      [
        ["instancetype", "--cpu", "2", "--memory", "1Gi", "--name", "made"],
        "/apis/instancetype.kubevirt.io/v1beta1/virtualmachineclusterinstancetypes",
      ],
      [
        ["preference", "--name", "made"],
        "/apis/instancetype.kubevirt.io/v1beta1/virtualmachineclusterpreferences",
      ],
    ];
    for (const [args, path] of created) {
      const { code, out } = await virtctl(["create", ...args]);
      expect(code).toBe(0);
      const answer = await cluster.call(path, { body: parse(out) });
      expect({ args, code: answer.code, text: answer.code === 201 ? "" : answer.text }).toEqual({
        args,
        code: 201,
        text: "",
      });
    }
  });

  test("version, expose, permitted-devices, adm, migrate-cancel", async () => {
    expect(await ok("version")).toMatch(/Server Version: .*v1\.9\.0/);
    expect(await ok("expose", "vm", "v1", "--port", "22", "--name", "ssh")).toContain(
      "Service ssh successfully created",
    );
    const { code, out } = await virtctl(["permitted-devices", "-n", "kubevirt"]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("Permitted Devices") });
    expect((await virtctl(["adm", "log-verbosity", "--virt-api"])).out).toMatch(/virt-api *= *\d/);
    const cancel = await virtctl(withProject(["migrate-cancel", "v1"]));
    expect(cancel.out).toContain("Found no migration to cancel for v1");
  });

  test("what is not there is refused in words", async () => {
    expect((await virtctl(withProject(["start", "nothing"]))).out).toContain(
      'virtualmachine.kubevirt.io "nothing" not found',
    );
    expect((await virtctl(withProject(["start", "v1"]))).out).toMatch(
      /VM is already running|VMI is already/i,
    );
    expect(
      (
        await virtctl(
          withProject(["image-upload", "dv", "up1", "--size=1Gi", "--image-path=disk.img", "--insecure"]),
        )
      ).out,
    ).toMatch(/already successfully|already exists/);
  });

  test("guestfs makes its pod and leaves none behind", { timeout: 60_000 }, async () => {
    const { out } = await virtctl(withProject(["guestfs", "up1"]));
    expect(out).toContain("libguestfs-tools");
    await eventually(async () => {
      const { body } = await cluster.call(`/api/v1/namespaces/${PROJECT}/pods/libguestfs-tools-up1`);
      return body.code === 404;
    }, 40_000);
  });
});
