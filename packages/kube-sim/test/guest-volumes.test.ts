/** What each kind of volume is to a guest: a file with the right bytes, or a word about why there is none. */
import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { claimKind, eventKind, podKind } from "../src/controllers/kinds.ts";
import type { Volume } from "../src/controllers/kubevirt-shapes.ts";
import { machineSpec } from "../src/controllers/machine-spec.ts";
import { findOnPath } from "../src/machines/accelerator.ts";
import type { MachineDisk } from "../src/machines/machine.ts";
import { type Controlled, project, startControlled, vmObject } from "./controlled.ts";

const writer = { fieldManager: "test" };
const seedDir = mkdtempSync(join(tmpdir(), "guest-volumes-"));
let cluster: Controlled;
let disks: Map<string, MachineDisk>;

const volumes = [
  { name: "scratch", emptyDisk: { capacity: "8Mi" } },
  { name: "throwaway", ephemeral: { persistentVolumeClaim: { claimName: "base" } } },
  { name: "settings", configMap: { name: "app", volumeLabel: "appcfg" } },
  { name: "keys", secret: { secretName: "keys" } },
  { name: "maybe", configMap: { name: "missing", optional: true } },
  { name: "answers", sysprep: { configMap: { name: "app" } } },
] as Volume[]; // one of them is no shape that a guest knows

beforeAll(async () => {
  cluster = await startControlled();
  const metadata = (name: string) => ({ name, namespace: project });
  cluster.store.create(
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: metadata("app"),
      data: { "app.ini": "port=1\n" },
      binaryData: { blob: Buffer.from([0, 255]).toString("base64") },
    },
    writer,
  );
  const data = { password: Buffer.from("hush").toString("base64") };
  cluster.store.create({ apiVersion: "v1", kind: "Secret", metadata: metadata("keys"), data }, writer);
  cluster.store.create(
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: metadata("base"),
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "16Mi" } } },
    },
    writer,
  );
  const domain = {
    memory: { guest: "128Mi" },
    devices: { disks: volumes.map(({ name }) => ({ name, disk: { bus: "virtio" } })) },
  };
  cluster.store.create(vmObject("vm", { template: { domain, volumes } }), writer);
  await cluster.running("vm");
  disks = new Map((await specDisks()).map((disk) => [disk.name, disk]));
});
afterAll(async () => {
  await cluster.close();
  rmSync(seedDir, { recursive: true, force: true });
});

async function specDisks(): Promise<MachineDisk[]> {
  const pod = cluster.kinds.list(podKind, project)[0];
  if (pod === undefined) throw new Error("the machine has no launcher");
  const sources = { store: cluster.kinds, images: cluster.images, seedDir };
  return (await machineSpec(cluster.vmi("vm"), pod, sources)).disks;
}
function disk(name: string): MachineDisk {
  const found = disks.get(name);
  if (found === undefined) throw new Error(`${name} is not in the guest`);
  return found;
}

test("an emptyDisk is an empty disk of its size, which a guest that boots again finds as it left it", async () => {
  const { path, format, readOnly } = disk("scratch");
  expect([format, readOnly, statSync(path).size]).toEqual(["raw", false, 8 * 1024 ** 2]);
  writeFileSync(path, "left", { flag: "r+" });
  await specDisks();
  expect(readFileSync(path, "latin1").slice(0, 4)).toBe("left");
});

test("an ephemeral volume is a copy of its claim, which stays as it is", () => {
  const volume = cluster.kinds.get(claimKind, project, "base")?.spec.volumeName ?? "";
  const base = cluster.images.get(volume);
  if (base === undefined) throw new Error("the claim has no image");
  const { path, format, readOnly } = disk("throwaway");
  expect([path === base.path, format, readOnly]).toEqual([false, base.format, false]);
  const before = readFileSync(base.path);
  expect(readFileSync(path).equals(before)).toBe(true);
  writeFileSync(path, "written");
  expect(readFileSync(base.path).equals(before)).toBe(true);
});

test("a configMap and a secret are CD-ROM images of their entries", (context) => {
  expect([disk("settings").readOnly, disk("keys").readOnly]).toEqual([true, true]);
  if (findOnPath("isoinfo") === null) return context.skip("isoinfo (genisoimage) is not installed");
  const isoinfo = (name: string, ...args: string[]) =>
    execFileSync("isoinfo", ["-i", disk(name).path, ...args], { encoding: "latin1" });
  expect(isoinfo("settings", "-d")).toContain("Volume id: appcfg");
  expect(isoinfo("settings", "-J", "-x", "/app.ini")).toBe("port=1\n");
  expect(isoinfo("settings", "-J", "-x", "/blob")).toBe("\u0000\u00ff");
  expect(isoinfo("keys", "-J", "-x", "/password")).toBe("hush");
  expect(isoinfo("maybe", "-J", "-f").trim()).toBe("");
});

test("what is no disk here is told in an event", () => {
  expect([...disks.keys()]).not.toContain("answers");
  const told = cluster.kinds
    .list(eventKind, project)
    .filter((event) => event["reason"] === "VolumeNotSimulated");
  expect(told.map((event) => event["message"])).toEqual([
    "The volume answers (sysprep) is not in the guest: kube-sim has no such disks.",
  ]);
});
