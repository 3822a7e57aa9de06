/** Generated from the lists and feeds of the contract: a live socket tells a stranger nothing, not even that something happened. */
import { liveFeed, type LiveList, liveList } from "@kubev/api-types/live";
import { isObjectNoun, objectCatalog, objectNouns } from "@kubev/api-types/object-catalog";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type ConsoleUnderTest, type Person, until } from "./console-under-test.ts";
import { common, foreignObject, marker, openLive, secret, startForeignProject } from "./foreign-project.ts";
import { openToAll } from "./object-samples.ts";
import { UpstreamCost } from "./upstream-cost.ts";

const isSoak = process.env["SOAK"] === "1";
let cut: ConsoleUnderTest;
let bob: Person;
let upstream: UpstreamCost;

beforeAll(async () => {
  cut = await startForeignProject();
  bob = await cut.signIn("bob");
  upstream = new UpstreamCost(cut);
});
afterAll(async () => cut.close());

test.each([...openToAll])(
  "%s, which KubeVirt opens to everybody, is followed by a foreign caller",
  async (noun) => {
    const { socket, messages } = await openLive(cut, bob);
    socket.send(JSON.stringify({ type: "subscribe-feed", id: "a", feed: "object", noun, name: common }));
    await until(() => messages.some((message) => message.type === "invalidate"));
    expect(messages.filter((message) => message.type === "refused")).toEqual([]);
    socket.close();
  },
);

describe("live topics (CVE-2024-52280)", () => {
  /** What the first look at a list tells, whichever way it is asked for a project, and what that costs the cluster. */
  const firstLook = async (list: LiveList, project: string) => {
    const { socket, messages } = await openLive(cut, bob);
    await upstream.begin(bob);
    const queries = [{ q: project.slice(0, 8) }, { project }, { q: `project:${project}` }];
    for (const [at, query] of queries.entries())
      socket.send(JSON.stringify({ type: "subscribe-list", id: `l${at}`, list, query }));
    const told = () => messages.filter((message) => message.type === "rows");
    await until(() => told().length >= queries.length);
    const cost = upstream.of("bob").map((line) => line.replaceAll(project, "NAME"));
    socket.close();
    return { told: told().toSorted((a, b) => a.id.localeCompare(b.id)), cost };
  };

  const own = liveList.options.filter((list) => !isObjectNoun(list));
  /** Nouns share one code: two of them stand for all but in a longer run. */
  const compared = isSoak ? liveList.options : [...own, "config-map" as const, "security-group" as const];

  test.each(liveList.options)("%s", async (list) => {
    const { told } = await firstLook(list, secret);
    expect(told[0]).toMatchObject({ upserts: [], total: 0 });
  });

  test.each(compared)("%s of a hidden project are told of as of one that is not there", async (list) => {
    // as long as the other: where in a query a word lies is told
    expect(await firstLook(list, secret)).toEqual(await firstLook(list, "no-such-projects"));
  });

  /** What a subscription is refused with, and what that costs the cluster, without the names. */
  const refusalOf = async (message: object, names: readonly string[]) => {
    const { socket, messages } = await openLive(cut, bob);
    await upstream.begin(bob);
    socket.send(JSON.stringify({ type: "subscribe-feed", id: "a", ...message }));
    const refused = await until(() => messages.find((one) => one.type === "refused"));
    const cost = upstream.of("bob");
    socket.close();
    return {
      error: refused.error,
      cost: cost.map((one) => names.reduce((all, name) => all.replaceAll(name, "NAME"), one)),
    };
  };

  test.each(objectNouns.filter((noun) => !openToAll.has(noun)))(
    "a foreign %s is refused like one that is not there, at the same cost",
    async (noun) => {
      const refusalIn = async (project: string, name: string) =>
        refusalOf({ feed: "object", noun, name, ...(objectCatalog[noun].namespaced ? { project } : {}) }, [
          project,
          name,
        ]);
      expect(await refusalIn(secret, marker)).toEqual(await refusalIn("no-such-project", "no-such-machine"));
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
      foreignObject("VirtualMachine", "kubevirt.io/v1", `${marker}-stirred`, {
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
    (feed) => !["vm", "disk", "image", "object", "session", "capabilities"].includes(feed),
  );
  test("no shared feed tells a stranger that something happened", async () => {
    const { socket, messages } = await openLive(cut, bob);
    for (const feed of shared)
      socket.send(JSON.stringify({ type: "subscribe-feed", id: feed, feed, project: secret }));
    const heard = () => messages.filter((message) => message.type === "invalidate");
    // each tells once at the beginning, so that nothing between the page's own read and the feed is lost
    await until(() => heard().length === shared.length);
    const operator = await openLive(cut, await cut.signIn("operator"));
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

  test.each(["vm", "disk", "image"])(
    "%s of a foreign project is refused like one that is not there, at the same cost",
    async (feed) => {
      const refusalIn = async (project: string, name: string) =>
        refusalOf({ feed, project, name }, [project, name]);
      expect(await refusalIn(secret, marker)).toEqual(await refusalIn("no-such-project", "no-such-machine"));
      expect(await refusalIn(secret, marker)).toEqual(await refusalIn(secret, "no-such-machine"));
    },
  );
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
