/** Restores of machines: what the webhook refuses of them, and that no patch leads anywhere but to their target. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";
import { vmObject } from "./controlled.ts";

const base = (group: string, resource: string) => `/apis/${group}/namespaces/project/${resource}`;
const vms = base("kubevirt.io/v1", "virtualmachines");
const snapshots = base("snapshot.kubevirt.io/v1beta1", "virtualmachinesnapshots");
const restores = base("snapshot.kubevirt.io/v1beta1", "virtualmachinerestores");
const machine = { apiGroup: "kubevirt.io", kind: "VirtualMachine" };
const webhook = "virtualmachinerestore-validator.snapshot.kubevirt.io";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
  for (const name of ["project", "elsewhere"])
    await cluster.call("/api/v1/namespaces", { body: { metadata: { name } } });
  const tpm = vmObject("sealed", { runStrategy: "Halted" });
  const { template } = tpm["spec"] as { template: { spec: { domain: { devices: object } } } }; // vmObject's
  Object.assign(template.spec.domain.devices, { tpm: { persistent: true } });
  for (const vm of [vmObject("vm", { runStrategy: "Halted" }), tpm]) await cluster.call(vms, { body: vm });
  for (const name of ["vm", "sealed"]) {
    await cluster.call(snapshots, {
      body: {
        apiVersion: "snapshot.kubevirt.io/v1beta1",
        kind: "VirtualMachineSnapshot",
        metadata: { name },
        spec: { source: { ...machine, name } },
      },
    });
    await eventually(async () => (await cluster.call(`${snapshots}/${name}`)).body.status?.readyToUse);
  }
});
afterAll(() => cluster.close());

const restore = (name: string, spec: object) =>
  cluster.call(restores, {
    body: {
      apiVersion: "snapshot.kubevirt.io/v1beta1",
      kind: "VirtualMachineRestore",
      metadata: { name },
      spec: { target: { ...machine, name }, virtualMachineSnapshotName: "vm", ...spec },
    },
  });
const reasonOf = (name: string, type: string) =>
  eventually(async () => {
    const { status } = (await cluster.call(`${restores}/${name}`)).body;
    return status?.conditions?.find((one: { type: string }) => one.type === type)?.reason as string;
  });
const operation = (path: string, value: unknown) => JSON.stringify({ op: "replace", path, value });

describe("the webhook refuses", () => {
  test.each([
    [
      "a patch of the namespace",
      { patches: [operation("/metadata/namespace", "elsewhere")] },
      'patching is valid only for elements under /spec/ only: "path":"/metadata/namespace"',
      "spec.patches",
    ],
    [
      "a patch of the name",
      { patches: [operation("/spec/x", 1), operation("/metadata/name", "../../x/UPPER")] },
      'patching is valid only for elements under /spec/ only: "path":"/metadata/name"',
      "spec.patches",
    ],
    [
      "a value with a colon",
      { patches: [operation("/spec/x", "a:b")] },
      'patch format is not valid - one ":" expected in a single key-value json patch: "value":"a:b"',
      "spec.patches",
    ],
    [
      "what is no patch",
      { patches: ["nonsense"] },
      'patch format is not valid - one ":" expected in a single key-value json patch: nonsense',
      "spec.patches",
    ],
    [
      "a target without a group",
      { target: { kind: "VirtualMachine", name: "x" } },
      "missing apiGroup",
      "spec.target.apiGroup",
    ],
    [
      "another group",
      { target: { ...machine, apiGroup: "apps", name: "x" } },
      "invalid apiGroup",
      "spec.target.apiGroup",
    ],
    ["another kind", { target: { ...machine, kind: "Pod", name: "x" } }, "invalid kind", "spec.target.kind"],
    [
      "the state of a TPM in another machine",
      { virtualMachineSnapshotName: "sealed" },
      "Restore to a different VM is not supported when snapshotted VM has backend storage (persistent TPM or EFI)",
      "spec",
    ],
    [
      "an override of nothing",
      { volumeRestoreOverrides: [{ volumeName: "disk" }] },
      "must provide at least one overriden field",
      "spec.volumeRestoreOverrides[0]",
    ],
    [
      "an unknown policy",
      { volumeRestorePolicy: "Elsewhere" },
      `volume restore policy "Elsewhere" doesn't exist`,
      "spec.volumeRestorePolicy",
    ],
    [
      "an unknown ownership",
      { volumeOwnershipPolicy: "Mine" },
      `volume ownership policy "Mine" doesn't exist`,
      "spec.volumeOwnershipPolicy",
    ],
  ])("%s", async (_what, spec, message, field) => {
    const { code, body } = await restore("refused", spec);
    expect([code, body.message, body.details.causes.map((one: { field: string }) => one.field)]).toEqual([
      422,
      `admission webhook "${webhook}" denied the request: ${message}`,
      [field],
    ]);
  });

  test("an update of the spec", async () => {
    expect((await restore("kept", {})).code).toBe(201);
    const answer = await cluster.call(`${restores}/kept`, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: { spec: { virtualMachineSnapshotName: "sealed" } },
    });
    expect(answer.body.message).toContain("spec in immutable after creation");
  });
});

describe("what the webhook lets through", () => {
  test("is made in the place and under the name of its target, whatever its patches say", async () => {
    // upstream's webhook looks for the word `path`, which JSON can write otherwise
    const hidden = (path: string, value: string) =>
      String.raw`{"op":"replace","p\u0061th":"${path}","value":"${value}"}`;
    const patches = [
      hidden("/metadata/namespace", "elsewhere"),
      hidden("/metadata/name", "stolen"),
      operation("/metadata/labels/app", "other"),
      operation("/spec/runStrategy", "Manual"),
    ];
    const labelled = { metadata: { labels: { app: "vm" } } };
    const headers = { "content-type": "application/merge-patch+json" };
    await cluster.call(`${vms}/vm`, { method: "PATCH", headers, body: labelled });
    await cluster.call(snapshots, {
      body: {
        apiVersion: "snapshot.kubevirt.io/v1beta1",
        kind: "VirtualMachineSnapshot",
        metadata: { name: "labelled" },
        spec: { source: { ...machine, name: "vm" } },
      },
    });
    await eventually(async () => (await cluster.call(`${snapshots}/labelled`)).body.status?.readyToUse);
    expect(await restore("moved", { patches, virtualMachineSnapshotName: "labelled" })).toMatchObject({
      code: 201,
    });
    await eventually(async () => (await cluster.call(`${restores}/moved`)).body.status?.complete);
    const { body } = await cluster.call(`${vms}/moved`);
    expect([body.metadata.labels, body.spec.runStrategy]).toEqual([{ app: "other" }, "Manual"]);
    const all = (await cluster.call("/apis/kubevirt.io/v1/virtualmachines")).body.items;
    const names = all.map(({ metadata }: { metadata: { name: string; namespace: string } }) => metadata);
    expect(names.filter((one: { name: string }) => one.name === "stolen")).toEqual([]);
    expect(names.filter((one: { namespace: string }) => one.namespace === "elsewhere")).toEqual([]);
  });

  test("is no machine unless it fits the schema, and says so", async () => {
    expect((await restore("bent", { patches: [operation("/spec/template", 5)] })).code).toBe(201);
    await eventually(async () =>
      (await reasonOf("bent", "Ready")).includes("spec.template in body is required"),
    );
    expect((await cluster.call(`${vms}/bent`)).code).toBe(404);
  });

  test("is no machine unless the webhook of machines takes it", async () => {
    expect((await restore("odd", { patches: [operation("/spec/runStrategy", "Sometimes")] })).code).toBe(201);
    await eventually(async () =>
      (await reasonOf("odd", "Ready")).includes("Invalid RunStrategy (Sometimes)"),
    );
    expect((await cluster.call(`${vms}/odd`)).code).toBe(404);
  });

  test("ends as failed where its patches are no JSON", async () => {
    expect((await restore("broken", { patches: ['"path": "/spec/x" and more'] })).code).toBe(201);
    expect(await reasonOf("broken", "Failure")).toContain("cannot decode vm patches");
  });
});

test.each([
  [{ source: { kind: "VirtualMachine", name: "vm" } }, 422, "missing apiGroup"],
  [{ source: { ...machine, apiGroup: "apps", name: "vm" } }, 422, "invalid apiGroup"],
  [{ source: { ...machine, kind: "Pod", name: "vm" } }, 422, "invalid kind"],
  [{ failureDeadline: "soon" }, 400, 'time: invalid duration "soon"'],
  [{ failureDeadline: "5" }, 400, 'time: missing unit in duration "5"'],
  [{ failureDeadline: "1d" }, 400, 'time: unknown unit "d" in duration "1d"'],
])("a snapshot with %o is refused", async (spec, code, words) => {
  const answer = await cluster.call(snapshots, {
    body: {
      apiVersion: "snapshot.kubevirt.io/v1beta1",
      kind: "VirtualMachineSnapshot",
      metadata: { name: "refused" },
      spec: { source: { ...machine, name: "vm" }, ...spec },
    },
  });
  const said = "virtualmachinesnapshot-validator.snapshot.kubevirt.io";
  expect([answer.code, answer.body.message]).toEqual([
    code,
    `admission webhook "${said}" denied the request: ${words}`,
  ]);
});
