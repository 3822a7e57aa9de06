/** Logs of containers as a stream: nothing lost, nothing repeated, ended where the container ended. */
import type { PodLogMessage } from "@kubev/api-types/pod-streams";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { PodLog, type PodLogReader } from "../src/consoles/pod-log.ts";
import type { Clock } from "../src/kube/clock.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { type LogWriter, project, startLogWriter } from "./log-writer.ts";

let cut: ConsoleUnderTest;
let alice: Person;
let pods = 0;
/** A pod of its own for every test. */
let writer: LogWriter;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  alice = await cut.signIn("alice");
});
afterAll(async () => cut.close());

beforeEach(async () => {
  pods += 1;
  writer = await startLogWriter(cut, alice, `writer-${pods}`);
});

test("lines come as they are written, through cut streams, each once", async () => {
  await writer.write("one");
  const log = await writer.open(alice);
  await until(() => log.said().includes("one"));
  for (const word of ["two", "three", "four"]) {
    cut.sim.faults.dropWatches(word === "three" ? "end" : "reset");
    await writer.write(word);
    await until(() => log.said().includes(word));
  }
  expect(log.said()).toEqual(["one", "two", "three", "four"]);
  expect(log.lines()[0]?.text).toContain("no program runs in container web");
  log.socket.terminate();
});

test("who comes back says where he was and gets the rest", async () => {
  await writer.write("before");
  const first = await writer.open(alice);
  await until(() => first.said().includes("before"));
  first.socket.terminate();
  await writer.write("meanwhile");
  const at = first.lines().at(-1)?.at ?? "";
  const second = await writer.open(alice, { after: { at, lines: 1 } });
  await writer.write("after");
  await until(() => second.said().includes("after"));
  expect(second.said()).toEqual(["meanwhile", "after"]);
  second.socket.terminate();
});

test("the cluster's absence is said and waited out", async () => {
  const broken = cut.sim.faults.add({ urlContains: writer.name, effect: { kind: "status", code: 503 } });
  const log = await writer.open(alice);
  await until(() => log.messages.some(({ type }) => type === "away"));
  broken();
  await writer.write("back");
  await until(() => log.said().includes("back"));
  expect(log.messages.filter(({ type }) => type === "away")).toHaveLength(1);
  log.socket.terminate();
});

test("a host that does not answer is said once, whatever the cluster says of the pod meanwhile", async () => {
  // before each of them the pod is looked at, and that is answered
  cut.sim.faults.add({ urlContains: `${writer.name}/log`, effect: { kind: "status", code: 503 }, times: 3 });
  const log = await writer.open(alice);
  await until(() => log.lines().length > 0);
  expect(log.messages.map(({ type }) => type).slice(0, 4)).toEqual([
    "container",
    "away",
    "container",
    "lines",
  ]);
  log.socket.terminate();
});

test("a host that forgot the pod first is no refusal; one that keeps to it is, in its words", async () => {
  cut.sim.faults.add({ urlContains: `${writer.name}/log`, effect: { kind: "status", code: 404 }, times: 1 });
  const log = await writer.open(alice);
  await until(() => log.lines().length > 0);
  log.socket.terminate();
  const broken = cut.sim.faults.add({
    urlContains: `${writer.name}/log`,
    effect: { kind: "status", code: 404 },
  });
  const other = await writer.open(alice);
  expect(await other.closed()).toBe(1000);
  expect(other.messages.at(-1)).toMatchObject({ type: "over", why: "refused" });
  broken();
});

test("the log of what has ended is whole only where the cluster ended it: broken off it is read on, or said to be cut", async () => {
  for (const word of ["one", "two", "three"]) await writer.write(word);
  await writer.setStatus(
    { ready: false, restartCount: 0, state: { terminated: { exitCode: 0 } } },
    "Succeeded",
  );
  cut.sim.faults.add({
    urlContains: `${writer.name}/log`,
    effect: { kind: "cut", afterBytes: 200 },
    times: 2,
  });
  const log = await writer.open(alice);
  expect(await log.closed()).toBe(1000);
  expect(log.said()).toEqual(["one", "two", "three"]);
  expect(log.messages.at(-1)).toMatchObject({ type: "over", why: "ended" });
  const broken = cut.sim.faults.add({
    urlContains: `${writer.name}/log`,
    effect: { kind: "cut", afterBytes: 200 },
  });
  const other = await writer.open(alice);
  expect(await other.closed()).toBe(1000);
  expect(other.messages.at(-1)).toMatchObject({ type: "over", why: "cut" });
  expect(other.said()).not.toContain("three");
  broken();
});

test("what breaks off each time is said to be cut, also where the container will run again", async () => {
  await writer.setStatus({ ready: false, restartCount: 0, state: { terminated: { exitCode: 1 } } });
  const broken = cut.sim.faults.add({
    urlContains: `${writer.name}/log`,
    effect: { kind: "cut", afterBytes: 20 },
  });
  const log = await writer.open(alice);
  expect(await log.closed()).toBe(1000);
  expect(log.messages.at(-1)).toMatchObject({ type: "over", why: "cut" });
  broken();
});

test("how often a run's stream broke off does not count against the next state of it", async () => {
  await writer.write("one");
  let breaks = 0;
  const { messages, follow } = await logOf({
    // between two streams, so that none of them ends whole
    sleep: async () => {
      breaks += 1;
      if (breaks !== 8) return;
      await writer.setStatus(
        { ready: false, restartCount: 0, state: { terminated: { exitCode: 0 } } },
        "Succeeded",
      );
      cut.sim.faults.add({
        urlContains: `${writer.name}/log`,
        effect: { kind: "cut", afterBytes: 20 },
        times: 2,
      });
    },
  });
  const followed = follow();
  await until(() => messages.some(({ type }) => type === "lines"));
  await until(() => {
    if (breaks < 8) cut.sim.faults.dropWatches();
    return breaks >= 8;
  });
  expect(await followed).toEqual({ type: "over", why: "ended", text: "" });
});

test("of the run before, too, the cluster's return is said once it answers", async () => {
  await writer.setStatus({
    ready: true,
    restartCount: 1,
    state: { running: { startedAt: "2026-11-22T10:00:00Z" } },
    lastState: { terminated: { exitCode: 1, finishedAt: "2026-11-22T09:59:00Z" } },
  });
  const first = await writer.open(alice, { previous: true });
  expect(await first.closed()).toBe(1000);
  expect(first.messages.map(({ type }) => type)).toEqual(["lines", "over"]);
  const after = { at: first.lines().at(-1)?.at ?? "", lines: 1 };
  cut.sim.faults.add({ urlContains: `${writer.name}/log`, effect: { kind: "status", code: 503 }, times: 1 });
  const log = await writer.open(alice, { previous: true, after });
  expect(await log.closed()).toBe(1000);
  expect(log.messages).toEqual([
    expect.objectContaining({ type: "away" }),
    { type: "lines", lines: [] },
    { type: "over", why: "ended", text: "" },
  ]);
});

test("restarts and the end are said where they happened", async () => {
  const log = await writer.open(alice);
  await until(() => log.lines().length > 0);
  await writer.setStatus({
    ready: false,
    restartCount: 0,
    state: { terminated: { exitCode: 7, reason: "Error" } },
  });
  await until(() => log.messages.some((one) => one.type === "container" && one.state === "ended"));
  await writer.setStatus({
    ready: true,
    restartCount: 1,
    state: { running: { startedAt: "2026-11-22T10:00:00Z" } },
  });
  await until(() => log.messages.some((one) => one.type === "container" && one.restarts === 1));
  await writer.write("again");
  await until(() => log.said().includes("again"));
  await writer.setStatus(
    { ready: false, restartCount: 1, state: { terminated: { exitCode: 0 } } },
    "Succeeded",
  );
  expect(await log.closed()).toBe(1000);
  const told = log.messages.flatMap((one) => (one.type === "container" ? [[one.state, one.exitCode]] : []));
  expect(told).toEqual([
    ["running", null],
    ["ended", 7],
    ["running", null],
    ["ended", 0],
  ]);
  expect(log.messages.at(-1)).toEqual({ type: "over", why: "ended", text: "" });
});

test("a pod that goes, and what the cluster refuses, end it in words", async () => {
  const log = await writer.open(alice);
  const before = await writer.open(alice, { previous: true });
  expect(await before.closed()).toBe(1000);
  const last = before.messages.at(-1);
  expect(last).toMatchObject({ type: "over", why: "refused" });
  expect(JSON.stringify(last)).toContain("previous terminated container");
  await until(() => log.lines().length > 0);
  await cut.app.services.service.json(writer.path(), { method: "DELETE" });
  expect(await log.closed()).toBe(1000);
  expect(log.messages.at(-1)).toMatchObject({ type: "over", why: "gone" });
});

/** What the server holds of logs for browsers that do not read. */
const waitingBytes = async () => {
  const text = await (await alice.fetch("GET", "/metrics")).text();
  return Number(/^kubev_log_buffered_bytes (\d+)$/m.exec(text)?.[1]);
};

test("of what a slow browser does not read the server holds one frame, and it gets everything in the end", async () => {
  const words = Array.from({ length: 400 }, (_, index) => `${index} ${"x".repeat(50_000)}`);
  for (const word of words) await writer.write(word);
  const log = await writer.open(alice);
  await until(() => log.messages.length > 0);
  log.socket.pause();
  // the frame grows until the way to the browser is full
  let before = 0;
  await until(async () => {
    const now = await waitingBytes();
    const settled = now > 0 && now === before;
    before = now;
    return settled;
  });
  const seen: number[] = [];
  for (const word of ["more", "and more", "last"]) {
    await writer.write(word);
    seen.push(await waitingBytes());
  }
  // a chunk of the cluster's stream and the line that it completes
  expect(Math.min(...seen)).toBeGreaterThan(0);
  expect(Math.max(...seen)).toBeLessThan(512 * 1024);
  expect(log.said().length).toBeLessThan(words.length);
  words.push("more", "and more");
  log.socket.resume();
  await until(() => log.said().at(-1) === "last");
  expect(log.said()).toEqual([...words, "last"]);
  log.socket.terminate();
});

/** A log without a browser: its time and its reader are the test's. */
async function logOf({ send, sleep }: { send?: PodLogReader["send"]; sleep?: Clock["sleep"] }) {
  const { services } = cut.app;
  const pod = await services.service.json<{ metadata: { uid: string } }>(writer.path());
  const stop = new AbortController();
  const messages: PodLogMessage[] = [];
  const log = new PodLog({
    client: services.service,
    clock: { ...services.clock, ...(sleep === undefined ? {} : { sleep }) },
    subject: {
      kind: "log",
      sessionHash: "",
      cluster: services.endpoint.id,
      project,
      name: writer.name,
      uid: pod.metadata.uid,
      container: "web",
      previous: false,
      tailLines: 1000,
      after: null,
    },
    signal: stop.signal,
    send: async (message) => {
      messages.push(message);
      await send?.(message);
    },
  });
  return { messages, stop, follow: async () => log.follow() };
}

test("one frame is under way at a time: what a reader has not taken stays in the cluster", async () => {
  for (let index = 0; index < 20; index += 1) await writer.write(`${index} ${"x".repeat(50_000)}`);
  let underWay = 0;
  let most = 0;
  let taken = 0;
  const { stop, follow } = await logOf({
    send: async (message) => {
      underWay += 1;
      most = Math.max(most, underWay);
      if (message.type === "lines") taken += message.lines.length;
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
    },
  });
  const followed = follow();
  await until(() => taken > 20);
  stop.abort();
  await expect(followed).rejects.toThrow(/aborted/);
  expect(most).toBe(1);
});
