/** Media, interfaces and relations of a machine through the console, while it runs. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const project = "web-shop";
const params = { project, name: "devices" };
let cut: ConsoleUnderTest;
let alice: Person;
let bob: Person;

const object = (kind: string, apiVersion: string, name: string, spec: Record<string, unknown>) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: project },
  spec,
});

beforeAll(async () => {
  cut = await startConsole();
  cut.sim.seed([
    {
      ...object("VirtualMachine", "kubevirt.io/v1", params.name, {
        runStrategy: "Always",
        instancetype: { name: "no-such-type" },
        preference: { name: "ubuntu" },
        template: {
          metadata: {
            labels: { app: "devices" },
            annotations: { "kubesim.kubev.io/migration-seconds": "0" },
          },
          spec: {
            domain: {
              devices: {
                disks: [
                  { name: "media", cdrom: { bus: "sata" } },
                  { name: "seed", disk: { bus: "virtio" } },
                ],
                interfaces: [{ name: "default", masquerade: {} }],
              },
            },
            networks: [{ name: "default", pod: {} }],
            volumes: [{ name: "seed", cloudInitNoCloud: { secretRef: { name: "no-such-secret" } } }],
          },
        },
      }),
    },
    object("PersistentVolumeClaim", "v1", "installer", {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "16Mi" } },
    }),
    object("PersistentVolumeClaim", "v1", "golden-root", {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "16Mi" } },
    }),
    object("DataSource", "cdi.kubevirt.io/v1beta1", "golden", {
      source: { pvc: { namespace: project, name: "golden-root" } },
    }),
    object("DataVolume", "cdi.kubevirt.io/v1beta1", "unreachable", {
      source: { http: { url: "https://images.example.com/never.qcow2" } },
      storage: { resources: { requests: { storage: "16Mi" } } },
    }),
    object("NetworkAttachmentDefinition", "k8s.cni.cncf.io/v1", "storage-net", {
      config: '{"cniVersion":"0.3.1","type":"kube-ovn","provider":"storage-net.web-shop.ovn"}',
    }),
    object("Service", "v1", "devices-ssh", { selector: { app: "devices" }, ports: [{ port: 22 }] }),
    object("Service", "v1", "of-everything", { ports: [{ port: 80 }] }),
  ]);
  const rbac = "rbac.authorization.k8s.io";
  cut.sim.seed([
    {
      apiVersion: `${rbac}/v1`,
      kind: "Role",
      metadata: { name: "networks", namespace: project },
      rules: [{ apiGroups: ["k8s.cni.cncf.io"], resources: ["*"], verbs: ["get", "list"] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: { name: "networks", namespace: project },
      roleRef: { apiGroup: rbac, kind: "Role", name: "networks" },
      subjects: [{ kind: "User", apiGroup: rbac, name: "alice" }],
    },
  ]);
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
});
afterAll(async () => cut.close());

const detail = async () => alice.call("getVm", { params });
/** Stores its text with each text on the left replaced; whoever a controller came before reads again. */
const merge = async (spec: Record<string, unknown>) =>
  until(async () => {
    const { yaml, resourceVersion } = await alice.call("getVmYaml", { params });
    const text = Object.entries(spec).reduce((all, [from, to]) => all.replace(from, String(to)), yaml);
    const { status, body } = await alice.ask("putVmYaml", { params, body: { yaml: text, resourceVersion } });
    if (status >= 300 && status !== 409) throw new Error(`putVmYaml: ${status} ${JSON.stringify(body)}`);
    return status < 300;
  });

test("relations name what is missing, with what needs the machine beside it", async () => {
  const { needs, neededBy } = await alice.call("getVmRelations", { params });
  const of = (kind: string) => needs.find((one) => one.kind === kind);
  expect(of("instance-type")).toMatchObject({ name: "no-such-type", presence: "missing", tone: "error" });
  expect(of("preference")).toMatchObject({ name: "ubuntu", presence: "there" });
  expect(of("secret")).toMatchObject({ name: "no-such-secret", presence: "missing" });
  expect(of("subnet")).toMatchObject({ presence: "there", needs: [{ kind: "vpc", presence: "there" }] });
  expect(neededBy.map(({ name }) => name)).toEqual(["devices-ssh"]);
  const database = { params: { project, name: "shop-db-1" } };
  await until(async () => (await alice.call("getVm", database)).row.state.status === "Running");
  const demo = await alice.call("getVmRelations", database);
  expect(demo.needs.filter(({ kind }) => kind === "disk").length).toBeGreaterThan(0);
  // a tenant may not read hosts: the name stands, and nothing more is told
  expect(demo.needs.find(({ kind }) => kind === "host")).toMatchObject({ presence: "unknown", state: "" });
  const operator = await cut.signIn("operator");
  const seen = await operator.call("getVmRelations", database);
  expect(seen.needs.find(({ kind }) => kind === "host")).toMatchObject({ presence: "there" });
});

test.each([
  ["golden-root", "disk-of-image"],
  ["unreachable", "disk-not-ready"],
])("the disk %s is given to no machine, whichever way: %s", async (claim, code) => {
  const diskOf = async () =>
    (await alice.call("listDisks", { query: { project, q: claim } })).rows[0]?.actions.attach;
  const decision = { allowed: false, reason: { code } };
  await until(async () => JSON.stringify(await diskOf()).includes(code));
  expect(await diskOf()).toMatchObject(decision);
  for (const refused of [
    await alice.refused("attachVmDisk", { params, body: { claim } }),
    await alice.refused("insertVmMedia", { params: { ...params, disk: "media" }, body: { claim } }),
  ])
    expect(refused.body.error.fields).toMatchObject([{ path: "claim", reason: { code } }]);
  const body = {
    name: "on-its-disk",
    source: { kind: "disk", name: claim },
    diskSizeBytes: 64 * 1024 ** 2,
    sizing: { kind: "custom", cpuCores: 1, memoryBytes: 128 * 1024 ** 2 },
    cloudInit: { kind: "none" },
  } as const;
  const { checks } = await alice.call("previewVm", { params: { project }, body });
  expect(checks.find(({ name }) => name === "storage")).toMatchObject({
    result: "blocking",
    reason: { code },
  });
  expect((await alice.refused("createVm", { params: { project }, body })).body.error.code).toBe("invalid");
});

test("once it runs, a medium goes into the drive and comes out; the drive stays", async () => {
  await merge({ "no-such-type": "u1.medium", "secretRef:\n": "secretRef:\n" });
  cut.sim.seed([
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "no-such-secret", namespace: project },
      data: { userdata: Buffer.from("#cloud-config\n").toString("base64") },
    },
  ]);
  await until(async () => (await detail()).row.state.status === "Running", 40_000);
  const drive = async () => (await detail()).disks.find(({ name }) => name === "media");
  expect(await drive()).toMatchObject({
    kind: "cdrom",
    media: { insert: { allowed: true }, eject: { allowed: false, reason: { code: "cdrom-empty" } } },
  });
  const at = { ...params, disk: "media" };
  const nowhere = await alice.refused("insertVmMedia", { params: at, body: { claim: "nowhere" } });
  expect(nowhere.body.error.fields).toMatchObject([{ path: "claim", reason: { code: "disk-missing" } }]);
  await alice.call("insertVmMedia", { params: at, body: { claim: "installer" } });
  await until(async () => {
    const now = await drive();
    return now?.claim?.name === "installer" && now.attaching === undefined && now.media?.eject.allowed;
  });
  const full = await alice.refused("insertVmMedia", { params: at, body: { claim: "installer" } });
  expect(full.body.error.reason?.code).toBe("cdrom-full");
  expect((await bob.refused("ejectVmMedia", { params: at })).status).toBe(403);
  await alice.call("ejectVmMedia", { params: at });
  await until(async () => (await drive())?.media?.insert.allowed);
  expect((await detail()).row.restartRequired).toBe(false);
});

test("an interface comes by migration and goes by another; the first one stays", async () => {
  const choices = await alice.call("getVmNicChoices", { params });
  expect(choices.effect).toBe("migration");
  expect(choices.attachments).toContainEqual({ name: "storage-net", type: "kube-ovn" });
  const body = { attachment: "storage-net", mac: "" };
  const missing = await alice.refused("attachVmNic", { params, body: { ...body, attachment: "none" } });
  expect(missing.body.error.fields).toMatchObject([{ reason: { code: "network-attachment-missing" } }]);
  expect((await bob.refused("attachVmNic", { params, body })).status).toBe(403);
  await alice.call("attachVmNic", { params, body });
  const nic = async () => (await detail()).nics.find(({ name }) => name === "storage-net");
  const plugged = await until(async () => {
    const now = await nic();
    return now?.plug === "in" && now;
  });
  expect(plugged).toMatchObject({ network: "storage-net", binding: "bridge", detach: { allowed: true } });
  const kept = await alice.refused("detachVmNic", { params: { ...params, nic: "default" } });
  expect(kept.body.error.reason?.code).toBe("nic-of-pod-network");
  const related = await alice.call("getVmRelations", { params });
  expect(related.needs.find(({ kind }) => kind === "network-attachment")).toMatchObject({
    presence: "there",
  });
  await until(async () => (await detail()).nics.every(({ detach }) => detach !== undefined));
  await alice.call("detachVmNic", { params: { ...params, nic: "storage-net" } });
  await until(async () => (await nic()) === undefined);
  expect((await detail()).row.restartRequired).toBe(false);
  const { rows } = await alice.call("listActivity", { query: { project, name: params.name, limit: 50 } });
  const done = rows.filter(({ outcome }) => outcome === "ok").map(({ action }) => action);
  for (const action of ["insertMedia", "ejectMedia", "attachNic", "detachNic"])
    expect(done).toContain(action);
});
