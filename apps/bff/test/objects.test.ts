// oxlint-disable vitest/no-conditional-expect -- generated: what a noun's form takes depends on the noun
/** Every catalogued noun, from its sample: list, detail, text, form, live, trail and deletion, as the operator and as others. */
import { noProject, objectCatalog, objectNouns } from "@kubev/api-types/object-catalog";
import { objectShapes } from "@kubev/api-types/object-shapes";
import { LiveClient, type LiveSocket } from "../../web/src/api/live/client.ts";
import { liveFrame } from "@kubev/api-types/live";
import type { ReplyOf } from "@kubev/api-types/endpoints";
import type { ObjectRow } from "@kubev/api-types/objects";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { KubeClient } from "../src/kube/kube-client.ts";
import { KubeError } from "../src/kube/kube-error.ts";
import { collectionPath, objectPath } from "../src/kube/kube-path.ts";
import { objectKinds } from "../src/objects/object-kinds.ts";
import type { ConsoleUnderTest, ErrorBody, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { objectSamples, openToAll } from "./object-samples.ts";

const project = "web-shop";
let cut: ConsoleUnderTest;
let operator: Person;
let bob: Person;
let alice: Person;
/** Alice at the cluster itself, past the console. */
let aliceThere: KubeClient;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  operator = await cut.signIn("operator");
  bob = await cut.signIn("bob");
  alice = await cut.signIn("alice");
  const token = cut.sim.users.find(({ name }) => name === "alice")?.token ?? "";
  aliceThere = new KubeClient(cut.app.services.service.endpoint, () => ({ kind: "bearer", token }));
});
afterAll(async () => cut.close());

/** Whether the cluster's RBAC takes it; what it refuses for another reason it would have taken. */
async function clusterLets(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    return !(error.status === 403 && /cannot \w+ resource/.test(error.message));
  }
}

test("no kind is watched twice, however many tables are read from it", () => {
  const watched = cut.app.services.inventory.health.map(({ resource }) => resource);
  expect(watched.toSorted()).toEqual([...new Set(watched)].toSorted());
});

describe.each(objectNouns)("%s", (noun) => {
  const { group, version, resource, kind, namespaced } = objectCatalog[noun];
  const place = { noun, project: namespaced ? project : noProject };
  const seeded = `seeded-${noun}`;
  const made = noun === "provider-network" ? "made-pn" : `made-${noun}`; // it names a bridge, so it must be short

  const seed = (name: string) =>
    cut.sim.seed([
      {
        apiVersion: group === "" ? version : `${group}/${version}`,
        kind,
        metadata: { name, ...(namespaced ? { namespace: project } : {}) },
        ...objectSamples[noun].object,
      },
    ]);

  beforeAll(async () => {
    seed(seeded);
    await until(async () => (await list(seeded)).length > 0);
  });

  const list = async (name: string) =>
    (await operator.call("listObjects", { params: { noun }, query: { q: `name:${name}` } })).rows;

  test("its row and its page have the noun's own shape", async () => {
    const [row] = await list(seeded);
    expect(row).toMatchObject({ name: seeded, project: namespaced ? project : "" });
    objectShapes[noun].facts.parse(row?.facts);
    const detail = await operator.call("getObject", { params: { ...place, name: seeded } });
    objectShapes[noun].detail.parse(detail.detail);
    expect(detail.row.ref.uid).toBe(row?.ref.uid);
  });

  test("its text is read, checked and stored; a stale version is refused with what is stored now", async () => {
    const params = { ...place, name: seeded };
    // a controller may write its status between reading and storing: then a person reads again
    const body = await until(async () => {
      const read = await operator.call("getObjectYaml", { params });
      expect(read.yaml).toContain(`kind: ${kind}`);
      const label = "    touched: by-test\n";
      const yaml = /^ {2}labels:\n/m.test(read.yaml)
        ? read.yaml.replace(/^ {2}labels:\n/m, `  labels:\n${label}`)
        : read.yaml.replace(/^metadata:\n/m, `metadata:\n  labels:\n${label}`);
      const draft = { yaml, resourceVersion: read.resourceVersion };
      const { ok } = await operator.call("checkObjectYaml", { params, body: draft });
      if (!ok) return false;
      return (await operator.ask("putObjectYaml", { params, body: draft })).status === 200 && draft;
    });
    await until(async () => (await list(seeded))[0]?.labels["touched"] === "by-test");
    const stale = await operator.ask("putObjectYaml", { params, body });
    expect(stale.status).toBe(409);
    expect((stale.body as ErrorBody).error).toMatchObject({ code: "conflict" });
    const bad = await operator.call("checkObjectYaml", { params, body: { ...body, yaml: "kind: [" } });
    expect(bad.ok).toBe(false);
    expect(bad.problems[0]).toMatchObject({ line: 1 });
  });

  test("its list is live: a new one comes, a deleted one leaves", async () => {
    const name = `live-${noun}`;
    const tab = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
      headers: { cookie: operator.cookie, origin: cut.url },
    });
    const shown = new Map<string, string>();
    let order: string[] | null = null;
    tab.on("message", (data: Buffer) => {
      for (const message of liveFrame.parse(JSON.parse(data.toString("utf8")))) {
        if (message.type !== "rows") continue;
        for (const row of message.upserts as ObjectRow[]) shown.set(row.ref.uid ?? "", row.name);
        order = message.order ?? order ?? [];
      }
    });
    await until(() => tab.readyState === WebSocket.OPEN);
    const query = { q: `name:${name}`, page: 1, pageSize: 20 };
    tab.send(JSON.stringify({ type: "subscribe-list", id: "a", list: noun, query }));
    await until(() => order !== null);
    const names = () => (order ?? []).map((uid) => shown.get(uid));
    expect(names()).toEqual([]);
    seed(name);
    await until(() => names().includes(name));
    await cut.app.services.service.json(
      objectPath({ group, version, plural: resource, namespaced }, name, namespaced ? project : undefined),
      { method: "DELETE" },
    );
    await until(() => names().length === 0);
    tab.close();
  });

  test("its open page is told when it changes, by what the browser itself asks", async () => {
    const connect = () =>
      new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
        headers: { cookie: operator.cookie, origin: cut.url },
      }) as unknown as LiveSocket; // as: the real socket is wider
    const live = new LiveClient(
      {
        connect,
        setTimer: (run, delayMs) => {
          const timer = setTimeout(run, delayMs);
          return () => clearTimeout(timer);
        },
        random: Math.random,
      },
      () => undefined,
    );
    let told = 0;
    live.subscribe(
      {
        type: "subscribe-feed",
        feed: "object",
        project: namespaced ? project : undefined,
        name: seeded,
        noun,
      },
      { onResync: () => undefined, onInvalidate: () => (told += 1) },
    );
    live.start();
    await until(() => told > 0);
    const before = told;
    await cut.app.services.service.json(
      objectPath({ group, version, plural: resource, namespaced }, seeded, namespaced ? project : undefined),
      {
        method: "PATCH",
        contentType: "application/merge-patch+json",
        body: { metadata: { labels: { told: "yes" } } },
      },
    );
    await until(() => told > before);
    expect(live.state).toBe("live");
    live.stop();
  });

  test("its events are read", async () => {
    const { events } = await operator.call("listObjectEvents", { params: { ...place, name: seeded } });
    expect(events.every((event) => event.object.name === seeded)).toBe(true);
  });

  test("its form is previewed, made, changed and found in the trail; or it has none", async () => {
    const { spec } = objectSamples[noun];
    const named = { ...place, name: made };
    if (spec === null) {
      const answer = await operator.ask("createObject", { params: place, body: { spec: { name: made } } });
      expect(answer.status).toBe(400);
      return;
    }
    const body = { spec: { ...spec, name: made } };
    const preview = await operator.call("previewObject", { params: place, body });
    expect(preview.fields).toEqual([]);
    expect(preview.yaml).toContain(`name: ${made}`);
    const row = await operator.call("createObject", { params: place, body });
    expect(row.name).toBe(made);
    const again = await operator.call("previewObject", { params: place, body });
    expect(again.fields).toMatchObject([{ path: "name", reason: { code: "name-taken" } }]);
    const detail = await operator.call("getObject", { params: named });
    expect(detail.spec).toMatchObject({ name: made });
    const change = { spec: { ...detail.spec }, was: { ...detail.spec } };
    // what a controller wrote since the form was opened is no conflict
    await cut.app.services.service.json(
      objectPath({ group, version, plural: resource, namespaced }, made, namespaced ? project : undefined),
      {
        method: "PATCH",
        contentType: "application/merge-patch+json",
        body: { metadata: { annotations: { touched: "by a controller" } } },
      },
    );
    const taken = await operator.call("previewObjectChange", { params: named, body: change });
    expect(taken).toMatchObject({ ok: true, fields: [] });
    await operator.call("changeObject", { params: named, body: change });
    const wrong = await operator.call("previewObject", { params: place, body: { spec: { name: "UPPER" } } });
    expect(wrong.ok).toBe(false);
    expect(wrong.fields.map((field) => field.path)).toContain("name");
    const trail = await operator.call("listActivity", { query: { noun, name: made } });
    expect(trail.rows.filter((one) => one.outcome === "ok").map((one) => one.action)).toEqual([
      "update",
      "create",
    ]);
  });

  test("the owning tenant is told of list, page, create, edit and delete what the cluster itself answers her", async () => {
    const type = { group, version, plural: resource, namespaced };
    const namespace = namespaced ? project : undefined;
    const path = objectPath(type, seeded, namespace);
    const stored = await cut.app.services.service.json<Record<string, unknown>>(path);
    const dry = { query: { dryRun: "All" } };
    const [mayList, mayCreate, mayUpdate, mayDelete] = await Promise.all([
      clusterLets(aliceThere.json(collectionPath(type, namespace), { query: { limit: 1 } })),
      clusterLets(
        aliceThere.json(collectionPath(type, namespace), {
          ...dry,
          method: "POST",
          body: { ...stored, metadata: { name: `hers-${noun}` } },
        }),
      ),
      clusterLets(aliceThere.json(path, { ...dry, method: "PUT", body: stored })),
      clusterLets(aliceThere.json(path, { ...dry, method: "DELETE" })),
    ]);
    const { create } = await alice.call("getObjectNoun", {
      params: { noun },
      query: namespaced ? { project } : {},
    });
    expect(create.allowed).toBe(mayCreate);
    const { rows } = await alice.call("listObjects", { params: { noun }, query: { q: `name:${seeded}` } });
    const params = { ...place, name: seeded };
    const page = await alice.ask("getObject", { params });
    expect(page.status).toBe(rows.length === 0 ? 404 : 200);
    // of addresses of her machines she sees the rows all the same
    const held = "holderProject" in objectKinds[noun];
    if (!held) expect(rows.length === 1).toBe(mayList);
    const [row] = rows;
    if (row === undefined) {
      expect([mayUpdate, mayDelete]).toEqual([false, false]);
      return;
    }
    const lacksRight = ({ allowed, reason }: { allowed: boolean; reason?: { code: string } }) =>
      !allowed && reason?.code === "no-permission";
    expect((page.body as ReplyOf<"getObject">).row.actions).toEqual(row.actions);
    expect(lacksRight(row.actions.edit)).toBe(!mayUpdate);
    expect(lacksRight(row.actions.delete)).toBe(!mayDelete);
  });

  test("foreign and rightless tenants get what does not exist", async () => {
    const answer = await bob.ask("getObject", { params: { ...place, name: seeded } });
    expect(answer.status).toBe(openToAll.has(noun) ? 200 : 404);
    const kept = await bob.ask("deleteObject", { params: { ...place, name: seeded } });
    expect(kept.status).toBe(openToAll.has(noun) ? 403 : 404);
    expect(await list(seeded)).toHaveLength(1);
  });

  test("it is deleted, and leaves the list", async () => {
    const params = { ...place, name: seeded };
    const [row] = await list(seeded);
    if (row?.actions.delete.allowed === false) {
      const refused = await operator.ask("deleteObject", { params });
      expect(refused.status).toBe(409);
      return;
    }
    await operator.call("deleteObject", { params });
    await until(async () => (await list(seeded)).length === 0);
  });
});
