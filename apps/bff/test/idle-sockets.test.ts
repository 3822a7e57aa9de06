/**
 * What a live socket costs the server while nothing happens on it. Measured on the server as a process of its own; `SOAK=1`
 * opens nearly as many as it takes connections.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Person, until } from "./console-under-test.ts";
import type { ServerProcess } from "./server-process.ts";
import { startServerProcess } from "./server-process.ts";

const isSoak = process.env["SOAK"] === "1";
const mib = 1024 ** 2;
/** As many as one person may have. With 198 people 9,900 in all: the server takes 10,000 connections, and others ask meanwhile. */
const socketsEach = 50;
const people = isSoak ? 198 : 4;
const mostBytes = isSoak ? 500 * mib : 80 * mib;
const limitMs = isSoak ? 600_000 : 60_000;
const dataDir = mkdtempSync(join(tmpdir(), "kubev-idle-"));
let sim: KubeSim;
let server: ServerProcess;

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
  // a list that is followed has rows
  sim.seed([
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "all-view", namespace: "web-shop" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated" }],
    },
  ]);
  server = await startServerProcess({
    KUBECONFIG_FILE: sim.kubeconfigPath,
    DATA_DIR: dataDir,
    SIGN_IN_MODES: "token",
  });
  await until(async () => (await fetch(`${server.url}/readyz`)).ok);
}, limitMs);
afterAll(async () => {
  await server.stop();
  await sim.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Tokens of as many accounts as there are people. */
async function tokens(): Promise<string[]> {
  if (!isSoak) return sim.users.map(({ token }) => token);
  sim.seed(
    Array.from({ length: people }, (_, at) => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: `person-${at}`, namespace: "web-shop" },
    })),
  );
  const configs = await Promise.all(
    Array.from({ length: people }, async (_, at) => sim.serviceAccountKubeconfig("web-shop", `person-${at}`)),
  );
  return configs.map((text) => /token: "?([^"\s]+)/.exec(text)?.[1] ?? "");
}

/** Sign-ins are limited by address, and these people have one of loopback each. */
async function signIn(token: string, localAddress: string): Promise<Person> {
  const asked = request(`${server.url}/api/session/token`, {
    method: "POST",
    localAddress,
    // the server takes only so many connections, and they are for the sockets
    agent: false,
    headers: { origin: server.url, "content-type": "application/json" },
  });
  asked.end(JSON.stringify({ token }));
  const [answer] = (await once(asked, "response")) as [IncomingMessage]; // of node:http
  answer.resume();
  const cookie = answer.headers["set-cookie"]?.[0]?.split(";", 1)[0];
  if (cookie === undefined) throw new Error(`The sign-in was answered with ${answer.statusCode}`);
  return new Person(server.url, cookie);
}

test(
  `${people * socketsEach} idle live sockets cost at most ${mostBytes / mib} MiB`,
  async () => {
    const signedIn: Person[] = [];
    for (const [at, token] of (await tokens()).slice(0, people).entries()) {
      signedIn.push(await signIn(token, `127.1.${at >> 8}.${1 + (at & 127)}`));
    }
    const before = server.memory().residentBytes;
    const sockets: WebSocket[] = [];
    let filled = 0;
    const beganMs = performance.now();
    for (const person of signedIn) {
      const own = Array.from({ length: socketsEach }, () => {
        const socket = new WebSocket(`${server.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
          headers: { cookie: person.cookie, origin: server.url },
          perMessageDeflate: false,
        });
        return socket;
      });
      await Promise.all(own.map(async (socket) => once(socket, "open")));
      // what a page that shows a list follows
      for (const socket of own) {
        socket.on("message", (data: Buffer) => {
          if (data.includes('"type":"rows"') && data.includes('"name":"shop-db-1"')) filled += 1;
        });
        socket.send('{"type":"subscribe-list","id":"l","list":"vms","query":{}}');
        socket.send('{"type":"subscribe-feed","id":"s","feed":"session"}');
      }
      sockets.push(...own);
    }
    await until(() => filled >= sockets.length, limitMs);
    const openedSeconds = (performance.now() - beganMs) / 1000;
    const first = signedIn[0] ?? new Person(server.url);
    await until(async () => (await first.ask("getSession")).status === 200);
    const grown = server.memory().residentBytes - before;
    const asked = performance.now();
    expect((await first.ask("listVms")).status).toBe(200);
    const answerMs = performance.now() - asked;
    process.stdout.write(
      `${sockets.length} live sockets: ${(grown / mib).toFixed(0)} MiB, ${(grown / sockets.length / 1024).toFixed(1)} KiB each, each with a project's machines after ${openedSeconds.toFixed(1)} s; a list then takes ${answerMs.toFixed(0)} ms\n`,
    );
    expect(sockets.every(({ readyState }) => readyState === WebSocket.OPEN)).toBe(true);
    expect(grown).toBeLessThan(mostBytes);
    for (const socket of sockets) socket.terminate();
  },
  limitMs,
);
