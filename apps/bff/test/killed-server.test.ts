/** The server killed in the middle of its work: who was signed in still is, tabs come back to the truth, no write is made twice. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, until } from "./console-under-test.ts";
import { freePort } from "./free-port.ts";
import { LiveTab } from "./live-tab.ts";
import type { ServerProcess } from "./server-process.ts";
import { startServerProcess } from "./server-process.ts";

const isSoak = process.env["SOAK"] === "1";
const kills = isSoak ? 25 : 1;
const writers = 4;
const dataDir = mkdtempSync(join(tmpdir(), "kubev-killed-"));
let sim: KubeSim;
let server: ServerProcess;
let env: Record<string, string>;

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
  env = {
    KUBECONFIG_FILE: sim.kubeconfigPath,
    DATA_DIR: dataDir,
    SIGN_IN_MODES: "token",
    DRAIN_GRACE_SECONDS: "2",
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
      const answer = await person
        .ask("createDisk", {
          params: { project: "web-shop" },
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

test(
  `killed ${kills} times under ${writers} writers`,
  async () => {
    const alice = new Person(server.url);
    const token = sim.users.find(({ name }) => name === "alice")?.token ?? "";
    await alice.call("signInWithToken", { body: { token } });
    const { cookie } = alice;
    let tab = await new LiveTab<VmRow>(alice).follow("disks", "name:lane-");
    let isOver = false;
    const writing = Array.from({ length: writers }, async (_, lane) => write(alice, lane, () => isOver));
    const made = async () => (await alice.call("listDisks", { query: { q: "name:lane-" } })).total;
    for (let kill = 0; kill < kills; kill += 1) {
      const before = await made();
      await until(async () => (await made()) > before + writers);
      await server.kill();
      // a browser opens its socket again by itself
      expect(await until(() => tab.closeCode !== 0 && tab.closeCode)).toBe(1006);
      server = await start();
      expect(alice.cookie).toBe(cookie);
      expect((await alice.call("getSession")).user?.name).toBe("alice");
      tab = await new LiveTab<VmRow>(alice).follow("disks", "name:lane-");
    }
    isOver = true;
    const names = (await Promise.all(writing)).flat().toSorted();
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
    tab.socket.close();
  },
  isSoak ? 600_000 : 60_000,
);

test("one that is told to go closes live sockets and consoles with 1001, within its grace", async () => {
  const alice = new Person(server.url);
  const token = sim.users.find(({ name }) => name === "alice")?.token ?? "";
  await alice.call("signInWithToken", { body: { token } });
  const tab = await new LiveTab<VmRow>(alice).follow("vms", "");
  const beganMs = performance.now();
  await server.stop();
  expect(performance.now() - beganMs).toBeLessThan(2000 + 5000);
  expect(await until(() => tab.closeCode !== 0 && tab.closeCode)).toBe(1001);
  server = await start();
});
