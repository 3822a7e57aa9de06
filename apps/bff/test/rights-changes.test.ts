/** Rights that are given or taken reach open sockets on which nothing else moves within ten seconds, in both acting modes. */
import { consoleCloseCodes } from "@kubev/api-types/consoles";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { kubePath } from "../src/kube/kube-path.ts";
import { bindRole, changeRules, type Rule, unbindRole } from "./bound-roles.ts";
import { type ConsoleUnderTest, Person, startConsole, until } from "./console-under-test.ts";
import { openLive } from "./foreign-project.ts";
import { ShiftedClock } from "./shifted-clock.ts";

const project = "changing-lab";
const group = "for-now";
const limitMs = 10_000;
const modes = ["passthrough", "impersonate"] as const;
type Mode = (typeof modes)[number];
/** A console is one person's: each mode has a machine of its own. */
const machineOf = (mode: Mode) => `idle-${mode}`;
const machines = modes.map(machineOf);
const pod = "idle-pod";

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
  for (const name of machines)
    await service.done(kubePath("apis", "kubevirt.io", "v1", "namespaces", project, "virtualmachines"), {
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
  await service.done(kubePath("api", "v1", "namespaces", project, "pods"), {
    method: "POST",
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: pod, namespace: project },
      spec: {
        containers: [{ name: "web", image: "x", resources: { requests: { cpu: "1m", memory: "1Mi" } } }],
      },
    },
  });
  for (const { app } of consoles.values())
    await until(() =>
      [...app.services.nouns.pod.index.values()].some(({ key }) => key === `${project}/${pod}`),
    );
  for (const { app } of consoles.values())
    for (const name of machines)
      await until(() => app.services.inventory.feeds.instances.table.get(project, name)?.phase === "Running");
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
const lookingIn = {
  apiGroups: [""],
  resources: ["pods", "pods/log", "pods/exec"],
  verbs: ["get", "list", "create"],
};
const seeing = { ...lookingIn, resources: ["pods"] };
const accountName = (name: string) => `system:serviceaccount:${project}:${name}`;

/** Signs in as a service account that is made for it. */
async function signInAccount(cut: ConsoleUnderTest, name: string): Promise<Person> {
  sim.seed([{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: project } }]);
  const kubeconfig = await sim.serviceAccountKubeconfig(project, name);
  const person = new Person(cut.url);
  await person.call("signInWithToken", { body: { token: /token: "?([^"\s]+)/.exec(kubeconfig)?.[1] ?? "" } });
  return person;
}

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

/** Of roles and their bindings: each in the name of one service account, which nothing else names. */
const changes: [
  what: string,
  name: string,
  at: string,
  rule: Rule,
  take: (cut: ConsoleUnderTest, name: string) => Promise<void>,
][] = [
  [
    "a role binding that is removed",
    "binding",
    project,
    reading,
    async (cut, name) => unbindRole(cut, project, name),
  ],
  [
    "a role whose rules change",
    "rules",
    project,
    reading,
    async (cut, name) => changeRules(cut, project, name, []),
  ],
  [
    "a role that names the machines, and then another",
    "named",
    project,
    { ...reading, resourceNames: machines },
    async (cut, name) => changeRules(cut, project, name, [{ ...reading, resourceNames: ["another"] }]),
  ],
  [
    "a cluster role binding that is removed",
    "everywhere",
    "",
    reading,
    async (cut, name) => unbindRole(cut, "", name),
  ],
];

async function givenAndTaken(mode: Mode, [, label, at, rule, take]: (typeof changes)[number]): Promise<void> {
  const cut = consoleIn(mode);
  const name = `${label}-${mode}`;
  const { socket, total } = await follow(cut, await signInAccount(cut, name));
  bindRole(cut, at, name, { kind: "User", name: accountName(name) }, [rule]);
  await until(() => total() === machines.length, limitMs);
  await take(cut, name);
  await until(() => total() === 0, limitMs);
  socket.close();
}

async function joinedAndLeft(mode: Mode): Promise<void> {
  const cut = consoleIn(mode);
  const who = mode === "passthrough" ? "bob" : "viewer";
  const person = await cut.signIn(who);
  const { socket, total } = await follow(cut, person);
  sim.setGroups(who, ["tenants", group]);
  await until(() => total() === machines.length, limitMs);

  const { path, protocols } = await person.call("createConsoleTicket", {
    params: { project, name: machineOf(mode) },
    body: { kind: "serial", takeOver: true },
  });
  const opened = new WebSocket(`${cut.url.replace("http", "ws")}${path}`, protocols, {
    headers: { cookie: person.cookie, origin: cut.url },
  });
  let closeCode = 0;
  opened.on("close", (code) => {
    closeCode = code;
  });
  await until(() => opened.readyState === WebSocket.OPEN);

  sim.setGroups(who, ["tenants"]);
  await until(() => total() === 0 && closeCode !== 0, limitMs);
  expect(closeCode).toBe(consoleCloseCodes.rightsRevoked);
  socket.close();
}

/** The operation that asks for it, its body, and what such a stream begins with. */
const streams = {
  log: ["createPodLogTicket", { container: "web" }, '"type":"lines"'],
  shell: ["createPodShellTicket", { container: "web", command: "sh" }, "# "],
} as const;

/** What takes the right to look into a pod, of a role of that name: with the pod itself, or while it stays visible. */
const takingLooks: [what: string, take: (cut: ConsoleUnderTest, name: string) => Promise<void>][] = [
  ["a role binding that is removed", async (cut, name) => unbindRole(cut, project, name)],
  ["a role that keeps the pod alone", async (cut, name) => changeRules(cut, project, name, [seeing])],
];

async function lookedInto(
  mode: Mode,
  stream: keyof typeof streams,
  [what, take]: (typeof takingLooks)[number],
): Promise<void> {
  const cut = consoleIn(mode);
  const name = `${stream}-${what.replaceAll(" ", "-")}-${mode}`;
  bindRole(cut, project, name, { kind: "User", name: accountName(name) }, [lookingIn]);
  const person = await signInAccount(cut, name);
  const [operation, body, begins] = streams[stream];
  const { path, protocols } = await until(async () => {
    const answer = await person.ask(operation, { params: { project, name: pod }, body });
    return answer.status === 200 && (answer.body as { path: string; protocols: string[] }); // the contract's reply
  }, limitMs);
  const opened = new WebSocket(`${cut.url.replace("http", "ws")}${path}`, protocols, {
    headers: { cookie: person.cookie, origin: cut.url },
  });
  let [said, closeCode] = ["", 0];
  opened.on("message", (data: Buffer) => (said += data.toString("utf8")));
  opened.on("close", (code) => (closeCode = code));
  // of a stream that is open and has nothing more to say
  await until(() => said.includes(begins));
  const takenMs = performance.now();
  await take(cut, name);
  await until(() => closeCode !== 0, 2 * limitMs);
  expect(closeCode).toBe(consoleCloseCodes.rightsRevoked);
  expect(performance.now() - takenMs).toBeLessThan(limitMs);
}

async function revoked(mode: Mode): Promise<void> {
  const clock = new ShiftedClock();
  const cut = await startConsole({ sim, clock, env: { ACTING_MODE: mode } });
  const name = `revoked-${mode}`;
  bindRole(cut, project, name, { kind: "User", name: accountName(name) }, [reading]);
  const person = await signInAccount(cut, name);
  await until(async () => (await person.call("listVms")).total === machines.length);
  await cut.app.services.service.done(kubePath("api", "v1", "namespaces", project, "serviceaccounts", name), {
    method: "DELETE",
  });
  clock.forward(limitMs);
  if (mode === "impersonate") expect((await person.ask("listVms")).status).toBe(401);
  else await until(async () => (await person.ask("listVms")).status === 401);
  await cut.close();
}

const takesOver: [what: string, (mode: Mode) => Promise<void>][] = [
  ...changes.map((change): [string, (mode: Mode) => Promise<void>] => [
    `${change[0]} gives and takes the rows of an open list`,
    async (mode) => givenAndTaken(mode, change),
  ]),
  [
    "a group that is joined and left gives and takes the rows of an open list, and ends a console",
    joinedAndLeft,
  ],
  ...takingLooks.flatMap((taking) =>
    (["log", "shell"] as const).map((stream): [string, (mode: Mode) => Promise<void>] => [
      `${taking[0]} ends an open ${stream} of a container`,
      async (mode) => lookedInto(mode, stream, taking),
    ]),
  ),
  [
    "a token that was revoked lists nothing more, though no socket is open and the list needs no question",
    revoked,
  ],
];
const cases = modes.flatMap((mode) =>
  takesOver.map(([what, run]) => ({ label: `acting mode ${mode}: ${what}`, run: async () => run(mode) })),
);

/** Each takes two looks of the server, five seconds apart: all of them are under way at once. */
const underWay = new Map<string, Promise<void>>();
beforeAll(() => {
  bindRole(consoleIn("passthrough"), project, "of-group", { kind: "Group", name: group }, [reading, serial]);
  for (const { label, run } of cases) {
    const running = run();
    running.catch(() => {}); // its own test says so
    underWay.set(label, running);
  }
});

test.each(cases.map(({ label }) => label))("%s", async (label) => {
  await expect(underWay.get(label)).resolves.toBeUndefined();
});
