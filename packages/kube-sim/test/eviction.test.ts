/** Evictions: machines move instead of ending, budgets are kept, everything else goes; and cordoning marks the host. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";
import { vmObject, type VmFacts } from "./controlled.ts";

let cluster: TestCluster;
const pods = "/api/v1/namespaces/project/pods";
const vms = "/apis/kubevirt.io/v1/namespaces/project/virtualmachines";
const vmis = "/apis/kubevirt.io/v1/namespaces/project/virtualmachineinstances";

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "project" } } });
});
afterAll(async () => cluster.close());

const evict = async (pod: string, body: object = {}) =>
  cluster.call(`${pods}/${pod}/eviction`, {
    body: {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: pod, namespace: "project" },
      ...body,
    },
  });

async function running(name: string, facts: VmFacts) {
  await cluster.call(vms, { body: vmObject(name, facts) });
  await eventually(async () => (await cluster.call(`${vmis}/${name}`)).body?.status?.phase === "Running");
  const list = await cluster.call(`${pods}?labelSelector=vm.kubevirt.io/name=${name}`);
  return {
    pod: list.body.items[0].metadata.name as string,
    host: list.body.items[0].spec.nodeName as string,
  };
}

const fast = { "kubesim.kubev.io/migration-seconds": "0" };

test("the eviction of a machine that can move is refused and moves it", async () => {
  const { pod, host } = await running("moves", {
    annotations: fast,
    template: { evictionStrategy: "LiveMigrate" },
  });
  const dry = await evict(pod, { deleteOptions: { dryRun: ["All"] } });
  expect(dry.code).toBe(429);
  expect((await cluster.call(`${vmis}/moves`)).body.status.evacuationNodeName).toBeUndefined();
  const answer = await evict(pod);
  expect(answer.code).toBe(429);
  expect(answer.body).toMatchObject({
    reason: "TooManyRequests",
    message:
      'admission webhook "virt-launcher-eviction-interceptor.kubevirt.io" denied the request: Eviction triggered evacuation of VMI "project/moves"',
  });
  const moved = await eventually(async () => {
    const { body } = await cluster.call(`${vmis}/moves`);
    return body.status.nodeName !== host && body.status.evacuationNodeName === undefined && body;
  });
  expect(moved.status.phase).toBe("Running");
});

test("External only marks the machine, and says so again", async () => {
  const { pod, host } = await running("outside", { template: { evictionStrategy: "External" } });
  expect((await evict(pod)).code).toBe(429);
  const again = await evict(pod);
  expect(again.body.message).toContain(
    'Evacuation in progress: Eviction triggered evacuation of VMI "project/outside"',
  );
  expect((await cluster.call(`${vmis}/outside`)).body.status).toMatchObject({
    nodeName: host,
    evacuationNodeName: host,
  });
});

test("a machine with a disk for one host stays: its migration and its eviction are refused with the reason", async () => {
  for (const [name, accessModes] of [
    ["own", ["ReadWriteOnce"]],
    ["shared", ["ReadWriteMany"]],
  ])
    await cluster.call("/api/v1/namespaces/project/persistentvolumeclaims", {
      body: {
        metadata: { name },
        spec: {
          accessModes,
          volumeMode: "Block",
          storageClassName: "fast-block",
          resources: { requests: { storage: "16Mi" } },
        },
      },
    });
  const withClaim = (claimName: string, evictionStrategy: string): VmFacts => ({
    template: {
      evictionStrategy,
      volumes: [{ name: "root", persistentVolumeClaim: { claimName } }],
      domain: {
        memory: { guest: "128Mi" },
        devices: {
          disks: [{ name: "root", disk: { bus: "virtio" } }],
          interfaces: [{ name: "default", masquerade: {} }],
        },
      },
    },
  });
  const condition = async (name: string) =>
    (await cluster.call(`${vmis}/${name}`)).body.status.conditions.find(
      ({ type }: { type: string }) => type === "LiveMigratable",
    );
  await running("shares", withClaim("shared", "LiveMigrate"));
  expect(await condition("shares")).toMatchObject({ status: "True" });
  const { pod } = await running("owns", withClaim("own", "LiveMigrate"));
  const message =
    "cannot migrate VMI: PVC own is not shared, live migration requires that all PVCs must be shared (using ReadWriteMany access mode)";
  expect(await condition("owns")).toMatchObject({
    status: "False",
    reason: "DisksNotLiveMigratable",
    message,
  });
  const migrate = "/apis/subresources.kubevirt.io/v1/namespaces/project/virtualmachines/owns/migrate";
  const refused = await cluster.call(migrate, { method: "PUT", body: {}, headers: { accept: "*/*" } });
  expect(refused.code).toBe(500);
  expect(refused.body.message).toContain(
    `Cannot migrate VMI, Reason: DisksNotLiveMigratable, Message: ${message}`,
  );
  expect((await evict(pod)).body).toMatchObject({
    code: 429,
    message: expect.stringContaining(
      "VMI owns is configured with an eviction strategy but is not live-migratable",
    ),
  });
  expect((await cluster.call(`${vmis}/owns`)).body.status.evacuationNodeName).toBeUndefined();
});

test("without a strategy the pod goes and the machine starts anew", async () => {
  const { pod } = await running("restarts", { template: { evictionStrategy: "None" } });
  const uid = (await cluster.call(`${vmis}/restarts`)).body.metadata.uid;
  const answer = await evict(pod);
  expect(answer.code).toBe(201);
  expect(answer.body).toMatchObject({ kind: "Status", status: "Success" });
  await eventually(async () => {
    const { body } = await cluster.call(`${vmis}/restarts`);
    return body.metadata?.uid !== uid && body.status?.phase === "Running";
  });
});

test("a budget that has nothing left keeps the pod, and says which", async () => {
  const container = { name: "c", image: "example" };
  for (const name of ["a", "b"])
    await cluster.call(pods, {
      body: { metadata: { name, labels: { app: "web" } }, spec: { containers: [container] } },
    });
  await eventually(async () =>
    (await cluster.call(`${pods}?labelSelector=app=web`)).body.items.every(
      (pod: { status: { phase?: string } }) => pod.status.phase === "Running",
    ),
  );
  await cluster.call("/apis/policy/v1/namespaces/project/poddisruptionbudgets", {
    body: {
      metadata: { name: "web" },
      spec: { minAvailable: "50%", selector: { matchLabels: { app: "web" } } },
    },
  });
  expect((await evict("a")).code).toBe(201);
  const refused = await evict("b");
  expect(refused.code).toBe(429);
  expect(refused.body).toMatchObject({
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [
        {
          reason: "DisruptionBudget",
          message: "The disruption budget web needs 1 healthy pods and has 1 currently",
        },
      ],
    },
  });
});

test("who may not evict is told so, and nothing happens", async () => {
  const answer = await cluster.call(`${pods}/b/eviction`, { body: {}, token: cluster.tokenOf("viewer") });
  expect(answer.code).toBe(403);
  expect((await evict("no-such-pod")).code).toBe(404);
});

test("a cordoned host bears the taint of it until it is opened again", async () => {
  const taints = async () =>
    ((await cluster.call("/api/v1/nodes/host-2")).body.spec.taints ?? []).map(
      (taint: { key: string }) => taint.key,
    );
  const patch = async (unschedulable: boolean | null) =>
    cluster.call("/api/v1/nodes/host-2", {
      method: "PATCH",
      body: { spec: { unschedulable } },
      headers: { "content-type": "application/merge-patch+json" },
    });
  await patch(true);
  await eventually(async () => (await taints()).includes("node.kubernetes.io/unschedulable"));
  await patch(null);
  expect(await eventually(async () => (await taints()).length === 0)).toBe(true);
});
