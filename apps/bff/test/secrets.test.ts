/** Secrets through the console: what is said of them, what is never said, and who may do what. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collectionPath, objectPath } from "../src/kube/kube-path.ts";
import { resourceTypes as types } from "../src/kube/resource-types.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { openLive } from "./foreign-project.ts";
import { base64, canary, project, publicKey, secretObjects, idleUsers } from "./secret-objects.ts";

let cut: ConsoleUnderTest;
let alice: Person;
let viewer: Person;
let bob: Person;
/** All that the console answered to anybody, but for what was asked to be shown. */
const said: string[] = [];

let live: Awaited<ReturnType<typeof openLive>>;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  cut.sim.seed(secretObjects);
  alice = await cut.signIn("alice");
  viewer = await cut.signIn("viewer");
  bob = await cut.signIn("bob");
  live = await openLive(cut, alice);
  const query = { project, page: 1, pageSize: 200 };
  for (const list of ["vms", "disks", "images", "config-map", "pod", "service-account"] as const)
    live.socket.send(JSON.stringify({ type: "subscribe-list", id: list, list, query }));
  for (const feed of ["tasks", "activity"] as const)
    live.socket.send(JSON.stringify({ type: "subscribe-feed", id: feed, feed, project }));
});
afterAll(async () => cut.close());

const at = (name: string) => ({ params: { project, name } });
const list = async () => {
  const reply = await alice.call("listSecrets", { params: { project } });
  said.push(JSON.stringify(reply));
  return reply;
};
const detail = async (name: string) => {
  const reply = await alice.call("getSecret", at(name));
  said.push(JSON.stringify(reply));
  return reply;
};
const stored = async (name: string) =>
  cut.app.services.service.json<{ type: string; data?: Record<string, string> }>(
    objectPath(types.secret, name, project),
  );

describe("the list", () => {
  test("tells what each is for, and what uses it", async () => {
    const { secrets, create, warnings } = await list();
    expect(create.allowed).toBe(true);
    expect(warnings).toEqual([]);
    const of = (name: string) => secrets.find((row) => row.name === name);
    expect(Object.fromEntries(secrets.map(({ name, sort }) => [name, sort]))).toMatchObject({
      "team-keys": "ssh-keys",
      "not-only-keys": "other",
      "first-boot": "first-start",
      pull: "registry",
      "web-login": "login",
      "web-cert": "certificate",
      robot: "account-token",
    });
    const keyed = [{ kind: "virtual-machine", name: "keyed" }];
    expect(of("team-keys")).toMatchObject({ keys: ["ann"], usedBy: keyed, type: "Opaque" });
    expect(of("first-boot")?.usedBy).toEqual(keyed);
    expect(of("pull")?.usedBy).toEqual([{ kind: "service-account", name: "robot" }]);
    expect(of("robot")?.usedBy).toEqual([{ kind: "service-account", name: "robot" }]);
    expect(of("web-login")?.usedBy).toEqual([{ kind: "disk", name: "imported" }]);
    expect(of("robot")?.actions).toMatchObject({
      show: { allowed: true },
      edit: { allowed: false, reason: { code: "secret-of-account" } },
      delete: { allowed: true },
    });
    expect(of("sealed")?.actions.edit).toMatchObject({ reason: { code: "object-immutable" } });
  });

  test("is not for who may not list secrets, and the navigation does not offer it to him", async () => {
    // the cluster's own refusal, with what it takes to be let in
    for (const person of [viewer, bob])
      expect(await person.refused("listSecrets", { params: { project } })).toMatchObject({
        status: 403,
        body: {
          error: {
            reason: { code: "no-permission", params: { verb: "list", resource: "secrets", project } },
          },
        },
      });
    const offered = async (person: Person) =>
      (await person.call("listObjectNouns", { query: { project } })).secrets;
    expect(await offered(alice)).toBe(true);
    expect(await offered(viewer)).toBe(false);
    expect(await offered(bob)).toBe(false);
  });
});

test("a page tells sizes and fingerprints, and no value", async () => {
  const { keys, row } = await detail("team-keys");
  const blob = Buffer.from(publicKey("").split(" ")[1] ?? "", "base64");
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  expect(keys).toEqual([
    {
      key: "ann",
      sizeBytes: publicKey(`ann-${canary}`).length,
      publicKeys: [{ type: "ssh-ed25519", fingerprint: `SHA256:${digest}` }],
      expiresAt: null,
    },
  ]);
  expect(row.usedBy).toEqual([{ kind: "virtual-machine", name: "keyed" }]);
  expect((await alice.refused("getSecret", at("none-such"))).body.error.code).toBe("not-found");
});

describe("a value", () => {
  test("is shown by its key, kept by no cache, and the trail says whose and which", async () => {
    const answer = await alice.ask("showSecretValue", { ...at("web-login"), body: { key: "password" } });
    expect(answer.body).toEqual({ value: canary, encoding: "text" });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { rows } = await alice.call("listActivity", {
      query: { project, noun: "secret", name: "web-login" },
    });
    expect(rows).toMatchObject([
      { action: "show", user: "alice", outcome: "ok", diff: [{ path: "/key", new: "password" }] },
    ]);
  });

  test("that is no text comes as base64", async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0, 1]);
    cut.sim.seed([
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "bytes", namespace: project },
        type: "Opaque",
        data: { a: bytes.toString("base64") },
      },
    ]);
    expect(await alice.call("showSecretValue", { ...at("bytes"), body: { key: "a" } })).toEqual({
      value: bytes.toString("base64"),
      encoding: "base64",
    });
  });

  test("of a key that is not there is not found, whatever objects have by nature", async () => {
    for (const key of ["none", "constructor", "__proto__"])
      expect((await alice.refused("showSecretValue", { ...at("web-login"), body: { key } })).status).toBe(
        404,
      );
  });

  test("is not for who may not read secrets; that he tried is written down", async () => {
    for (const person of [viewer, bob]) {
      const refused = await person.refused("showSecretValue", {
        ...at("pull"),
        body: { key: ".dockerconfigjson" },
      });
      expect(refused.status).toBe(403);
      expect(JSON.stringify(refused.body)).not.toContain(canary);
    }
    const { rows } = await alice.call("listActivity", { query: { project, noun: "secret", name: "pull" } });
    expect(rows.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      "show refused",
      "show refused",
    ]);
  });
});

describe("a new one", () => {
  const create = async (body: unknown) => alice.ask("createSecret", { params: { project }, body });

  test("of public keys has a key for each, named after itself", async () => {
    const publicKeys = [publicKey("ann@home"), publicKey("ann@work")];
    expect((await create({ kind: "ssh-keys", name: "ann", publicKeys })).status).toBe(201);
    expect(await stored("ann")).toMatchObject({
      type: "Opaque",
      data: { ann: base64(publicKeys[0] ?? ""), "ann-2": base64(publicKeys[1] ?? "") },
    });
    expect((await detail("ann")).row.sort).toBe("ssh-keys");
  });

  test("takes no private key and no nonsense for a public one", async () => {
    const refused = await create({
      kind: "ssh-keys",
      name: "wrong",
      publicKeys: [publicKey("a"), `-----BEGIN OPENSSH PRIVATE KEY----- ${canary}`, canary],
    });
    said.push(JSON.stringify(refused.body));
    expect(refused.body).toMatchObject({
      error: {
        fields: [
          { path: "publicKeys.1", reason: { code: "ssh-key-private", params: { line: 2 } } },
          { path: "publicKeys.2", reason: { code: "ssh-key-invalid", params: { line: 3 } } },
        ],
      },
    });
    expect((await create({ kind: "ssh-keys", name: "wrong", publicKeys: [] })).body).toMatchObject({
      error: { fields: [{ path: "publicKeys", reason: { code: "field-required" } }] },
    });
  });

  test("of a registry's login is what Docker reads", async () => {
    const body = {
      kind: "registry",
      name: "hub",
      server: "registry.example.org",
      userName: "ann",
      password: canary,
    };
    expect((await create(body)).status).toBe(201);
    const { type, data } = await stored("hub");
    expect(type).toBe("kubernetes.io/dockerconfigjson");
    expect(JSON.parse(Buffer.from(data?.[".dockerconfigjson"] ?? "", "base64").toString("utf8"))).toEqual({
      auths: {
        "registry.example.org": { username: "ann", password: canary, auth: base64(`ann:${canary}`) },
      },
    });
  });

  test("says what is wrong at its field, in the cluster's words", async () => {
    const entries = [
      { key: "fine", value: canary },
      { key: "not fine", value: canary },
    ];
    const refused = await create({ kind: "opaque", name: "odd", entries });
    said.push(JSON.stringify(refused.body));
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      error: {
        fields: [
          {
            path: "entries.1.key",
            reason: { upstreamText: expect.stringContaining("a valid config key must consist of") as string },
          },
        ],
      },
    });
    const twice = [entries[0], entries[0]];
    expect((await create({ kind: "opaque", name: "odd", entries: twice })).body).toMatchObject({
      error: { fields: [{ path: "entries.1.key", reason: { code: "named-twice" } }] },
    });
    expect((await create({ kind: "opaque", name: "pull", entries: [] })).body).toMatchObject({
      error: { code: "already-exists", fields: [{ path: "name", reason: { code: "name-taken" } }] },
    });
  });

  test("is made by nobody who may not", async () => {
    const body = { kind: "opaque", name: "foreign", entries: [{ key: "a", value: canary }] };
    for (const person of [viewer, bob]) {
      const refused = await person.refused("createSecret", { params: { project }, body });
      said.push(JSON.stringify(refused.body));
      expect(refused.status).toBe(403);
    }
  });
});

describe("a change", () => {
  test("touches the keys that it names and no other", async () => {
    const before = await detail("web-login");
    await alice.call("editSecret", {
      ...at("web-login"),
      body: { resourceVersion: before.resourceVersion, set: [{ key: "note", value: `new-${canary}` }] },
    });
    expect((await stored("web-login")).data).toEqual({
      username: base64("ann"),
      password: base64(canary),
      note: base64(`new-${canary}`),
    });
    const { resourceVersion } = await detail("web-login");
    await alice.call("editSecret", { ...at("web-login"), body: { resourceVersion, remove: ["note"] } });
    expect(Object.keys((await stored("web-login")).data ?? {}).toSorted()).toEqual(["password", "username"]);
  });

  test("over what somebody else stored meanwhile is refused", async () => {
    const { resourceVersion } = await detail("team-keys");
    const body = { resourceVersion, set: [{ key: "b", value: publicKey("b") }] };
    await alice.call("editSecret", { ...at("team-keys"), body });
    const late = await alice.refused("editSecret", { ...at("team-keys"), body });
    expect(late.body.error).toMatchObject({ code: "conflict", reason: { code: "changed-meanwhile" } });
  });

  test("that the cluster does not take says so at the key", async () => {
    const { resourceVersion } = await detail("web-login");
    const refused = await alice.refused("editSecret", {
      ...at("web-login"),
      body: { resourceVersion, set: [{ key: "not fine", value: canary }] },
    });
    said.push(JSON.stringify(refused.body));
    expect(refused.body.error.fields).toMatchObject([{ path: "set.0.key" }]);
  });

  test("and a deletion are for who may, of the very object that was looked at", async () => {
    const { row, resourceVersion } = await detail("not-only-keys");
    for (const person of [viewer, bob]) {
      const change = { resourceVersion, remove: ["ann"] };
      expect((await person.refused("editSecret", { ...at(row.name), body: change })).status).toBe(403);
      expect(
        (await person.refused("deleteSecret", { ...at(row.name), query: { uid: row.uid } })).status,
      ).toBe(403);
    }
    expect((await alice.refused("deleteSecret", { ...at(row.name), query: { uid: "other" } })).status).toBe(
      409,
    );
    await alice.call("deleteSecret", { ...at(row.name), query: { uid: row.uid } });
    expect((await list()).secrets.map(({ name }) => name)).not.toContain(row.name);
  });
});

describe("what the page does not offer the server does not do", () => {
  test.each([
    ["robot", "secret-of-account"],
    ["sealed", "object-immutable"],
    ["leaving", "object-is-deleting"],
  ])("%s is not changed: %s", async (name, code) => {
    if (name === "leaving") {
      const { service } = cut.app.services;
      const left = { apiVersion: "v1", kind: "Secret", metadata: { name, finalizers: ["example.org/held"] } };
      await service.done(collectionPath(types.secret, project), { method: "POST", body: left });
      await service.done(objectPath(types.secret, name, project), { method: "DELETE" });
    }
    const { row, resourceVersion } = await detail(name);
    expect(row.actions.edit).toMatchObject({ allowed: false, reason: { code } });
    const body = { resourceVersion, set: [{ key: "a", value: canary }] };
    const refused = await alice.refused("editSecret", { ...at(name), body });
    expect(refused).toMatchObject({ status: 409, body: { error: { reason: { code } } } });
    if (row.actions.delete.allowed) return;
    const kept = await alice.refused("deleteSecret", { ...at(name), query: { uid: row.uid } });
    expect(kept).toMatchObject({ status: 409, body: { error: { reason: row.actions.delete.reason } } });
  });
});

test("what runs nothing yet names its secrets all the same", async () => {
  cut.sim.seed(idleUsers);
  const { secrets, warnings } = await list();
  expect(warnings).toEqual([]);
  const users = secrets.find(({ name }) => name === "web-cert")?.usedBy ?? [];
  expect(users.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual([
    "cron-job idle",
    "daemon-set idle",
    "data-import-cron idle",
    "deployment idle",
    "job idle",
    "stateful-set idle",
    "virtual-machine idle",
  ]);
});

test("no value was in a list, a page, a refusal, the trail, the log, a feed or what the console keeps", async () => {
  const { messages, socket } = live;
  // the feed told of what happened here, and of a machine and a config map that hold values
  const heard = () => messages.map((message) => JSON.stringify(message)).join("\n");
  await until(() => ["idle", "told-live"].every((name) => heard().includes(`"${name}"`)));
  await until(() =>
    messages.some(({ type, ...rest }) => type === "invalidate" && "id" in rest && rest.id === "activity"),
  );
  socket.close();
  const trail = await alice.call("listActivity", { query: { project, limit: 200 } });
  expect(trail.rows.some(({ noun, action }) => noun === "secret" && action === "create")).toBe(true);
  expect(said.length).toBeGreaterThan(10);
  for (const text of [...said, JSON.stringify(trail), ...cut.logs, JSON.stringify(messages)]) {
    expect(text).not.toContain(canary);
    expect(text).not.toContain(base64(canary).slice(0, 12));
  }
  const watched = cut.app.services.inventory.health.map(({ resource }) => resource);
  expect(watched).not.toContain("secrets");
});
