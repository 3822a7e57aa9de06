/** Deleting takes what was named and nothing else; saving a text drops nothing that the text did not show. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectPath } from "../src/kube/kube-path.ts";
import type { ResourceType } from "../src/kube/kube-path.ts";
import { KubeError } from "../src/kube/kube-error.ts";
import { resourceTypes as types } from "../src/kube/resource-types.ts";
import type { RawObject } from "../src/inventory/raw.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const project = "deletions";
const mib = 1024 ** 2;
const rbac = "rbac.authorization.k8s.io";
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

let cut: ConsoleUnderTest;
let alice: Person;
let bob: Person;

const object = (
  kind: string,
  apiVersion: string,
  name: string,
  rest: Record<string, unknown>,
  metadata: Record<string, unknown> = {},
) => ({ apiVersion, kind, metadata: { name, namespace: project, ...metadata }, ...rest });

const grant = (user: string, rules: Record<string, unknown>[]) => [
  object("Role", `${rbac}/v1`, user, { rules }),
  object("RoleBinding", `${rbac}/v1`, user, {
    roleRef: { apiGroup: rbac, kind: "Role", name: user },
    subjects: [{ kind: "User", apiGroup: rbac, name: user }],
  }),
];

const claim = (name: string) =>
  object("PersistentVolumeClaim", "v1", name, {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    status: { phase: "Bound" },
  });

const blank = { source: { blank: {} }, storage: { resources: { requests: { storage: "1Gi" } } } };
const filled = (name: string, metadata: Record<string, unknown> = {}) =>
  object("DataVolume", "cdi.kubevirt.io/v1beta1", name, { spec: blank }, metadata);

const image = (name: string, claimName: string) =>
  object("DataSource", "cdi.kubevirt.io/v1beta1", name, {
    spec: { source: { pvc: { name: claimName, namespace: project } } },
  });

const machine = (
  name: string,
  volumes: Record<string, unknown>[],
  metadata: Record<string, unknown> = {},
  spec: Record<string, unknown> = {},
) =>
  object(
    "VirtualMachine",
    "kubevirt.io/v1",
    name,
    {
      spec: {
        runStrategy: "Halted",
        template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes } },
        ...spec,
      },
      status: { printableStatus: "Stopped" },
    },
    metadata,
  );

/** What the cluster has, whoever may see it; undefined when it is not there. */
async function stored(type: ResourceType, name: string): Promise<RawObject | undefined> {
  try {
    return await cut.app.services.service.json<RawObject>(objectPath(type, name, project));
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}
const present = async (type: ResourceType, name: string) => (await stored(type, name)) !== undefined;
const known = async (name: string) =>
  until(() => cut.app.services.inventory.feeds.images.table.get(project, name) !== undefined);

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  cut.sim.seed([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: project }, status: { phase: "Active" } },
    ...grant("alice", [
      {
        apiGroups: ["", "kubevirt.io", "cdi.kubevirt.io", "upload.cdi.kubevirt.io"],
        resources: ["*"],
        verbs: ["*"],
      },
    ]),
    // may do all to disks, but not delete machines
    ...grant("bob", [
      { apiGroups: ["", "cdi.kubevirt.io"], resources: ["*"], verbs: ["*"] },
      { apiGroups: ["kubevirt.io"], resources: ["*"], verbs: ["get", "list"] },
    ]),
  ]);
  await until(() => cut.app.services.inventory.feeds.roleBindings.table.get(project, "bob") !== undefined);
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
});
afterAll(async () => cut.close());

describe("deleting an image", () => {
  const remove = async (name: string) => {
    await known(name);
    await alice.call("deleteImage", { params: { project, name } });
    await until(async () => !(await present(types.dataSource, name)));
  };

  test("a claim that somebody brought stays", async () => {
    cut.sim.seed([claim("brought"), image("over-brought", "brought")]);
    await remove("over-brought");
    expect(await present(types.claim, "brought")).toBe(true);
  });

  test("a DataVolume that was not made for it stays", async () => {
    cut.sim.seed([filled("elsewhere"), image("over-elsewhere", "elsewhere")]);
    await remove("over-elsewhere");
    expect(await present(types.dataVolume, "elsewhere")).toBe(true);
  });

  const declare = async (name: string) => {
    await alice.call("createImage", {
      params: { project },
      body: {
        name,
        displayName: "",
        media: "disk",
        fileSizeBytes: mib,
        diskSizeBytes: 16 * mib,
        storageClass: "",
        defaultInstanceType: "",
        defaultPreference: "",
      },
    });
    await known(name);
  };

  test("its own claim goes along though CDI has collected the DataVolume", async () => {
    const owned = { "console.kubev.io/image": "collected" };
    cut.sim.seed([
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "collected", namespace: project, labels: owned },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        status: { phase: "Bound" },
      },
      {
        apiVersion: "cdi.kubevirt.io/v1beta1",
        kind: "DataSource",
        metadata: { name: "collected", namespace: project },
        spec: { source: { pvc: { name: "collected", namespace: project } } },
      },
    ]);
    const { feeds } = cut.app.services.inventory;
    await until(() => feeds.images.table.get(project, "collected") !== undefined);
    await until(() => feeds.claims.table.get(project, "collected") !== undefined);
    await alice.call("deleteImage", { params: { project, name: "collected" } });
    expect(await until(() => feeds.claims.table.get(project, "collected") === undefined)).toBe(true);
  });

  test("its own disk goes along", async () => {
    await declare("own");
    await remove("own");
    await until(async () => !(await present(types.dataVolume, "own")));
    expect(await present(types.dataSource, "own")).toBe(false);
  });

  test("a disk that another image names stays, and is nobody's dependent", async () => {
    await declare("shared");
    cut.sim.seed([image("second", "shared")]);
    await known("second");
    await remove("shared");
    const left = await until(async () => {
      const disk = await stored(types.dataVolume, "shared");
      return (disk?.metadata?.ownerReferences ?? []).length === 0 && { disk };
    });
    expect(left.disk?.metadata?.name).toBe("shared");
  });
});

describe("deleting a machine", () => {
  const cloudInit = (secret: string) => ({
    name: secret,
    cloudInitNoCloud: { secretRef: { name: secret } },
  });

  test("only Secrets that it owns go with it", async () => {
    cut.sim.seed([
      machine("two-secrets", [cloudInit("own-secret"), cloudInit("team-secret")]),
      object("Secret", "v1", "team-secret", { data: {} }),
    ]);
    const { uid } = (await stored(types.virtualMachine, "two-secrets"))?.metadata ?? {};
    const owner = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachine", name: "two-secrets", uid };
    cut.sim.seed([object("Secret", "v1", "own-secret", { data: {} }, { ownerReferences: [owner] })]);
    const plan = await alice.call("getVmDeletionPlan", { params: { project, name: "two-secrets" } });
    expect(plan.alsoGoes).toEqual([{ kind: "Secret", name: "own-secret" }]);
  });

  test("how long the guest has to shut down is told as the running one has it, not as a new one would", async () => {
    const params = { project, name: "lingers" };
    cut.sim.seed([machine("lingers", [])]);
    const vm = objectPath(types.virtualMachine, "lingers", project);
    const give = async (terminationGracePeriodSeconds: number, runStrategy: string) =>
      cut.app.services.service.json(vm, {
        method: "PATCH",
        contentType: "application/merge-patch+json",
        body: { spec: { runStrategy, template: { spec: { terminationGracePeriodSeconds } } } },
      });
    expect((await alice.call("getVmDeletionPlan", { params })).shutdownSeconds).toBeNull();
    await give(90, "Always");
    await until(async () => (await alice.call("getVmDeletionPlan", { params })).shutdownSeconds === 90);
    await give(91, "Always");
    expect((await alice.call("getVmDeletionPlan", { params })).shutdownSeconds).toBe(90);
  });

  test("a chosen disk goes though the machine only names it in a template", async () => {
    cut.sim.seed([
      filled("loose-root"),
      machine(
        "templated",
        [{ name: "root", dataVolume: { name: "loose-root" } }],
        {},
        { dataVolumeTemplates: [{ metadata: { name: "loose-root" }, spec: blank }] },
      ),
    ]);
    const plan = await alice.call("getVmDeletionPlan", { params: { project, name: "templated" } });
    expect(plan.disks).toMatchObject([{ name: "loose-root", ownedByVm: true }]);
    await alice.call("deleteVm", {
      params: { project, name: "templated" },
      body: { uid: plan.uid, deleteDisks: ["loose-root"] },
    });
    await until(async () => !(await present(types.dataVolume, "loose-root")));
    expect(await present(types.virtualMachine, "templated")).toBe(false);
  });

  test("a disk that the cluster does not delete is named; the machine goes all the same, and the trail says which disks did", async () => {
    cut.sim.seed([
      filled("goes-root"),
      filled("stays-data"),
      machine("half", [
        { name: "root", dataVolume: { name: "goes-root" } },
        { name: "data", dataVolume: { name: "stays-data" } },
      ]),
    ]);
    const plan = await until(async () => {
      const read = await alice.call("getVmDeletionPlan", { params: { project, name: "half" } });
      return read.disks.length === 2 && read;
    });
    const heal = cut.sim.faults.add({
      method: "DELETE",
      urlContains: "stays-data",
      effect: { kind: "status", code: 500 },
    });
    const { disksLeft } = await alice.call("deleteVm", {
      params: { project, name: "half" },
      body: { uid: plan.uid, deleteDisks: ["goes-root", "stays-data"] },
    });
    heal();
    expect(disksLeft).toMatchObject([{ name: "stays-data", reason: { code: "upstream-refused" } }]);
    await until(async () => !(await present(types.virtualMachine, "half")));
    expect(await present(types.dataVolume, "stays-data")).toBe(true);
    const { rows } = await alice.call("listActivity", { query: { project, name: "half" } });
    expect(rows[0]).toMatchObject({ action: "delete", outcome: "ok" });
    expect(rows[0]?.diff.map(({ old }) => old)).toEqual(["goes-root"]);
  });

  test("a refusal changes nothing of its disks; a trial deletes nothing", async () => {
    cut.sim.seed([machine("guarded", [{ name: "root", dataVolume: { name: "guarded-root" } }])]);
    const { uid = "" } = (await stored(types.virtualMachine, "guarded"))?.metadata ?? {};
    const owner = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachine", name: "guarded", uid };
    cut.sim.seed([filled("guarded-root", { ownerReferences: [owner] })]);
    const refusal = await bob.refused("deleteVm", {
      params: { project, name: "guarded" },
      body: { uid, deleteDisks: [] },
    });
    expect(refusal.status).toBe(403);
    expect((await stored(types.dataVolume, "guarded-root"))?.metadata?.ownerReferences).toMatchObject([
      owner,
    ]);
    expect(await present(types.virtualMachine, "guarded")).toBe(true);
    await alice.call("deleteVm", { params: { project, name: "guarded" }, body: { uid, deleteDisks: [] } });
    await until(async () => !(await present(types.virtualMachine, "guarded")));
    expect((await stored(types.dataVolume, "guarded-root"))?.metadata?.ownerReferences ?? []).toEqual([]);
  });
});

test("an annotation that the text does not show is still there after it was saved", async () => {
  cut.sim.seed([machine("applied", [], { annotations: { [lastApplied]: '{"by":"kubectl"}', note: "old" } })]);
  const params = { project, name: "applied" };
  const { yaml, resourceVersion } = await alice.call("getVmYaml", { params });
  expect(yaml).not.toContain("last-applied");
  const without = yaml.replace(/\n {4}note: old/, "");
  expect(without).not.toContain("note");
  await alice.call("putVmYaml", { params, body: { yaml: without, resourceVersion } });
  const kept = (await stored(types.virtualMachine, "applied"))?.metadata?.annotations;
  expect(kept?.[lastApplied]).toBe('{"by":"kubectl"}');
  expect(kept).not.toHaveProperty("note");
});
