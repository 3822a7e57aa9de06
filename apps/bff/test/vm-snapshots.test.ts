/** Snapshots, restores and clones of a machine through the console, as its owner and as a stranger. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyAnnotationFilters, newMachinePatches } from "../src/domain/vm-copy-manifests.ts";
import { objectPath } from "../src/kube/kube-path.ts";
import { resourceTypes as types } from "../src/kube/resource-types.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { openLive } from "./foreign-project.ts";

const project = "web-shop";
const params = { project, name: "kept" };
let cut: ConsoleUnderTest;
let alice: Person;
let bob: Person;

const annotations = {
  "ovn.kubernetes.io/logical_switch": "shop-front",
  "ovn.kubernetes.io/mac_address": "02:00:00:00:07:07",
  "data.web-shop.kubernetes.io/ip_address.net1": "10.9.0.7",
};

beforeAll(async () => {
  cut = await startConsole();
  cut.sim.seed([
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name: "kept-data",
        namespace: project,
        annotations: { "cdi.kubevirt.io/storage.bind.immediate.requested": "true" },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "fast-block",
        resources: { requests: { storage: "1Mi" } },
      },
    },
    {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name: params.name, namespace: project },
      spec: {
        runStrategy: "Always",
        template: {
          metadata: { annotations },
          spec: {
            domain: {
              devices: {
                disks: [{ name: "data", disk: { bus: "virtio" } }],
                interfaces: [{ name: "default", bridge: {}, macAddress: "02:00:00:00:07:07" }],
              },
              firmware: { uuid: "11111111-2222-3333-4444-555555555555" },
              memory: { guest: "128Mi" },
            },
            networks: [{ name: "default", pod: {} }],
            terminationGracePeriodSeconds: 1,
            volumes: [{ name: "data", persistentVolumeClaim: { claimName: "kept-data" } }],
          },
        },
      },
    },
  ]);
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
  await until(async () => (await alice.call("getVm", { params })).row.state.status === "Running");
});
afterAll(async () => cut.close());

const list = async () => alice.call("listVmSnapshots", { params });
interface Stored {
  spec: {
    runStrategy: string;
    template: {
      metadata: { annotations: Record<string, string> };
      spec: {
        domain: { firmware: { uuid?: string }; devices: { interfaces: { macAddress?: string }[] } };
        volumes: { persistentVolumeClaim: { claimName: string } }[];
      };
    };
  };
}
/** Without what KubeVirt's own defaults write beside them. */
const networkAnnotations = ({ template }: Stored["spec"]) =>
  Object.fromEntries(
    Object.entries(template.metadata.annotations).filter(([key]) => key.startsWith("ovn.kubernetes.io/")),
  );
const stored = async (name: string) =>
  cut.app.services.service.json<Stored>(objectPath(types.virtualMachine, name, project));

test("one is taken of a running machine, and says what it has", async () => {
  expect(await list()).toMatchObject({ take: { allowed: true }, running: true, snapshots: [] });
  await alice.call("takeVmSnapshot", { params, body: { name: "before" } });
  const taken = await until(async () => {
    const { snapshots } = await list();
    // the machine is released a moment after its snapshot is ready
    return snapshots[0]?.state === "ready" && snapshots[0].restore.allowed && snapshots[0];
  });
  expect(taken).toMatchObject({
    name: "before",
    included: ["data"],
    excluded: [],
    indications: expect.arrayContaining(["Online"]) as string[],
    delete: { allowed: true },
  });
  expect(taken.takenAt).not.toBeNull();
  const again = await alice.refused("takeVmSnapshot", { params, body: { name: "before" } });
  expect(again.body.error.fields).toMatchObject([{ path: "name", reason: { code: "name-taken" } }]);
});

test("a new machine of it has its subnet, and none of its addresses", async () => {
  const made = await alice.call("restoreVmSnapshot", {
    params: { ...params, snapshot: "before" },
    body: { target: "second" },
  });
  expect(made.target).toBe("second");
  await until(async () =>
    (await list()).copies.some((copy) => copy.target === "second" && copy.state === "done"),
  );
  const { spec } = await stored("second");
  expect(spec.runStrategy).toBe("Halted");
  expect(networkAnnotations(spec)).toEqual({ "ovn.kubernetes.io/logical_switch": "shop-front" });
  expect(spec.template.spec.domain.devices.interfaces[0]?.macAddress).toBeUndefined();
  // KubeVirt gives it one of its own
  expect(spec.template.spec.domain.firmware.uuid).toMatch(/^(?!11111111-2222)[0-9a-f-]{36}$/);
  expect(spec.template.spec.volumes[0]?.persistentVolumeClaim.claimName).toMatch(/^restore-/);
  const taken = await alice.refused("restoreVmSnapshot", {
    params: { ...params, snapshot: "before" },
    body: { target: "second" },
  });
  expect(taken.body.error.fields).toMatchObject([{ path: "target", reason: { code: "name-taken" } }]);
});

test("a clone likewise", async () => {
  await alice.call("cloneVm", { params, body: { name: "third" } });
  await until(async () =>
    (await list()).copies.some((copy) => copy.kind === "clone" && copy.state === "done"),
  );
  const { spec } = await stored("third");
  expect(spec).toMatchObject({ runStrategy: "Halted" });
  expect(networkAnnotations(spec)).toEqual({ "ovn.kubernetes.io/logical_switch": "shop-front" });
  expect((await list()).snapshots.map((snapshot) => snapshot.name)).toEqual(["before"]);
});

test("going back needs the machine stopped, or asks for it; the trail has it all", async () => {
  const refused = await alice.refused("restoreVmSnapshot", {
    params: { ...params, snapshot: "before" },
    body: { stop: false },
  });
  expect(refused.body.error.reason?.code).toBe("vm-must-be-stopped");
  await alice.call("restoreVmSnapshot", { params: { ...params, snapshot: "before" }, body: { stop: true } });
  await until(async () =>
    (await list()).copies.some((copy) => copy.target === "kept" && copy.state === "done"),
  );
  expect((await stored("kept")).spec.template.spec.volumes[0]?.persistentVolumeClaim.claimName).toMatch(
    /^restore-/,
  );
  await alice.call("deleteVmSnapshot", { params: { ...params, snapshot: "before" } });
  await until(async () => (await list()).snapshots.length === 0);
  const { rows } = await alice.call("listActivity", { query: { project } });
  expect(rows.map((row) => `${row.action} ${row.noun} ${row.name} ${row.outcome}`)).toEqual(
    expect.arrayContaining([
      "snapshot virtual-machine kept ok",
      "restore virtual-machine second ok",
      "clone virtual-machine kept ok",
      "restore virtual-machine kept refused",
      "restore virtual-machine kept ok",
      "delete snapshot before ok",
    ]),
  );
});

test("whoever has the machine open is told of its snapshots and copies until they are done; its text is read", async () => {
  const { socket, messages } = await openLive(cut, alice);
  const told = () => messages.filter((message) => message.type === "invalidate").length;
  socket.send(JSON.stringify({ type: "subscribe-feed", id: "a", feed: "vm", project, name: params.name }));
  await until(() => told() > 0);
  /** As the open page does it: reads again only when it is told to. */
  const toldUntil = async (shows: (data: Awaited<ReturnType<typeof list>>) => boolean) => {
    let seen = 0;
    await until(async () => {
      if (told() === seen) return false;
      seen = told();
      return shows(await list());
    });
  };
  await alice.call("takeVmSnapshot", { params, body: { name: "told" } });
  await toldUntil(({ snapshots }) => snapshots.some((one) => one.name === "told" && one.state === "ready"));
  const named = { ...params, snapshot: "told" };
  const { yaml } = await alice.call("getVmSnapshotYaml", { params: named });
  expect(yaml).toContain("kind: VirtualMachineSnapshot");
  expect(yaml).toContain("name: told");
  expect((await alice.refused("getVmSnapshotYaml", { params: { ...named, name: "second" } })).status).toBe(
    404,
  );
  await alice.call("restoreVmSnapshot", { params: named, body: { target: "fourth" } });
  await toldUntil(({ copies }) => copies.some((one) => one.target === "fourth" && one.state === "done"));
  await alice.call("cloneVm", { params, body: { name: "fifth" } });
  await toldUntil(({ copies }) => copies.some((one) => one.target === "fifth" && one.state === "done"));
  await alice.call("deleteVmSnapshot", { params: named });
  await toldUntil(({ snapshots }) => snapshots.every((one) => one.name !== "told"));
  socket.close();
});

test("a stranger sees and does nothing of it", async () => {
  expect((await bob.refused("listVmSnapshots", { params })).status).toBe(403);
  expect((await bob.refused("takeVmSnapshot", { params, body: { name: "x" } })).status).toBe(403);
  const named = { ...params, snapshot: "before" };
  expect((await bob.refused("getVmSnapshotYaml", { params: named })).status).toBe(403);
  expect((await bob.refused("cloneVm", { params, body: { name: "x" } })).status).toBe(403);
});

test("the filter of a clone and the patches of a restore drop the same keys", () => {
  const drop = new RegExp((copyAnnotationFilters[1] ?? "").slice(1));
  const spec = { template: { metadata: { annotations }, spec: {} } };
  const removed = newMachinePatches(spec, false).filter((patch) => patch.includes("/annotations/"));
  expect(removed).toHaveLength(Object.keys(annotations).filter((key) => drop.test(key)).length);
  expect(removed).toHaveLength(2);
});
