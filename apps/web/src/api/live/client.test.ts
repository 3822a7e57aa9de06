/** The live connection: gaps, restarts, drops and silence, on a socket and a clock of our own. */
import { beforeEach, expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";
import { LiveClient, type LiveSocket } from "./client.ts";

class FakeSocket implements LiveSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  closed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  receive(...messages: object[]): void {
    this.onmessage?.({ data: JSON.stringify(messages) });
  }
  ids(): unknown[] {
    return this.sent
      .filter((message) => String(message["type"]).startsWith("subscribe"))
      .map((message) => message["id"]);
  }
}

let sockets: FakeSocket[];
let timers: { run: () => void; delayMs: number }[];
let ended: number;
let client: LiveClient;
const seen: string[] = [];

const socket = (index = -1) => {
  const found = sockets.at(index);
  if (!found) throw new Error("no socket was opened");
  return found;
};
/** Runs the timer that waits exactly `delayMs`. */
const runTimer = (match: (delayMs: number) => boolean) => {
  const index = timers.findIndex((timer) => match(timer.delayMs));
  const [timer] = timers.splice(index, 1);
  if (index === -1 || !timer) throw new Error("no such timer");
  timer.run();
};

const rows = (id: unknown, seq: number) => ({
  type: "rows",
  id,
  seq,
  upserts: [],
  total: 0,
  totalUnfiltered: 0,
  staleSince: null,
});

beforeEach(() => {
  sockets = [];
  timers = [];
  ended = 0;
  seen.length = 0;
  client = new LiveClient(
    {
      connect: () => {
        const made = new FakeSocket();
        sockets.push(made);
        return made;
      },
      setTimer: (run, delayMs) => {
        const timer = { run, delayMs };
        timers.push(timer);
        return () => {
          timers = timers.filter((each) => each !== timer);
        };
      },
      random: () => 0.5,
    },
    () => {
      ended += 1;
    },
  );
  client.start();
});

const follow = () =>
  client.subscribe(
    { type: "subscribe-list", list: "vms", query: { project: "a" } },
    { onRows: (message) => seen.push(`rows ${message.seq}`), onResync: () => seen.push("resync") },
  );

const open = () => {
  socket().onopen?.();
  socket().receive({ type: "hello", epoch: "e1" });
};

test("subscribes when the connection opens, with the query as given", () => {
  follow();
  expect(socket().sent).toEqual([]);
  open();
  expect(client.state).toBe("live");
  expect(socket().sent).toEqual([{ type: "subscribe-list", id: "s1", list: "vms", query: { project: "a" } }]);
});

test("a gap in the sequence asks again under a new id, and old frames no longer count", () => {
  follow();
  open();
  socket().receive(rows("s1", 1), rows("s1", 2), rows("s1", 4), rows("s1", 5));
  expect(seen).toEqual(["rows 1", "rows 2", "resync"]);
  expect(socket().ids()).toEqual(["s1", "s2"]);
  socket().receive(rows("s2", 1));
  expect(seen.at(-1)).toBe("rows 1");
});

test("another epoch renews everything", () => {
  follow();
  open();
  socket().receive({ type: "hello", epoch: "e2" });
  expect(seen).toEqual(["resync"]);
  expect(socket().ids()).toEqual(["s1", "s2"]);
});

test("reset renews the one subscription", () => {
  follow();
  follow();
  open();
  socket().receive({ type: "reset", id: "s2" });
  expect(seen).toEqual(["resync"]);
  expect(socket().ids()).toEqual(["s1", "s2", "s3"]);
});

test("comes back after a drop, subscribes again and asks for a fresh fetch", () => {
  follow();
  open();
  socket().onclose?.({ code: 1006 });
  expect(client.state).toBe("waiting");
  runTimer((delayMs) => delayMs === backoffMs(0, () => 0.5));
  expect(sockets).toHaveLength(2);
  open();
  expect(client.state).toBe("live");
  expect(seen).toEqual(["resync"]);
  expect(socket().ids()).toEqual(["s1"]);
});

test("waits longer with every failed try", () => {
  socket().onclose?.({ code: 1006 });
  const first = timers[0]?.delayMs ?? 0;
  runTimer((delayMs) => delayMs === first);
  socket().onclose?.({ code: 1006 });
  expect(timers[0]?.delayMs).toBeGreaterThan(first);
});

test("a silent connection is asked, and given up where no answer comes", () => {
  open();
  runTimer((delayMs) => delayMs === 35_000);
  expect(socket().sent).toEqual([{ type: "ping" }]);
  expect(client.state).toBe("live");
  runTimer((delayMs) => delayMs === 10_000);
  expect(socket(0).closed).toBe(true);
  expect(client.state).toBe("waiting");
});

test("a tab whose timers were late asks before it gives up, and stays with whoever answers", () => {
  open();
  runTimer((delayMs) => delayMs === 35_000);
  socket().receive({ type: "pong" });
  expect(timers.map((timer) => timer.delayMs).toSorted((a, b) => a - b)).toEqual([20_000, 35_000]);
  expect(client.state).toBe("live");
});

test("a connection that neither opens nor fails is tried again", () => {
  runTimer((delayMs) => delayMs === 30_000);
  expect(socket(0).closed).toBe(true);
  expect(client.state).toBe("waiting");
  runTimer((delayMs) => delayMs === backoffMs(0, () => 0.5));
  open();
  expect(client.state).toBe("live");
  expect(timers.some((timer) => timer.delayMs === 30_000)).toBe(false);
});

test("somebody whom the server let go of for not reading comes back by himself", () => {
  follow();
  open();
  socket().onclose?.({ code: 4408 });
  runTimer((delayMs) => delayMs === backoffMs(0, () => 0.5));
  open();
  expect(client.state).toBe("live");
  expect(seen).toEqual(["resync"]);
});

test("an ended session is told once and not tried again", () => {
  open();
  socket().onclose?.({ code: 4401 });
  expect(ended).toBe(1);
  expect(timers).toEqual([]);
  expect(client.state).toBe("idle");
});

test("after unsubscribing nothing more arrives, also under a renewed id", () => {
  const stop = follow();
  open();
  socket().receive({ type: "reset", id: "s1" });
  seen.length = 0;
  stop();
  expect(socket().sent.at(-1)).toEqual({ type: "unsubscribe", id: "s2" });
  socket().receive(rows("s2", 1));
  expect(seen).toEqual([]);
});

test("a frame that cannot be read renews everything", () => {
  follow();
  open();
  socket().onmessage?.({ data: "{half" });
  expect(seen).toEqual(["resync"]);
});

test("asks for one object by everything that names it", () => {
  const handler = { onResync: () => undefined };
  client.subscribe(
    { type: "subscribe-feed", feed: "object", project: "a", name: "b", noun: "vpc-nat-gateway" },
    handler,
  );
  client.subscribe(
    { type: "subscribe-feed", feed: "tasks", project: undefined, name: undefined, noun: undefined },
    handler,
  );
  open();
  expect(socket().sent).toEqual([
    { type: "subscribe-feed", id: "s1", feed: "object", project: "a", name: "b", noun: "vpc-nat-gateway" },
    { type: "subscribe-feed", id: "s2", feed: "tasks" },
  ]);
});

const refuse = (id: string, code: string) =>
  socket().receive({ type: "refused", id, error: { code, requestId: "" } });

test("what is refused is known as not followed, and asked for again until the server tells of it", () => {
  const states: string[] = [];
  client.onStateChange(() => states.push(client.state));
  follow();
  open();
  refuse("s1", "rate-limited");
  expect(client.state).toBe("partly");
  runTimer((delayMs) => delayMs === backoffMs(1, () => 0.5));
  expect(socket().sent.slice(-2)).toEqual([
    { type: "unsubscribe", id: "s1" },
    { type: "subscribe-list", id: "s2", list: "vms", query: { project: "a" } },
  ]);
  refuse("s2", "not-found");
  runTimer((delayMs) => delayMs === backoffMs(5, () => 0.5, 60_000));
  expect(client.state).toBe("partly");
  socket().receive(rows("s3", 1));
  expect(client.state).toBe("live");
  expect(seen).toEqual(["rows 1"]);
  expect(states).toEqual(["live", "partly", "partly", "live"]);
});

test("what the server can never take is not asked for again, and forgotten with its page", () => {
  const stop = follow();
  open();
  refuse("s1", "invalid");
  expect(client.state).toBe("partly");
  expect(timers.map((timer) => timer.delayMs).toSorted((a, b) => a - b)).toEqual([20_000, 35_000]);
  stop();
  expect(client.state).toBe("live");
});

test("a page that is left does not ask again for what was refused", () => {
  const stop = follow();
  open();
  refuse("s1", "rate-limited");
  stop();
  expect(timers.map((timer) => timer.delayMs).toSorted((a, b) => a - b)).toEqual([20_000, 35_000]);
});

const followFeed = () =>
  client.subscribe(
    { type: "subscribe-feed", feed: "session" },
    { onInvalidate: () => seen.push("invalidate"), onResync: () => seen.push("resync") },
  );
const invalidate = (id: string, seq: number, unchanged?: true) =>
  socket().receive({ type: "invalidate", id, seq, gone: false, ...(unchanged && { unchanged }) });

test("nothing is fetched again where nothing happened since the page was asked for, and all that happens later is", () => {
  followFeed();
  open();
  invalidate("s1", 1, true);
  expect(seen).toEqual([]);
  invalidate("s1", 2);
  expect(seen).toEqual(["invalidate"]);
});

test("a feed that was refused for a while is fetched again, though nothing happened lately", () => {
  followFeed();
  open();
  socket().receive({ type: "refused", id: "s1", error: { code: "rate-limited", requestId: "" } });
  runTimer((delayMs) => delayMs === backoffMs(1, () => 0.5));
  invalidate("s2", 1, true);
  expect(seen).toEqual(["invalidate"]);
  expect(client.state).toBe("live");
});

test("a page that waited for its first connection fetches again what it read long ago", () => {
  followFeed();
  socket().onclose?.({ code: 1006 });
  runTimer((delayMs) => delayMs === backoffMs(0, () => 0.5));
  open();
  expect(seen).toEqual(["resync"]);
});
