/** Common settings: what a change takes is said before, what waits is itemised after, nothing else of the object is touched. */
import type { VmSettingsForm } from "@kubev/api-types/vm-settings";
import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quantityOrZero } from "../src/domain/quantity.ts";
import { collectionPath, objectPath } from "../src/kube/kube-path.ts";
import { resourceTypes as types } from "../src/kube/resource-types.ts";
import { settingsOf, withSettings } from "../src/domain/vm-settings.ts";
import type { SettingsVm } from "../src/domain/vm-settings.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const gib = 2 ** 30;

interface CountedPod {
  spec?: { containers?: { resources?: { requests?: Record<string, string> } }[] };
}

describe("the form and the object", () => {
  const vm: SettingsVm = {
    metadata: {
      name: "vm",
      labels: { app: "shop", "kubevirt.io/vm": "vm" },
      annotations: { note: "kept" },
    },
    spec: {
      runStrategy: "Always",
      template: {
        metadata: { annotations: { "ovn.kubernetes.io/logical_switch": "net", other: "kept" } },
        spec: {
          domain: {
            cpu: { sockets: 1, cores: 2, threads: 1, model: "host-model" },
            memory: { guest: "1Gi" },
            devices: {
              disks: [{ name: "root", disk: { bus: "virtio" }, bootOrder: 1 }, { name: "data" }],
              interfaces: [{ name: "default", masquerade: {} }],
              rng: {},
            },
          },
          volumes: [{ name: "root" }],
        },
      },
    },
  };

  test("what is written is read again, and the rest stays", () => {
    const form = record<VmSettingsForm>({
      description: constantFrom("", "the shop"),
      labels: constantFrom<Record<string, string>>({}, { app: "shop" }, { app: "web", tier: "" }),
      deleteProtected: constantFrom(true, false),
      runStrategy: constantFrom("Always", "Halted", "Manual", "RerunOnFailure", "Once"),
      instanceType: constantFrom(""),
      preference: constantFrom("", "linux"),
      sockets: integer({ min: 1, max: 8 }),
      cores: integer({ min: 1, max: 8 }),
      threads: integer({ min: 1, max: 2 }),
      memoryBytes: integer({ min: 1, max: 64 }).map((mebi) => mebi * 2 ** 20),
      bootOrder: array(constantFrom("root", "data", "default"), { maxLength: 3 }).map((names) => [
        ...new Set(names),
      ]),
      firmware: constantFrom("default", "bios", "efi", "efi-secure-boot"),
      evictionStrategy: constantFrom("", "None", "LiveMigrate"),
      terminationGracePeriodSeconds: constantFrom(null, 0, 180),
      hostname: constantFrom("", "shop"),
      subnet: constantFrom("", "lan"),
      ips: constantFrom([], ["10.3.0.7"], ["10.3.0.7", "fd00::7"]),
      mac: constantFrom("", "02:00:00:00:00:07"),
      securityGroups: constantFrom([], ["web"], ["web", "ssh"]),
    });
    assert(
      property(form, (values) => {
        const next = withSettings(vm, values);
        expect(settingsOf(next)).toEqual(values);
        expect(next.metadata?.annotations?.["note"]).toBe("kept");
        expect(next.metadata?.labels?.["kubevirt.io/vm"]).toBe("vm");
        const { annotations = {}, ...metadata } = next.spec?.template?.metadata ?? {};
        expect(metadata).toEqual({});
        expect(annotations["other"]).toBe("kept");
        // a port is held against its groups only where it is said to be
        expect(annotations["ovn.kubernetes.io/port_security"]).toBe(
          values.securityGroups.length > 0 ? "true" : undefined,
        );
        expect(next.spec?.template?.spec?.domain?.devices?.["rng"]).toEqual({});
        expect(next.spec?.template?.spec?.domain?.cpu?.["model"]).toBe("host-model");
      }),
    );
  });

  test.each([undefined, "true", "false"])(
    "port security %s, set apart from the groups, outlives the last of them",
    (portSecurity) => {
      const key = "ovn.kubernetes.io/port_security";
      const own = portSecurity === undefined ? {} : { [key]: portSecurity };
      const before = withSettings(vm, settingsOf(vm));
      const template = { ...before.spec?.template, metadata: { annotations: { other: "kept", ...own } } };
      const set: typeof vm = { ...before, spec: { ...before.spec, template } };
      const grouped = withSettings(set, { ...settingsOf(set), securityGroups: ["web"] });
      expect(grouped.spec?.template?.metadata?.annotations?.[key]).toBe("true");
      const more = withSettings(grouped, { ...settingsOf(grouped), securityGroups: ["web", "ssh"] });
      const bare = withSettings(more, { ...settingsOf(more), securityGroups: [] });
      expect(bare.spec?.template?.metadata?.annotations).toEqual({ other: "kept", ...own });
    },
  );

  test("the form as it was read changes nothing", () => {
    expect(withSettings(vm, settingsOf(vm))).toEqual(vm);
  });
});

describe("over a console", () => {
  const project = "web-shop";
  const params = { project, name: "resized" };
  const typed = { project, name: "typed" };
  let cut: ConsoleUnderTest;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    cut = await startConsole();
    cut.sim.seed([
      {
        apiVersion: "kubevirt.io/v1",
        kind: "VirtualMachine",
        metadata: { name: params.name, namespace: project },
        spec: {
          runStrategy: "Always",
          template: {
            metadata: { annotations: { "kubesim.kubev.io/migration-seconds": "0" } },
            spec: {
              domain: { cpu: { sockets: 1 }, devices: {}, memory: { guest: "1Gi" } },
              terminationGracePeriodSeconds: 1,
              volumes: [],
            },
          },
        },
      },
    ]);
    const own = (kind: string, name: string, spec: Record<string, unknown>) => ({
      apiVersion: "instancetype.kubevirt.io/v1beta1",
      kind,
      metadata: { name, namespace: project },
      spec,
    });
    cut.sim.seed([
      // named as one of the cluster: only the scope tells them apart
      own("VirtualMachineInstancetype", "u1.small", { cpu: { guest: 2 }, memory: { guest: "3Gi" } }),
      own("VirtualMachinePreference", "shop-linux", {}),
      {
        apiVersion: "kubevirt.io/v1",
        kind: "VirtualMachine",
        metadata: { name: typed.name, namespace: project },
        spec: {
          runStrategy: "Always",
          instancetype: { kind: "VirtualMachineClusterInstancetype", name: "u1.small" },
          template: { spec: { domain: { devices: {} }, terminationGracePeriodSeconds: 1, volumes: [] } },
        },
      },
    ]);
    alice = await cut.signIn("alice");
    bob = await cut.signIn("bob");
    await until(async () => (await alice.call("getVm", { params })).row.state.status === "Running");
  });
  afterAll(async () => cut.close());

  const change = async (over: Partial<VmSettingsForm>) => {
    const { values } = await alice.call("getVmSettings", { params });
    const body = { was: values, values: { ...values, ...over } };
    const check = await alice.call("checkVmSettings", { params, body });
    return { body, check };
  };

  test("each change says what it takes", async () => {
    const resized = { description: "resized live", sockets: 2, memoryBytes: 2 * gib };
    const said = async (over: Partial<VmSettingsForm>) => {
      const { check } = await change(over);
      expect(check).toMatchObject({ ok: true, fields: [] });
      return check.changes.map((one) => `${one.field} ${one.effect}`);
    };
    expect(await said(resized)).toEqual(["description live", "sockets migration", "memoryBytes migration"]);
    // what requires a restart holds back what would come by migration
    expect(await said({ ...resized, hostname: "other" })).toEqual([
      "description live",
      "sockets restart",
      "memoryBytes restart",
      "hostname restart",
    ]);
    const tooMany = await change({ sockets: 9 });
    expect(tooMany.check.changes).toMatchObject([{ field: "sockets", from: 1, to: 9, effect: "restart" }]);
  });

  test("a size that the project's quota has no room for is warned of, and may be saved", async () => {
    const code = async (over: Partial<VmSettingsForm>) => {
      const { check } = await change(over);
      expect(check.ok).toBe(true);
      return check.quota?.code;
    };
    const memoryLine = async () => {
      const { quota } = await alice.call("getProject", { params: { project } });
      return quota?.find(({ resource }) => resource === "requests.memory");
    };
    // all that starts has its pod, and each is counted
    await until(async () => {
      const { rows } = await alice.call("listVms", { query: { project } });
      return rows.every(({ state }) => state.tone !== "working");
    });
    const used = await until(async () => {
      const pods = collectionPath(types.pod, project);
      const { items } = await cut.app.services.service.json<{ items: CountedPod[] }>(pods);
      const wanted = items
        .flatMap(({ spec }) => spec?.containers ?? [])
        .map(({ resources }) => quantityOrZero(resources?.requests?.["memory"]));
      const sum = wanted.reduce((all, one) => all + one, 0);
      return (await memoryLine())?.used === sum && sum;
    });
    const hard = used + 2.5 * gib;
    cut.sim.seed([
      {
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "tight", namespace: project },
        spec: { hard: { "requests.memory": String(hard) } },
      },
    ]);
    await until(async () => (await memoryLine())?.hard === hard);
    // a migration's pod is counted beside the first; a restart frees what the old one counts
    expect(await code({ memoryBytes: 2 * gib })).toBeUndefined();
    const { check } = await change({ memoryBytes: 3 * gib });
    expect(check.quota).toMatchObject({ code: "quota-exceeded", params: { resource: "requests.memory" } });
    expect(await code({ memoryBytes: 3 * gib, hostname: "waits" })).toBeUndefined();
    const { body } = await change({ memoryBytes: 4 * gib, hostname: "waits" });
    expect(await alice.call("checkVmSettings", { params, body })).toMatchObject({
      ok: true,
      quota: { code: "quota-exceeded" },
    });
    expect(await code({ description: "no other size" })).toBeUndefined();
    expect((await bob.refused("checkVmSettings", { params, body })).status).toBe(403);
    const tight = objectPath(types.resourceQuota, "tight", project);
    await cut.app.services.service.json(tight, { method: "DELETE" });
  });

  test("a project's own type and preference are chosen by scope, and written so; another project's are not there", async () => {
    const { instanceTypes } = await alice.call("listInstanceTypes", { params: { project } });
    const ofThatName = instanceTypes.filter(({ name }) => name === "u1.small").map(({ id }) => id);
    expect(ofThatName.toSorted()).toEqual(["u1.small", `${project}/u1.small`]);
    await until(async () => (await alice.call("getVm", { params: typed })).row.state.status === "Running");
    const { values } = await alice.call("getVmSettings", { params: typed });
    expect(values.instanceType).toBe("u1.small");
    const check = async (over: Partial<VmSettingsForm>) =>
      alice.call("checkVmSettings", {
        params: typed,
        body: { was: values, values: { ...values, ...over } },
      });
    // only sockets and memory grow: KubeVirt plugs them in
    expect(await check({ instanceType: `${project}/u1.small` })).toMatchObject({
      ok: true,
      changes: [{ field: "instanceType", effect: "migration" }],
    });
    expect(await check({ instanceType: "u1.nano" })).toMatchObject({ changes: [{ effect: "restart" }] });
    for (const [field, code] of [
      ["instanceType", "instance-type-missing"],
      ["preference", "preference-missing"],
    ] as const)
      for (const gone of ["data/u1.small", `${project}/nowhere`, "shop-linux"])
        expect((await check({ [field]: gone })).fields).toMatchObject([{ path: field, reason: { code } }]);
    const now = { instanceType: `${project}/u1.small`, preference: `${project}/shop-linux` };
    await until(async () => {
      const read = await alice.call("getVmSettings", { params: typed });
      const body = { was: read.values, values: { ...read.values, ...now } };
      return (await alice.ask("putVmSettings", { params: typed, body })).status < 300;
    });
    expect((await alice.call("getVmSettings", { params: typed })).values).toMatchObject(now);
    const { yaml } = await alice.call("getVmYaml", { params: typed });
    expect(yaml).toContain("kind: VirtualMachineInstancetype");
    expect(yaml).toContain("kind: VirtualMachinePreference");
  });

  test("what cannot work is said at its field", async () => {
    expect((await change({ memoryBytes: 0 })).check.fields).toMatchObject([
      { path: "memoryBytes", reason: { code: "field-too-small" } },
    ]);
    expect((await change({ preference: "nowhere" })).check.fields).toMatchObject([
      { path: "preference", reason: { code: "preference-missing" } },
    ]);
    const { body } = await change({ hostname: "Not A Host" });
    const refused = await alice.refused("putVmSettings", { params, body });
    expect(refused.body.error.fields).toMatchObject([{ path: "hostname" }]);
  });

  test("more CPU arrives by migration; another host name waits for a restart and is itemised", async () => {
    const { body } = await change({ description: "grown", sockets: 2 });
    await alice.call("putVmSettings", { params, body });
    await until(async () => {
      const { row, cpu } = await alice.call("getVm", { params });
      return row.state.status === "Running" && cpu.sockets === 2;
    });
    await until(async () => (await alice.call("getVmPending", { params })).changes.length === 0);
    const next = await change({ hostname: "later" });
    await alice.call("putVmSettings", { params, body: next.body });
    const pending = await until(async () => {
      const now = await alice.call("getVmPending", { params });
      return now.restartRequired && now;
    });
    expect(pending.changes).toEqual([{ field: "hostname", from: "", to: "later", effect: "restart" }]);
    expect(pending.message).toMatch(/non-live-updatable/);
    // the project counts it among those that need attention, and the search finds as many
    const found = { query: { project, q: "attention:yes" } };
    await until(async () => {
      const { virtualMachines } = await alice.call("getProject", { params: { project } });
      const { rows, total } = await alice.call("listVms", found);
      return virtualMachines?.attention === total && rows.some(({ name }) => name === params.name);
    });
    const { rows } = await alice.call("listActivity", { query: { project, name: params.name } });
    expect(rows[0]).toMatchObject({ action: "configure", outcome: "ok" });
    expect(rows[0]?.diff).toEqual([{ path: "/spec/template/spec/hostname", new: "later" }]);
    // no migration begins now: more memory waits for the restart too, said before and after it is saved
    const held = [{ field: "memoryBytes", from: gib, to: 2 * gib, effect: "restart" }];
    const more = await change({ memoryBytes: 2 * gib });
    expect(more.check.changes).toEqual(held);
    await alice.call("putVmSettings", { params, body: more.body });
    expect((await alice.call("getVmPending", { params })).changes).toEqual(expect.arrayContaining(held));
  });

  test("what others change meanwhile stays; only a field that both changed is a conflict, with both values", async () => {
    const { body } = await change({ description: "mine", labels: { team: "mine" } });
    await alice.call("putVmSettings", {
      params,
      body: (await change({ description: "theirs", deleteProtected: true, labels: { tier: "1" } })).body,
    });
    const conflicts = [{ path: "description", theirs: "theirs", yours: "mine" }];
    expect(await alice.call("checkVmSettings", { params, body })).toMatchObject({ ok: false, conflicts });
    const refused = await alice.refused("putVmSettings", { params, body });
    expect(refused).toMatchObject({
      status: 409,
      body: { error: { reason: { code: "changed-meanwhile" }, conflicts } },
    });
    expect((await bob.refused("putVmSettings", { params, body })).status).toBe(403);
    // theirs was seen, and yours is kept
    const decided = { ...body, was: { ...body.was, description: "theirs" } };
    await alice.call("putVmSettings", { params, body: decided });
    expect((await alice.call("getVmSettings", { params })).values).toMatchObject({
      description: "mine",
      deleteProtected: true,
      labels: { team: "mine", tier: "1" },
    });
  });

  test("a form that was opened long ago is stored over what controllers wrote", async () => {
    const { body } = await change({ description: "after a status" });
    await cut.app.services.service.json(objectPath(types.virtualMachine, params.name, project), {
      method: "PATCH",
      contentType: "application/merge-patch+json",
      body: { metadata: { annotations: { touched: "by a controller" } } },
    });
    await alice.call("putVmSettings", { params, body });
    expect((await alice.call("getVmSettings", { params })).values.description).toBe("after a status");
  });

  test("whoever may not see the quota is told that it could not be read", async () => {
    cut.sim.seed([
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "machines-only", namespace: project },
        rules: [
          {
            apiGroups: ["kubevirt.io"],
            resources: ["virtualmachines", "virtualmachineinstances"],
            verbs: ["get", "list", "update"],
          },
        ],
      },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: "machines-only", namespace: project },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "machines-only" },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "bob" }],
      },
    ]);
    const { body } = await change({ memoryBytes: 3 * gib });
    const check = await until(async () => {
      const reply = await bob.ask("checkVmSettings", { params, body });
      return reply.status === 200 && bob.call("checkVmSettings", { params, body });
    });
    expect(check).toMatchObject({ ok: true, quota: { code: "quota-unknown" } });
  });
});
