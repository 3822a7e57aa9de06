/** Subresources of machines beside power and consoles: what virt-api answers, in its own words. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const machines = "/apis/kubevirt.io/v1/namespaces/team/virtualmachines";
const sub = "/apis/subresources.kubevirt.io/v1/namespaces/team";
const kubeVirt = "/apis/kubevirt.io/v1/namespaces/kubevirt/kubevirts/kubevirt";
let cluster: TestCluster;

const setGates = (gates: object) =>
  cluster.call(kubeVirt, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: { spec: { configuration: { developerConfiguration: gates } } },
  });

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "team" } } });
  for (const [name, volumeMode, storage] of [
    ["block", "Block", "5Gi"],
    ["small", "Filesystem", "10Mi"],
  ] as const)
    await cluster.call("/api/v1/namespaces/team/persistentvolumeclaims", {
      body: {
        metadata: { name },
        spec: { accessModes: ["ReadWriteOnce"], volumeMode, resources: { requests: { storage } } },
      },
    });
  const made = await cluster.call(machines, {
    body: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name: "vm" },
      spec: {
        runStrategy: "Always",
        template: {
          metadata: {
            annotations: { "kubesim.kubev.io/guest-agent": "true", "kubesim.kubev.io/agent-ms": "50" },
          },
          spec: {
            domain: {
              memory: { guest: "128Mi" },
              devices: {
                disks: [{ name: "root", disk: { bus: "virtio" } }],
                interfaces: [{ name: "default", masquerade: {} }],
              },
            },
            networks: [{ name: "default", pod: {} }],
            volumes: [{ name: "root", containerDisk: { image: "demo" } }],
            accessCredentials: [
              {
                sshPublicKey: {
                  source: { secret: { secretName: "keys" } },
                  propagationMethod: { qemuGuestAgent: { users: ["demo"] } },
                },
              },
            ],
          },
        },
      },
    },
  });
  if (made.code !== 201) throw new Error(`the machine was not made: ${made.text}`);
  await eventually(async () => {
    const { body } = await cluster.call(`${machines}/vm`);
    return body.status?.conditions?.some(({ type }: { type: string }) => type === "AgentConnected");
  });
});
afterAll(() => cluster.close());

/** The refusal of a WebSocket. */
const dial = (path: string): Promise<{ code: number; message: string }> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(new URL(path, cluster.sim.url.replace("https", "wss")), cluster.tls);
    socket.on("error", reject);
    socket.on("open", () => reject(new Error("it was let in")));
    socket.on("unexpected-response", (_request, response) => {
      let text = "";
      response.on("data", (part: Buffer) => (text += part.toString()));
      response.on("end", () => {
        const { message } = JSON.parse(text) as { message: string }; // a Status
        resolve({ code: response.statusCode ?? 0, message });
      });
    });
  });

test("a tunnel leads to no port of a guest, and to nothing else", async () => {
  const refused =
    /^Internal error occurred: dialing VM: dial tcp 10\.16\.[\d.]+:22: connect: connection refused$/;
  for (const kind of ["virtualmachineinstances", "virtualmachines"]) {
    const { code, message } = await dial(`${sub}/${kind}/vm/portforward/22/tcp`);
    expect([code, message]).toEqual([500, expect.stringMatching(refused)]);
  }
  expect((await dial(`${sub}/virtualmachines/nope/portforward/22`)).code).toBe(404);
  await cluster.call(`${sub}/virtualmachineinstances/vm/pause`, { method: "PUT" });
  expect((await dial(`${sub}/virtualmachineinstances/vm/portforward/22`)).message).toMatch("VMI is paused");
  await cluster.call(`${sub}/virtualmachineinstances/vm/unpause`, { method: "PUT" });
});

test("the object graph is there with its gate only, and leaves out what is not asked for", async () => {
  const graph = `${sub}/virtualmachines/vm/objectgraph`;
  expect((await cluster.call(graph)).body).toMatchObject({
    code: 400,
    message: "ObjectGraph feature gate not enabled: Unable to return object graph.",
  });
  await setGates({ featureGates: ["ObjectGraph"] });
  const { body } = await cluster.call(graph);
  const kinds = body.children.map(
    ({ objectReference }: { objectReference: { kind: string } }) => objectReference.kind,
  );
  expect(kinds).toEqual(["VirtualMachineInstance", "Secret"]);
  expect(body.children[0].children[0].objectReference).toMatchObject({ kind: "Pod", namespace: "team" });
});

test("a memory dump needs a claim that can hold it", async () => {
  const dump = (claimName: string) =>
    cluster.call(`${sub}/virtualmachines/vm/memorydump`, { method: "PUT", body: { claimName } });
  expect((await dump("nope")).body.message).toBe('persistentvolumeclaim.kubevirt.io "nope" not found');
  expect((await dump("block")).body.message).toMatch("pvc should be filesystem pvc");
  expect((await dump("small")).body.message).toMatch(/pvc size \[10486k\] should be bigger then \[\d+Mi\]/);
  const binding = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
  const reader = (await cluster.call(`${binding}/cdi.kubevirt.io:config-reader`)).body;
  await cluster.call(`${binding}/cdi.kubevirt.io:config-reader`, { method: "DELETE" });
  expect((await dump("small")).body).toMatchObject({
    code: 500,
    message: expect.stringMatching(/unable to retrieve cdi config: cdiconfigs.* "config" is forbidden/),
  });
  const { name, labels } = reader.metadata;
  await cluster.call(binding, { body: { ...reader, metadata: { name, labels } } });
  expect((await dump("small")).code).toBe(409);
  await setGates({ disabledFeatureGates: ["DeclarativeHotplugVolumes"] });
  expect((await dump("nope")).body.message).toMatch(/^Enable DeclarativeHotplugVolumes or HotplugVolumes/);
  await setGates({ disabledFeatureGates: [] });
});

test("disks come into an instance without a machine, all on one pod, and go again", async () => {
  const instances = "/apis/kubevirt.io/v1/namespaces/team/virtualmachineinstances";
  const claims = "/api/v1/namespaces/team/persistentvolumeclaims";
  await cluster.call(instances, {
    body: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachineInstance",
      metadata: { name: "bare" },
      spec: { domain: { memory: { guest: "64Mi" }, devices: {} } },
    },
  });
  for (const name of ["one", "two"])
    await cluster.call(claims, {
      body: {
        metadata: { name },
        spec: {
          accessModes: ["ReadWriteMany"],
          volumeMode: "Block",
          storageClassName: "fast-block",
          resources: { requests: { storage: "16Mi" } },
        },
      },
    });
  const bare = async () => (await cluster.call(`${instances}/bare`)).body;
  await eventually(async () => (await bare()).status?.phase === "Running");
  const ask = (action: string, body: object) =>
    cluster.call(`${sub}/virtualmachineinstances/bare/${action}`, { method: "PUT", body });
  const add = (name: string, bus = "scsi") =>
    ask("addvolume", {
      name,
      disk: { disk: { bus } },
      volumeSource: { persistentVolumeClaim: { claimName: name } },
    });
  const phases = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      ((await bare()).status.volumeStatus ?? []).map((one: { name: string; phase?: string }) => [
        one.name,
        one.phase,
      ]),
    );
  expect((await add("one", "sata")).body).toMatchObject({
    code: 422,
    message: expect.stringContaining(
      "Hotplug configuration for disk [one] requires bus to be 'scsi' or 'virtio'",
    ),
  });
  expect([(await add("one")).code, (await add("two")).code]).toEqual([202, 202]);
  expect((await add("two")).body.message).toContain(
    "Unable to add volume [two] because volume with that name",
  );
  const pods = async (): Promise<string[][]> =>
    (
      await cluster.call("/api/v1/namespaces/team/pods?labelSelector=kubevirt.io=hotplug-disk")
    ).body.items.map((pod: { spec: { volumes: { name: string }[] } }) =>
      pod.spec.volumes.map(({ name }) => name),
    );
  await eventually(async () => {
    const seen = await phases();
    return seen["one"] === "Ready" && seen["two"] === "Ready" && (await pods()).length === 1;
  });
  expect(await pods()).toEqual([["one", "two"]]);
  expect((await ask("removevolume", { name: "one" })).code).toBe(202);
  await eventually(async () => {
    const seen = await phases();
    return !("one" in seen) && seen["two"] === "Ready" && JSON.stringify(await pods()) === '[["two"]]';
  });
  expect((await ask("removevolume", { name: "one" })).body.message).toContain("because it does not exist");
});

test("an evacuation that was never asked for needs no cancelling", async () => {
  const cancel = (name: string) =>
    cluster.call(`${sub}/virtualmachines/${name}/evacuate/cancel`, { method: "PUT" });
  expect((await cancel("vm")).code).toBe(200);
  expect((await cancel("nope")).code).toBe(404);
});

test.each([
  ["backup", {}, 501, /backups of running machines/],
  ["redefine-checkpoint", {}, 409, /ChangedBlockTracking is not enabled/],
  ["sev/setupsession", {}, 400, /^Session blob is required$/],
  ["sev/setupsession", { session: "s", dhCert: "c" }, 409, /VMI is not in Scheduled phase/],
  ["sev/injectlaunchsecret", {}, 409, /Attestation not requested for VMI/],
] as const)("%s %o is refused", async (name, body, code, words) => {
  const answer = await cluster.call(`${sub}/virtualmachineinstances/vm/${name}`, { method: "PUT", body });
  expect([answer.code, answer.body.message]).toEqual([code, expect.stringMatching(words)]);
});

test("a simulated agent tells of the guest, goes with a reset and comes back", async () => {
  const info = `${sub}/virtualmachineinstances/vm/guestosinfo`;
  expect((await cluster.call(info)).body).toMatchObject({
    hostname: "vm",
    fsInfo: { disks: [{ mountPoint: "/" }] },
  });
  await cluster.call(`${sub}/virtualmachineinstances/vm/reset`, { method: "PUT" });
  expect((await cluster.call(info)).text).toMatch("VMI does not have guest agent connected");
  expect(await eventually(async () => (await cluster.call(info)).code === 200)).toBe(true);
});

test("a target is restored once at a time", async () => {
  const base = "/apis/snapshot.kubevirt.io/v1beta1/namespaces/team";
  const target = { apiGroup: "kubevirt.io", kind: "VirtualMachine", name: "vm" };
  const restore = (name: string) =>
    cluster.call(`${base}/virtualmachinerestores`, {
      body: {
        apiVersion: "snapshot.kubevirt.io/v1beta1",
        kind: "VirtualMachineRestore",
        metadata: { name },
        spec: { target, virtualMachineSnapshotName: "missing" },
      },
    });
  expect((await restore("first")).code).toBe(201);
  expect((await restore("second")).body).toMatchObject({
    code: 422,
    details: { causes: [{ message: 'VirtualMachineRestore "first" in progress', field: "spec.target" }] },
  });
});
