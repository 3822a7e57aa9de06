/** Clusters like the recorder's: its gates, its storage classes, three hosts, a virt-controller that takes its time. */
import type { NewObject } from "../../src/store/kube-object.ts";
import { startCluster, type TestCluster } from "../cluster.ts";
import { Follower } from "./follower.ts";
import { recordingOf } from "./recording.ts";

/** Those that were open where was recorded. */
export const recordedGates = [
  "Snapshot",
  "HotplugVolumes",
  "HostDisk",
  "HostDevices",
  "Sidecar",
  "CPUManager",
  "VSOCK",
  "DownwardMetrics",
  "IncrementalBackup",
  "DecentralizedLiveMigration",
  "ObjectGraph",
];

export interface RecorderCluster {
  cluster: TestCluster;
  follower: Follower;
}

/** `snapshots`: whether claims of its classes can be snapshot; `slowdown` as in player.ts. */
export async function openRecorderCluster({
  snapshots,
  slowdown,
}: {
  snapshots: boolean;
  slowdown: number;
}): Promise<RecorderCluster> {
  const cluster = await startCluster({ virtControllerPaceMs: Math.round(100 * slowdown) });
  const merge = (path: string, body: unknown) =>
    cluster.call(path, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body,
    });
  const defaultClass = "storageclass.kubevirt.io/is-default-virt-class";
  await merge("/apis/storage.k8s.io/v1/storageclasses/fast-block", {
    metadata: { annotations: { [defaultClass]: null } },
  });
  for (const [name, volumeBindingMode] of [
    ["fake-rwx", "Immediate"],
    ["fake-wffc", "WaitForFirstConsumer"],
  ]) {
    const annotations = name === "fake-rwx" ? { [defaultClass]: "true" } : {};
    await cluster.call("/apis/storage.k8s.io/v1/storageclasses", {
      body: { metadata: { name, annotations }, provisioner: "block.csi.kubev.dev", volumeBindingMode },
    });
  }
  await merge("/apis/kubevirt.io/v1/namespaces/kubevirt/kubevirts/kubevirt", {
    spec: { configuration: { developerConfiguration: { featureGates: recordedGates } } },
  });
  const { body } = await cluster.call("/api/v1/nodes/host-2");
  const host = body as NewObject; // a Node
  cluster.sim.seed([
    {
      ...host,
      metadata: {
        name: "host-3",
        labels: { ...host.metadata.labels, "kubernetes.io/hostname": "host-3", cpumanager: "true" },
        ...(host.metadata.annotations && { annotations: host.metadata.annotations }),
      },
    },
    // without one of its own no volume is attached there
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "CSINode",
      metadata: { name: "host-3" },
      spec: { drivers: [{ name: "block.csi.kubev.dev", nodeID: "host-3", topologyKeys: [] }] },
    },
  ]);
  await takeRecordedTypes(cluster);
  if (!snapshots) {
    const classes = "/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses";
    await cluster.call(`${classes}/fast-block-snapshots`, { method: "DELETE" });
  }
  const follower = new Follower();
  await follower.follow(cluster);
  return { cluster, follower };
}

/** The recorder's types have the same names and sizes, but other labels: as its machines' revisions have them. */
async function takeRecordedTypes(cluster: TestCluster): Promise<void> {
  const steps = recordingOf("instancetype").steps.filter((step) => step.step === "http");
  const list = steps.find(({ label }) => label === "ControllerRevisions at end")?.response.body;
  const { items } = list as { items: { data: NewObject }[] }; // a ControllerRevisionList
  for (const { data } of items) {
    if (data.kind === undefined) continue;
    const path = `/apis/${data.apiVersion}/${data.kind.toLowerCase()}s`;
    const { name } = data.metadata;
    await cluster.call(`${path}/${name ?? ""}`, { method: "DELETE" });
    const { apiVersion, kind, spec } = data;
    await cluster.call(path, { body: { apiVersion, kind, metadata: { name }, spec } });
  }
}
