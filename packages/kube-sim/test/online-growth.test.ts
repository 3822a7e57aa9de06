/** A claim grows while a machine runs on it: the guest's process grows the disk, and the instance tells the new size. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findOnPath, qemuBinary } from "../src/machines/accelerator.ts";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const merge = { "content-type": "application/merge-patch+json" };
const namespace = "/namespaces/d";
const claim = `/api/v1${namespace}/persistentvolumeclaims/disk`;
const vms = `/apis/kubevirt.io/v1${namespace}/virtualmachines`;
const vmi = `/apis/kubevirt.io/v1${namespace}/virtualmachineinstances/grows`;

const machine = {
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { name: "grows" },
  spec: {
    runStrategy: "Always",
    dataVolumeTemplates: [
      {
        metadata: { name: "disk" },
        spec: {
          source: { blank: {} },
          storage: { storageClassName: "fast-block", resources: { requests: { storage: "16Mi" } } },
        },
      },
    ],
    template: {
      spec: {
        domain: {
          memory: { guest: "128Mi" },
          devices: { disks: [{ name: "root", disk: { bus: "virtio" } }], interfaces: [] },
        },
        volumes: [{ name: "root", dataVolume: { name: "disk" } }],
      },
    },
  },
};

describe.each(["stand-in", "qemu"] as const)("on %s", (machines) => {
  const missing = machines === "qemu" && findOnPath(qemuBinary) === null;
  let cluster: TestCluster;
  beforeAll(async () => {
    if (missing) return;
    cluster = await startCluster({ machines });
    await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "d" } } });
  });
  afterAll(() => cluster?.close());

  test.skipIf(missing)("the disk of a running machine grows", async () => {
    expect((await cluster.call(vms, { body: machine })).code).toBe(201);
    const running = () =>
      eventually(async () => {
        const { body } = await cluster.call(vmi);
        return body.status?.phase === "Running" && body;
      });
    const before = await running();
    const grown = await cluster.call(claim, {
      method: "PATCH",
      headers: merge,
      body: { spec: { resources: { requests: { storage: "48Mi" } } } },
    });
    expect(grown.code).toBe(200);
    const after = await eventually(async () => {
      const { body } = await cluster.call(vmi);
      return body.status?.volumeStatus?.[0]?.size === 48 * 1024 ** 2 && body;
    });
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(after.status.volumeStatus[0].persistentVolumeClaimInfo.capacity).toEqual({ storage: "48Mi" });
    const { status } = (await cluster.call(claim)).body;
    expect(status.capacity).toEqual({ storage: "48Mi" });
    expect(status).not.toHaveProperty("conditions");
    expect((await cluster.call(vmi)).body.status.phase).toBe("Running");
  });
});
