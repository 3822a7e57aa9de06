/** What the webhook of exports refuses, and who may make one. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { claim, exports, ExportWorld, namespace } from "./export-world.ts";

let world: ExportWorld;
beforeAll(async () => {
  world = await ExportWorld.open();
}, 60_000);
afterAll(() => world.close());

test.each([
  ["a kind that is not exported", { kind: "Pod", name: "a" }, {}, "spec.source.kind", "invalid kind"],
  [
    "a claim of another group",
    { apiGroup: "kubevirt.io", kind: "PersistentVolumeClaim", name: "a" },
    {},
    "spec.source.APIGroup",
    "PVC API group must be missing or blank",
  ],
  ["a claim without a name", claim(""), {}, "spec.source.name", "PVC name must not be empty"],
  [
    "a machine without a group",
    { kind: "VirtualMachine", name: "a" },
    {},
    "spec.source.APIGroup",
    "VM API group must be kubevirt.io",
  ],
  [
    "a snapshot of another group",
    { apiGroup: "kubevirt.io", kind: "VirtualMachineSnapshot", name: "a" },
    {},
    "spec.source.APIGroup",
    "VMSnapshot API group must be snapshot.kubevirt.io",
  ],
  [
    "a template",
    { apiGroup: "template.kubevirt.io", kind: "VirtualMachineTemplate", name: "a" },
    {},
    "spec.source.kind",
    "VirtualMachineTemplate source requires the OCIExport feature gate and virt-template deployment to be enabled",
  ],
])("%s is refused", async (_what, source, over, field, message) => {
  const { code, body } = await world.create("wrong", source, over);
  expect({ code, body }).toMatchObject({
    code: 422,
    body: {
      message: `admission webhook "virtualmachineexport-validator.export.kubevirt.io" denied the request: ${message}`,
      details: { causes: [{ reason: "FieldValueInvalid", field, message }] },
    },
  });
});

test("a spec stays as it was, a time is one of Go's, and a viewer makes none", async () => {
  expect((await world.create("used", claim("disk"))).code).toBe(201);
  const patched = await world.cluster.call(`${exports}/used`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: { spec: { ttlDuration: "1h" } },
  });
  expect(patched).toMatchObject({ code: 422 });
  expect(patched.body.message).toMatch(/denied the request: spec in immutable after creation$/);
  for (const [ttlDuration, words] of [
    ["2d", 'time: unknown unit "d" in duration "2d"'],
    ["2", 'time: missing unit in duration "2"'],
    ["soon", 'time: invalid duration "soon"'],
  ])
    expect((await world.create("wrong", claim("disk"), { ttlDuration })).body).toMatchObject({
      code: 400,
      message: `admission webhook "virtualmachineexport-validator.export.kubevirt.io" denied the request: ${words}`,
    });
  for (const name of ["view", "edit"])
    await world.cluster.call(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
      body: {
        metadata: { name },
        subjects: [{ kind: "User", name: `${name}er`, apiGroup: "rbac.authorization.k8s.io" }],
        roleRef: { kind: "ClusterRole", name, apiGroup: "rbac.authorization.k8s.io" },
      },
    });
  const as = (user: string) =>
    world.cluster.call(`${exports}?dryRun=All`, {
      as: user,
      body: {
        apiVersion: "export.kubevirt.io/v1",
        kind: "VirtualMachineExport",
        metadata: { name: "tried" },
        spec: { source: claim("disk") },
      },
    });
  expect((await as("viewer")).code).toBe(403);
  expect((await as("nobody")).code).toBe(403);
  expect((await as("editer")).code).toBe(201);
});
