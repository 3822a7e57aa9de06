/** Who reads the log of a container: nobody without the right, not after it went, and not more at once than is good. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { kubePath } from "../src/kube/kube-path.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { type LogTicket, type LogWriter, openLog, project, startLogWriter } from "./log-writer.ts";

let cut: ConsoleUnderTest;
let alice: Person;
let bob: Person;
let pods = 0;
/** A pod of its own for every test. */
let writer: LogWriter;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
});
afterAll(async () => cut.close());

beforeEach(async () => {
  pods += 1;
  writer = await startLogWriter(cut, alice, `writer-${pods}`);
});

test("a stranger learns nothing; another's ticket and a used one open nothing", async () => {
  const params = { project, name: writer.name };
  const refused = await bob.refused("createPodLogTicket", { params, body: { container: "web" } });
  const absent = await bob.refused("createPodLogTicket", {
    params: { project, name: "no-such-pod" },
    body: { container: "web" },
  });
  expect([refused.status, refused.body.error.code]).toEqual([404, absent.body.error.code]);
  const ticket = await writer.ticketOf(alice);
  const stolen = await openLog(cut, bob, ticket);
  expect(await stolen.closed()).toBe(1006);
  const used = await openLog(cut, alice, ticket);
  expect(await used.closed()).toBe(1006);
});

test("a right taken away ends an idle log within ten seconds, signing out at once", async () => {
  const { service } = cut.app.services;
  const bindings = ["apis", "rbac.authorization.k8s.io", "v1", "namespaces", project, "rolebindings"];
  await service.json(kubePath(...bindings), {
    method: "POST",
    body: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "view-bob", namespace: project },
      subjects: [{ kind: "User", name: "bob", apiGroup: "rbac.authorization.k8s.io" }],
      roleRef: { kind: "ClusterRole", name: "view", apiGroup: "rbac.authorization.k8s.io" },
    },
  });
  const ticket = await until(async () => {
    const answer = await bob.ask("createPodLogTicket", {
      params: { project, name: writer.name },
      body: { container: "web" },
    });
    return answer.status === 200 && (answer.body as LogTicket); // the contract's reply
  });
  const log = await openLog(cut, bob, ticket);
  await until(() => log.lines().length > 0);
  const atMs = performance.now();
  await service.json(kubePath(...bindings, "view-bob"), { method: "DELETE" });
  expect(await log.closed()).toBe(4403);
  expect(performance.now() - atMs).toBeLessThan(10_000);

  const passing = await cut.signIn("alice");
  const other = await writer.open(passing);
  await until(() => other.lines().length > 0);
  await passing.call("signOut");
  expect(await other.closed()).toBe(4401);
});

test("logs count among a person's consoles", async () => {
  const logs: Awaited<ReturnType<LogWriter["open"]>>[] = [];
  for (let index = 0; index < 20; index += 1) logs.push(await writer.open(alice));
  await until(() => logs.every(({ messages }) => messages.length > 0));
  const oneTooMany = await writer.open(alice);
  expect(await oneTooMany.closed()).toBe(1006);
  for (const { socket } of logs) socket.terminate();
  await until(async () => {
    const again = await writer.open(alice);
    const letIn = await until(
      () => again.messages.length > 0 || again.socket.readyState === WebSocket.CLOSED,
    );
    const answered = letIn && again.messages.length > 0;
    again.socket.terminate();
    return answered;
  });
});
