/** Differences of KubeVirt's part that a request shows. */
import { eventually, type TestCluster } from "../cluster.ts";
import type { Difference } from "./difference.ts";

const vms = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines";
const vmis = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances";
const claims = "/api/v1/namespaces/default/persistentvolumeclaims";
const pods = "/api/v1/namespaces/default/pods";
const actions = (kind: "virtualmachines" | "virtualmachineinstances", name: string, action: string) =>
  `/apis/subresources.kubevirt.io/v1/namespaces/default/${kind}/${name}/${action}`;

interface Made {
  annotations?: object;
  spec?: object;
  devices?: object;
}

async function machine(cluster: TestCluster, name: string, made: Made = {}): Promise<void> {
  const { annotations = {}, spec = {}, devices = {} } = made;
  const { code, text } = await cluster.call(vms, {
    body: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name },
      spec: {
        runStrategy: "Always",
        template: {
          metadata: { annotations },
          spec: { domain: { memory: { guest: "64Mi" }, devices }, ...spec },
        },
      },
    },
  });
  if (code !== 201) throw new Error(text);
}

async function runningMachine(cluster: TestCluster, name: string, made: Made = {}): Promise<void> {
  await machine(cluster, name, made);
  await eventually(async () => (await cluster.call(`${vmis}/${name}`)).body.status?.phase === "Running");
}

async function claim(cluster: TestCluster, name: string, volumeMode = "Block"): Promise<void> {
  await cluster.call(claims, {
    body: {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name },
      spec: {
        accessModes: ["ReadWriteOnce"],
        volumeMode,
        storageClassName: "fast-block",
        resources: { requests: { storage: "1Gi" } },
      },
    },
  });
}

const disk = (name: string) => ({
  devices: { disks: [{ name, disk: { bus: "virtio" } }] },
  spec: { volumes: [{ name, persistentVolumeClaim: { claimName: name } }] },
});

const conditionOf = async (cluster: TestCluster, path: string, type: string) =>
  (await cluster.call(path)).body.status?.conditions?.find((one: { type: string }) => one.type === type);

const put = (cluster: TestCluster, path: string, body: object) => cluster.call(path, { method: "PUT", body });

export const kubeVirt: readonly Difference[] = [
  {
    id: "dump-claims-apart",
    stillDiffers: async (cluster) => {
      await claim(cluster, "dump", "Filesystem");
      await runningMachine(cluster, "dumped");
      await put(cluster, actions("virtualmachines", "dumped", "memorydump"), { claimName: "dump" });
      const machine = await eventually(async () => {
        const { body } = await cluster.call(`${vms}/dumped`);
        return body.status.memoryDumpRequest?.claimName === "dump" ? body : undefined;
      });
      const volumes: { name: string }[] = machine.spec.template.spec.volumes ?? [];
      return !volumes.some(({ name }) => name === "dump");
    },
  },
  {
    id: "backups",
    stillDiffers: async (cluster) => {
      await runningMachine(cluster, "kept");
      const path = actions("virtualmachineinstances", "kept", "backup");
      return (await put(cluster, path, { mode: "Push" })).code === 501;
    },
  },
  {
    id: "agents-simulated",
    stillDiffers: async (cluster) => {
      const annotations = { "kubesim.kubev.io/guest-agent": "true", "kubesim.kubev.io/agent-ms": "1" };
      await runningMachine(cluster, "spoken", { annotations });
      const found = await eventually(() => conditionOf(cluster, `${vmis}/spoken`, "AgentConnected"));
      return found.status === "True";
    },
  },
  {
    id: "guests-shape-by-annotation",
    stillDiffers: async (cluster) => {
      await machine(cluster, "ending", { annotations: { "kubesim.kubev.io/crash-at-boot": "true" } });
      return eventually(
        async () => (await cluster.call(`${vms}/ending`)).body.status?.startFailure !== undefined,
      );
    },
  },
  {
    id: "still-life-consoles",
    stillDiffers: async (cluster) => {
      cluster.sim.seed([
        {
          apiVersion: "kubevirt.io/v1",
          kind: "VirtualMachineInstance",
          metadata: { name: "still", namespace: "default" },
          spec: { domain: { devices: {} } },
          status: { phase: "Running", nodeName: "host-1" },
        },
      ]);
      return (await cluster.call(actions("virtualmachineinstances", "still", "vnc/screenshot"))).code === 500;
    },
  },
  {
    id: "every-disk-shared",
    stillDiffers: async (cluster) => {
      await claim(cluster, "own");
      await runningMachine(cluster, "alone", disk("own"));
      const found = await eventually(() => conditionOf(cluster, `${vmis}/alone`, "LiveMigratable"));
      return found.status === "True";
    },
  },
  {
    id: "attachment-pod-each",
    stillDiffers: async (cluster) => {
      await claim(cluster, "plug-1");
      await claim(cluster, "plug-2");
      await runningMachine(cluster, "plugged");
      for (const name of ["plug-1", "plug-2"]) {
        await put(cluster, actions("virtualmachines", "plugged", "addvolume"), {
          name,
          disk: { disk: { bus: "scsi" } },
          volumeSource: { persistentVolumeClaim: { claimName: name } },
        });
      }
      const attached = await eventually(async () => {
        const { items } = (await cluster.call(pods)).body;
        const found = items.filter(({ metadata }: { metadata: { name: string } }) =>
          metadata.name.startsWith("hp-volume-"),
        );
        return found.length === 2 && found;
      });
      return attached.length === 2;
    },
  },
  {
    id: "no-hotplug-into-bare-instances",
    stillDiffers: async (cluster) => {
      await cluster.call(vmis, {
        body: {
          apiVersion: "kubevirt.io/v1",
          kind: "VirtualMachineInstance",
          metadata: { name: "bare" },
          spec: { domain: { memory: { guest: "64Mi" }, devices: {} } },
        },
      });
      await eventually(async () => (await cluster.call(`${vmis}/bare`)).body.status?.phase === "Running");
      const gates = "/apis/kubevirt.io/v1/namespaces/kubevirt/kubevirts/kubevirt";
      const open = (featureGates: string[]) =>
        cluster.call(gates, {
          method: "PATCH",
          headers: { "content-type": "application/merge-patch+json" },
          body: { spec: { configuration: { developerConfiguration: { featureGates } } } },
        });
      await claim(cluster, "bare-disk");
      await open(["HotplugVolumes"]);
      const { code } = await put(cluster, actions("virtualmachineinstances", "bare", "addvolume"), {
        name: "bare-disk",
        disk: { disk: { bus: "scsi" } },
        volumeSource: { persistentVolumeClaim: { claimName: "bare-disk" } },
      });
      await open([]);
      return code === 501;
    },
  },
  {
    id: "legacy-hotplug-gate",
    stillDiffers: async (cluster) => {
      await claim(cluster, "legacy");
      await runningMachine(cluster, "older");
      await put(cluster, actions("virtualmachines", "older", "addvolume"), {
        name: "legacy",
        disk: { disk: { bus: "scsi" } },
        volumeSource: { persistentVolumeClaim: { claimName: "legacy" } },
      });
      const { spec, status } = (await cluster.call(`${vms}/older`)).body;
      return status.volumeRequests === undefined && spec.template.spec.volumes.length === 1;
    },
  },
  {
    id: "affinity-partly",
    stillDiffers: async (cluster) => {
      const matchExpressions = [{ key: "no-host-has-this", operator: "Exists" }];
      const required = { nodeSelectorTerms: [{ matchExpressions }] };
      const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
      await runningMachine(cluster, "placed", { spec: { affinity } });
      return true;
    },
  },
  {
    id: "migration-policies",
    stillDiffers: async (cluster) => {
      const path = "/apis/migrations.kubevirt.io/v1alpha1/migrationpolicies";
      const made = await cluster.call(path, {
        body: {
          apiVersion: "migrations.kubevirt.io/v1alpha1",
          kind: "MigrationPolicy",
          metadata: { name: "slow" },
          spec: { allowAutoConverge: true, selectors: { namespaceSelector: {} } },
        },
      });
      await runningMachine(cluster, "moved", {
        annotations: { "kubesim.kubev.io/migration-seconds": "0.1" },
      });
      await put(cluster, actions("virtualmachines", "moved", "migrate"), {});
      const state = await eventually(async () => {
        const { status } = (await cluster.call(`${vmis}/moved`)).body;
        return status.migrationState?.completed === true && status.migrationState;
      });
      return made.code === 201 && state.migrationPolicyName === undefined;
    },
  },
  {
    id: "stand-ins-stay",
    stillDiffers: async (cluster) => {
      // Copying takes what the annotation says, whatever the memory.
      const { migrationState } = (await cluster.call(`${vmis}/moved`)).body.status;
      const took = Date.parse(migrationState.endTimestamp) - Date.parse(migrationState.startTimestamp);
      return took <= 2_000;
    },
  },
  {
    id: "evacuate-cancel",
    stillDiffers: async (cluster) => {
      await runningMachine(cluster, "leaving");
      const path = actions("virtualmachineinstances", "leaving", "evacuate/cancel");
      return (await put(cluster, path, {})).code < 300;
    },
  },
];
