/** Watches: history, live changes, selection, bookmarks, ends. */
import { request as httpsRequest } from "node:https";
import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../cluster.ts";
import { configMap, configMapsOf, newNamespace } from "./namespaces.ts";
import type { Target } from "./target.ts";

interface WatchEvent {
  type: string;
  object: {
    kind: string;
    code?: number;
    reason?: string;
    metadata: { name?: string; resourceVersion?: string; annotations?: Record<string, string> };
  };
}

interface Watching {
  events: WatchEvent[];
  /** `ADDED a`: what happened to the suite's own objects. */
  told: () => string[];
  ended: Promise<void>;
  stop: () => void;
}

/** Resolves once the watch is open. */
async function watch(api: Target, path: string, accept = "application/json"): Promise<Watching> {
  const events: WatchEvent[] = [];
  const { url, token, ...tls } = api.access;
  const request = httpsRequest(new URL(path, url), {
    ...tls,
    headers: { accept, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
  });
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const opened = new Promise<void>((resolve, reject) => {
    request.on("response", (response) => {
      resolve();
      let rest = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line !== "") events.push(JSON.parse(line) as WatchEvent); // one event a line
      });
      response.on("close", end);
    });
    request.on("error", (error) => {
      reject(error);
      end();
    });
  });
  request.end();
  await opened;
  const told = (): string[] =>
    events
      .filter(({ object }) => object.metadata.name?.startsWith("w-") === true)
      .map(({ type, object }) => `${type} ${object.metadata.name}`);
  return { events, told, ended, stop: () => request.destroy() };
}

const MERGE = { "content-type": "application/merge-patch+json" };

export function watches(api: () => Target): void {
  describe("watches", () => {
    let maps: string;
    beforeAll(async () => {
      maps = configMapsOf(await newNamespace(api()));
    });
    const versionNow = async (): Promise<string> => (await api().call(maps)).body.metadata.resourceVersion;

    test("tell what happened since a version, and go on", async () => {
      const since = await versionNow();
      await api().call(maps, { body: configMap("w-a") });
      const stream = await watch(api(), `${maps}?watch=1&resourceVersion=${since}`);
      await eventually(async () => stream.told().length === 1);
      await api().call(`${maps}/w-a`, { method: "PATCH", body: { data: { key: "2" } }, headers: MERGE });
      const { body } = await api().call(`${maps}/w-a`);
      await api().call(`${maps}/w-a`, { method: "DELETE" });
      await eventually(async () => stream.told().length === 3);
      stream.stop();
      expect(stream.told()).toEqual(["ADDED w-a", "MODIFIED w-a", "DELETED w-a"]);
      const [, modified, deleted] = stream.events.filter(({ object }) => object.metadata.name === "w-a");
      expect(modified?.object).toEqual(body);
      // a deletion has a version of its own, at which a watch goes on behind it
      expect(Number(deleted?.object.metadata.resourceVersion)).toBeGreaterThan(
        Number(modified?.object.metadata.resourceVersion),
      );
    });

    test("without a version begin with what there is", async () => {
      await api().call(maps, { body: configMap("w-b") });
      for (const version of ["", "&resourceVersion=0"]) {
        const stream = await watch(api(), `${maps}?watch=true${version}`);
        await eventually(async () => stream.told().length > 0);
        stream.stop();
        expect(stream.told()).toEqual(["ADDED w-b"]);
      }
      await api().call(`${maps}/w-b`, { method: "DELETE" });
    });

    test("see objects come into their selection and leave it", async () => {
      const since = await versionNow();
      const stream = await watch(api(), `${maps}?watch=1&labelSelector=in%3Dyes&resourceVersion=${since}`);
      const label = (value: string): Promise<unknown> =>
        api().call(`${maps}/w-c`, {
          method: "PATCH",
          body: { metadata: { labels: { in: value } } },
          headers: MERGE,
        });
      await api().call(maps, { body: configMap("w-c") });
      await label("yes");
      await api().call(`${maps}/w-c`, { method: "PATCH", body: { data: { key: "2" } }, headers: MERGE });
      await label("no");
      await label("yes");
      await api().call(`${maps}/w-c`, { method: "DELETE" });
      await eventually(async () => stream.told().length === 5);
      stream.stop();
      expect(stream.told()).toEqual(["ADDED w-c", "MODIFIED w-c", "DELETED w-c", "ADDED w-c", "DELETED w-c"]);
    });

    test("of one object follow that one", async () => {
      await api().call(maps, { body: configMap("w-one") });
      const stream = await watch(api(), `${maps}?watch=1&fieldSelector=metadata.name%3Dw-one`);
      await api().call(maps, { body: configMap("w-two") });
      await api().call(`${maps}/w-one`, { method: "DELETE" });
      await eventually(async () => stream.told().includes("DELETED w-one"));
      stream.stop();
      expect(stream.told()).toEqual(["ADDED w-one", "DELETED w-one"]);
    });

    test("end after the seconds they asked for", async () => {
      const stream = await watch(api(), `${maps}?watch=1&timeoutSeconds=1&labelSelector=none`);
      await stream.ended;
      expect(stream.told()).toEqual([]);
    });

    test("come as tables, whose columns are told once", async () => {
      await api().call(maps, { body: configMap("w-t") });
      const stream = await watch(
        api(),
        `${maps}?watch=1&fieldSelector=metadata.name%3Dw-t`,
        "application/json;as=Table;v=v1;g=meta.k8s.io",
      );
      await eventually(async () => stream.events.length === 1);
      await api().call(`${maps}/w-t`, { method: "PATCH", body: { data: { b: "2" } }, headers: MERGE });
      await eventually(async () => stream.events.length === 2);
      stream.stop();
      expect(stream.events).toMatchObject([
        {
          type: "ADDED",
          object: { kind: "Table", columnDefinitions: [{ name: "Name" }, {}, {}], rows: [{}] },
        },
        { type: "MODIFIED", object: { kind: "Table", columnDefinitions: null, rows: [{}] } },
      ]);
    });

    test("send everything first and mark where it ends, where that is asked for", async (context) => {
      if (api().minor < 34) context.skip("streamed lists are on since 1.34");
      await api().call(maps, { body: configMap("w-list") });
      const stream = await watch(
        api(),
        `${maps}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
      );
      const mark = await eventually(async () => stream.events.find(({ type }) => type === "BOOKMARK"));
      stream.stop();
      expect(mark.object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
      expect(stream.told()).toContain("ADDED w-list");
    });

    test("refuse a version that is no number", async () => {
      const { code, body } = await api().call(`${maps}?watch=1&resourceVersion=abc`);
      expect(code).toBe(500);
      expect(body.message).toBe(
        'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
      );
    });

    test("from a version that is forgotten say so in the stream", async (context) => {
      if (!api().forgetsChanges)
        context.skip("its cache of changes is in memory and cannot be told to forget");
      await api().forget();
      const stream = await watch(api(), `${maps}?watch=1&resourceVersion=1`);
      const [first] = await eventually(async () => (stream.events.length > 0 ? stream.events : undefined));
      stream.stop();
      expect(first).toMatchObject({
        type: "ERROR",
        object: { kind: "Status", status: "Failure", reason: "Expired", code: 410 },
      });
    });
  });
}
