/** Open consoles end when the right, the session or the server does, also when nothing moves on them. */
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { kubePath } from "../src/kube/kube-path.ts";

let cut: ConsoleUnderTest;
const project = "consoles";
const name = "screen";

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  const { service } = cut.app.services;
  await service.json(kubePath("api", "v1", "namespaces"), {
    method: "POST",
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: project } },
  });
  await service.json(kubePath("apis", "kubevirt.io", "v1", "namespaces", project, "virtualmachines"), {
    method: "POST",
    body: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name, namespace: project },
      spec: {
        runStrategy: "Always",
        template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] } },
      },
    },
  });
  await until(() => cut.app.services.inventory.feeds.instances.table.get(project, name)?.phase === "Running");
});
afterAll(async () => cut.close());

async function grant(user: string): Promise<() => Promise<void>> {
  const { service } = cut.app.services;
  const bindings = ["apis", "rbac.authorization.k8s.io", "v1", "namespaces", project, "rolebindings"];
  await service.json(kubePath(...bindings), {
    method: "POST",
    body: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: `edit-${user}`, namespace: project },
      subjects: [{ kind: "User", name: user, apiGroup: "rbac.authorization.k8s.io" }],
      roleRef: { kind: "ClusterRole", name: "edit", apiGroup: "rbac.authorization.k8s.io" },
    },
  });
  return async () => {
    await service.json(kubePath(...bindings, `edit-${user}`), { method: "DELETE" });
  };
}

async function open(person: Person, kind: "vnc" | "serial", takeOver = true, url = cut.url) {
  const ticket = await until(async () => {
    const answer = await person.ask("createConsoleTicket", {
      params: { project, name },
      body: { kind, takeOver },
    });
    return answer.status === 200 && (answer.body as { path: string; protocols: string[] }); // the contract's reply
  });
  const socket = new WebSocket(`${url.replace("http", "ws")}${ticket.path}`, ticket.protocols, {
    headers: { cookie: person.cookie, origin: url },
  });
  let closeCode = 0;
  const chunks: Buffer[] = [];
  socket.on("close", (code) => {
    closeCode = code;
  });
  socket.on("message", (data) => chunks.push(data as Buffer));
  socket.on("error", () => {});
  await until(() => socket.readyState === WebSocket.OPEN);
  return { socket, chunks, code: async () => until(() => closeCode !== 0 && closeCode, 15_000) };
}

test("a right taken away closes an idle console within ten seconds", async () => {
  const revoke = await grant("bob");
  const bob = await cut.signIn("bob");
  const serial = await open(bob, "serial");
  const at = performance.now();
  await revoke();
  expect(await serial.code()).toBe(4403);
  expect(performance.now() - at).toBeLessThan(10_000);
});

test("signing out closes it at once", async () => {
  const revoke = await grant("alice");
  const alice = await cut.signIn("alice");
  const vnc = await open(alice, "vnc");
  await until(() => Buffer.concat(vnc.chunks).length >= 12);
  await alice.call("signOut");
  expect(await vnc.code()).toBe(4401);
  await revoke();
});

test("a browser that leaves while the trail is slow lets go of the machine", async () => {
  const { audit } = cut.app.services;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const record = audit.record.bind(audit);
  audit.record = async (entry) => {
    await held;
    return record(entry);
  };
  const operator = await cut.signIn("operator");
  (await open(operator, "vnc")).socket.terminate();
  const free = await until(async () => {
    const next = await open(operator, "vnc", false);
    const answered = await until(() => next.chunks.length > 0 || next.socket.readyState === WebSocket.CLOSED);
    next.socket.terminate();
    return answered && next.chunks.length > 0;
  }, 5000);
  expect(free).toBe(true);
  release();
  audit.record = record;
});

test.for(["serial", "vnc"] as const)(
  "who is followed on %s by somebody newer is told so, and the newer one stays",
  async (kind) => {
    const revoke = await grant("alice");
    const first = await open(await cut.signIn("operator"), kind);
    await until(() => kind === "serial" || first.chunks.length > 0);
    const second = await open(await cut.signIn("alice"), kind);
    expect(await first.code()).toBe(4409);
    const third = await open(await cut.signIn("operator"), kind);
    expect(await second.code()).toBe(4409);
    third.socket.send(Buffer.from(kind === "serial" ? "\n" : "RFB 003.008\n"));
    await until(() => third.chunks.length > 0);
    expect(third.socket.readyState).toBe(WebSocket.OPEN);
    third.socket.terminate();
    await revoke();
  },
);

test("a console that ends because it was opened elsewhere says only that it ended", async () => {
  const operator = await cut.signIn("operator");
  const here = await open(operator, "serial");
  const elsewhere = await startConsole({ sim: cut.sim });
  const there = await open(await elsewhere.signIn("operator"), "serial", true, elsewhere.url);
  expect(await here.code()).toBe(4410);
  there.socket.terminate();
  await elsewhere.close();
});

test("another person's ticket opens nothing", async () => {
  const revoke = await grant("alice");
  const alice = await cut.signIn("alice");
  const operator = await cut.signIn("operator");
  const ticket = await until(async () => {
    const answer = await alice.ask("createConsoleTicket", {
      params: { project, name },
      body: { kind: "serial" },
    });
    return answer.status === 200 && (answer.body as { path: string; protocols: string[] }); // the contract's reply
  });
  const socket = new WebSocket(`${cut.url.replace("http", "ws")}${ticket.path}`, ticket.protocols, {
    headers: { cookie: operator.cookie, origin: cut.url },
  });
  const status = await new Promise<number>((resolve) => {
    socket.on("unexpected-response", (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on("error", () => {});
  });
  expect(status).toBe(403);
  await revoke();
});

test("a stopping server finishes what it was asked before", async () => {
  const own = await startConsole({ sim: cut.sim, env: { DRAIN_GRACE_SECONDS: "20" } });
  const operator = await own.signIn("operator");
  const slow = own.sim.faults.add({
    method: "GET",
    urlContains: "/virtualmachines/",
    effect: { kind: "delay", delayMs: 1500 },
    times: 1,
  });
  const arrived = once(own.app.server.server, "request");
  const asked = operator.ask("getVmYaml", { params: { project, name } });
  await arrived;
  const drained = own.app.drain();
  expect((await asked).status).toBe(200);
  await drained;
  slow();
});

test("a stopping server closes it with 1001, and live sockets too", async () => {
  const operator = await cut.signIn("operator");
  const serial = await open(operator, "serial");
  let liveCode = 0;
  const live = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
    headers: { cookie: operator.cookie, origin: cut.url },
  });
  live.on("close", (code) => {
    liveCode = code;
  });
  await until(() => live.readyState === WebSocket.OPEN);
  await cut.app.drain();
  expect(await serial.code()).toBe(1001);
  expect(await until(() => liveCode !== 0 && liveCode)).toBe(1001);
});
