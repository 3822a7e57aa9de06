/** Instance types and preferences: what disks bring along, what is kept of them, what machines get; and closed gates. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const vms = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines";
const types = "/apis/instancetype.kubevirt.io/v1beta1/namespaces/default/virtualmachineinstancetypes";
const preferences = "/apis/instancetype.kubevirt.io/v1beta1/namespaces/default/virtualmachinepreferences";
const claims = "/api/v1/namespaces/default/persistentvolumeclaims";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
  const made = [
    await cluster.call(types, {
      body: {
        apiVersion: "instancetype.kubevirt.io/v1beta1",
        kind: "VirtualMachineInstancetype",
        metadata: { name: "own" },
        spec: { cpu: { guest: 4 }, memory: { guest: "64Mi" } },
      },
    }),
    await cluster.call(preferences, {
      body: {
        apiVersion: "instancetype.kubevirt.io/v1beta1",
        kind: "VirtualMachinePreference",
        metadata: { name: "own" },
        spec: {
          cpu: { preferredCPUTopology: "spread" },
          devices: { preferredTPM: { persistent: true }, preferredDiskBus: "sata" },
          preferredTerminationGracePeriodSeconds: 7,
          volumes: { preferredStorageClassName: "fast-block" },
        },
      },
    }),
    await cluster.call(claims, {
      body: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: {
          name: "labelled",
          labels: {
            "instancetype.kubevirt.io/default-instancetype": "own",
            "instancetype.kubevirt.io/default-instancetype-kind": "VirtualMachineInstancetype",
          },
        },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    }),
  ];
  const refused = made.find(({ code }) => code !== 201);
  if (refused !== undefined) throw new Error(refused.text);
});
afterAll(() => cluster.close());

const create = (name: string, spec: object, template: object = {}) =>
  cluster.call(vms, {
    body: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name },
      spec: {
        runStrategy: "Halted",
        template: {
          spec: {
            domain: { devices: { disks: [{ name: "root", disk: {} }] } },
            volumes: [{ name: "root", persistentVolumeClaim: { claimName: "labelled" } }],
            ...template,
          },
        },
        ...spec,
      },
    },
  });

const ownType = { kind: "VirtualMachineInstancetype", name: "own" };
const ownPreference = { kind: "VirtualMachinePreference", name: "own" };

describe("types that a disk names", () => {
  test("are taken from its claim's labels", async () => {
    const { body } = await create("inferred", { instancetype: { inferFromVolume: "root" } });
    expect(body.spec.instancetype).toEqual(ownType);
  });

  test("are refused in the webhook's words where there is no label, or left out", async () => {
    const refused = await create("unlabelled", { preference: { inferFromVolume: "root" } });
    expect(refused.code).toBe(400);
    expect(refused.body.message).toBe(
      'admission webhook "virtualmachines-mutator.kubevirt.io" denied the request: unable to find required instancetype.kubevirt.io/default-preference label on the volume',
    );
    const ignored = await create("ignoring", {
      preference: { inferFromVolume: "root", inferFromVolumeFailurePolicy: "Ignore" },
    });
    expect(ignored.code).toBe(201);
    expect(ignored.body.spec.preference).toBeUndefined();
  });
});

describe("a machine of a type of its project", () => {
  test("gets the preferred storage class for its disks", async () => {
    const spec = { storage: { resources: { requests: { storage: "1Gi" } } }, source: { blank: {} } };
    const { body } = await create(
      "typed",
      {
        instancetype: ownType,
        preference: ownPreference,
        dataVolumeTemplates: [{ metadata: { name: "typed-root" }, spec }],
      },
      { volumes: [{ name: "root", dataVolume: { name: "typed-root" } }] },
    );
    expect(body.spec.dataVolumeTemplates[0].spec.storage.storageClassName).toBe("fast-block");
  });

  test("keeps the type as it was, in a revision that its status names", async () => {
    const { status } = await eventually(async () => {
      const { body } = await cluster.call(`${vms}/typed`);
      return body.status?.instancetypeRef !== undefined && body;
    });
    const { name } = status.instancetypeRef.controllerRevisionRef;
    expect(name).toMatch(/^typed-own-v1beta1-[0-9a-f-]{36}-1$/);
    expect(status.preferenceRef.controllerRevisionRef.name).toMatch(/^typed-own-v1beta1-/);
    await cluster.call(`${types}/own`, { method: "DELETE" });
    const path = "/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachines/typed/expand-spec";
    const { body } = await cluster.call(path);
    const { domain, terminationGracePeriodSeconds } = body.spec.template.spec;
    expect(domain.cpu).toEqual({ sockets: 2, cores: 2, threads: 1 });
    expect(domain.devices).toMatchObject({ tpm: { persistent: true }, disks: [{ disk: { bus: "sata" } }] });
    expect(terminationGracePeriodSeconds).toBe(7);
  });

  test("says that its type is missing", async () => {
    await create("lost", { instancetype: ownType });
    const failure = await eventually(async () => {
      const { body } = await cluster.call(`${vms}/lost`);
      return body.status?.conditions?.find(({ type }: { type: string }) => type === "Failure");
    });
    expect(failure).toMatchObject({
      status: "True",
      reason: "FailedFindInstancetype",
      message: 'virtualmachineinstancetypes.instancetype.kubevirt.io "own" not found',
    });
  });
});

describe("what is behind a feature gate", () => {
  const domain = { devices: { hostDevices: [{ name: "card", deviceName: "example.com/card" }] } };

  test("is refused while the gate is closed, and taken when it is open", async () => {
    const refused = await create("gated", {}, { domain, volumes: [] });
    expect(refused.code).toBe(422);
    expect(refused.body.details.causes).toEqual([
      {
        reason: "FieldValueInvalid",
        message: "Host Devices feature gate is not enabled in kubevirt-config",
        field: "spec.template.spec.HostDevices",
      },
    ]);
    await cluster.call("/apis/kubevirt.io/v1/namespaces/kubevirt/kubevirts/kubevirt", {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: { spec: { configuration: { developerConfiguration: { featureGates: ["HostDevices"] } } } },
    });
    const taken = await create("gated", {}, { domain, volumes: [] });
    expect(taken.code).toBe(201);
  });
});
