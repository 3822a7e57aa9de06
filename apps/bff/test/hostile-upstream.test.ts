/** What answers in the cluster's place may say what it likes: no redirect is followed, and only a true upgrade joins two sockets. */
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { KubeConfig } from "@kubernetes/client-node";
import { ClusterEndpoint } from "../src/kube/cluster-endpoint.ts";
import { KubeClient } from "../src/kube/kube-client.ts";
import { kubePath } from "../src/kube/kube-path.ts";
import { websocketAccept } from "../src/kube/upgraded-socket.ts";
import { closeFrame } from "../src/consoles/frame-follower.ts";
import type { ErrorBody, Person } from "./console-under-test.ts";
import { until } from "./console-under-test.ts";
import type { RecordedConsole } from "./recorded-console.ts";
import { machine, pod, project, settings, startRecordedConsole } from "./recorded-console.ts";

let world: RecordedConsole;
let bob: Person;
/** Where redirects lead; nobody must come. */
let trap: Server;
let trapped = 0;
let trapUrl: string;

beforeAll(async () => {
  world = await startRecordedConsole();
  bob = await world.cut.signIn("bob");
  trap = createServer((socket) => {
    trapped += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => trap.listen(0, "127.0.0.1", resolve));
  trapUrl = `https://127.0.0.1:${(trap.address() as AddressInfo).port}`; // it listens on TCP
});
afterAll(async () => {
  await world.close();
  trap.close();
});
afterEach(() => {
  world.recorder.answerInstead = null;
  world.recorder.upgradeInstead = null;
});

describe("an upstream's answer chooses no host (CVE-2022-35508, CVE-2024-21545)", () => {
  test.each([300, 301, 302, 303, 304, 305, 307, 308])(
    "a %i with a Location is an error, and nobody goes there",
    async (status) => {
      world.recorder.answerInstead = (request, response) => {
        if (!request.url?.includes(`/configmaps/${settings}`)) return false;
        response.writeHead(status, {
          location: `${trapUrl}${request.url}`,
          refresh: `0; url=${trapUrl}`,
          "set-cookie": "__Host-kubev=of-the-cluster",
        });
        response.end();
        return true;
      };
      const answer = await bob.ask("getObjectYaml", {
        params: { noun: "config-map", project, name: settings },
      });
      expect(answer.status).toBe(502);
      expect((answer.body as ErrorBody).error.code).toBe("upstream-error");
      // of the cluster's headers nothing comes through
      for (const name of ["location", "refresh", "set-cookie"]) expect(answer.headers.get(name)).toBeNull();
      expect(trapped).toBe(0);
    },
  );

  test("headers of the cluster's good answer reach no browser either", async () => {
    const secret = "from-the-cluster";
    world.recorder.answerInstead = (request, response) => {
      if (!request.url?.includes(`/configmaps/${settings}`)) return false;
      response.writeHead(200, {
        "content-type": "text/html",
        "set-cookie": `a=${secret}`,
        "x-kubernetes-pf-flowschema-uid": secret,
        "audit-id": secret,
        "access-control-allow-origin": "*",
      });
      response.end(JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: settings } }));
      return true;
    };
    const answer = await bob.ask("getObjectYaml", {
      params: { noun: "config-map", project, name: settings },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect(JSON.stringify([...answer.headers])).not.toContain(secret);
  });
});

test("who cannot show the cluster's certificate is told nothing, on requests and sockets alike", async () => {
  const { recorder, sim } = world;
  const kubeConfig = new KubeConfig();
  const text = recorder.kubeconfig(sim.kubeconfigFor("bob"));
  kubeConfig.loadFromString(text.replace(/certificate-authority-data: .*/, ""));
  const client = new KubeClient(new ClusterEndpoint(kubeConfig), () => ({ kind: "bearer", token: "kept" }));
  const from = recorder.seen.length;
  const unreachable = { name: "KubeUnreachableError" };
  await expect(client.json(kubePath("version"))).rejects.toMatchObject(unreachable);
  await expect(client.upgraded(kubePath("version"), {}, "any")).rejects.toMatchObject(unreachable);
  expect(recorder.seen.slice(from).filter(({ headers }) => JSON.stringify(headers).includes("kept"))).toEqual(
    [],
  );
  await client.endpoint.close();
});

test("the upload service hears its own token and the file, and of nobody (CVE-2025-54468)", async () => {
  const bytes = Buffer.alloc(1024 * 1024);
  bytes.writeUInt16BE(0x55aa, 510);
  await bob.call("createImage", {
    params: { project },
    body: { name: "sent", media: "disk", fileSizeBytes: bytes.length, diskSizeBytes: bytes.length * 16 },
  });
  world.recorder.answerInstead = (request, response) => {
    if (!request.url?.startsWith("/v1beta1/upload")) return false;
    response.writeHead(200);
    response.end();
    return true;
  };
  const from = world.recorder.seen.length;
  const sent = await fetch(`${world.cut.url}/api/projects/${project}/images/sent/content`, {
    method: "PUT",
    headers: {
      cookie: bob.cookie,
      origin: world.cut.url,
      "content-type": "application/octet-stream",
      "x-remote-user": "operator",
      "impersonate-user": "operator",
    },
    body: bytes,
  });
  expect(sent.status).toBe(200);
  const told = world.recorder.seen.slice(from).filter(({ target }) => target.startsWith("/v1beta1/upload"));
  expect(told.map(({ method, target }) => `${method} ${target}`)).toEqual([
    "HEAD /v1beta1/upload-async",
    "POST /v1beta1/upload",
  ]);
  for (const { headers } of told) {
    expect(
      headers.map(([name]) => name).filter((name) => !/^(?:host|connection|content-)/.test(name)),
    ).toEqual(["authorization"]);
    const lines = JSON.stringify(headers);
    for (const secret of [world.serviceToken, bob.cookie.split("=")[1] ?? "", "operator"])
      expect(lines).not.toContain(secret);
  }
});

const accept = (key: string) => `Sec-WebSocket-Accept: ${websocketAccept(key)}`;
const upgraded = "HTTP/1.1 101 Switching Protocols";
const joined = ["Connection: Upgrade", "Upgrade: websocket"];
/** A second request, as whoever holds a spliced socket would send it. */
const stowaway = "GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n";

const answers: [string, (key: string) => string[]][] = [
  ["302 elsewhere", () => ["HTTP/1.1 302 Found", `Location: ${trapUrl}/`, "Content-Length: 0"]],
  ["200 that stays open", () => ["HTTP/1.1 200 OK", "Connection: keep-alive"]],
  ["200 that says Upgrade", (key) => ["HTTP/1.1 200 OK", ...joined, accept(key), "Content-Length: 0"]],
  ["204", () => ["HTTP/1.1 204 No Content"]],
  ["100, then silence", () => ["HTTP/1.1 100 Continue"]],
  ["400 of an endpoint that is no socket", () => ["HTTP/1.1 400 Bad Request", "Content-Length: 0"]],
  ["403", () => ["HTTP/1.1 403 Forbidden", "Content-Length: 0"]],
  ["426", () => ["HTTP/1.1 426 Upgrade Required", "Upgrade: websocket", "Content-Length: 0"]],
  ["500", () => ["HTTP/1.1 500 Internal Server Error", "Content-Length: 0"]],
  ["101 of HTTP/1.0", (key) => ["HTTP/1.0 101 Switching Protocols", ...joined, accept(key)]],
  ["101 without its proof", () => [upgraded, ...joined]],
  ["101 with another's proof", () => [upgraded, ...joined, accept("dGhlIHNhbXBsZSBub25jZQ==")]],
  ["101 to another protocol", (key) => [upgraded, "Connection: Upgrade", "Upgrade: h2c", accept(key)]],
  ["101 that names no protocol", (key) => [upgraded, accept(key)]],
  [
    "101 with a compression that was not asked for",
    (key) => [upgraded, ...joined, accept(key), "Sec-WebSocket-Extensions: permessage-deflate"],
  ],
  [
    "101 in a protocol that was not offered",
    (key) => [upgraded, ...joined, accept(key), "Sec-WebSocket-Protocol: v1.channel.k8s.io"],
  ],
  ["no HTTP at all", () => ["SSH-2.0-OpenSSH_9.9"]],
];

const consoles = {
  vnc: ["createConsoleTicket", machine, { kind: "vnc", takeOver: true }],
  serial: ["createConsoleTicket", machine, { kind: "serial" }],
  shell: ["createPodShellTicket", pod, { container: "web", command: "sh" }],
} as const;

/** Opens a console while the cluster's answer to its upgrade is `head`; tells what came of it. */
async function openOver(kind: keyof typeof consoles, head: (key: string) => string[]) {
  const { cut, recorder } = world;
  const [operation, name, body] = consoles[kind];
  let upstream: Duplex | null = null;
  const typed: Buffer[] = [];
  recorder.upgradeInstead = (request, socket) => {
    upstream = socket;
    socket.on("data", (chunk: Buffer) => typed.push(chunk));
    socket.write(`${head(request.headers["sec-websocket-key"] ?? "").join("\r\n")}\r\n\r\n`);
    return true;
  };
  const { path, protocols } = await until(async () => {
    const answer = await bob.ask(operation, { params: { project, name }, body });
    return answer.status === 200 && (answer.body as { path: string; protocols: string[] }); // the contract's reply
  });
  const socket = new WebSocket(`${cut.url.replace("http", "ws")}${path}`, protocols, {
    headers: { cookie: bob.cookie, origin: cut.url },
  });
  const shown: Buffer[] = [];
  let closed: { code: number; reason: string } | null = null;
  socket.on("open", () => socket.send(stowaway));
  socket.on("message", (data: Buffer) => shown.push(data));
  socket.on("close", (code, reason) => {
    closed = { code, reason: reason.toString("utf8") };
  });
  socket.on("error", () => {});
  return {
    socket,
    typed: () => Buffer.concat(typed).toString("latin1"),
    shown: () => Buffer.concat(shown).toString("latin1"),
    upstreamGone: async () => until(() => upstream?.destroyed === true),
    closed: async () => until(() => closed ?? false),
  };
}

describe("an upgrade that the cluster did not make (CVE-2018-1002105)", () => {
  describe.each(Object.keys(consoles) as (keyof typeof consoles)[])("%s", (kind) => {
    test.each(answers.filter(([what]) => kind === "vnc" || /^(302|200 that stays|101)/.test(what)))(
      "%s joins nothing: both ends are let go, and nothing that is typed goes on",
      async (_what, head) => {
        const one = await openOver(kind, head);
        expect([4403, 4410]).toContain((await one.closed()).code);
        await one.upstreamGone();
        expect(one.typed()).toBe("");
        expect(one.shown()).toBe("");
        expect(trapped).toBe(0);
      },
    );
  });

  test("the same test sees a socket that is joined", async () => {
    const one = await openOver("vnc", (key) => [upgraded, ...joined, accept(key)]);
    expect(await until(() => one.typed().length > 0)).toBe(true);
    one.socket.terminate();
    await one.upstreamGone();
  });
});

describe("the cluster's words beside a refused upgrade", () => {
  test("are cut between two characters, so that the browser still reads the code", async () => {
    const words = `x${"ü".repeat(300)}`;
    const one = await openOver("vnc", () => [
      "HTTP/1.1 500 Internal Server Error",
      `Content-Length: ${Buffer.byteLength(words)}\r\n\r\n${words}`,
    ]);
    expect(await one.closed()).toEqual({ code: 4410, reason: `x${"ü".repeat(59)}` });
  });

  test.each(["a", "ü", "€", "👋", "a👋"])("%s never makes a reason that is no UTF-8", (text) => {
    for (let times = 0; times < 130; times += 1) {
      const payload = closeFrame(4410, `x${text.repeat(times)}`).subarray(4);
      expect(() => new TextDecoder("utf-8", { fatal: true }).decode(payload)).not.toThrow();
      expect(payload.length).toBeLessThanOrEqual(123);
    }
  });
});
