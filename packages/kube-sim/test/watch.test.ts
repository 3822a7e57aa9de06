/** Watches: history, bookmarks, WatchList, selection, 410, and pages that stay consistent. */
import { request as httpsRequest } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

interface WatchEvent {
  type: string;
  object: {
    kind: string;
    code?: number;
    reason?: string;
    metadata: { name?: string; resourceVersion?: string; annotations?: Record<string, string> };
  };
}

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "w" } } });
});
afterAll(() => cluster.close());

/** Collects events until the stream ends or `stop` is called. */
function watch(path: string): { events: WatchEvent[]; ended: Promise<void>; stop: () => void } {
  const events: WatchEvent[] = [];
  const url = new URL(path, cluster.sim.url);
  const request = httpsRequest(url, cluster.tls);
  const ended = new Promise<void>((resolve) => {
    request.on("response", (response) => {
      let rest = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line !== "") events.push(JSON.parse(line) as WatchEvent);
      });
      response.on("close", resolve);
    });
    request.on("error", () => resolve());
  });
  request.end();
  return { events, ended, stop: () => request.destroy() };
}

const configMap = (name: string, labels: Record<string, string> = {}): object => ({
  metadata: { name, labels },
  data: { key: "value" },
});
const maps = "/api/v1/namespaces/w/configmaps";

describe("watch", () => {
  test("replays what happened after a version, then goes on live", async () => {
    const before = await cluster.call(maps);
    await cluster.call(maps, { body: configMap("a1") });
    const stream = watch(`${maps}?watch=1&resourceVersion=${before.body.metadata.resourceVersion}`);
    await eventually(async () => stream.events.some(({ object }) => object.metadata.name === "a1"));
    await cluster.call(`${maps}/a1`, { method: "DELETE" });
    await eventually(async () => stream.events.length >= 2);
    stream.stop();
    expect(stream.events.map(({ type }) => type)).toEqual(["ADDED", "DELETED"]);
  });

  test("WatchList sends everything and marks the end with an annotated bookmark", async () => {
    await cluster.call(maps, { body: configMap("b1") });
    const stream = watch(
      `${maps}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    );
    const mark = await eventually(async () => stream.events.find(({ type }) => type === "BOOKMARK"));
    stream.stop();
    expect(mark.object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
    expect(stream.events.some(({ type, object }) => type === "ADDED" && object.metadata.name === "b1")).toBe(
      true,
    );
  });

  test("sendInitialEvents without resourceVersionMatch is refused", async () => {
    const answer = await cluster.call(`${maps}?watch=1&sendInitialEvents=true`);
    expect(answer.code).toBe(422);
    expect(answer.body.reason).toBe("Invalid");
  });

  test("an object that leaves the selection shows as deleted", async () => {
    const { body } = await cluster.call(maps);
    const stream = watch(
      `${maps}?watch=1&labelSelector=team%3Dred&resourceVersion=${body.metadata.resourceVersion}`,
    );
    await cluster.call(maps, { body: configMap("c1", { team: "red" }) });
    await cluster.call(`${maps}/c1`, {
      method: "PATCH",
      body: { metadata: { labels: { team: "blue" } } },
      headers: { "content-type": "application/merge-patch+json" },
    });
    await eventually(async () => stream.events.length >= 2);
    stream.stop();
    expect(stream.events.map(({ type }) => type)).toEqual(["ADDED", "DELETED"]);
  });

  test("a forgotten version is answered with 410 in the stream", async () => {
    const stream = watch(`${maps}?watch=1&resourceVersion=1`);
    await stream.ended;
    expect(stream.events).toHaveLength(1);
    expect(stream.events[0]?.type).toBe("ERROR");
    expect(stream.events[0]?.object).toMatchObject({ kind: "Status", code: 410, reason: "Expired" });
  });

  test("timeoutSeconds ends the stream with a bookmark", async () => {
    const stream = watch(`${maps}?watch=1&timeoutSeconds=1&allowWatchBookmarks=true`);
    await stream.ended;
    expect(stream.events.at(-1)?.type).toBe("BOOKMARK");
  });
});

describe("pages", () => {
  test("go on in the snapshot they began with", async () => {
    for (const index of [1, 2, 3, 4, 5]) {
      await cluster.call("/api/v1/namespaces/w/secrets", { body: { metadata: { name: `s${index}` } } });
    }
    const first = await cluster.call("/api/v1/namespaces/w/secrets?limit=2");
    expect(first.body.items).toHaveLength(2);
    expect(first.body.metadata.remainingItemCount).toBe(3);
    await cluster.call("/api/v1/namespaces/w/secrets/s4", { method: "DELETE" });
    const token = encodeURIComponent(first.body.metadata.continue);
    const second = await cluster.call(`/api/v1/namespaces/w/secrets?limit=10&continue=${token}`);
    expect(second.body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual([
      "s3",
      "s4",
      "s5",
    ]);
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
  });

  test("a broken continue token is 400, one of another time 410", async () => {
    expect((await cluster.call(`${maps}?limit=1&continue=%7B`)).code).toBe(400);
    const old = Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: 1, start: "w/a\u0000" })).toString(
      "base64url",
    );
    expect((await cluster.call(`${maps}?limit=1&continue=${old}`)).code).toBe(410);
  });

  test("unsupported field selectors are refused", async () => {
    expect((await cluster.call(`${maps}?fieldSelector=data.key%3Dx`)).code).toBe(400);
  });
});
