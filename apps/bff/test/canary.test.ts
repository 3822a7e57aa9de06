/**
 * A canary in everything that only a guest, a registry or a sign-in should know. Generated from the contract: no operation says
 * it by itself, no live topic, no log line, no trail, no address.
 */
import { endpointPaths } from "@kubev/api-types/endpoint-paths";
import { liveList } from "@kubev/api-types/live";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { objectPath } from "../src/kube/kube-path.ts";
import { resourceTypes } from "../src/kube/resource-types.ts";
import { type ConsoleUnderTest, Person, startConsole, until } from "./console-under-test.ts";
import { openLive } from "./foreign-project.ts";
import { operationCases } from "./operation-calls.ts";

const canary = "canary-7c0ffee1";
const encoded = Buffer.from(`#cloud-config\npassword: ${canary}\n`).toString("base64");
const project = "web-shop";
const name = "kept-secret";

/** As it is, and as it lies within base64, whatever stood before it. */
const forms = [
  canary,
  ...[0, 1, 2].map((before) =>
    Buffer.from(`${"x".repeat(before)}${canary}`)
      .toString("base64")
      .slice(before === 0 ? 0 : 4, -4),
  ),
];

const userData = `#cloud-config\npassword: ${canary}\n`;
const volumes = [
  { name: "init", cloudInitNoCloud: { userData, networkData: `version: 2 # ${canary}` } },
  { name: "drive", cloudInitConfigDrive: { userDataBase64: encoded, networkDataBase64: encoded } },
];
const spec = {
  runStrategy: "Halted",
  template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes } },
};
const lastApplied = (object: object) => ({
  "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(object),
});
const kubeconfig = `apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    token: ${canary}\n`;

const secret = (type: string, data: Record<string, string>, annotations: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: `${name}-${type.replaceAll(/[^a-z]/g, "")}`, namespace: project, annotations },
  type,
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)])),
});

const machine = (kind: string) => ({
  apiVersion: "kubevirt.io/v1",
  kind,
  metadata: { name, namespace: project, annotations: lastApplied({ spec }) },
});

const objects = [
  { ...machine("VirtualMachine"), spec },
  { ...machine("VirtualMachineInstance"), spec: { ...spec.template.spec }, status: { phase: "Failed" } },
  {
    apiVersion: "snapshot.kubevirt.io/v1beta1",
    kind: "VirtualMachineSnapshot",
    metadata: { name: "s", namespace: project },
    spec: { source: { apiGroup: "kubevirt.io", kind: "VirtualMachine", name } },
    status: { phase: "Succeeded", readyToUse: true, virtualMachineSnapshotContentName: `${name}-content` },
  },
  {
    apiVersion: "snapshot.kubevirt.io/v1beta1",
    kind: "VirtualMachineSnapshotContent",
    metadata: { name: `${name}-content`, namespace: project },
    spec: { virtualMachineSnapshotName: "s", source: { virtualMachine: { metadata: { name }, spec } } },
  },
  {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: { name: `${name}-revision`, namespace: project },
    revision: 1,
    data: { spec },
  },
  secret("Opaque", { userdata: userData }, lastApplied({ data: { userdata: encoded } })),
  secret("kubernetes.io/dockerconfigjson", { ".dockerconfigjson": `{"auths":{"a":{"auth":"${canary}"}}}` }),
  secret("example.org/kubeconfig", { kubeconfig }),
  secret(
    "kubernetes.io/service-account-token",
    { token: canary },
    { "kubernetes.io/service-account.name": "default" },
  ),
];

let cut: ConsoleUnderTest;
let alice: Person;
let live: Awaited<ReturnType<typeof openLive>>;
const answers: [what: string, text: string][] = [];

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  cut.sim.seed(objects);
  alice = await cut.signIn("alice");
  live = await openLive(cut, alice);
  for (const list of liveList.options)
    live.socket.send(
      JSON.stringify({ type: "subscribe-list", id: list, list, query: { q: name, page: 1, pageSize: 200 } }),
    );
  await until(() => cut.app.services.inventory.feeds.vms.table.get(project, name) !== undefined);
});
afterAll(async () => {
  live.socket.close();
  await cut.close();
});

function leaks(text: string): string[] {
  return forms.filter((form) => text.includes(form));
}

const reading = operationCases.filter(
  ([, operation]) => endpointPaths[operation].method === "GET" && operation !== "getSession",
);

test("the scan finds the canary in each of its forms", () => {
  expect(forms.every((form) => form.length >= 12)).toBe(true);
  for (const before of ["", "a", "ab", "abc", "password: "])
    expect(leaks(Buffer.from(`${before}${canary} and more`).toString("base64")).length).toBe(1);
  expect(leaks(JSON.stringify({ a: userData })).length).toBe(1);
});

describe("no operation says it by itself (CVE-2025-55190)", () => {
  test("of all that read", async () => {
    let found = 0;
    for (const [label, operation, partsOf] of reading) {
      const answer = await alice.ask(operation, partsOf(project, name));
      if (answer.status === 200) found += 1;
      answers.push([label, JSON.stringify([answer.body, [...answer.headers]])]);
    }
    expect(found).toBeGreaterThan(40);
    for (const [label, text] of answers) expect([label, leaks(text)]).toEqual([label, []]);
    // it was there to be said: the machine's own page and text are among them
    const told = answers.filter(([, text]) => text.includes(name)).map(([label]) => label);
    expect(told).toEqual(
      expect.arrayContaining(["getVm", "getVmYaml", "listVms", "search", "getVmSnapshotYaml"]),
    );
  });

  test.each(objects.map((object) => [object.kind, object.metadata.name, object.apiVersion] as const))(
    "as the text of any %s (%s)",
    async (kind, called, apiVersion) => {
      const { kinds } = await alice.call("listKinds");
      const found = kinds.find((each) => each.kind === kind && apiVersion.endsWith(each.version));
      expect(found).toBeDefined();
      const params = {
        group: apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "core",
        version: apiVersion.split("/").at(-1) ?? "",
        plural: found?.plural ?? "",
        project,
        name: called,
      };
      const operator = await cut.signIn("operator");
      for (const operation of ["getAny", "getAnyYaml"] as const) {
        const answer = await operator.ask(operation, { params });
        expect(answer.status).toBe(200);
        expect(leaks(JSON.stringify(answer.body))).toEqual([]);
      }
    },
  );
});

test("what one person has just read is not read by nobody after him (CVE-2025-14269)", async () => {
  const nobody = new Person(cut.url);
  const once = new Map(reading.map((each) => [each[1], each]));
  expect(once.size).toBeGreaterThan(50);
  for (const [label, operation, partsOf] of once.values()) {
    const { status, body } = await nobody.ask(operation, partsOf(project, name));
    expect([label, status]).toEqual([label, 401]);
    expect(JSON.stringify(body)).not.toContain(name);
  }
});

test("a dry run, a stored change and a conflict say it as little as the text itself (CVE-2026-42880, CVE-2026-45737)", async () => {
  const params = { project, name };
  const { yaml, resourceVersion, masked } = await alice.call("getVmYaml", { params });
  expect(masked.length).toBe(4);
  const changed = yaml.replace("runStrategy: Halted", "runStrategy: Manual");
  const said = [yaml];
  const check = await alice.call("checkVmYaml", { params, body: { yaml: changed, resourceVersion } });
  expect(check.ok).toBe(true);
  said.push(JSON.stringify(check));
  said.push(
    JSON.stringify(await alice.call("putVmYaml", { params, body: { yaml: changed, resourceVersion } })),
  );
  const late = await alice.refused("putVmYaml", { params, body: { yaml: changed, resourceVersion } });
  expect(late.body.error.current).toBeDefined();
  said.push(JSON.stringify(late.body));
  for (const text of said) expect(leaks(text)).toEqual([]);
  // and it is still there, for the guest
  const stored = await cut.app.services.service.json(objectPath(resourceTypes.virtualMachine, name, project));
  expect(JSON.stringify(stored)).toContain(canary);
});

/** Every row as it lies in the database. */
const trailTable = async () => cut.app.services.database.selectFrom("audit").selectAll().execute();

test("what changes a secret leaves it in no row of the trail, answer, feed or log line", async () => {
  // a socket takes no more than all the lists
  const feed = await openLive(cut, alice);
  feed.socket.send(JSON.stringify({ type: "subscribe-feed", id: "trail", feed: "activity", project }));
  const invalidations = () => feed.messages.filter(({ type }) => type === "invalidate").length;
  await until(() => invalidations() === 1);
  const before = new Set((await trailTable()).map(({ id }) => id));
  const said: unknown[] = [];
  const again = `#cloud-config\npassword: ${canary} changed\n`;

  // a machine's first start, in each of its forms, beside something that the trail tells
  const params = { project, name };
  const volumesAfter = [
    { name: "drive", cloudInitConfigDrive: { userData: again, networkDataBase64: btoa(again) } },
    { name: "init", cloudInitNoCloud: { userDataBase64: btoa(again), networkData: again } },
  ];
  /** As it was read now, with another strategy and first start. */
  const edited = async (runStrategy: string) => {
    const { yaml, resourceVersion } = await alice.call("getVmYaml", { params });
    const text = parse(yaml) as { spec: { runStrategy: string; template: { spec: { volumes: unknown } } } }; // the one made above
    text.spec.runStrategy = runStrategy;
    text.spec.template.spec.volumes = volumesAfter;
    return { yaml: stringify(text), resourceVersion };
  };
  said.push(await alice.call("checkVmYaml", { params, body: await edited("RerunOnFailure") }));
  // the cluster may change its status meanwhile, which is a conflict
  await until(async () => {
    const answer = await alice.ask("putVmYaml", { params, body: await edited("RerunOnFailure") });
    said.push(answer);
    return answer.status === 200;
  });

  // secrets as text: keys changed, put in and taken out
  for (const type of ["kubernetes.io/dockerconfigjson", "example.org/kubeconfig"]) {
    const of = { group: "core", version: "v1", plural: "secrets", project };
    const at = { ...of, name: `${name}-${type.replaceAll(/[^a-z]/g, "")}` };
    const text = await alice.call("getAnyYaml", { params: at });
    const object = parse(text.yaml) as { data: Record<string, string>; stringData?: Record<string, string> }; // a secret
    for (const key of Object.keys(object.data))
      object.data[key] = btoa(`{"auths":{"b":{"auth":"${canary}+"}}}`);
    object.stringData = { more: `${canary} more` };
    said.push(
      await alice.call("putAnyYaml", {
        params: at,
        body: { yaml: stringify(object), resourceVersion: text.resourceVersion },
      }),
    );
  }
  const textOf = (called: string) =>
    stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: called }, stringData: { a: canary } });
  said.push(await alice.call("createText", { body: { project, yaml: textOf("text-made") } }));

  // and by their own forms
  said.push(
    await alice.call("createSecret", {
      params: { project },
      body: {
        kind: "registry",
        name: "pull",
        server: "registry.example.org",
        userName: "a",
        password: canary,
      },
    }),
  );
  const pull = await alice.call("getSecret", { params: { project, name: "pull" } });
  said.push(
    await alice.call("editSecret", {
      params: { project, name: "pull" },
      body: {
        resourceVersion: pull.resourceVersion,
        set: [{ key: ".dockerconfigjson", value: `{"auths":{"c":{"auth":"${canary}"}}}` }],
        remove: [],
      },
    }),
  );
  said.push(
    await alice.call("createVm", {
      params: { project },
      body: {
        name: "canary-made",
        source: { kind: "blank" },
        diskSizeBytes: 64 * 1024 ** 2,
        sizing: { kind: "custom", cpuCores: 1, memoryBytes: 128 * 1024 ** 2 },
        cloudInit: { kind: "raw", userData: again },
      },
    }),
  );
  // what is refused is told, too
  said.push(await alice.refused("putVmYaml", { params, body: await edited("Sometimes") }));

  const rows = (await trailTable()).filter(({ id }) => !before.has(id));
  expect(
    [...new Set(rows.map(({ action, outcome, noun }) => `${action} ${noun} ${outcome}`))].toSorted(),
  ).toEqual([
    "create secret ok",
    "create virtual-machine ok",
    "edit secret ok",
    "edit virtual-machine ok",
    "edit virtual-machine refused",
    "update secret ok",
  ]);
  // the rows tell what else was changed
  expect(rows.map(({ diff }) => diff).join("\n")).toContain("RerunOnFailure");
  await until(() => invalidations() > 1);
  feed.socket.close();
  const trail = await alice.call("listActivity", { query: { project, limit: 200 } });
  for (const told of [said, rows, trail, feed.messages, live.messages, cut.logs])
    expect(leaks(JSON.stringify(told))).toEqual([]);
  // it is all there, for whom it was meant
  const stored = await cut.app.services.service.json(objectPath(resourceTypes.virtualMachine, name, project));
  expect(JSON.stringify(stored)).toContain(`${canary} changed`);
});

test("a pasted token and its session are in no answer, log line or trail (CVE-2024-39315, CVE-2023-22649)", async () => {
  const token = cut.sim.users.find((user) => user.name === "alice")?.token ?? "";
  const session = alice.cookie.split("=")[1] ?? "";
  const trail = JSON.stringify(await alice.call("listActivity", { query: { limit: 200 } }));
  for (const text of [...answers.map(([, each]) => each), trail, cut.logs.join("")])
    for (const kept of [token, session]) expect(text.includes(kept)).toBe(false);
});

test("live rows, the log and the trail do not say it", async () => {
  const heard = () => live.messages.map((message) => JSON.stringify(message));
  await until(() => heard().some((text) => text.includes(name)));
  const operator = await cut.signIn("operator");
  const trail = await operator.call("listActivity", { query: { limit: 200 } });
  expect(trail.rows.some((row) => row.name === name)).toBe(true);
  for (const text of [...heard(), JSON.stringify(trail), ...cut.logs]) expect(leaks(text)).toEqual([]);
});
