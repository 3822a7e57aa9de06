/** Shells in containers: the real protocol, rights before and while, the machine's pod only when confirmed, and the trail. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { kubePath } from "../src/kube/kube-path.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const project = "web-shop";
const name = "shelled";
const params = { project, name };
let cut: ConsoleUnderTest;
let alice: Person;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  alice = await cut.signIn("alice");
  await cut.app.services.service.json(kubePath("api", "v1", "namespaces", project, "pods"), {
    method: "POST",
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: project },
      spec: {
        containers: [{ name: "web", image: "x", resources: { requests: { cpu: "1m", memory: "1Mi" } } }],
      },
    },
  });
  await until(async () => {
    const { rows } = await alice.call("listObjects", {
      params: { noun: "pod" },
      query: { project, q: name },
    });
    return rows[0]?.state.status === "running";
  });
});
afterAll(async () => cut.close());

async function bind(person: string, role: string): Promise<() => Promise<void>> {
  const { service } = cut.app.services;
  const bindings = ["apis", "rbac.authorization.k8s.io", "v1", "namespaces", project, "rolebindings"];
  await service.json(kubePath(...bindings), {
    method: "POST",
    body: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: `${role}-${person}`, namespace: project },
      subjects: [{ kind: "User", name: person, apiGroup: "rbac.authorization.k8s.io" }],
      roleRef: { kind: "ClusterRole", name: role, apiGroup: "rbac.authorization.k8s.io" },
    },
  });
  return async () => {
    await service.json(kubePath(...bindings, `${role}-${person}`), { method: "DELETE" });
  };
}

async function open(person: Person, container = "web") {
  const { path, protocols } = await until(async () => {
    const answer = await person.ask("createPodShellTicket", { params, body: { container, command: "sh" } });
    return answer.status === 200 && (answer.body as { path: string; protocols: string[] }); // the contract's reply
  });

  const socket = new WebSocket(`${cut.url.replace("http", "ws")}${path}`, protocols, {
    headers: { cookie: person.cookie, origin: cut.url },
  });
  const written: Buffer[][] = [[], [], [], []];
  let closed: { code: number; reason: string } | null = null;
  socket.on("message", (data: Buffer) => written[data[0] ?? 0]?.push(data.subarray(1)));
  socket.on("close", (code, reason) => {
    closed = { code, reason: reason.toString("utf8") };
  });
  socket.on("error", () => {});
  const send = (channel: number, text: string) =>
    socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
  return {
    socket,
    send,
    screen: () => Buffer.concat(written[1] ?? []).toString("utf8"),
    end: () => JSON.parse(Buffer.concat(written[3] ?? []).toString("utf8")) as unknown,
    closed: async () => until(() => closed ?? false, 15_000),
  };
}

test("a tenant types, resizes, ends with a code; the trail says in what and with what", async () => {
  const shell = await open(alice);
  await until(() => shell.screen() === "# ");
  expect(shell.socket.protocol).toBe("v5.channel.k8s.io");
  shell.send(4, JSON.stringify({ Width: 132, Height: 43 }));
  shell.send(0, "stty size\r");
  await until(() => shell.screen().includes("43 132"));
  shell.send(0, "echo 'Grüße'\r");
  await until(() => shell.screen().endsWith("\r\nGrüße\r\n# "));
  shell.send(0, "exit 7\r");
  expect((await shell.closed()).code).toBe(1000);
  expect(shell.end()).toMatchObject({
    status: "Failure",
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: "7" }] },
  });
  const rows = await until(async () => {
    const trail = await alice.call("listActivity", { query: { project, noun: "pod" } });
    return trail.rows.length === 2 && trail.rows;
  });
  expect(rows.map(({ action, user }) => [action, user])).toEqual([
    ["console.shell.close", "alice"],
    ["console.shell.open", "alice"],
  ]);
  expect(rows[1]?.diff).toEqual([
    { path: "/container", new: "web" },
    { path: "/command", new: "sh" },
  ]);
  expect(JSON.stringify(rows)).not.toContain("Grüße");
});

test("two shells stand beside one another", async () => {
  const [one, other] = [await open(alice), await open(alice)];
  await until(() => one.screen() === "# " && other.screen() === "# ");
  one.send(0, "whoami\r");
  await until(() => one.screen().includes("root"));
  expect(other.screen()).toBe("# ");
  for (const { socket } of [one, other]) socket.terminate();
});

test("what the cluster refuses comes in its words", async () => {
  const shell = await open(alice, "no-such");
  const { code, reason } = await shell.closed();
  expect([code, reason]).toEqual([4410, `container no-such is not valid for pod ${name}`]);
});

test("who may only look is told which right is missing, strangers learn nothing", async () => {
  const bob = await cut.signIn("bob");
  const body = { container: "web", command: "sh" };
  expect((await bob.refused("createPodShellTicket", { params, body })).status).toBe(404);
  const revoke = await bind("bob", "view");
  const refused = await until(async () => {
    const answer = await bob.refused("createPodShellTicket", { params, body });
    return answer.status === 403 && answer;
  });
  expect(refused.body.error.reason).toMatchObject({
    code: "no-permission",
    params: { verb: "create", resource: "pods/exec", project },
  });
  const { detail } = await bob.call("getObject", { params: { noun: "pod", ...params } });
  expect(detail["openShell"]).toMatchObject({ allowed: false, reason: { code: "no-permission" } });
  await revoke();
});

test("a right taken away ends an idle shell within ten seconds", async () => {
  const bob = await cut.signIn("bob");
  const revoke = await bind("bob", "edit");
  const shell = await open(bob);
  await until(() => shell.screen() === "# ");
  const atMs = performance.now();
  await revoke();
  expect((await shell.closed()).code).toBe(4403);
  expect(performance.now() - atMs).toBeLessThan(10_000);
});

test("the pod of a machine only once its warning was confirmed", async () => {
  const operator = await cut.signIn("operator");
  const launcher = await until(async () => {
    const { rows } = await operator.call("listObjects", {
      params: { noun: "pod" },
      query: { q: "virt-launcher status:running" },
    });
    return rows.find(({ facts }) => facts["machine"] !== "") ?? false;
  });
  const there = { project: launcher.project, name: launcher.name };
  const { detail } = await operator.call("getObject", { params: { noun: "pod", ...there } });
  expect(detail).toMatchObject({
    openShell: { allowed: true },
    shellWarning: { code: "shell-into-machine" },
  });
  const body = { container: "compute", command: "sh" };
  const refused = await operator.refused("createPodShellTicket", { params: there, body });
  expect([refused.status, refused.body.error.reason?.code]).toEqual([409, "shell-into-machine"]);
  const given = await operator.ask("createPodShellTicket", {
    params: there,
    body: { ...body, confirmed: true },
  });
  expect(given.status).toBe(200);
});
