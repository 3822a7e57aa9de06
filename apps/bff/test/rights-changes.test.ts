/** Rights that are given or taken reach open sockets on which nothing else moves within ten seconds, in both acting modes. */
import { consoleCloseCodes } from "@kubev/api-types/consoles";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { kubePath } from "../src/kube/kube-path.ts";
import { bindRole, changeRules, unbindRole } from "./bound-roles.ts";
import { type ConsoleUnderTest, Person, startConsole, until } from "./console-under-test.ts";
import { openLive } from "./foreign-project.ts";
import { ShiftedClock } from "./shifted-clock.ts";

const project = "changing-lab";
const machine = "idle";
const group = "for-now";
const limitMs = 10_000;
const modes = ["passthrough", "impersonate"] as const;

let sim: KubeSim;
const consoles = new Map<string, ConsoleUnderTest>();
const consoleIn = (mode: string): ConsoleUnderTest => {
  const cut = consoles.get(mode);
  if (cut === undefined) throw new Error(`No console in mode ${mode}`);
  return cut;
};

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
  for (const mode of modes) consoles.set(mode, await startConsole({ sim, env: { ACTING_MODE: mode } }));
  const { service } = consoleIn("impersonate").app.services;
  await service.done(kubePath("api", "v1", "namespaces"), {
    method: "POST",
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: project } },
  });
  await service.done(kubePath("apis", "kubevirt.io", "v1", "namespaces", project, "virtualmachines"), {
    method: "POST",
    body: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name: machine, namespace: project },
      spec: {
        runStrategy: "Always",
        template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] } },
      },
    },
  });
  for (const { app } of consoles.values())
    await until(
      () => app.services.inventory.feeds.instances.table.get(project, machine)?.phase === "Running",
    );
});
afterAll(async () => {
  for (const cut of consoles.values()) await cut.close();
  await sim.close();
});

const reading = {
  apiGroups: ["kubevirt.io"],
  resources: ["virtualmachines", "virtualmachineinstances"],
  verbs: ["get", "list"],
};
const serial = {
  apiGroups: ["subresources.kubevirt.io"],
  resources: ["virtualmachineinstances/console"],
  verbs: ["get"],
};
const bobHimself = { kind: "User", name: "bob" } as const;

/** How many machines of the project an open live list of this person says there are; asked again when it is told to. */
async function follow(cut: ConsoleUnderTest, person: Person) {
  const { socket, messages } = await openLive(cut, person);
  const subscribe = () =>
    socket.send(
      JSON.stringify({
        type: "subscribe-list",
        id: "vms",
        list: "vms",
        query: { q: `project:${project}`, page: 1, pageSize: 20 },
      }),
    );
  let resets = 0;
  const total = () => {
    const told = messages.filter((message) => message.type === "reset").length;
    if (told > resets) subscribe();
    resets = told;
    return messages.findLast((message) => message.type === "rows")?.total;
  };
  subscribe();
  await until(() => total() === 0);
  return { socket, total };
}

const changes: [
  string,
  (cut: ConsoleUnderTest, mode: string) => void,
  (cut: ConsoleUnderTest, mode: string) => Promise<void>,
][] = [
  [
    "a role binding that is removed",
    (cut, mode) => bindRole(cut, project, `binding-${mode}`, bobHimself, [reading]),
    async (cut, mode) => unbindRole(cut, project, `binding-${mode}`),
  ],
  [
    "a role whose rules change",
    (cut, mode) => bindRole(cut, project, `rules-${mode}`, bobHimself, [reading]),
    async (cut, mode) => changeRules(cut, project, `rules-${mode}`, []),
  ],
  [
    "a role that names the machine, and then another",
    (cut, mode) =>
      bindRole(cut, project, `named-${mode}`, bobHimself, [{ ...reading, resourceNames: [machine] }]),
    async (cut, mode) =>
      changeRules(cut, project, `named-${mode}`, [{ ...reading, resourceNames: ["another"] }]),
  ],
  [
    "a cluster role binding that is removed",
    (cut, mode) => bindRole(cut, "", `everywhere-${mode}`, bobHimself, [reading]),
    async (cut, mode) => unbindRole(cut, "", `everywhere-${mode}`),
  ],
];

describe.each(modes)("acting mode %s", (mode) => {
  test.each(changes)("%s gives and takes the rows of an open list", async (_what, give, take) => {
    const cut = consoleIn(mode);
    const { socket, total } = await follow(cut, await cut.signIn("bob"));
    give(cut, mode);
    await until(() => total() === 1, limitMs);
    await take(cut, mode);
    await until(() => total() === 0, limitMs);
    socket.close();
  });

  test("a group that is joined and left gives and takes the rows of an open list, and ends a console", async () => {
    const cut = consoleIn(mode);
    const name = `of-group-${mode}`;
    const person = mode === "passthrough" ? "bob" : "viewer";
    const bob = await cut.signIn(person);
    bindRole(cut, project, name, { kind: "Group", name: group }, [reading, serial]);
    const { feeds } = cut.app.services.inventory;
    await until(() => feeds.roleBindings.table.get(project, name) !== undefined);
    const { socket, total } = await follow(cut, bob);
    sim.setGroups(person, ["tenants", group]);
    await until(() => total() === 1, limitMs);

    const { path, protocols } = await bob.call("createConsoleTicket", {
      params: { project, name: machine },
      body: { kind: "serial", takeOver: true },
    });
    const opened = new WebSocket(`${cut.url.replace("http", "ws")}${path}`, protocols, {
      headers: { cookie: bob.cookie, origin: cut.url },
    });
    let closeCode = 0;
    opened.on("close", (code) => {
      closeCode = code;
    });
    await until(() => opened.readyState === WebSocket.OPEN);

    sim.setGroups(person, ["tenants"]);
    await until(() => total() === 0 && closeCode !== 0, limitMs);
    expect(closeCode).toBe(consoleCloseCodes.rightsRevoked);
    socket.close();
    await unbindRole(cut, project, name);
  }, 30_000);

  test("a token that was revoked lists nothing more, though no socket is open and the list needs no question", async () => {
    const clock = new ShiftedClock();
    const cut = await startConsole({ sim, clock, env: { ACTING_MODE: mode } });
    const name = `revoked-${mode}`;
    sim.seed([{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: project } }]);
    bindRole(cut, project, name, { kind: "User", name: `system:serviceaccount:${project}:${name}` }, [
      reading,
    ]);
    const kubeconfig = await sim.serviceAccountKubeconfig(project, name);
    const person = new Person(cut.url);
    await person.call("signInWithToken", {
      body: { token: /token: "?([^"\s]+)/.exec(kubeconfig)?.[1] ?? "" },
    });
    await until(async () => (await person.call("listVms")).total === 1);
    await cut.app.services.service.done(
      kubePath("api", "v1", "namespaces", project, "serviceaccounts", name),
      { method: "DELETE" },
    );
    clock.forward(limitMs);
    if (mode === "impersonate") expect((await person.ask("listVms")).status).toBe(401);
    else await until(async () => (await person.ask("listVms")).status === 401);
    await cut.close();
  });
});
