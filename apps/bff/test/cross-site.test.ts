/** Pages of others, in the browser of somebody signed in: nothing changes, and no socket reaches the cluster. */
import { type OperationName, endpointPaths } from "@kubev/api-types/endpoint-paths";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person, until } from "./console-under-test.ts";
import { operationNames } from "./operation-calls.ts";
import { sendRaw } from "./raw-http.ts";
import type { RecordedConsole } from "./recorded-console.ts";
import { machine, pod, project, startRecordedConsole } from "./recorded-console.ts";
import { ShiftedClock } from "./shifted-clock.ts";

const clock = new ShiftedClock();
let world: RecordedConsole;
let bob: Person;
let host: string;

beforeAll(async () => {
  world = await startRecordedConsole({ clock });
  bob = await world.cut.signIn("bob");
  host = new URL(world.cut.url).host;
});
afterAll(async () => world.close());

/** Sockets and writes that reached the cluster since `from`, whoever they were for; reviews change nothing. */
function reached(from: number): string[] {
  return world.recorder.seen
    .slice(from)
    .filter(({ upgrades, method, target }) => upgrades || (method !== "GET" && !target.endsWith("reviews")))
    .map(({ method, target }) => `${method} ${target}`);
}

const tickets = {
  vnc: ["createConsoleTicket", machine, { kind: "vnc", takeOver: true }],
  serial: ["createConsoleTicket", machine, { kind: "serial" }],
  log: ["createPodLogTicket", pod, { container: "web" }],
  shell: ["createPodShellTicket", pod, { container: "web", command: "sh" }],
} as const satisfies Record<string, [OperationName, string, object]>;

type SocketKind = keyof typeof tickets;
const socketKinds = Object.keys(tickets) as SocketKind[]; // its own keys

/** The subprotocols that open this socket. */
async function protocolsOf(kind: SocketKind, person = bob): Promise<string[]> {
  const [operation, name, body] = tickets[kind];
  const answer = await until(async () => {
    const asked = await person.ask(operation, { params: { project, name }, body });
    return asked.status === 200 && (asked.body as { protocols: string[] }); // the contract's reply
  });
  return answer.protocols;
}

const upgrade = (path: string, protocols: readonly string[], lines: readonly string[]) =>
  [
    `GET ${path} HTTP/1.1`,
    ...lines,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    `Sec-WebSocket-Protocol: ${protocols.join(", ")}`,
    "\r\n",
  ].join("\r\n");

const foreign: [string, (own: string) => string[]][] = [
  ["no Origin", () => []],
  ["an empty Origin", () => ["Origin:"]],
  ["Origin null", () => ["Origin: null"]],
  ["another host", () => ["Origin: https://evil.example"]],
  ["a sibling under the same domain", () => ["Origin: http://a.127.0.0.1"]],
  ["another port", () => ["Origin: http://127.0.0.1:1"]],
  ["another scheme", (own) => [`Origin: ${own.replace("http:", "https:")}`]],
  ["the right one with a path", (own) => [`Origin: ${own}/`]],
  ["the right one as a beginning", (own) => [`Origin: ${own}.evil.example`]],
  ["two Origins, the right one first", (own) => [`Origin: ${own}`, "Origin: https://evil.example"]],
  ["two Origins, the right one last", (own) => ["Origin: https://evil.example", `Origin: ${own}`]],
  [
    "the right one, but the browser says cross-site",
    (own) => [`Origin: ${own}`, "Sec-Fetch-Site: cross-site"],
  ],
  ["the right one, but the browser says same-site", (own) => [`Origin: ${own}`, "Sec-Fetch-Site: same-site"]],
];

describe("cross-site console hijack (CVE-2019-13209, CVE-2015-0259)", () => {
  /** Asks for the socket as `person`. */
  const attempt = async (protocols: readonly string[], cookie: string) => {
    const lines = [`Host: ${host}`, `Cookie: ${cookie}`, `Origin: ${world.cut.url}`];
    return (await sendRaw(world.cut.url, upgrade("/api/console", protocols, lines))).status;
  };
  const allProtocols = async (person: Person) =>
    Promise.all(socketKinds.map(async (kind) => protocolsOf(kind, person)));

  test.each(socketKinds)(
    "%s: every foreign Origin is refused with a valid ticket in hand, and nothing is dialled",
    async (kind) => {
      const protocols = await protocolsOf(kind);
      const from = world.recorder.seen.length;
      for (const [why, origin] of foreign) {
        const lines = [`Host: ${host}`, `Cookie: ${bob.cookie}`, ...origin(world.cut.url)];
        const { status } = await sendRaw(world.cut.url, upgrade("/api/console", protocols, lines));
        expect({ why, status }).toEqual({ why, status: 403 });
      }
      expect(reached(from)).toEqual([]);
    },
  );

  test.each([
    ["signed out", async (person: Person) => person.call("signOut")],
    ["idle for too long", async () => clock.forward(24 * 3_600_000)],
  ])("a session that is %s opens none of them, and nothing is dialled", async (_why, end) => {
    const person = await world.cut.signIn("bob");
    const protocols = await allProtocols(person);
    const { cookie } = person;
    await end(person);
    const from = world.recorder.seen.length;
    for (const each of protocols) expect(await attempt(each, cookie)).toBe(401);
    expect(reached(from)).toEqual([]);
    bob = await world.cut.signIn("bob");
  });

  test("another session's ticket opens none of them, the same person's neither, and is spent by the try", async () => {
    const protocols = await allProtocols(bob);
    const elsewhere = await world.cut.signIn("bob");
    const from = world.recorder.seen.length;
    for (const each of protocols) {
      expect(await attempt(each, elsewhere.cookie)).toBe(403);
      expect(await attempt(each, bob.cookie)).toBe(403);
    }
    expect(reached(from)).toEqual([]);
  });

  test("live: every foreign Origin is refused", async () => {
    for (const [why, origin] of foreign) {
      const lines = [`Host: ${host}`, `Cookie: ${bob.cookie}`, ...origin(world.cut.url)];
      const { status, text } = await sendRaw(world.cut.url, upgrade("/api/live", ["kubev.live.v1"], lines));
      expect({ why, status }).toEqual({ why, status: 403 });
      for (const header of ["nosniff", "no-store", "frame-ancestors 'none'"]) expect(text).toContain(header);
    }
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("%s upgrades nothing", async (method) => {
    const from = world.recorder.seen.length;
    for (const path of ["/api/live", "/api/console"]) {
      const lines = [`Host: ${host}`, `Cookie: ${bob.cookie}`, `Origin: ${world.cut.url}`];
      const bytes = upgrade(path, await protocolsOf("vnc"), lines).replace(/^GET/, method);
      expect((await sendRaw(world.cut.url, bytes)).status).toBe(400);
    }
    expect(reached(from)).toEqual([]);
  });

  test("what asks to become something else than a WebSocket is refused", async () => {
    for (const other of ["h2c", "tls/1.0", "SPDY/3.1", "websocket, h2c"]) {
      const lines = [`Host: ${host}`, `Cookie: ${bob.cookie}`, `Origin: ${world.cut.url}`];
      const bytes = upgrade("/api/console", await protocolsOf("vnc"), lines);
      const { status } = await sendRaw(
        world.cut.url,
        bytes.replace("Upgrade: websocket", `Upgrade: ${other}`),
      );
      expect({ other, status }).toEqual({ other, status: 400 });
    }
  });
});

const changing = operationNames.filter((name) => endpointPaths[name].method !== "GET");
const filled = (name: OperationName) =>
  endpointPaths[name].path.replace(":project", project).replaceAll(/:\w+/g, machine);

function post(lines: readonly string[], body = "{}", method = "POST", path = "/api/text/check"): string {
  return [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: close",
    `Cookie: ${bob.cookie}`,
    ...lines,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}

describe("cross-site request forgery (CVE-2024-22424)", () => {
  test("every foreign Origin is refused by every operation that changes anything, and nothing is sent on", async () => {
    const from = world.recorder.seen.length;
    // every Origin for one of them, and of every other one each second of them
    for (const [index, name] of changing.entries())
      for (const [why, origin] of foreign.filter((_, at) => index === 0 || (at + index) % 2 === 0)) {
        const lines = ["Content-Type: application/json", ...origin(world.cut.url)];
        const bytes = post(lines, "{}", endpointPaths[name].method, filled(name));
        const { status } = await sendRaw(world.cut.url, bytes);
        expect({ name, why, status }).toEqual({ name, why, status: 403 });
      }
    expect(reached(from)).toEqual([]);
  });

  test("every operation that changes anything refuses a session that has ended, and nothing is sent on", async () => {
    const person = await world.cut.signIn("bob");
    const { cookie } = person;
    await person.call("signOut");
    const from = world.recorder.seen.length;
    for (const name of changing.filter((each) => each !== "signInWithToken")) {
      const late = new Person(world.cut.url, cookie);
      const bytes = name.startsWith("upload");
      const response = await late.fetch(endpointPaths[name].method, filled(name), {
        ...(name === "signOut" ? {} : { body: {} }),
        ...(bytes ? { headers: { "content-type": "application/octet-stream" } } : {}),
      });
      expect([name, [400, 401].includes(response.status)]).toEqual([name, true]);
    }
    expect(reached(from)).toEqual([]);
  });

  test("a sibling's cookie beside ours signs nobody in (CVE-2024-22424)", async () => {
    const [name = ""] = bob.cookie.split("=", 1);
    for (const cookies of [
      `${bob.cookie}; ${name}=x`,
      `${name}=x; ${bob.cookie}`,
      `${name}="${bob.cookie}"`,
    ]) {
      const answer = await new Person(world.cut.url, cookies).ask("listVms");
      expect([cookies, answer.status]).toEqual([cookies, 401]);
    }
  });
});

describe("spelling of the content type (CVE-2022-41919, CVE-2023-51701, CVE-2026-33806, CVE-2026-25223, CVE-2025-32442)", () => {
  const body = JSON.stringify({ yaml: "kind: ConfigMap\n", project: "lab" });
  const asked = async (lines: readonly string[]) =>
    (await sendRaw(world.cut.url, post([`Origin: ${world.cut.url}`, ...lines], body))).status;

  test.each([
    "Content-Type: application/json",
    "content-type:application/json;charset=utf-8",
    "Content-Type: Application/JSON; charset=UTF-8",
    // the blanks around a value are HTTP's, not the value's
    "Content-Type:  \tapplication/json\t ",
  ])("%j is JSON", async (line) => {
    expect(await asked([line])).toBe(200);
  });

  test.each([
    [],
    ["Content-Type:"],
    ["Content-Type: text/plain"],
    ["Content-Type: text/plain; application/json"],
    ["Content-Type: application/json\ttext/plain"],
    ["Content-Type: application/json\t; charset=utf-8"],
    ["Content-Type: application/json ; charset=utf-8"],
    ["Content-Type: application/json ;charset=utf-8; x=y"],
    ["Content-Type: application/json; charset=utf-8, text/plain"],
    ["Content-Type: application/json,text/plain"],
    ["Content-Type: application/json\u000b"],
    ["Content-Type: \u00a0application/json"],
    ["Content-Type: application/json; charset=utf-7"],
    ["Content-Type: application/json; boundary=x"],
    ["Content-Type: application/merge-patch+json"],
    ["Content-Type: application/jsonx"],
    ["Content-Type: application/x-www-form-urlencoded"],
    ["Content-Type: multipart/form-data; boundary=x"],
    ["Content-Type: application/json", "Content-Encoding: gzip"],
    ["Content_Type: application/json"],
  ])("%j %j is refused", async (...lines) => {
    expect(await asked(lines.filter((line) => line !== undefined))).toBe(400);
  });

  test("two of them count as the first, as the parser reads them, and never as both", async () => {
    expect(await asked(["Content-Type: text/plain", "Content-Type: application/json"])).toBe(400);
  });
});
