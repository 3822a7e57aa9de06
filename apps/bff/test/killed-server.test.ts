/**
 * The server killed in the middle of its work: who was signed in still is, whoever opens his list and consoles again has the truth,
 * and what was asked once reaches the cluster at most once. (That a browser does open them again: e2e/tests/killed-server.spec.ts.)
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ErrorBody, Person, until } from "./console-under-test.ts";
import { type DeedsSeen, watchDeeds } from "./deeds-seen.ts";
import { freePort } from "./free-port.ts";
import { LiveTab } from "./live-tab.ts";
import type { ServerProcess } from "./server-process.ts";
import { startServerProcess } from "./server-process.ts";
import { type WatchedConsole, watchedConsole } from "./watched-console.ts";

const isSoak = process.env["SOAK"] === "1";
const kills = isSoak ? 25 : 1;
const writers = 4;
const project = "web-shop";
const graceMs = 2000;
/** Long enough that a kill meets some. */
const resetTakesMs = 250;
const dataDir = mkdtempSync(join(tmpdir(), "kubev-killed-"));
let sim: KubeSim;
let server: ServerProcess;
let env: Record<string, string>;
let deeds: DeedsSeen;
/** Of alice, that would change something, answered or not. */
let asked = 0;

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
  deeds = watchDeeds(sim, "alice");
  env = {
    KUBECONFIG_FILE: sim.kubeconfigPath,
    DATA_DIR: dataDir,
    SIGN_IN_MODES: "token",
    DRAIN_GRACE_SECONDS: String(graceMs / 1000),
    PORT: String(await freePort()),
  };
  server = await start();
});
afterAll(async () => {
  await server.stop();
  await sim.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<ServerProcess> {
  const started = await startServerProcess(env);
  await until(async () => (await fetch(`${started.url}/readyz`).catch(() => null))?.ok === true);
  return started;
}

/** Makes disks one after the other; what the server was killed over is asked for again, under the same name. */
async function write(person: Person, lane: number, isOver: () => boolean): Promise<string[]> {
  const made: string[] = [];
  for (let index = 0; !isOver(); index += 1) {
    const name = `lane-${lane}-${index}`;
    for (let tries = 0; ; tries += 1) {
      asked += 1;
      const answer = await person
        .ask("createDisk", {
          params: { project },
          body: { name, source: { kind: "blank" }, sizeBytes: 64 * 1024 ** 2 },
        })
        .catch(() => null);
      if (answer !== null && answer.status < 300) break;
      // it was made by the try whose answer was lost
      const isThere = answer?.status === 409 || JSON.stringify(answer?.body ?? "").includes("already exists");
      if (tries > 0 && answer !== null && isThere) break;
      if (answer !== null && answer.status !== 503 && answer.status !== 504)
        throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)} at try ${tries}`);
      await until(async () => (await fetch(`${server.url}/livez`).catch(() => null))?.ok === true);
    }
    made.push(name);
  }
  return made;
}

interface Reset {
  /** Undefined where the server was killed over it. */
  answered: unknown;
  /** How often it reached the cluster, by the time that the next server answers where this one was killed. */
  sent: number;
}

/** Resets a machine again and again, never one time more for an answer that was lost: nothing in the cluster would refuse a second one. */
async function reset(person: Person, name: string, isOver: () => boolean): Promise<Reset[]> {
  const seen = () => deeds.of(`/${name}/reset`);
  const resets: Reset[] = [];
  while (!isOver()) {
    const before = seen();
    asked += 1;
    const answer = await person
      .ask("actOnVms", { body: { action: "reset", targets: [{ project, name }] } })
      .catch(() => null);
    if (answer === null) {
      await until(async () => (await fetch(`${server.url}/readyz`).catch(() => null))?.ok === true);
      // the server that came after it does something for this person
      await person.call("getSession");
    }
    resets.push({ answered: answer?.body, sent: seen() - before });
  }
  return resets;
}

/** A screen and a serial port, of which something came. */
async function openConsoles(person: Person, name = "shop-web-1"): Promise<WatchedConsole[]> {
  const at = { project, name };
  return Promise.all(
    (["vnc", "serial"] as const).map(async (kind) => {
      const console = watchedConsole(
        person,
        await person.call("createConsoleTicket", { params: at, body: { kind, takeOver: true } }),
      );
      // a serial port is silent until somebody presses a key
      if (kind === "serial")
        await until(() => console.socket.readyState === 1 && (console.socket.send(Buffer.from("\n")), true));
      await until(() => console.bytes > 0);
      return console;
    }),
  );
}

test(
  `killed ${kills} times under ${writers} writers: sessions hold, lists and consoles open again, nothing asked once is sent twice`,
  async () => {
    const alice = new Person(server.url);
    const token = sim.users.find(({ name }) => name === "alice")?.token ?? "";
    await alice.call("signInWithToken", { body: { token } });
    const { cookie } = alice;
    sim.faults.add({
      method: "PUT",
      urlContains: "/reset",
      effect: { kind: "delay", delayMs: resetTakesMs },
    });
    let tab = await new LiveTab<VmRow>(alice).follow("disks", "name:lane-");
    let isOver = false;
    const writing = Array.from({ length: writers }, async (_, lane) => write(alice, lane, () => isOver));
    const resetting = ["shop-web-2", "shop-web-3"].map(async (name) => reset(alice, name, () => isOver));
    let consoles = await openConsoles(alice);
    const made = async () => (await alice.call("listDisks", { query: { q: "name:lane-" } })).total;
    for (let kill = 0; kill < kills; kill += 1) {
      const before = await made();
      await until(async () => (await made()) > before + writers);
      await server.kill();
      for (const cut of [tab, ...consoles])
        expect(await until(() => cut.closeCode !== 0 && cut.closeCode)).toBe(1006);
      server = await start();
      expect(alice.cookie).toBe(cookie);
      expect((await alice.call("getSession")).user?.name).toBe("alice");
      tab = await new LiveTab<VmRow>(alice).follow("disks", "name:lane-");
      consoles = await openConsoles(alice);
    }
    isOver = true;
    const names = (await Promise.all(writing)).flat().toSorted();
    const resets = (await Promise.all(resetting)).flat();
    const cutOff = resets.filter(({ answered }) => answered === undefined);
    expect(cutOff.length).toBeGreaterThan(0);
    expect(Math.max(...cutOff.map(({ sent }) => sent))).toBeLessThanOrEqual(1);
    expect(new Set(resets.filter((one) => !cutOff.includes(one)).map(({ sent }) => sent))).toEqual(
      new Set([1]),
    );
    expect(JSON.stringify(resets)).not.toContain('"ok":false');
    expect(deeds.all).toBeLessThanOrEqual(asked);
    expect(deeds.all).toBeGreaterThanOrEqual(names.length);
    await until(async () => (await made()) === names.length);
    await until(() => tab.total === names.length);
    // they are still being filled
    await until(async () => {
      const query = { q: "name:lane-", pageSize: 20, sort: "name" };
      const { rows } = await alice.call("listDisks", { query });
      return JSON.stringify(tab.window()) === JSON.stringify(rows);
    });
    expect(new Set(names).size).toBe(names.length);
    // each write that was answered is told once; the trail of one that was cut off may be lost with the server
    const rows = await alice.call("listActivity", { query: { limit: 200 } });
    const told = rows.rows
      .filter(
        ({ action, outcome, name }) => action === "create" && outcome === "ok" && name.startsWith("lane-"),
      )
      .map(({ name }) => name);
    expect(new Set(told).size).toBe(told.length);
    for (const { socket } of [tab, ...consoles]) socket.close();
  },
  isSoak ? 600_000 : 60_000,
);

test("told to go: live sockets end at once, consoles after their grace, all with 1001, and nobody who does not read holds it up", async () => {
  const alice = new Person(server.url);
  const token = sim.users.find(({ name }) => name === "alice")?.token ?? "";
  await alice.call("signInWithToken", { body: { token } });
  const follow = async () => new LiveTab<VmRow>(alice).follow("vms", "");
  const [tab, muteTab] = [await follow(), await follow()];
  const consoles = await openConsoles(alice);
  const [muteScreen] = await openConsoles(alice, "shop-web-2");
  for (const mute of [muteTab, muteScreen]) mute?.socket.pause();
  const beganMs = performance.now();
  const stopped = server.stop();
  expect(await until(() => tab.closeCode !== 0 && tab.closeCode)).toBe(1001);
  const liveMs = performance.now() - beganMs;
  // whoever is at a screen may finish what he does
  const [, serial] = consoles;
  const before = serial?.bytes ?? 0;
  serial?.socket.send(Buffer.from("\n"));
  await until(() => (serial?.bytes ?? 0) > before);
  expect(consoles.map(({ closeCode }) => closeCode)).toEqual([0, 0]);
  for (const console of consoles)
    expect(await until(() => console.closeCode !== 0 && console.closeCode)).toBe(1001);
  const consolesMs = performance.now() - beganMs;
  await stopped;
  const endMs = performance.now() - beganMs;
  expect(liveMs).toBeLessThan(graceMs);
  expect(consolesMs).toBeGreaterThan(graceMs - 100);
  // a third of a second on an idle machine, and room for a busy one
  expect(endMs).toBeLessThan(graceMs + 1500);
  for (const { socket } of [muteTab, ...(muteScreen === undefined ? [] : [muteScreen])]) socket.terminate();
});

test("one that has just begun does not say that there is no storage before it was read", async () => {
  await server.stop();
  const heal = sim.faults.add({
    method: "GET",
    urlContains: "/storageclasses",
    effect: { kind: "hang-up" },
  });
  server = await start();
  const alice = new Person(server.url);
  const token = sim.users.find(({ name }) => name === "alice")?.token ?? "";
  await alice.call("signInWithToken", { body: { token } });
  const create = async () =>
    alice.ask("createDisk", {
      params: { project },
      body: { name: "early", source: { kind: "blank" }, sizeBytes: 64 * 1024 ** 2 },
    });
  const early = await create();
  expect(early.status).toBe(503);
  const { reason } = (early.body as ErrorBody).error; // every error has this one shape
  expect(["feed-syncing", "feed-failing"]).toContain(reason?.code);
  expect(reason?.params).toEqual({ resource: "storageclasses.storage.k8s.io" });
  heal();
  expect((await until(async () => await create().then((one) => one.status !== 503 && one))).status).toBe(201);
});
