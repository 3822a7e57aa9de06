/** What a real guest goes through when the cluster moves it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Agent, request } from "undici";
import { WebSocket } from "ws";
import { demoBanner } from "../src/guest/boot-sector.ts";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";
import { qemuInstalled } from "./qemu-guest.ts";

const namespace = "real";
const groups = `/apis/kubevirt.io/v1/namespaces/${namespace}`;
const subresources = `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances`;
const migrations = `${groups}/virtualmachineinstancemigrations`;
const put = { method: "PUT", body: {}, headers: { accept: "*/*" } };

describe.skipIf(!qemuInstalled)("a cluster of real guests", { timeout: 120_000 }, () => {
  const dataDir = mkdtempSync(join(tmpdir(), "kube-sim-qemu-"));
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startCluster({ machines: "qemu", dataDir });
    await cluster.call("/api/v1/namespaces", { body: { metadata: { name: namespace } } });
    await startGuest();
  }, 60_000);
  afterAll(async () => {
    await cluster.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const vmi = async () => (await cluster.call(`${groups}/virtualmachineinstances/guest`)).body;
  const migration = async (name: string) => (await cluster.call(`${migrations}/${name}`)).body;

  /** Booting takes seconds: one guest goes through all of it. */
  async function startGuest(): Promise<void> {
    const made = await cluster.call(`${groups}/virtualmachines`, {
      body: {
        apiVersion: "kubevirt.io/v1",
        kind: "VirtualMachine",
        metadata: { name: "guest" },
        spec: {
          runStrategy: "Always",
          template: {
            spec: {
              terminationGracePeriodSeconds: 0,
              domain: {
                memory: { guest: "128Mi" },
                devices: {
                  disks: [{ name: "root", disk: { bus: "virtio" } }],
                  interfaces: [{ name: "default", masquerade: {} }],
                },
              },
              networks: [{ name: "default", pod: {} }],
              volumes: [{ name: "root", containerDisk: { image: "demo" } }],
            },
          },
        },
      },
    });
    expect(made.code).toBe(201);
    await eventually(async () => (await vmi()).status?.phase === "Running");
  }

  const annotate = (annotations: Record<string, string | null>) =>
    cluster.call(`${groups}/virtualmachineinstances/guest`, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: { metadata: { annotations } },
    });

  /** The guest's serial port. */
  async function serial() {
    const socket = new WebSocket(
      new URL(`${subresources}/guest/console`, cluster.sim.url.replace("https:", "wss:")),
      ["plain.kubevirt.io"],
      { ca: cluster.tls.ca, cert: cluster.tls.cert, key: cluster.tls.key },
    );
    const opened = { text: "", closed: new Promise<number>((resolve) => socket.once("close", resolve)) };
    socket.on("message", (data: Buffer) => (opened.text += data.toString("latin1")));
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return {
      ...opened,
      seen: () => opened.text,
      says: (text: string) => eventually(async () => opened.text.includes(text), 60_000), // on a busy machine a boot takes long
      type: (text: string) => socket.send(Buffer.from(text), { binary: true }),
      end: () => socket.terminate(),
    };
  }

  const migrate = (name: string) =>
    cluster.call(migrations, {
      body: {
        apiVersion: "kubevirt.io/v1",
        kind: "VirtualMachineInstanceMigration",
        metadata: { name },
        spec: { vmiName: "guest" },
      },
    });
  const ends = (name: string, phase: string) =>
    eventually(async () => {
      const { status, metadata } = await migration(name);
      return status?.phase === phase && (metadata.finalizers ?? []).length === 0;
    });
  const metric = async (name: string) =>
    (await (await fetch(cluster.sim.metricsUrl)).text()).split("\n").find((line) => line.startsWith(name));

  test("a migration takes the guest along as it is: its consoles are cut, its memory is there, it did not boot", async () => {
    await annotate({ "kubesim.kubev.io/migration-seconds": "1" });
    const before = await serial();
    await before.says("> ");
    before.type("before");
    await before.says("before");
    const from = (await vmi()).status.nodeName;
    expect((await migrate("there")).code).toBe(201);
    await eventually(async () => (await migration("there")).status?.phase === "Running");
    const remaining = await eventually(() => metric("kubevirt_vmi_migration_data_remaining_bytes{"));
    expect(Number(remaining.split(" ").at(-1))).toBeGreaterThan(0);
    expect(await before.closed).toBe(1006);
    await ends("there", "Succeeded");
    const { status } = await vmi();
    expect(status.nodeName).not.toBe(from);
    expect(status.migrationState).toMatchObject({ completed: true, mode: "PreCopy" });
    const after = await serial();
    after.type("after");
    await after.says("after");
    expect(after.seen()).not.toContain(demoBanner.slice(0, 12));
    after.end();
  });

  test("a paused guest moves and stays paused", async () => {
    await annotate({ "kubesim.kubev.io/migration-seconds": null });
    expect((await cluster.call(`${subresources}/guest/pause`, put)).code).toBe(200);
    await migrate("asleep");
    await ends("asleep", "Succeeded");
    const after = await serial();
    after.type("late");
    expect((await cluster.call(`${subresources}/guest/unpause`, put)).code).toBe(200);
    await after.says("late");
    after.end();
  });

  test("a migration that fails, or is deleted, leaves the guest and its consoles where they are", async () => {
    await annotate({ "kubesim.kubev.io/migration-seconds": "600" });
    const from = (await vmi()).status.nodeName;
    const console = await serial();
    await migrate("given-up");
    await eventually(async () => (await migration("given-up")).status?.phase === "Running");
    await cluster.call(`${migrations}/given-up`, { method: "DELETE" });
    await eventually(async () => (await cluster.call(`${migrations}/given-up`)).code === 404);
    expect((await vmi()).status.migrationState).toMatchObject({ abortStatus: "Succeeded" });
    await annotate({
      "kubesim.kubev.io/migration-seconds": "0.2",
      "kubesim.kubev.io/migration-fails": "true",
    });
    await migrate("failing");
    await ends("failing", "Failed");
    const { status } = await vmi();
    expect(status.migrationState.failureReason).toContain("Live migration failed");
    expect(status.nodeName).toBe(from);
    console.type("still here");
    await console.says("still here");
    console.end();
  });

  test("a migration that is torn away leaves one process, and one launcher", async () => {
    const processes = () => {
      const lines = readdirSync("/proc").flatMap((pid) => {
        try {
          return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/cmdline`, "utf8")] : [];
        } catch {
          return []; // it ended just now
        }
      });
      return lines.filter((line) => line.includes(dataDir) && line.includes("qemu-system")).length;
    };
    await annotate({
      "kubesim.kubev.io/migration-seconds": "600",
      "kubesim.kubev.io/migration-fails": null,
    });
    await migrate("torn");
    await eventually(async () => (await migration("torn")).status?.phase === "Running");
    expect(processes()).toBe(2);
    await cluster.call(`${migrations}/torn`, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: { metadata: { finalizers: null } },
    });
    await cluster.call(`${migrations}/torn`, { method: "DELETE" });
    await eventually(async () => (await vmi()).status.migrationState.completed === true);
    await eventually(async () => processes() === 1);
    await eventually(async () => {
      const { items } = (await cluster.call(`/api/v1/namespaces/${namespace}/pods`)).body;
      return (
        items.filter((pod: { status: { phase: string } }) => pod.status.phase === "Running").length === 1
      );
    });
    expect((await cluster.call(`${groups}/virtualmachines/guest`)).body.status.printableStatus).toBe(
      "Running",
    );
  });

  test("a memory dump is the guest's memory, as an ELF core on the claim", async () => {
    const claims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
    await cluster.call("/apis/storage.k8s.io/v1/storageclasses", {
      body: {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: {
          name: "standard",
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "test.csi.example.com",
        volumeBindingMode: "WaitForFirstConsumer",
      },
    });
    const made = await cluster.call(claims, {
      body: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "dump" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "512Mi" } } },
      },
    });
    expect(made.code).toBe(201);
    const dump = `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachines/guest`;
    const asked = { method: "PUT", body: { claimName: "dump" }, headers: { accept: "*/*" } };
    expect((await cluster.call(`${dump}/memorydump`, asked)).code).toBe(202);
    const dumped = async () =>
      (await cluster.call(`${groups}/virtualmachines/guest`)).body.status.memoryDumpRequest;
    await eventually(async () => ["Completed", "Failed"].includes((await dumped()).phase));
    const { phase, fileName, message } = await dumped();
    expect({ phase, message }).toEqual({ phase: "Completed" });
    expect(fileName).toMatch(/^guest-dump-\d{8}-\d{6}\.memory\.dump$/);
    const claim = (await cluster.call(`${claims}/dump`)).body;
    expect(claim.metadata.annotations["kubevirt.io/memory-dump"]).toBe(fileName);
    const images = new Map(
      JSON.parse(readFileSync(join(dataDir, "disks", "images.json"), "utf8")) as [string, { path: string }][],
    );
    const core = readFileSync(images.get(claim.spec.volumeName)?.path ?? "");
    expect(core.subarray(0, 4).toString("latin1")).toBe("\x7fELF");
    // its boot sector, where it runs from
    expect(core.includes(demoBanner)).toBe(true);
    const after = await serial();
    after.type("goes on");
    await after.says("goes on");
    after.end();
    expect((await cluster.call(`${dump}/removememorydump`, put)).code).toBe(202);
    await eventually(async () => (await dumped()) === undefined);
  });

  test("the dump is fetched by an export of its claim, under its own name", async () => {
    const core = `/api/v1/namespaces/${namespace}`;
    const { annotations } = (await cluster.call(`${core}/persistentvolumeclaims/dump`)).body.metadata;
    const exports = `/apis/export.kubevirt.io/v1/namespaces/${namespace}/virtualmachineexports`;
    const made = await cluster.call(exports, {
      body: {
        apiVersion: "export.kubevirt.io/v1",
        kind: "VirtualMachineExport",
        metadata: { name: "dump" },
        spec: { source: { kind: "PersistentVolumeClaim", name: "dump" } },
      },
    });
    expect(made.code).toBe(201);
    const { links, tokenSecretRef } = await eventually(async () => {
      const { status } = (await cluster.call(`${exports}/dump`)).body;
      return status?.phase === "Ready" && status;
    });
    const { data } = (await cluster.call(`${core}/secrets/${tokenSecretRef}`)).body;
    const [dir] = links.external.volumes[0].formats;
    const agent = new Agent({ connect: { ca: cluster.sim.caPem } });
    const answer = await request(`${dir.url}/${annotations["kubevirt.io/memory-dump"]}`, {
      dispatcher: agent,
      headers: {
        "x-kubevirt-export-token": Buffer.from(data.token, "base64").toString(),
        range: "bytes=0-3",
      },
    });
    const start = { code: answer.statusCode, text: await answer.body.text() };
    await agent.destroy();
    expect(start).toEqual({ code: 206, text: "\x7fELF" });
    await cluster.call(`${exports}/dump`, { method: "DELETE" });
  });

  test("after a restart in the middle of a migration the guest boots where it was, and the migration has failed", async () => {
    await annotate({
      "kubesim.kubev.io/migration-seconds": "600",
      "kubesim.kubev.io/migration-fails": null,
    });
    const from = (await vmi()).status.nodeName;
    await migrate("interrupted");
    await eventually(async () => (await migration("interrupted")).status?.phase === "Running");
    await cluster.close();
    cluster = await startCluster({ machines: "qemu", dataDir });
    await ends("interrupted", "Failed");
    expect((await vmi()).status).toMatchObject({ nodeName: from, phase: "Running" });
    const console = await eventually(() => serial().catch(() => false as const));
    await console.says("> ");
    console.end();
  });
});
