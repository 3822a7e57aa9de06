// oxlint-disable vitest/no-conditional-expect -- generated: what must hold depends on the operation at hand
/** Generated from the route table: for every route, live topic and console an anonymous, a foreign and a rightless caller get nothing. */
import { endpointPaths } from "@kubev/api-types/endpoint-paths";
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { noProject, objectCatalog, objectNouns, type ObjectNoun } from "@kubev/api-types/object-catalog";
import { liveFeed, liveFrame, liveList } from "@kubev/api-types/live";
import type { LiveServerMessage } from "@kubev/api-types/live";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { fastify } from "fastify";
import { WebSocket } from "ws";
import { type App, requireDeclaredAccess } from "../src/app.ts";
import type { ConsoleUnderTest, ErrorBody, RequestParts } from "./console-under-test.ts";
import { Person, startConsole, until } from "./console-under-test.ts";
import { objectSamples, openToAll } from "./object-samples.ts";

/** Alice is admin here; bob and the rightless have nothing here. */
const secret = "isolated-project";
const marker = "isolated-machine";
/** The name of one object of each noun that KubeVirt opens to everybody. */
const common = "common-to-everybody";
const mib = 1024 ** 2;

let cut: ConsoleUnderTest;
let bob: Person;
let rightless: Person;

const base = (kind: string, apiVersion: string, name: string, rest: Record<string, unknown>) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: secret },
  ...rest,
});

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  cut.sim.seed([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: secret }, status: { phase: "Active" } },
    base("VirtualMachine", "kubevirt.io/v1", marker, {
      spec: {
        runStrategy: "Halted",
        template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] } },
      },
      status: { printableStatus: "Stopped" },
    }),
    base("PersistentVolumeClaim", "v1", marker, {
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      status: { phase: "Bound" },
    }),
    base("DataSource", "cdi.kubevirt.io/v1beta1", marker, {
      spec: { source: { pvc: { name: marker, namespace: secret } } },
    }),
  ]);
  for (const object of [
    { kind: "Vpc", metadata: { name: `${marker}-vpc` }, spec: { namespaces: [secret] } },
    {
      kind: "Subnet",
      metadata: { name: `${marker}-net` },
      spec: { vpc: `${marker}-vpc`, cidrBlock: "10.78.0.0/24", gateway: "10.78.0.1", namespaces: [secret] },
    },
  ])
    cut.sim.seed([{ apiVersion: "kubeovn.io/v1", ...object }]);
  cut.sim.seed([
    { apiVersion: "v1", kind: "Node", metadata: { name: `${marker}-host` }, spec: {}, status: {} },
  ]);
  await until(() => cut.app.services.inventory.feeds.hosts.table.get("", `${marker}-host`) !== undefined);
  // the marker must never be seen by strangers, so what is open to all bears another name
  const nameOf = (noun: ObjectNoun) => (openToAll.has(noun) ? common : marker);
  for (const noun of objectNouns) {
    const { group, version, kind, namespaced } = objectCatalog[noun];
    cut.sim.seed([
      {
        apiVersion: group === "" ? version : `${group}/${version}`,
        kind,
        metadata: { name: nameOf(noun), ...(namespaced ? { namespace: secret } : {}) },
        ...objectSamples[noun].object,
      },
    ]);
  }
  const { nouns } = cut.app.services;
  await vi.waitFor(
    () => {
      const missing = objectNouns.filter(
        (noun) => ![...nouns[noun].index.values()].some(({ key }) => key.endsWith(`/${nameOf(noun)}`)),
      );
      if (missing.length > 0) throw new Error(`Not in the inventory yet: ${missing.join(", ")}`);
    },
    { timeout: 20_000 },
  );
  await until(() => cut.app.services.inventory.feeds.subnets.table.get("", `${marker}-net`) !== undefined);
  bob = await cut.signIn("bob");
  rightless = await cut.signIn("viewer");
  await until(() => cut.app.services.inventory.feeds.vms.table.get(secret, marker) !== undefined);
  await until(() => cut.app.services.inventory.feeds.images.table.get(secret, marker) !== undefined);
});
afterAll(async () => cut.close());

const vmSpec = (name: string) => ({
  name,
  source: { kind: "blank" },
  diskSizeBytes: 64 * mib,
  sizing: { kind: "custom", cpuCores: 1, memoryBytes: 128 * mib },
  cloudInit: { kind: "none" },
});

const diskForm = (name: string) => ({ name, source: { kind: "blank" }, sizeBytes: 64 * mib });

const subnetForm = (name: string) => ({ name, vpc: "ovn-cluster", cidrV4: "10.77.0.0/24" });

const textOf = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

type ObjectCall = (noun: ObjectNoun, project: string, name: string) => RequestParts;

/** The operations of catalogued nouns: asked of each noun. */
const objectCalls = {
  listObjects: (noun, _project, name) => ({ params: { noun }, query: { q: name } }),
  getObject: (noun, project, name) => ({ params: { noun, project, name } }),
  previewObject: (noun, project, name) => ({
    params: { noun, project },
    body: { spec: { ...objectSamples[noun].spec, name } },
  }),
  createObject: (noun, project, name) => ({
    params: { noun, project },
    body: { spec: { ...objectSamples[noun].spec, name } },
  }),
  previewObjectChange: (noun, project, name) => ({
    params: { noun, project, name },
    body: { spec: { ...objectSamples[noun].spec, name } },
  }),
  changeObject: (noun, project, name) => ({
    params: { noun, project, name },
    body: { spec: { ...objectSamples[noun].spec, name } },
  }),
  deleteObject: (noun, project, name) => ({ params: { noun, project, name } }),
  getObjectYaml: (noun, project, name) => ({ params: { noun, project, name } }),
  checkObjectYaml: (noun, project, name) => ({
    params: { noun, project, name },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  putObjectYaml: (noun, project, name) => ({
    params: { noun, project, name },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  listObjectEvents: (noun, project, name) => ({ params: { noun, project, name } }),
} as const satisfies Partial<Record<OperationName, ObjectCall>>;

const settings = {
  description: "",
  labels: {},
  deleteProtected: false,
  runStrategy: "Halted",
  instanceType: "",
  preference: "",
  sockets: 1,
  cores: 1,
  threads: 1,
  memoryBytes: 128 * mib,
  bootOrder: [],
  firmware: "bios",
  evictionStrategy: "",
  terminationGracePeriodSeconds: null,
  hostname: "",
};

/** A well-formed call of every operation, aimed at the foreign project. `name` stands for a thing that is or is not there. */
const calls: Record<
  Exclude<OperationName, keyof typeof objectCalls>,
  (project: string, name: string) => RequestParts
> = {
  getSession: () => ({}),
  signInWithToken: () => ({ body: { token: "no-such-token" } }),
  signOut: () => ({}),
  getPreferences: () => ({}),
  putPreferences: () => ({ body: {} }),
  getCapabilities: () => ({}),
  search: (_project, name) => ({ query: { q: name } }),
  listTasks: () => ({}),
  listActivity: (project) => ({ query: { project } }),
  listProjects: (project) => ({ query: { q: project } }),
  getProject: (project) => ({ params: { project } }),
  createProject: () => ({ body: { name: "made-by-a-stranger" } }),
  previewProject: () => ({ body: { name: "made-by-a-stranger" } }),
  editProject: (project) => ({ params: { project }, body: { displayName: "x", was: {} } }),
  getProjectDeletion: (project) => ({ params: { project } }),
  getProjectDeeds: (project) => ({ params: { project } }),
  deleteProject: (project) => ({ params: { project } }),
  listVms: (_project, name) => ({ query: { q: name } }),
  actOnVms: (project, name) => ({ body: { action: "start", targets: [{ project, name }] } }),
  getVm: (project, name) => ({ params: { project, name } }),
  previewVm: (project, name) => ({ params: { project }, body: vmSpec(name) }),
  createVm: (project, name) => ({ params: { project }, body: vmSpec(name) }),
  getVmDeletionPlan: (project, name) => ({ params: { project, name } }),
  deleteVm: (project, name) => ({ params: { project, name }, body: { uid: "u", deleteDisks: [] } }),
  getVmYaml: (project, name) => ({ params: { project, name } }),
  checkVmYaml: (project, name) => ({
    params: { project, name },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  putVmYaml: (project, name) => ({ params: { project, name }, body: { yaml: "a: 1", resourceVersion: "1" } }),
  attachVmDisk: (project, name) => ({ params: { project, name }, body: { claim: name } }),
  detachVmDisk: (project, name) => ({ params: { project, name, disk: "data" } }),
  insertVmMedia: (project, name) => ({ params: { project, name, disk: "cd" }, body: { claim: name } }),
  ejectVmMedia: (project, name) => ({ params: { project, name, disk: "cd" } }),
  getVmNicChoices: (project, name) => ({ params: { project, name } }),
  attachVmNic: (project, name) => ({ params: { project, name }, body: { attachment: "net" } }),
  detachVmNic: (project, name) => ({ params: { project, name, nic: "net" } }),
  getVmRelations: (project, name) => ({ params: { project, name } }),
  listVmSnapshots: (project, name) => ({ params: { project, name } }),
  takeVmSnapshot: (project, name) => ({ params: { project, name }, body: { name: "s" } }),
  deleteVmSnapshot: (project, name) => ({ params: { project, name, snapshot: "s" } }),
  restoreVmSnapshot: (project, name) => ({
    params: { project, name, snapshot: "s" },
    body: { stop: false },
  }),
  cloneVm: (project, name) => ({ params: { project, name }, body: { name: "copy" } }),
  getVmMigrations: (project, name) => ({ params: { project, name } }),
  getVmPending: (project, name) => ({ params: { project, name } }),
  getVmSettings: (project, name) => ({ params: { project, name } }),
  checkVmSettings: (project, name) => ({
    params: { project, name },
    body: { resourceVersion: "1", values: settings },
  }),
  putVmSettings: (project, name) => ({
    params: { project, name },
    body: { resourceVersion: "1", values: settings },
  }),
  listVmEvents: (project, name) => ({ params: { project, name } }),
  getVmGuest: (project, name) => ({ params: { project, name } }),
  createConsoleTicket: (project, name) => ({ params: { project, name }, body: { kind: "vnc" } }),
  getVmScreenshot: (project, name) => ({ params: { project, name } }),
  listImages: (_project, name) => ({ query: { q: name } }),
  getImage: (project, name) => ({ params: { project, name } }),
  createImage: (project, name) => ({
    params: { project },
    body: { name, media: "disk", fileSizeBytes: 1024, diskSizeBytes: mib },
  }),
  uploadImage: (project, name) => ({
    params: { project, name },
    headers: { "content-type": "application/octet-stream" },
  }),
  importImage: (project, name) => ({
    params: { project },
    body: {
      name,
      media: "disk",
      diskSizeBytes: mib,
      source: { kind: "url", url: "https://images.example.com/a.qcow2" },
    },
  }),
  editImage: (project, name) => ({
    params: { project, name },
    body: { displayName: "x", defaultInstanceType: "", defaultPreference: "" },
  }),
  getImageAccess: (project) => ({ params: { project } }),
  grantImageAccess: (project) => ({ params: { project }, body: { kind: "User", name: "bob" } }),
  revokeImageAccess: (project, name) => ({ params: { project, name } }),
  deleteImage: (project, name) => ({ params: { project, name } }),
  listDisks: (_project, name) => ({ query: { q: name } }),
  previewDisk: (project, name) => ({ params: { project }, body: diskForm(name) }),
  createDisk: (project, name) => ({ params: { project }, body: diskForm(name) }),
  getDisk: (project, name) => ({ params: { project, name } }),
  listDiskEvents: (project, name) => ({ params: { project, name } }),
  getDiskYaml: (project, name) => ({ params: { project, name } }),
  checkDiskYaml: (project, name) => ({
    params: { project, name },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  putDiskYaml: (project, name) => ({
    params: { project, name },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  markStorageClass: (_project, name) => ({ params: { name }, body: { containers: true, machines: true } }),
  resizeDisk: (project, name) => ({ params: { project, name }, body: { sizeBytes: 2 * 1024 ** 3 } }),
  deleteDisk: (project, name) => ({ params: { project, name } }),
  listHosts: () => ({}),
  getHost: (_project, name) => ({ params: { name: `${name}-host` } }),
  getHostYaml: (_project, name) => ({ params: { name: `${name}-host` } }),
  checkHostYaml: (_project, name) => ({
    params: { name: `${name}-host` },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  putHostYaml: (_project, name) => ({
    params: { name: `${name}-host` },
    body: { yaml: "a: 1", resourceVersion: "1" },
  }),
  listHostEvents: (_project, name) => ({ params: { name: `${name}-host` } }),
  getHostUsage: (_project, name) => ({ params: { name: `${name}-host` } }),
  getVmUsage: (project, name) => ({ params: { project, name } }),
  getHostHeat: () => ({}),
  getCapacity: () => ({}),
  getPlatformStatus: () => ({}),
  setHostCordon: (_project, name) => ({ params: { name: `${name}-host` }, body: { cordoned: true } }),
  planHostDrain: (_project, name) => ({ params: { name: `${name}-host` } }),
  getHostDrain: (_project, name) => ({ params: { name: `${name}-host` } }),
  startHostDrain: (_project, name) => ({ params: { name: `${name}-host` }, body: {} }),
  cancelHostDrain: (_project, name) => ({ params: { name: `${name}-host` } }),
  listObjectNouns: (project) => ({ query: { project } }),
  checkText: (project, name) => ({ body: { yaml: textOf(name), project } }),
  createText: (project, name) => ({ body: { yaml: textOf(name), project } }),
  getPodLog: (project, name) => ({ params: { project, name }, query: { container: "web" } }),
  actOnWorkload: (project, name) => ({
    params: { project, name, noun: "deployment" },
    body: { deed: "restart" },
  }),
  listSubnetChoices: (project) => ({ params: { project } }),
  listInstanceTypes: (project) => ({ params: { project } }),
  listPreferences: (project) => ({ params: { project } }),
  listStorageClasses: () => ({}),
  getTopology: (project) => ({ query: { project } }),
  listVpcs: (project) => ({ query: { project } }),
  getVpc: (_project, name) => ({ params: { name: `${name}-vpc` } }),
  createVpc: (project, name) => ({ body: { name, projects: [project] } }),
  deleteVpc: (_project, name) => ({ params: { name: `${name}-vpc` } }),
  listSubnets: (_project, name) => ({ query: { q: name } }),
  previewSubnet: (_project, name) => ({ body: subnetForm(name) }),
  getSubnet: (_project, name) => ({ params: { name: `${name}-net` } }),
  createSubnet: (_project, name) => ({ body: subnetForm(name) }),
  deleteSubnet: (_project, name) => ({ params: { name: `${name}-net` } }),
};

/** Everybody's own, so that an answer is no leak; each is still searched for what must not be in it. */
const own = new Set<OperationName>([
  "getSession",
  "signInWithToken",
  "signOut",
  "getPreferences",
  "putPreferences",
  "getCapabilities",
  "search",
  "listTasks",
  "listActivity",
  "listProjects",
  "listVms",
  "listImages",
  "listDisks",
  "listHosts",
  "listStorageClasses",
  "listVpcs",
  "getTopology",
  "listSubnets",
  "actOnVms",
  "listObjectNouns",
  "listObjects",
]);

const names = Object.keys(endpointPaths) as OperationName[]; // keys of the contract's own table

const isObjectCall = (name: OperationName): name is keyof typeof objectCalls => name in objectCalls;

/** Every operation, those of catalogued nouns once for each noun. */
const cases = names.flatMap(
  (name): [string, OperationName, (project: string, thing: string) => RequestParts][] => {
    if (!isObjectCall(name)) return [[name, name, calls[name]]];
    const call: ObjectCall = objectCalls[name];
    return objectNouns.map((noun) => [
      `${name} of ${noun}`,
      name,
      (project, thing) => call(noun, objectCatalog[noun].namespaced ? project : noProject, thing),
    ]);
  },
);

/** What an answer says once the things that were asked for by name are taken out. */
const shapeOf = (status: number, body: unknown, project: string, name: string) =>
  `${status} ${JSON.stringify(body)
    .replaceAll(/"requestId":"[^"]*"/g, "")
    .replaceAll(project, "PROJECT")
    .replaceAll(name, "NAME")}`;

test("every route says who may call it", () => {
  for (const route of cut.app.routes) expect(["public", "session"]).toContain(route.access);
  for (const name of names) {
    const { method, path } = endpointPaths[name];
    expect(cut.app.routes.find((route) => route.url === path && route.method === method)).toBeDefined();
  }
});

test("a route that does not say who may call it keeps the server from starting", () => {
  const server = fastify();
  const routes: App["routes"] = [];
  requireDeclaredAccess(server, routes);
  server.get("/said", { config: { access: "session" } }, async () => null);
  expect(routes.map(({ url }) => url)).toContain("/said");
  expect(() => server.get("/forgotten", async () => null)).toThrow(/does not say who may call it/);
});

describe.each(cases)("%s", (_label, name, partsOf) => {
  test("anonymous gets nothing", async () => {
    const nobody = new Person(cut.url);
    const answer = await nobody.ask(name, partsOf(secret, marker));
    const text = JSON.stringify(answer.body);
    expect(text).not.toContain(marker);
    if (name === "getSession") expect(answer.body).toMatchObject({ user: null, areas: null });
    else {
      expect(answer.status).toBe(401);
      expect((answer.body as ErrorBody).error.code).toMatch(/unauthenticated|sign-in-refused/);
    }
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  test.each([
    ["foreign", () => bob],
    ["rightless", () => rightless],
  ])("a %s caller learns nothing", async (_who, person) => {
    if (name === "signOut") return; // ends only the caller's own session; see sessions.test.ts
    const cookie = person().cookie;
    const there = await person().ask(name, partsOf(secret, marker));
    const absent = await person().ask(name, partsOf("no-such-project", "no-such-machine"));
    person().cookie = cookie;
    if (!own.has(name)) {
      expect([401, 403, 404]).toContain(there.status);
      expect(shapeOf(there.status, there.body, secret, marker)).toBe(
        shapeOf(absent.status, absent.body, "no-such-project", "no-such-machine"),
      );
    } else if (name === "actOnVms")
      expect(shapeOf(there.status, there.body, secret, marker)).toBe(
        shapeOf(absent.status, absent.body, "no-such-project", "no-such-machine"),
      );
    // which storage classes there are, everybody who has a project may know: he makes disks on them
    else expect(JSON.stringify(there.body)).not.toContain(name === "listStorageClasses" ? secret : marker);
  });
});

describe.each([...openToAll])("%s, which KubeVirt opens to everybody", (noun) => {
  const params = { noun, project: noProject, name: common };

  test.each([
    ["foreign", () => bob],
    ["rightless", () => rightless],
  ])("is read by a %s caller and changed by none", async (_who, person) => {
    const { rows } = await person().call("listObjects", { params: { noun }, query: { q: common } });
    expect(rows.map((row) => row.name)).toEqual([common]);
    const detail = await person().call("getObject", { params });
    expect(detail.row.name).toBe(common);
    for (const decision of Object.values(detail.row.actions))
      expect(decision).toMatchObject({ allowed: false, reason: { code: "no-permission" } });
    const { yaml, resourceVersion } = await person().call("getObjectYaml", { params });
    for (const [operation, parts] of [
      ["checkObjectYaml", { params, body: { yaml, resourceVersion } }],
      ["putObjectYaml", { params, body: { yaml, resourceVersion } }],
      ["deleteObject", { params }],
    ] as const)
      expect((await person().ask(operation, parts)).status).toBe(403);
    const { row } = await person().call("getObject", { params });
    expect(row.ref.uid).toBe(detail.row.ref.uid);
  });

  test("is followed live by a foreign caller", async () => {
    const { socket, messages } = await openLive(bob);
    socket.send(JSON.stringify({ type: "subscribe-feed", id: "a", feed: "object", noun, name: common }));
    await until(() => messages.some((message) => message.type === "invalidate"));
    expect(messages.filter((message) => message.type === "refused")).toEqual([]);
    socket.close();
  });
});

async function openLive(person: Person): Promise<{ socket: WebSocket; messages: LiveServerMessage[] }> {
  const socket = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
    headers: { cookie: person.cookie, origin: cut.url },
  });
  const messages: LiveServerMessage[] = [];
  socket.on("message", (data) =>
    messages.push(...liveFrame.parse(JSON.parse((data as Buffer).toString("utf8")))),
  );
  socket.on("error", () => {});
  await until(() => messages.some((message) => message.type === "hello"));
  return { socket, messages };
}

describe("live topics", () => {
  test.each(liveList.options)("%s", async (list) => {
    const { socket, messages } = await openLive(bob);
    socket.send(
      JSON.stringify({
        type: "subscribe-list",
        id: "a",
        list,
        query: { q: "isolated", page: 1, pageSize: 50 },
      }),
    );
    const rows = await until(() => messages.find((message) => message.type === "rows"));
    expect(rows).toMatchObject({ upserts: [], total: 0 });
    socket.close();
  });

  test.each(objectNouns.filter((noun) => !openToAll.has(noun)))(
    "a foreign %s is refused like one that is not there",
    async (noun) => {
      const { socket, messages } = await openLive(bob);
      const at = (project: string) => (objectCatalog[noun].namespaced ? { project } : {});
      for (const [id, project, name] of [
        ["a", secret, marker],
        ["b", "no-such-project", "no-such-machine"],
      ] as const)
        socket.send(
          JSON.stringify({ type: "subscribe-feed", id, feed: "object", noun, name, ...at(project) }),
        );
      await until(() => messages.filter((message) => message.type === "refused").length === 2);
      const refusals = messages
        .filter((message) => message.type === "refused")
        .map((message) => message.error);
      expect(refusals[0]).toEqual(refusals[1]);
      socket.close();
    },
  );

  /** What happens in the foreign project while somebody listens: nothing of it may be heard, not even that it happened. */
  const stir = async () => {
    cut.sim.seed([
      {
        apiVersion: "kubeovn.io/v1",
        kind: "Vpc",
        metadata: { name: `${marker}-stirred` },
        spec: { namespaces: [secret] },
      },
      base("VirtualMachine", "kubevirt.io/v1", `${marker}-stirred`, {
        spec: { runStrategy: "Halted", template: { spec: { domain: { devices: {} }, volumes: [] } } },
      }),
    ]);
    const { feeds } = cut.app.services.inventory;
    await until(() => feeds.vpcs.table.get("", `${marker}-stirred`) !== undefined);
    await until(() => feeds.vms.table.get(secret, `${marker}-stirred`) !== undefined);
    await cut.app.services.audit.record({
      user: "carol",
      action: "create",
      noun: "virtual-machine",
      project: secret,
      name: `${marker}-stirred`,
      outcome: "ok",
      sourceIp: "",
      requestId: "",
      diff: [],
    });
  };

  /** Feeds of one thing are refused at once (below); the session's and the capabilities' are everybody's own. */
  const shared = liveFeed.options.filter(
    (feed) => !["vm", "disk", "object", "session", "capabilities"].includes(feed),
  );
  test("no shared feed tells a stranger that something happened", async () => {
    const { socket, messages } = await openLive(bob);
    for (const feed of shared)
      socket.send(JSON.stringify({ type: "subscribe-feed", id: feed, feed, project: secret }));
    const heard = () => messages.filter((message) => message.type === "invalidate");
    // each tells once at the beginning, so that nothing between the page's own read and the feed is lost
    await until(() => heard().length === shared.length);
    const operator = await openLive(await cut.signIn("operator"));
    for (const feed of shared)
      operator.socket.send(JSON.stringify({ type: "subscribe-feed", id: feed, feed }));
    const told = () => operator.messages.filter((message) => message.type === "invalidate");
    await until(() => told().length >= shared.length);
    await stir();
    await until(
      () =>
        new Set(
          told()
            .slice(shared.length)
            .map((message) => message.id),
        ).size >= 3,
    );
    socket.send(JSON.stringify({ type: "ping" }));
    await until(() => messages.some((message) => message.type === "pong"));
    expect(
      heard()
        .map((message) => message.id)
        .toSorted(),
    ).toEqual(shared.toSorted());
    socket.close();
    operator.socket.close();
  });

  test.each(["vm", "disk"])("%s of a foreign project is refused like one that is not there", async (feed) => {
    const { socket, messages } = await openLive(bob);
    for (const [id, project] of [
      ["a", secret],
      ["b", "no-such-project"],
    ])
      socket.send(JSON.stringify({ type: "subscribe-feed", id, feed, project, name: marker }));
    await until(() => messages.filter((message) => message.type === "refused").length === 2);
    const refusals = messages.filter((message) => message.type === "refused").map((message) => message.error);
    expect(refusals[0]).toEqual(refusals[1]);
    socket.close();
  });
});

describe("a reader of namespaces", () => {
  const kinds = [
    "virtualmachines.kubevirt.io",
    "virtualmachineinstances.kubevirt.io",
    "persistentvolumeclaims",
    "datasources.cdi.kubevirt.io",
    "datavolumes.cdi.kubevirt.io",
    "pods",
  ];
  let reader: Person;

  beforeAll(async () => {
    const { audit, inventory } = cut.app.services;
    for (const noun of ["virtual-machine", "image", "disk"] as const)
      await audit.record({
        user: "alice",
        action: "create",
        noun,
        project: secret,
        name: `${marker}-${noun}`,
        outcome: "ok",
        sourceIp: "198.51.100.77",
        requestId: "",
        diff: [{ path: "", new: { canary: marker } }],
      });
    const rbac = "rbac.authorization.k8s.io";
    const role = { apiVersion: `${rbac}/v1`, metadata: { name: "namespace-reader" } };
    cut.sim.seed([
      {
        ...role,
        kind: "ClusterRole",
        rules: [{ apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list"] }],
      },
      {
        ...role,
        kind: "ClusterRoleBinding",
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "namespace-reader" },
        subjects: [{ kind: "User", apiGroup: rbac, name: "viewer" }],
      },
    ]);
    await until(() => inventory.feeds.clusterRoleBindings.table.get("", "namespace-reader") !== undefined);
    reader = await cut.signIn("viewer");
    await until(async () => (await reader.ask("getProject", { params: { project: secret } })).status === 200);
  });

  test.each(["listVms", "listImages", "listDisks", "search", "listTasks"] as const)(
    "%s says nothing of what is in the project",
    async (name) => {
      const calledWith = name === "search" ? { query: { q: "isolated-m" } } : {};
      const answer = await reader.ask(name, calledWith);
      expect(answer.status).toBe(200);
      expect(JSON.stringify(answer.body)).not.toContain(marker);
    },
  );

  test("the trail has his own rows and those of projects, and no address of others", async () => {
    const { rows } = await reader.call("listActivity", { query: { project: secret, limit: 200 } });
    const others = rows.filter((row) => row.user !== "viewer");
    expect(others.filter((row) => row.noun !== "project")).toEqual([]);
    expect(others.every((row) => row.sourceIp === "")).toBe(true);
    expect(rows.every((row) => row.noun === "project" || row.diff.length === 0)).toBe(true);
  });

  test("the operator sees the same rows, with where they came from", async () => {
    const operator = await cut.signIn("operator");
    const { rows } = await operator.call("listActivity", { query: { project: secret, user: "alice" } });
    expect(rows.map((row) => row.noun).toSorted()).toEqual(["disk", "image", "virtual-machine"]);
    expect(rows.every((row) => row.sourceIp === "198.51.100.77" && row.diff.length === 1)).toBe(true);
  });

  test("nothing is counted", async () => {
    const project = await reader.call("getProject", { params: { project: secret } });
    expect(project.virtualMachines).toEqual({ total: 0, running: 0, attention: 0 });
    expect(project.quota).toEqual([]);
    const { feeds } = await reader.call("getCapabilities");
    for (const kind of kinds)
      expect(feeds.find((feed) => feed.resource === kind)).toMatchObject({ objects: 0 });
    expect(feeds.find((feed) => feed.resource === "namespaces")?.objects).toBeGreaterThan(0);
    // what is hidden must not be searchable either
    const { queryProblems } = await reader.call("listProjects", { query: { q: "vms>0" } });
    expect(queryProblems).not.toEqual([]);
    const sorted = await reader.call("listProjects", { query: { sort: "-vms" } });
    expect(sorted.queryProblems).not.toEqual([]);
  });
});

describe("upgrades are refused before anything is dialled", () => {
  const cases: [string, Record<string, string | undefined>][] = [
    ["no origin", { origin: undefined }],
    ["null", { origin: "null" }],
    ["another host", { origin: "https://evil.example" }],
    ["a sibling", { origin: "http://a.127.0.0.1" }],
    ["another port", { origin: "http://127.0.0.1:1" }],
    ["another site by fetch metadata", { "sec-fetch-site": "cross-site" }],
    ["no session", { cookie: undefined }],
  ];
  test.each(
    ["/api/live", "/api/console"].flatMap((path) =>
      cases.map(([why, headers]) => [path, why, headers] as const),
    ),
  )("%s with %s", async (path, _why, headers) => {
    const all = Object.entries({ cookie: bob.cookie, origin: cut.url, ...headers }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const socket = new WebSocket(`${cut.url.replace("http", "ws")}${path}`, ["kubev.live.v1"], {
      headers: Object.fromEntries(all),
    });
    const status = await new Promise<number>((resolve) => {
      socket.on("unexpected-response", (_request, response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      socket.on("open", () => resolve(101));
      socket.on("error", () => {});
    });
    expect([401, 403]).toContain(status);
  });
});
