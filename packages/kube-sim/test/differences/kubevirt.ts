/** Differences of KubeVirt's part that a request shows. */
import { Agent, request } from "undici";
import { WebSocket } from "ws";
import { eventually, type TestCluster } from "../cluster.ts";
import type { Difference } from "./difference.ts";

const pods = "/api/v1/namespaces/default/pods";
const vms = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines";
const vmis = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances";
const claims = "/api/v1/namespaces/default/persistentvolumeclaims";
const actions = (kind: "virtualmachines" | "virtualmachineinstances", name: string, action: string) =>
  `/apis/subresources.kubevirt.io/v1/namespaces/default/${kind}/${name}/${action}`;

const vmExports = "/apis/export.kubevirt.io/v1/namespaces/default/virtualmachineexports";
const exportToken = "a-token-for-exports";

async function makeExport(cluster: TestCluster, name: string, source: object): Promise<number> {
  await cluster.call("/api/v1/namespaces/default/secrets", {
    body: { metadata: { name: "exports" }, stringData: { token: exportToken } },
  });
  const made = await cluster.call(vmExports, {
    body: {
      apiVersion: "export.kubevirt.io/v1",
      kind: "VirtualMachineExport",
      metadata: { name },
      spec: { source, tokenSecretRef: "exports" },
    },
  });
  return made.code;
}

const readyExport = (cluster: TestCluster, name: string) =>
  eventually(async () => {
    const { status } = (await cluster.call(`${vmExports}/${name}`)).body;
    return status?.phase === "Ready" && status;
  });

async function fetchExport(cluster: TestCluster, url: string, range = "") {
  const agent = new Agent({ connect: { ca: cluster.sim.caPem } });
  try {
    const headers = { "x-kubevirt-export-token": exportToken, ...(range !== "" && { range }) };
    const { statusCode, body } = await request(url, { dispatcher: agent, headers });
    if (range === "") return { code: statusCode, text: await body.text() };
    // a whole disk
    body.on("error", () => {}).destroy();
    return { code: statusCode, text: "" };
  } finally {
    await agent.destroy();
  }
}

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

const conditionOf = async (cluster: TestCluster, path: string, type: string) =>
  (await cluster.call(path)).body.status?.conditions?.find((one: { type: string }) => one.type === type);

const put = (cluster: TestCluster, path: string, body: object) => cluster.call(path, { method: "PUT", body });

/** Its state, once it is over. */
async function migrated(cluster: TestCluster, name: string) {
  await put(cluster, actions("virtualmachines", name, "migrate"), {});
  return eventually(async () => {
    const { status } = (await cluster.call(`${vmis}/${name}`)).body;
    return status.migrationState?.completed === true && status.migrationState;
  });
}

export const kubeVirt: readonly Difference[] = [
  {
    id: "quotas-refuse-requests-only",
    stillDiffers: async (cluster) => {
      await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "no-pods" } } });
      await cluster.call("/api/v1/namespaces/no-pods/resourcequotas", {
        body: { metadata: { name: "none" }, spec: { hard: { pods: "0" } } },
      });
      const inProject = (path: string) => path.replace("/default/", "/no-pods/");
      await cluster.call(inProject(vms), {
        body: {
          apiVersion: "kubevirt.io/v1",
          kind: "VirtualMachine",
          metadata: { name: "over" },
          spec: {
            runStrategy: "Always",
            template: { spec: { domain: { devices: {}, memory: { guest: "64Mi" } } } },
          },
        },
      });
      return eventually(async () => {
        const { body } = await cluster.call(inProject(`${vmis}/over`));
        return body.status?.phase === "Running";
      });
    },
  },
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
    id: "bridges-migrate",
    stillDiffers: async (cluster) => {
      const devices = { interfaces: [{ name: "default", bridge: {} }] };
      await runningMachine(cluster, "bridged", {
        devices,
        spec: { networks: [{ name: "default", pod: {} }] },
      });
      const found = await eventually(() => conditionOf(cluster, `${vmis}/bridged`, "LiveMigratable"));
      return found.status === "True";
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
    id: "export-door",
    stillDiffers: async (cluster) => {
      await claim(cluster, "exported");
      await makeExport(cluster, "out", { kind: "PersistentVolumeClaim", name: "exported" });
      const { external, internal } = (await readyExport(cluster, "out")).links;
      const ranges = await fetchExport(cluster, external.volumes[0].formats[0].url, "bytes=0-0,2-2");
      const noIngress = (await cluster.call("/apis/networking.k8s.io/v1/ingresses")).code === 404;
      return noIngress && ranges.code === 200 && internal.volumes.length === 1;
    },
  },
  {
    id: "exporter-without-certificate",
    stillDiffers: async (cluster) => {
      const { spec } = (await cluster.call(`${pods}/virt-export-out`)).body;
      const names = spec.volumes.map(({ name }: { name: string }) => name);
      return !names.includes("certificates") && spec.containers[0].readinessProbe === undefined;
    },
  },
  {
    id: "exported-folders",
    stillDiffers: async (cluster) => {
      await claim(cluster, "files", "Filesystem");
      await makeExport(cluster, "folder", { kind: "PersistentVolumeClaim", name: "files" });
      const [dir] = (await readyExport(cluster, "folder")).links.external.volumes[0].formats;
      const listed = await fetchExport(cluster, `${dir.url}/`);
      return dir.format === "dir" && listed.text.includes("disk.img");
    },
  },
  {
    id: "exports-of-backups",
    stillDiffers: async (cluster) => {
      const source = { apiGroup: "backup.kubevirt.io", kind: "VirtualMachineBackup", name: "some" };
      const code = await makeExport(cluster, "of-backup", source);
      // whatever acts on it has written by the time that one made after it is ready
      await makeExport(cluster, "later", { kind: "PersistentVolumeClaim", name: "exported" });
      await eventually(async () => (await cluster.call(`${vmExports}/later`)).body.status?.phase);
      return code === 201 && (await cluster.call(`${vmExports}/of-backup`)).body.status === undefined;
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
      const state = await migrated(cluster, "moved");
      return made.code === 201 && state.migrationPolicyName === undefined;
    },
  },
  {
    id: "no-emulated-versions",
    stillDiffers: async (cluster) => {
      const { body } = await cluster.call("/apis/subresources.kubevirt.io/v1/healthz");
      return body.apiserver.version.major === "1" && body.apiserver.version.emulationMajor === undefined;
    },
  },
  {
    id: "paused-at-once",
    stillDiffers: async (cluster) => {
      await runningMachine(cluster, "asleep");
      const path = actions("virtualmachineinstances", "asleep", "pause");
      const codes = [await put(cluster, path, {}), await put(cluster, path, {})].map(({ code }) => code);
      return codes[0] === 200 && codes[1] === 409;
    },
  },
  {
    id: "guest-volumes",
    stillDiffers: async (cluster) => {
      await runningMachine(cluster, "volumes", {
        devices: {
          disks: [
            { name: "root", disk: {} },
            { name: "token", disk: {} },
          ],
        },
        spec: {
          volumes: [
            { name: "root", containerDisk: { image: "registry.invalid/nothing:1" } },
            { name: "token", serviceAccount: { serviceAccountName: "default" } },
          ],
        },
      });
      const { items } = (await cluster.call("/api/v1/namespaces/default/events")).body;
      return items.some(
        (event: { reason: string; message: string }) =>
          event.reason === "VolumeNotSimulated" && event.message.includes("token (serviceAccount)"),
      );
    },
  },
  {
    id: "stand-ins-stay",
    stillDiffers: async (cluster) => {
      await runningMachine(cluster, "watched", {
        annotations: { "kubesim.kubev.io/migration-seconds": "0.1" },
      });
      const url = new URL(
        actions("virtualmachineinstances", "watched", "console"),
        cluster.sim.url.replace("https:", "wss:"),
      );
      const { ca, cert, key } = cluster.tls;
      const socket = new WebSocket(url, ["plain.kubevirt.io"], { ca, cert, key });
      try {
        await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
        await migrated(cluster, "watched");
        // What is typed now is echoed by a guest that has stayed; a console that was cut says nothing more.
        const echoed = new Promise<boolean>((resolve) => {
          let text = "";
          socket.on("message", (data: Buffer) => {
            text += data.toString("latin1");
            if (text.includes("still here")) resolve(true);
          });
          socket.once("close", () => resolve(false));
        });
        if (socket.readyState !== WebSocket.OPEN) return false;
        socket.send(Buffer.from("still here"), { binary: true });
        return await echoed;
      } finally {
        socket.terminate();
      }
    },
  },
  {
    id: "evacuate-cancel",
    stillDiffers: async (cluster) => {
      await runningMachine(cluster, "leaving", {
        annotations: { "kubesim.kubev.io/migration-seconds": "3" },
        spec: { evictionStrategy: "LiveMigrate" },
      });
      const vmi = async () => (await cluster.call(`${vmis}/leaving`)).body;
      const { items } = (await cluster.call(pods)).body;
      const launcher = items.find((pod: { metadata: { name: string } }) =>
        pod.metadata.name.startsWith("virt-launcher-leaving-"),
      );
      const from = (await vmi()).status.nodeName;
      await cluster.call(`${pods}/${launcher.metadata.name}/eviction`, {
        body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: launcher.metadata.name } },
      });
      await eventually(async () => (await vmi()).status.migrationState?.startTimestamp !== undefined);
      if ((await vmi()).status.evacuationNodeName !== from) throw new Error("no evacuation goes on");
      const path = actions("virtualmachineinstances", "leaving", "evacuate/cancel");
      const { code } = await put(cluster, path, { evacuationNodeName: from });
      if (code >= 300 || (await vmi()).status.evacuationNodeName !== undefined)
        throw new Error("the evacuation was not cancelled");
      const state = await eventually(async () => {
        const { migrationState } = (await vmi()).status;
        return migrationState.completed === true && migrationState;
      });
      return state.failed !== true && (await vmi()).status.nodeName !== from;
    },
  },
];
