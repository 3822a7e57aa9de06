/** Clones of machines: what the webhook refuses of them, and that no filter holds anybody up. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";
import { vmObject } from "./controlled.ts";

const vms = "/apis/kubevirt.io/v1/namespaces/project/virtualmachines";
const clones = "/apis/clone.kubevirt.io/v1beta1/namespaces/project/virtualmachineclones";
const restores = "/apis/snapshot.kubevirt.io/v1beta1/namespaces/project/virtualmachinerestores";
const source = { apiGroup: "kubevirt.io", kind: "VirtualMachine", name: "vm" };
/** On this a pattern that tries every way to split a run of letters never ends. */
const long = "a".repeat(60);

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "project" } } });
  const vm = vmObject("vm", { runStrategy: "Halted" });
  vm.metadata.labels = { [`${long}-b`]: "x", kept: "x", [long]: "x" };
  await cluster.call(vms, { body: vm });
});
afterAll(() => cluster.close());

const clone = (name: string, spec: object) =>
  cluster.call(clones, {
    body: {
      apiVersion: "clone.kubevirt.io/v1beta1",
      kind: "VirtualMachineClone",
      metadata: { name },
      spec: { source, target: { ...source, name }, ...spec },
    },
  });
const statusOf = async (name: string) => (await cluster.call(`${clones}/${name}`)).body.status ?? {};

const filterRefusal = (field: string, filter: string, what: string, rule: string) =>
  `${field} filter ${filter} is invalid: cannot contain a ${what}; FilterRules: ${rule}`;
const wildcard = "WildcardChar can be only at the end of the filter";
const negation = "NegationChar can be only used at the beginning of the filter";

test.each([
  [
    { labelFilters: ["a*b"] },
    filterRefusal("spec.labels", "a*b", "wildcard character (*)", wildcard),
    "spec.labels",
  ],
  [
    { annotationFilters: ["a!b"] },
    filterRefusal("spec.annotations", "a!b", "negation character (!)", negation),
    "spec.annotations",
  ],
  [
    { template: { labelFilters: ["!"] } },
    "a negation character is not a valid filter",
    "spec.template.labels",
  ],
  [{ source: { ...source, kind: "Pod" } }, "Source kind is not supported", "spec.Source.Kind"],
  [{ target: { ...source, kind: "Pod" } }, "Target kind is not supported", "spec.Target.Kind"],
  [
    { source: { kind: source.kind, name: "vm" } },
    "Source's APIGroup cannot be empty",
    "spec.Source.APIGroup",
  ],
  [
    { target: source },
    "Target name cannot be equal to source name when both are VirtualMachines",
    "spec.target.name",
  ],
  [
    { newMacAddresses: { default: "02:00" } },
    "interface default has malformed MAC address (02:00).",
    "spec.newMacAddresses.default",
  ],
  [{ patches: ["{"] }, "patch is not valid JSON ({)", "spec.patches[0]"],
])("%o is refused", async (spec, message, field) => {
  const { code, body } = await clone("refused", spec);
  const fields = body.details.causes.map((one: { field: string }) => one.field);
  expect([code, body.message, fields]).toEqual([
    422,
    `admission webhook "vm-clone-validator.kubevirt.io" denied the request: ${message}`,
    [field],
  ]);
});

test("a filter with nested repeats takes no longer than any other, and one that is no pattern matches nothing", async () => {
  expect((await clone("copy", { labelFilters: ["^(a+)+$", "[", "kept"] })).code).toBe(201);
  await eventually(async () => (await statusOf("copy")).phase === "Succeeded");
  expect((await cluster.call(`${vms}/copy`)).body.metadata.labels).toEqual({ [long]: "x", kept: "x" });
});

test("a new serial arrives", async () => {
  expect((await clone("serial", { newSMBiosSerial: "s-1" })).code).toBe(201);
  await eventually(async () => (await statusOf("serial")).phase === "Succeeded");
  expect((await cluster.call(`${vms}/serial`)).body.spec.template.spec.domain.firmware.serial).toBe("s-1");
});

test("what the webhook of restores refuses waits, and tells of no restore", async () => {
  expect((await clone("waits", { newMacAddresses: { default: "02:00:00:00:00:01" } })).code).toBe(201);
  const object = { op: "add", path: "/spec/template/metadata/labels", value: { a: "b" } };
  expect((await clone("bent", { patches: [JSON.stringify(object)] })).code).toBe(201);
  for (const name of ["waits", "bent"]) {
    await eventually(async () => (await statusOf(name)).phase === "RestoreInProgress");
    expect((await statusOf(name)).restoreName).toBeUndefined();
  }
  const owners = (await cluster.call(restores)).body.items.map(
    ({ metadata }: { metadata: { ownerReferences: { name: string }[] } }) =>
      metadata.ownerReferences[0]?.name,
  );
  expect(owners.filter((name: string) => ["waits", "bent"].includes(name))).toEqual([]);
});
