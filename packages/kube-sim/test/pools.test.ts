/** Pools and replica sets of machines: numbers, owners, pauses, updates, scaling by their subresource. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const pools = "/apis/pool.kubevirt.io/v1beta1/namespaces/default/virtualmachinepools";
const sets = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstancereplicasets";
const vms = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines";
const vmis = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances";
const merge = { "content-type": "application/merge-patch+json" };

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

const template = (labels: object, memory = "64Mi") => ({
  metadata: { labels },
  spec: { domain: { memory: { guest: memory }, devices: {} } },
});
const patch = (path: string, spec: object) =>
  cluster.call(path, { method: "PATCH", headers: merge, body: { spec } });
const statusOf = async (path: string) => (await cluster.call(path)).body.status ?? {};
const namesOf = async (path: string, label: string): Promise<string[]> =>
  (await cluster.call(`${path}?labelSelector=${label}`)).body.items.map(
    ({ metadata }: { metadata: { name: string } }) => metadata.name,
  );

describe("a pool of machines", () => {
  const pool = `${pools}/web`;

  test("makes machines with numbers, which it owns", async () => {
    const made = await cluster.call(pools, {
      body: {
        apiVersion: "pool.kubevirt.io/v1beta1",
        kind: "VirtualMachinePool",
        metadata: { name: "web" },
        spec: {
          replicas: 2,
          selector: { matchLabels: { pool: "web" } },
          scaleInStrategy: { proactive: { selectionPolicy: { sortPolicy: "DescendingOrder" } } },
          virtualMachineTemplate: {
            metadata: { labels: { pool: "web" } },
            spec: { runStrategy: "Always", template: template({ pool: "web" }) },
          },
        },
      },
    });
    expect(made).toMatchObject({ code: 201 });
    await eventually(async () => (await statusOf(pool)).readyReplicas === 2);
    expect(await namesOf(vms, "pool=web")).toEqual(["web-0", "web-1"]);
    const { metadata } = (await cluster.call(`${vms}/web-0`)).body;
    expect(metadata.ownerReferences[0]).toMatchObject({ kind: "VirtualMachinePool", name: "web" });
    expect(metadata.labels["kubevirt.io/vm-pool-revision-name"]).toBe("web-1");
    expect((await statusOf(pool)).labelSelector).toBe("pool=web");
  });

  test("restarts its machines from a changed template, and forgets the older revision", async () => {
    const before = (await cluster.call(`${vmis}/web-0`)).body.metadata.uid;
    await patch(pool, {
      virtualMachineTemplate: { spec: { template: { spec: { domain: { memory: { guest: "96Mi" } } } } } },
    });
    const vmi = await eventually(async () => {
      const { body } = await cluster.call(`${vmis}/web-0`);
      return body.metadata?.uid !== undefined && body.metadata.uid !== before && body;
    });
    expect(vmi.spec.domain.memory.guest).toBe("96Mi");
    const revisions = "/apis/apps/v1/namespaces/default/controllerrevisions/web-1";
    await eventually(async () => (await cluster.call(revisions)).code === 404);
  });

  test("does nothing while it is paused", async () => {
    await patch(pool, { paused: true, replicas: 1 });
    const { conditions } = await eventually(async () => {
      const status = await statusOf(pool);
      return status.conditions !== undefined && status;
    });
    expect(conditions).toMatchObject([
      { type: "ReplicaPaused", reason: "SuccessfulPaused", message: "Pool controller is paused" },
    ]);
    expect(await namesOf(vms, "pool=web")).toEqual(["web-0", "web-1"]);
  });

  test("shrinks in the order that it is told", async () => {
    await patch(pool, { paused: false });
    await eventually(async () => (await namesOf(vms, "pool=web")).length === 1);
    expect(await namesOf(vms, "pool=web")).toEqual(["web-0"]);
    await eventually(async () => (await statusOf(pool)).conditions === undefined);
  });

  test("says why it cannot grow, and why its machines cannot follow its template", async () => {
    const name = "stolen";
    const spec = {
      pvc: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
      source: { pvc: { namespace: "elsewhere", name } },
    };
    const foreign = {
      dataVolumeTemplates: [{ metadata: { name }, spec }],
      template: {
        spec: {
          domain: { devices: { disks: [{ name, disk: { bus: "virtio" } }] } },
          volumes: [{ name, dataVolume: { name } }],
        },
      },
    };
    const failureOf = (reason: string) =>
      eventually(async () =>
        (await statusOf(pool)).conditions?.find(
          (one: { type: string; reason: string }) => one.type === "ReplicaFailure" && one.reason === reason,
        ),
      );
    expect((await patch(pool, { virtualMachineTemplate: { spec: foreign } })).code).toBe(200);
    const words =
      'admission webhook "virtualmachine-validator.kubevirt.io" denied the request: Authorization failed';
    expect((await failureOf("FailedUpdate")).message).toContain(`error during VM update: ${words}`);
    expect((await cluster.call(`${vms}/web-0`)).body.spec.dataVolumeTemplates).toBeUndefined();
    await patch(pool, { replicas: 2 });
    expect((await failureOf("FailedScaleOut")).message).toContain(words);
    const volumes = "/apis/cdi.kubevirt.io/v1beta1/namespaces/default/datavolumes";
    expect((await cluster.call(volumes)).body.items).toEqual([]);
  });

  test("takes its machines along", async () => {
    await cluster.call(pool, { method: "DELETE" });
    const left = await eventually(async () => {
      const names = await namesOf(vms, "pool=web");
      return names.length === 0 && names;
    });
    expect(left).toEqual([]);
  });
});

describe("the webhook of pools refuses", () => {
  const spec = {
    replicas: 0,
    selector: { matchLabels: { pool: "x" } },
    virtualMachineTemplate: {
      metadata: { labels: { pool: "x" } },
      spec: { runStrategy: "Halted", template: template({ pool: "x" }) },
    },
  };
  const make = (over: object) =>
    cluster.call(pools, {
      body: {
        apiVersion: "pool.kubevirt.io/v1beta1",
        kind: "VirtualMachinePool",
        metadata: { name: "refused" },
        spec: { ...spec, ...over },
      },
    });
  const machine = (over: object) => ({
    virtualMachineTemplate: {
      ...spec.virtualMachineTemplate,
      spec: { ...spec.virtualMachineTemplate.spec, ...over },
    },
  });
  const ghost = template({});
  Object.assign(ghost.spec.domain.devices, { disks: [{ name: "ghost", disk: {} }] });
  const path = "spec.virtualMachineTemplate.spec";
  test.each([
    [{ selector: { matchLabels: { pool: "y" } } }, "selector does not match labels.", "spec.selector"],
    [
      { selector: { matchExpressions: [{ key: "pool", operator: "Like", values: ["x"] }] } },
      '"Like" is not a valid label selector operator',
      "spec.selector",
    ],
    [machine({ runStrategy: "Sometimes" }), "Invalid RunStrategy (Sometimes)", `${path}.runStrategy`],
    [
      machine({ template: ghost }),
      `${path}.template.spec.domain.devices.disks[0].Name 'ghost' not found.`,
      `${path}.template.spec.domain.devices.disks[0].name`,
    ],
    [{ maxUnavailable: 0 }, "maxUnavailable must be greater than 0", "spec.maxUnavailable"],
    [{ maxUnavailable: "5" }, "maxUnavailable percentage must end with %", "spec.maxUnavailable"],
    [
      { maxUnavailable: "500%" },
      "maxUnavailable percentage value 500 must be between 1 and 100",
      "spec.maxUnavailable",
    ],
    [
      { updateStrategy: { unmanaged: {}, proactive: {} } },
      "only one strategy can be configured at a time: but found unmanaged, proactive strategies",
      "spec.updateStrategy",
    ],
  ])("%o", async (over, message, field) => {
    const { code, body } = await make(over);
    const fields = body.details?.causes?.map((one: { field: string }) => one.field);
    expect([code, body.message, fields]).toEqual([
      422,
      `admission webhook "virtualmachinepool-validator.kubevirt.io" denied the request: ${message}`,
      [field],
    ]);
  });

  test("another selector", async () => {
    expect((await make({})).code).toBe(201);
    const labels = { pool: "x", more: "y" };
    const answer = await patch(`${pools}/refused`, {
      selector: { matchLabels: { more: "y" } },
      virtualMachineTemplate: { metadata: { labels } },
    });
    expect([answer.code, answer.body.message]).toEqual([
      422,
      expect.stringContaining("denied the request: selector is immutable after creation."),
    ]);
  });
});

describe("a replica set of instances", () => {
  test("keeps as many as its scale says, and replaces one that goes", async () => {
    const made = await cluster.call(sets, {
      body: {
        apiVersion: "kubevirt.io/v1",
        kind: "VirtualMachineInstanceReplicaSet",
        metadata: { name: "rs" },
        spec: { replicas: 1, selector: { matchLabels: { rs: "x" } }, template: template({ rs: "x" }) },
      },
    });
    expect(made).toMatchObject({ code: 201 });
    await eventually(async () => (await statusOf(`${sets}/rs`)).readyReplicas === 1);
    const scaled = await cluster.call(`${sets}/rs/scale`, {
      method: "PATCH",
      headers: merge,
      body: { spec: { replicas: 2 } },
    });
    expect(scaled).toMatchObject({ code: 200 });
    await eventually(async () => (await statusOf(`${sets}/rs`)).readyReplicas === 2);
    const [first = ""] = await namesOf(vmis, "rs=x");
    await cluster.call(`${vmis}/${first}`, { method: "DELETE" });
    await eventually(async () => {
      const names = await namesOf(vmis, "rs=x");
      return names.length === 2 && !names.includes(first);
    });
  });

  test("whose selector does not match its template is refused", async () => {
    const { body } = await cluster.call(sets, {
      body: {
        apiVersion: "kubevirt.io/v1",
        kind: "VirtualMachineInstanceReplicaSet",
        metadata: { name: "lost" },
        spec: { selector: { matchLabels: { rs: "y" } }, template: template({ rs: "z" }) },
      },
    });
    expect(body).toMatchObject({
      code: 422,
      message:
        'admission webhook "virtualmachinereplicaset-validator.kubevirt.io" denied the request: selector does not match labels.',
      details: { causes: [{ reason: "FieldValueInvalid", field: "spec.selector" }] },
    });
  });
});
