/** Objects of any kind as text: the cluster says which kinds there are and who may do what; nobody learns what he may not see. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { discoverAtOnce, discoverOneByOne } from "../src/kube/discovery.ts";
import { KubeClient } from "../src/kube/kube-client.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

let cut: ConsoleUnderTest;
let operator: Person;
let alice: Person;
let bob: Person;
const project = "web-shop";
const budgets = { group: "policy", version: "v1", plural: "poddisruptionbudgets" };
const exports = { group: "export.kubevirt.io", version: "v1", plural: "virtualmachineexports" };
const secrets = { group: "core", version: "v1", plural: "secrets" };
const clusterRoles = { group: "rbac.authorization.k8s.io", version: "v1", plural: "clusterroles" };

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  operator = await cut.signIn("operator");
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
});
afterAll(async () => cut.close());

const budget = (name: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app: ${name}
`;

const make = async (person: Person, yaml: string, where: string | undefined = project) =>
  person.call("createText", { body: { yaml, ...(where === "" ? {} : { project: where }) } });

test("all kinds are named once, with what may be done and the pages that they have", async () => {
  const { kinds, unread } = await alice.call("listKinds");
  expect(unread).toEqual([]);
  const names = kinds.map(({ group, plural }) => `${group}/${plural}`);
  expect(new Set(names).size).toBe(names.length);
  const of = (kind: string) => kinds.find((one) => one.kind === kind);
  expect(of("PodDisruptionBudget")).toEqual({
    ...budgets,
    kind: "PodDisruptionBudget",
    namespaced: true,
    verbs: ["get", "list", "update", "delete"],
    noun: null,
  });
  expect(of("VirtualMachineExport")).toMatchObject({ ...exports, noun: null });
  expect(of("ClusterRole")).toMatchObject({ ...clusterRoles, namespaced: false });
  expect(of("VirtualMachine")).toMatchObject({ noun: "virtual-machine" });
  expect(of("Deployment")).toMatchObject({ noun: "deployment" });
  // its page has no text
  expect(of("Secret")).toMatchObject({ group: "", noun: null });
  // subresources and what can only be asked are no kinds of objects
  expect(names.filter((name) => name.split("/").length > 2)).toEqual([]);
  expect(of("SelfSubjectAccessReview")).toBeUndefined();
});

test("a cluster that does not tell all at once is asked for each group, to the same end", async () => {
  const { endpoint } = cut.app.services;
  const token = cut.sim.users.find(({ name }) => name === "alice")?.token ?? "";
  const asAlice = new KubeClient(endpoint, () => ({ kind: "bearer", token }));
  const sorted = (found: Awaited<ReturnType<typeof discoverAtOnce>>) =>
    found?.kinds.map(({ verbs, ...kind }) => ({ ...kind, verbs: verbs.toSorted() })).toSorted(byPath);
  const byPath = (a: { group: string; plural: string }, b: { group: string; plural: string }) =>
    `${a.group}/${a.plural}`.localeCompare(`${b.group}/${b.plural}`);
  const atOnce = await discoverAtOnce(asAlice);
  expect(atOnce?.kinds.length).toBeGreaterThan(50);
  expect(sorted(await discoverOneByOne(asAlice))).toEqual(sorted(atOnce));

  const mended = cut.sim.faults.add({
    urlContains: "/apis/export.kubevirt.io/",
    effect: { kind: "silence" },
  });
  const { kinds, unread } = await discoverOneByOne(asAlice);
  mended();
  const served = atOnce?.kinds.filter(({ group }) => group === exports.group) ?? [];
  expect(unread.map((name) => name.split("/")[0])).toContain(exports.group);
  expect(unread.filter((name) => !name.startsWith(`${exports.group}/`))).toEqual([]);
  expect(kinds).toHaveLength((atOnce?.kinds.length ?? 0) - served.length);
  expect(endpoint.isSuspect).toBe(false);
});

test("its owner lists, reads, changes and deletes one; the trail says of which kind", async () => {
  const { type } = await make(alice, budget("shop-budget"));
  expect(type).toEqual(budgets);
  const listed = await alice.call("listAnyObjects", { params: budgets, query: { project } });
  expect(listed).toMatchObject({ kind: "PodDisruptionBudget", namespaced: true, warnings: [] });
  expect(listed.objects).toContainEqual({ project, name: "shop-budget", createdAt: expect.any(String) });
  const params = { ...budgets, project, name: "shop-budget" };
  const one = await alice.call("getAny", { params });
  expect(one.actions).toEqual({ edit: { allowed: true }, delete: { allowed: true } });
  const { yaml, resourceVersion } = await alice.call("getAnyYaml", { params });

  const changed = yaml.replace("minAvailable: 1", "minAvailable: 2");
  const body = { yaml: changed, resourceVersion };
  expect(await alice.call("checkAnyYaml", { params, body })).toMatchObject({ ok: true, problems: [] });
  const saved = await alice.call("putAnyYaml", { params, body });
  expect(saved.yaml).toContain("minAvailable: 2");
  const stale = await alice.refused("putAnyYaml", { params, body });
  expect(stale.status).toBe(409);
  expect(stale.body.error.current).toEqual({ yaml: saved.yaml, resourceVersion: saved.resourceVersion });

  const another = await alice.refused("deleteAny", { params, query: { uid: "another" } });
  expect(another.status).toBe(409);
  await alice.call("deleteAny", { params, query: { uid: one.uid } });
  expect((await alice.refused("getAny", { params })).status).toBe(404);
  const trailOf = async (person: Person) =>
    (await person.call("listActivity", { query: { project, name: "shop-budget", outcome: "ok" } })).rows;
  const rows = await trailOf(operator);
  const deeds = ["delete object", "edit object", "create object"];
  expect(rows.map(({ action, noun }) => `${action} ${noun}`)).toEqual(deeds);
  expect(rows[0]?.diff).toEqual([{ path: "/kind", new: "policy/v1 poddisruptionbudgets" }]);
  expect(rows[1]?.diff).toContainEqual({ path: "/spec/minAvailable", old: 1, new: 2 });
  expect((await trailOf(alice)).map(({ action, noun }) => `${action} ${noun}`)).toEqual(deeds);
  expect(await trailOf(bob)).toEqual([]);
});

test("a stranger gets the cluster's own refusal, alike for what is there and what is not", async () => {
  await make(operator, budget("out-of-sight"));
  const said = async (name: string, where: string) => {
    const params = { ...budgets, project: where, name };
    const body = { yaml: budget(name), resourceVersion: "1" };
    const refusals = [
      await bob.refused("listAnyObjects", { params: budgets, query: { project: where } }),
      await bob.refused("getAny", { params }),
      await bob.refused("getAnyYaml", { params }),
      await bob.refused("checkAnyYaml", { params, body }),
      await bob.refused("putAnyYaml", { params, body }),
      await bob.refused("deleteAny", { params, query: { uid: "u" } }),
    ];
    for (const { status, body: refusal } of refusals) {
      expect(status).toBe(403);
      expect(refusal.error.upstream?.message).toContain("poddisruptionbudgets.policy");
    }
    return refusals.map(({ body: refusal }) =>
      JSON.stringify({ ...refusal.error, requestId: "" })
        .replaceAll(name, "NAME")
        .replaceAll(where, "PROJECT"),
    );
  };
  const there = await said("out-of-sight", project);
  expect(await said("not-there", project)).toEqual(there);
  expect(await said("not-there", "no-such-project")).toEqual(there);
  // nor does the owner of one project see those of all
  expect((await alice.refused("listAnyObjects", { params: budgets })).status).toBe(403);
});

test("what lies in no project is the operator's, colons in its name too", async () => {
  const yaml =
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: shop:auditor\nrules: []\n";
  await make(operator, yaml, "");
  const params = { ...clusterRoles, project: "_", name: "shop:auditor" };
  const { objects, namespaced } = await operator.call("listAnyObjects", { params: clusterRoles });
  expect(namespaced).toBe(false);
  expect(objects.map(({ name }) => name)).toContain("shop:auditor");
  const text = await operator.call("getAnyYaml", { params });
  const body = {
    yaml: text.yaml.replace("name:", "labels:\n    a: b\n  name:"),
    resourceVersion: text.resourceVersion,
  };
  expect((await operator.call("putAnyYaml", { params, body })).yaml).toContain("a: b");
  for (const person of [alice, bob]) {
    expect((await person.refused("getAnyYaml", { params })).status).toBe(403);
    expect((await person.refused("putAnyYaml", { params, body })).status).toBe(403);
  }
  const { uid } = await operator.call("getAny", { params });
  await operator.call("deleteAny", { params, query: { uid } });
  expect((await operator.refused("getAny", { params })).status).toBe(404);
});

test("whatever the cluster takes in a name is opened, changed and deleted as it is listed", async () => {
  const names = ["a_b@c d", "corp.example,team=ops", "ü?#&;.."];
  for (const name of names) {
    const yaml = `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: "${name}"\nrules: []\n`;
    await make(operator, yaml, "");
    const { objects } = await operator.call("listAnyObjects", { params: clusterRoles });
    expect(objects.map((one) => one.name)).toContain(name);
    const params = { ...clusterRoles, project: "_", name };
    const { uid } = await operator.call("getAny", { params });
    const text = await operator.call("getAnyYaml", { params });
    const next = text.yaml.replace(/^ {2}name:/m, "  labels:\n    a: b\n  name:");
    const body = { yaml: next, resourceVersion: text.resourceVersion };
    expect((await operator.call("putAnyYaml", { params, body })).yaml).toContain("a: b");
    expect((await bob.refused("getAnyYaml", { params })).status).toBe(403);
    await operator.call("deleteAny", { params, query: { uid } });
    expect((await operator.refused("getAny", { params })).status).toBe(404);
  }
  // none of them leaves its place, nor gets to the cluster
  for (const name of ["..", "a/b", "a%2fb", "a\\b", "a\u0000b"]) {
    const refusal = await operator.refused("getAnyYaml", { params: { ...clusterRoles, project: "_", name } });
    expect([400, 404, 422]).toContain(refusal.status);
    expect(refusal.body.error.upstream).toBeUndefined();
  }
});

test("a catalogued noun's objects are opened by such names too, with the events of theirs alone", async () => {
  const name = "corp@example,team=ops";
  const involved = (uid: string, of: string) => ({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `of-${uid}`, namespace: project },
    involvedObject: { kind: "RoleBinding", namespace: project, name: of, uid },
    type: "Warning",
    reason: "Seen",
    message: `of ${of}`,
  });
  cut.sim.seed([
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name, namespace: project },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [],
    },
    involved("one", name),
    involved("other", "corp@example"),
  ]);
  const params = { noun: "role-binding", project, name } as const;
  const { row } = await until(async () => operator.call("getObject", { params }).catch(() => undefined));
  expect(row.name).toBe(name);
  const { events } = await operator.call("listObjectEvents", { params });
  expect(events.map(({ message }) => message)).toEqual([`of ${name}`]);
});

test("a kind of an extension that the console does not know is edited against its own schema", async () => {
  const yaml = `apiVersion: export.kubevirt.io/v1
kind: VirtualMachineExport
metadata:
  name: shop-export
spec:
  source:
    apiGroup: kubevirt.io
    kind: VirtualMachine
    name: shop-db-1
`;
  await make(operator, yaml);
  const params = { ...exports, project, name: "shop-export" };
  // its controller has said why it waits: nobody writes it any more
  const text = await until(async () => {
    const now = await operator.call("getAnyYaml", { params });
    return now.yaml.includes("reason: InUse") && now;
  });
  const asked = (next: string) => ({ params, body: { yaml: next, resourceVersion: text.resourceVersion } });
  const wrong = text.yaml.replace("source:", "sauce:");
  const check = await operator.call("checkAnyYaml", asked(wrong));
  expect(check.ok).toBe(false);
  const line = wrong.split("\n").indexOf("  sauce:") + 1;
  const problem = check.problems.find(({ reason }) => reason.upstreamText?.includes("sauce"));
  expect(problem).toMatchObject({ line });
  const labelled = text.yaml.replace("metadata:\n", "metadata:\n  labels:\n    team: shop\n");
  expect((await operator.call("putAnyYaml", asked(labelled))).yaml).toContain("team: shop");
});

test("values of a secret go neither out nor into the trail, and stay when the text is saved", async () => {
  const clear = "hunter2-of-any";
  await make(
    alice,
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: any-secret\nstringData:\n  kept: ${clear}\n  other: gone\n`,
  );
  const params = { ...secrets, project, name: "any-secret" };
  const text = await alice.call("getAnyYaml", { params });
  expect(text.masked).toEqual(["/data/kept", "/data/other"]);
  const encoded = [clear, btoa(clear)];
  for (const value of encoded) expect(text.yaml).not.toContain(value);
  const next = text.yaml
    .replace(/^ {2}other: .*$/m, `  other: ${btoa("new-in-text")}`)
    .replace("name: any-secret", "labels:\n    seen: yes-it-was\n  name: any-secret");
  const body = { yaml: next, resourceVersion: text.resourceVersion };
  const check = await alice.call("checkAnyYaml", { params, body });
  const saved = await alice.call("putAnyYaml", { params, body });
  const trail = await alice.call("listActivity", { query: { project, name: "any-secret" } });
  for (const value of [...encoded, "new-in-text", btoa("new-in-text")])
    for (const answer of [check.result, saved.yaml, JSON.stringify(trail)])
      expect(answer).not.toContain(value);
  expect(saved.yaml).toContain("seen: yes-it-was");
  // where the trail of secrets is read
  expect(trail.rows[0]).toMatchObject({ action: "edit", noun: "secret" });
  expect(trail.rows[0]?.diff).toContainEqual({ path: "/labels", new: { seen: "yes-it-was" } });
  const shown = async (key: string) =>
    (await alice.call("showSecretValue", { params: { project, name: "any-secret" }, body: { key } })).value;
  expect(await shown("kept")).toBe(clear);
  expect(await shown("other")).toBe("new-in-text");
  expect((await bob.refused("getAnyYaml", { params })).status).toBe(403);
});

test("what is no kind is not read under a kind's name", async () => {
  const pods = { group: "core", version: "v1", plural: "pods" };
  for (const [operation, parts] of [
    ["listAnyObjects", { params: { ...pods, plural: "watch" } }],
    ["listAnyObjects", { params: { ...pods, group: "no-such-group" } }],
    ["getAny", { params: { ...pods, plural: "watch", project: "_", name: "pods" } }],
    // a kind of projects beside none, and the other way round
    ["getAnyYaml", { params: { ...pods, project: "_", name: "any" } }],
    ["getAnyYaml", { params: { ...clusterRoles, project, name: "admin" } }],
    ["listAnyObjects", { params: clusterRoles, query: { project } }],
  ] as const)
    expect((await operator.refused(operation, parts)).status).toBe(404);
  const escaping = await operator.refused("listAnyObjects", {
    params: { ...pods, plural: "pods/../secrets" },
  });
  expect([400, 404, 422]).toContain(escaping.status);
});
