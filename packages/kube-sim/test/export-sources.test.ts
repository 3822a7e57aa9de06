/** Exports of machines and snapshots: when their disks may be fetched, and what is told of the machine. */
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { request } from "undici";
import { parse } from "yaml";
import { eventually } from "./cluster.ts";
import {
  claim,
  content,
  dataVolumes,
  exports,
  ExportWorld,
  type Link,
  namespace,
  tokenHeader,
  urlOf,
  vm,
} from "./export-world.ts";

let world: ExportWorld;
beforeAll(async () => {
  world = await ExportWorld.open();
  await world.uploaded("disk", content);
}, 60_000);
afterAll(() => world.close());

const vms = `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;
const stopOrStart = (name: string, deed: "start" | "stop") =>
  world.cluster.call(
    `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachines/${name}/${deed}`,
    {
      method: "PUT",
      body: {},
    },
  );

async function machine(name: string, volumes: object[], over: object = {}): Promise<void> {
  const made = await world.cluster.call(vms, {
    body: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name },
      spec: {
        runStrategy: "Halted",
        template: {
          spec: {
            domain: { memory: { guest: "64Mi" }, devices: {} },
            terminationGracePeriodSeconds: 0,
            volumes,
          },
        },
        ...over,
      },
    },
  });
  expect({ code: made.code, text: made.code === 201 ? "" : made.text }).toEqual({ code: 201, text: "" });
}

test("a machine is exported while it is off: its disks, and the manifests to make it elsewhere", async () => {
  await machine("shop", [{ name: "root", dataVolume: { name: "disk" } }]);
  await world.create("of-shop", vm("shop"), { tokenSecretRef: "mine" });
  // its token is not there yet
  await eventually(async () => {
    const { body } = await world.cluster.call(
      `/api/v1/namespaces/${namespace}/events?fieldSelector=involvedObject.name=virt-export-of-shop`,
    );
    return body.items.some(
      ({ reason, message }: { reason: string; message: string }) =>
        reason === "FailedMount" && message.endsWith('secret "mine" not found'),
    );
  });
  expect(await world.condition("of-shop")).toMatchObject({ status: "False", reason: "PodPending" });
  await world.cluster.call(`/api/v1/namespaces/${namespace}/secrets`, {
    body: { metadata: { name: "mine" }, stringData: { token: "a-token-of-mine" } },
  });
  const one = await world.ready("of-shop");
  expect(one.status).toMatchObject({ tokenSecretRef: "mine", virtualMachineName: "shop" });
  const links: Link = one.status.links.external;
  const token = { [tokenHeader]: "a-token-of-mine" };
  const gzip = await world.fetched(urlOf(links, "gzip"), token);
  expect(gunzipSync(gzip.bytes).subarray(0, content.length).equals(content)).toBe(true);

  const manifest = (type: string) => links.manifests.find((each) => each.type === type)?.url ?? "";
  const all = await world.fetched(manifest("all"), token);
  const { kind, items } = JSON.parse(all.text);
  expect({ kind, kinds: items.map((each: { kind: string }) => each.kind) }).toEqual({
    kind: "List",
    kinds: ["ConfigMap", "VirtualMachine", "DataVolume"],
  });
  expect(items[0]).toMatchObject({
    metadata: { name: "export-ca-cm-of-shop" },
    data: { "ca.pem": world.cluster.sim.caPem.trim() },
  });
  expect(items[2].spec.source.http).toEqual({
    url: urlOf(links, "gzip"),
    certConfigMap: "export-ca-cm-of-shop",
    secretExtraHeaders: ["header-secret-of-shop"],
  });
  const yaml = await world.fetched(manifest("auth-header-secret"), { ...token, accept: "application/yaml" });
  expect(parse(yaml.text.replace(/---\n$/, ""))).toMatchObject({
    kind: "Secret",
    metadata: { name: "header-secret-of-shop" },
    stringData: { token: "x-kubevirt-export-token:a-token-of-mine" },
  });
  expect((await world.fetched(manifest("all"))).code).toBe(401);
});

test("while its machine runs an export waits, and a download is broken off", async () => {
  const url = urlOf((await world.found("of-shop")).status.links.external, "raw");
  const reading = await request(url, {
    dispatcher: world.agent,
    headers: { [tokenHeader]: "a-token-of-mine" },
    highWaterMark: 1024,
  });
  expect((await stopOrStart("shop", "start")).code).toBe(202);
  const inUse = await eventually(async () => {
    const now = await world.condition("of-shop");
    return now?.reason === "InUse" && now;
  });
  expect(inUse).toMatchObject({
    status: "False",
    message: `Virtual Machine ${namespace}/shop is running`,
  });
  await expect(reading.body.arrayBuffer()).rejects.toThrow(/closed|terminated|aborted/);
  expect((await world.found("of-shop")).status).toMatchObject({ phase: "Pending", links: {} });
  expect((await world.fetched(url, { [tokenHeader]: "a-token-of-mine" })).code).toBe(503);
  await world.create("used", claim("disk"));
  await eventually(async () => (await world.condition("used"))?.reason === "InUse");
  expect((await world.condition("used")).message).toBe(`PersistentVolumeClaim ${namespace}/disk is in use`);
  expect((await stopOrStart("shop", "stop")).code).toBe(202);
  await world.ready("of-shop");
  // the machine's exporter uses the claim now
  expect((await world.condition("used")).reason).toBe("InUse");
  await world.cluster.call(`${exports}/of-shop`, { method: "DELETE" });
  await world.ready("used");
});

test("a snapshot's disks are those of its time", async () => {
  await world.create("snapped-wait", {
    ...vm("shop"),
    kind: "VirtualMachineSnapshot",
    apiGroup: "snapshot.kubevirt.io",
  });
  const nothing = await eventually(async () => {
    const one = await world.found("snapped-wait");
    return one.status?.phase === "Skipped" && one;
  });
  expect(nothing.status.conditions).toMatchObject([
    { type: "Ready", reason: "VMSnapshotNotFound" },
    {
      type: "VolumesCreated",
      reason: "VMSnapshotNoVolumes",
      message: `VirtualMachineSnapshot ${namespace}/shop does not contain any volume snapshots`,
    },
  ]);
  const snapshots = `/apis/snapshot.kubevirt.io/v1beta1/namespaces/${namespace}/virtualmachinesnapshots`;
  const taken = await world.cluster.call(snapshots, {
    body: {
      apiVersion: "snapshot.kubevirt.io/v1beta1",
      kind: "VirtualMachineSnapshot",
      metadata: { name: "then" },
      spec: { source: vm("shop") },
    },
  });
  expect(taken.code).toBe(201);
  await eventually(
    async () => (await world.cluster.call(`${snapshots}/then`)).body.status?.readyToUse === true,
  );
  const source = { apiGroup: "snapshot.kubevirt.io", kind: "VirtualMachineSnapshot", name: "then" };
  expect((await world.create("snapped", source)).code).toBe(201);
  const one = await world.ready("snapped");
  expect(one.status).toMatchObject({
    virtualMachineName: "shop",
    links: { external: { volumes: [{ name: "disk" }] } },
  });
  expect(await world.condition("snapped", "VolumesCreated")).toMatchObject({
    status: "True",
    reason: "AllPVCsReady",
  });
  const url = urlOf(one.status.links.external, "raw");
  expect(url).toMatch(/\/volumes\/snapped-disk\/disk\.img$/);
  const { bytes } = await world.fetched(url, { [tokenHeader]: await world.tokenOf(one) });
  expect(bytes.subarray(0, content.length).equals(content)).toBe(true);
  // the claim that was restored for it goes with it
  await world.cluster.call(`${exports}/snapped`, { method: "DELETE" });
  const claims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  await eventually(async () => (await world.cluster.call(`${claims}/snapped-disk`)).code === 404);
});

test("what has nothing to fetch is skipped, or waits for it", async () => {
  await machine("bare", [{ name: "root", containerDisk: { image: "demo" } }]);
  await world.create("of-bare", vm("bare"));
  await world.create("of-nobody", vm("nobody"));
  await world.create("of-nothing", claim("nothing"));
  const status = (name: string) => eventually(async () => (await world.found(name)).status);
  expect(await status("of-bare")).toMatchObject({
    phase: "Skipped",
    conditions: [{ reason: "VMNoVolumes", message: `Virtual Machine ${namespace}/bare has no volumes` }],
  });
  expect(await status("of-nobody")).toMatchObject({
    phase: "Skipped",
    conditions: [{ reason: "VMNotFound", message: `Virtual Machine ${namespace}/nobody not found` }],
  });
  expect(await status("of-nothing")).toMatchObject({
    phase: "Pending",
    conditions: [
      { reason: "Initializing" },
      {
        type: "PVCReady",
        reason: "PVCNotFound",
        message: `PersistentVolumeClaim ${namespace}/nothing not found`,
      },
    ],
  });
  await world.cluster.call(dataVolumes, {
    body: {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataVolume",
      metadata: { name: "nothing" },
      spec: { source: { upload: {} }, storage: { resources: { requests: { storage: "64Mi" } } } },
    },
  });
  await eventually(async () => (await world.condition("of-nothing"))?.reason === "PVCPending");
});

test("a manifest has the machine's types written out and its templates turned to imports", async () => {
  const root = {
    metadata: { name: "made-root" },
    spec: { source: { blank: {} }, storage: { resources: { requests: { storage: "64Mi" } } } },
  };
  const made = await world.cluster.call(vms, {
    body: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name: "typed", labels: { tier: "db" } },
      spec: {
        runStrategy: "Halted",
        instancetype: { name: "u1.small" },
        dataVolumeTemplates: [root],
        template: {
          spec: { domain: { devices: {} }, volumes: [{ name: "root", dataVolume: { name: "made-root" } }] },
        },
      },
    },
  });
  expect({ code: made.code, text: made.code === 201 ? "" : made.text }).toEqual({ code: 201, text: "" });
  await world.create("of-typed", vm("typed"), { tokenSecretRef: "mine" });
  const one = await world.ready("of-typed");
  // what the controller wrote fits the CRD
  const strict = await world.cluster.call(`${exports}/of-typed/status?fieldValidation=Strict&dryRun=All`, {
    method: "PUT",
    body: one,
  });
  expect({ code: strict.code, text: strict.code === 200 ? "" : strict.text }).toEqual({
    code: 200,
    text: "",
  });
  const links: Link = one.status.links.external;
  const url = links.manifests.find(({ type }) => type === "all")?.url ?? "";
  const { text } = await world.fetched(url, { [tokenHeader]: "a-token-of-mine" });
  const [, machineItem, ...more] = JSON.parse(text).items;
  expect(more).toEqual([]);
  expect(Object.keys(machineItem.metadata).toSorted()).toEqual(expect.arrayContaining(["labels", "name"]));
  expect(machineItem.metadata.uid).toBeUndefined();
  const { instancetype, dataVolumeTemplates, template } = machineItem.spec;
  expect({ instancetype, memory: template.spec.domain.memory.guest, dataVolumeTemplates }).toMatchObject({
    instancetype: undefined,
    memory: "2Gi",
    dataVolumeTemplates: [
      {
        metadata: { name: "made-root" },
        spec: {
          source: {
            http: {
              url: urlOf(links, "gzip"),
              certConfigMap: "export-ca-cm-of-typed",
              secretExtraHeaders: ["header-secret-of-typed"],
            },
          },
        },
      },
    ],
  });
  expect(dataVolumeTemplates[0].spec.source.blank).toBeUndefined();
  // events of the whole way
  const { body } = await world.cluster.call(
    `/api/v1/namespaces/${namespace}/events?fieldSelector=involvedObject.uid=${one.metadata.uid}`,
  );
  expect(body.items.map(({ reason }: { reason: string }) => reason).toSorted()).toEqual([
    "DataManifestCreated",
    "ExporterPodCreated",
    "ServiceCreated",
  ]);
});
