/**
 * Every kind of open console, and the live socket, against everything that takes the right to it or the session behind it: each closes
 * with the code that says which, within ten seconds of the change, in both acting modes. Nothing moves on them meanwhile.
 */
import { consoleCloseCodes } from "@kubev/api-types/consoles";
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { liveCloseCodes } from "@kubev/api-types/live";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { kubePath } from "../src/kube/kube-path.ts";
import { bindRole, unbindRole } from "./bound-roles.ts";
import { type ConsoleUnderTest, Person, startConsole, until } from "./console-under-test.ts";
import { LiveTab } from "./live-tab.ts";
import { ShiftedClock } from "./shifted-clock.ts";
import { watchedConsole } from "./watched-console.ts";

const project = "ending-lab";
const pod = "idle-pod";
const limitMs = 10_000;
/** The shortest that the API server gives a token for. */
const tokenSeconds = 600;
/** What is left of it when somebody signs in: enough to open everything, and no longer than a socket may be silent. */
const leftMs = 30_000;

const modes = ["passthrough", "impersonate"] as const;
const kinds = ["vnc", "serial", "log", "shell", "live"] as const;
type Kind = (typeof kinds)[number];
interface Case {
  mode: (typeof modes)[number];
  /** Of the account and of the machine. */
  name: string;
  cut: ConsoleUnderTest;
  clock: ShiftedClock;
}

const { rightsRevoked, sessionEnded } = consoleCloseCodes;
const changes = {
  "its role binding is removed": {
    code: rightsRevoked,
    make: async ({ cut, name }: Case) => unbindRole(cut, project, name),
  },
  "its account is deleted, and its token with it": {
    code: sessionEnded,
    make: async ({ cut, name }: Case) =>
      cut.app.services.service.done(kubePath("api", "v1", "namespaces", project, "serviceaccounts", name), {
        method: "DELETE",
      }),
  },
  "its token runs out": {
    code: sessionEnded,
    make: async ({ clock }: Case) => {
      clock.forward(leftMs);
      return Promise.resolve();
    },
  },
} as const;
type Change = keyof typeof changes;
const runsOut = "its token runs out" satisfies Change;
const changeNames = Object.keys(changes) as Change[]; // its own keys

let sim: KubeSim;
const running: ConsoleUnderTest[] = [];
/** By mode, change and kind: with what it was closed, and how long after the change. */
const ends = new Map<string, Promise<{ code: number; afterMs: number }>>();
const keyOf = (mode: string, change: string, kind: Kind) => `${mode} ${change} ${kind}`;

const allowed = [
  {
    apiGroups: ["kubevirt.io"],
    resources: ["virtualmachines", "virtualmachineinstances"],
    verbs: ["get", "list"],
  },
  {
    apiGroups: ["subresources.kubevirt.io"],
    resources: ["virtualmachineinstances/console", "virtualmachineinstances/vnc"],
    verbs: ["get"],
  },
  { apiGroups: [""], resources: ["pods", "pods/log", "pods/exec"], verbs: ["get", "list", "create"] },
];

function seedMachine(name: string): void {
  sim.seed([
    {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name, namespace: project },
      spec: {
        runStrategy: "Always",
        template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] } },
      },
    },
  ]);
}

/** Signs in as a service account of this name, with a token that ends in `tokenSeconds` of the cluster's time. */
async function signIn({ cut, name }: Case): Promise<Person> {
  sim.seed([{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: project } }]);
  const { status } = await cut.app.services.service.json<{ status: { token: string } }>(
    kubePath("api", "v1", "namespaces", project, "serviceaccounts", name, "token"),
    {
      method: "POST",
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { expirationSeconds: tokenSeconds },
      },
    },
  );
  const person = new Person(cut.url);
  await person.call("signInWithToken", { body: { token: status.token } });
  return person;
}

const tickets: Record<Exclude<Kind, "live">, [OperationName, object]> = {
  vnc: ["createConsoleTicket", { kind: "vnc", takeOver: true }],
  serial: ["createConsoleTicket", { kind: "serial", takeOver: true }],
  log: ["createPodLogTicket", { container: "web" }],
  shell: ["createPodShellTicket", { container: "web", command: "sh" }],
};

interface Open {
  socket: WebSocket;
  closeCode: number;
}

async function open(person: Person, kind: Kind, name: string): Promise<Open> {
  if (kind === "live")
    return new LiveTab<{ name: string; ref: object }>(person).follow("vms", `project:${project}`);
  const [operation, body] = tickets[kind];
  const params = { project, name: kind === "vnc" || kind === "serial" ? name : pod };
  const ticket = await until(async () => {
    const answer = await person.ask(operation, { params, body });
    return answer.status === 200 && (answer.body as { path: string; protocols: string[] }); // the contract's reply
  });
  const opened = watchedConsole(person, ticket);
  await until(() => opened.socket.readyState === WebSocket.OPEN);
  return opened;
}

/** Opens everything, makes the change, and waits until all is closed that it should close. */
async function ended(one: Case, change: Change): Promise<Map<Kind, { code: number; afterMs: number }>> {
  bindRole(
    one.cut,
    project,
    one.name,
    { kind: "User", name: `system:serviceaccount:${project}:${one.name}` },
    allowed,
  );
  seedMachine(one.name);
  await until(
    () => one.cut.app.services.inventory.feeds.instances.table.get(project, one.name)?.phase === "Running",
  );
  if (change === runsOut) one.clock.forward(tokenSeconds * 1000 - leftMs);
  const person = await signIn(one);
  const opened = await Promise.all(
    kinds.map(async (kind) => [kind, await open(person, kind, one.name)] as const),
  );
  for (const [kind, { socket }] of opened) expect([kind, socket.readyState]).toEqual([kind, WebSocket.OPEN]);
  const madeMs = performance.now();
  await changes[change].make(one);
  const seen = await Promise.all(
    opened.map(async ([kind, socket]) => {
      // without the right the rows go, and the socket stays
      if (kind === "live" && change === "its role binding is removed") return null;
      // 0 where it stayed open: each kind has a verdict of its own
      const code = await until(() => socket.closeCode !== 0 && socket.closeCode, 2 * limitMs).catch(() => 0);
      return [kind, { code, afterMs: performance.now() - madeMs }] as const;
    }),
  );
  for (const [, { socket }] of opened) socket.terminate();
  return new Map(seen.filter((each) => each !== null));
}

const table = modes.flatMap((mode) =>
  changeNames.flatMap((change) =>
    kinds
      .filter((kind) => kind !== "live" || changes[change].code === sessionEnded)
      .map((kind) => [kind, mode, change] as const),
  ),
);

/** On a console of their own, since one of them sets its clock. All at once: each takes a look or two of the server, five seconds apart. */
async function begin(mode: Case["mode"], made: readonly Change[]): Promise<void> {
  const clock = new ShiftedClock();
  const cut = await startConsole({ sim, clock, env: { ACTING_MODE: mode } });
  running.push(cut);
  for (const change of made) {
    const name = `ends-${changeNames.indexOf(change)}-${mode}`;
    const all = ended({ mode, name, cut, clock }, change);
    for (const kind of kinds) {
      const end = all.then((seen) => seen.get(kind) ?? { code: 0, afterMs: 0 });
      end.catch(() => {}); // its own test says so
      ends.set(keyOf(mode, change, kind), end);
    }
  }
}

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in" });
  sim.seed([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: project }, status: { phase: "Active" } },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: pod, namespace: project },
      spec: {
        containers: [{ name: "web", image: "x", resources: { requests: { cpu: "1m", memory: "1Mi" } } }],
      },
    },
  ]);
  await Promise.all(
    modes.flatMap((mode) => [
      begin(
        mode,
        changeNames.filter((one) => one !== runsOut),
      ),
      begin(mode, [runsOut]),
    ]),
  );
}, 60_000);
afterAll(async () => {
  for (const cut of running) await cut.close();
  await sim.close();
});

test.each(table)("%s, acting mode %s: %s", async (kind, mode, change) => {
  const end = await ends.get(keyOf(mode, change, kind));
  expect(end?.code).toBe(kind === "live" ? liveCloseCodes.sessionEnded : changes[change].code);
  expect(end?.afterMs).toBeLessThan(limitMs);
});
