/**
 * A change whose answer never came is told as of unknown outcome, and nothing else is. Where the connection breaks decides: before
 * anything was sent nothing was done. Generated over the contract, with what undici sent as the judge.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { endpointPaths, type OperationName } from "@kubev/api-types/endpoint-paths";
import type { KubeSim } from "@kubev/kube-sim/start";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ClusterEndpoint } from "../src/kube/cluster-endpoint.ts";
import { KubeUnreachableError } from "../src/kube/kube-error.ts";
import { KubeClient, type KubeRequest } from "../src/kube/kube-client.ts";
import { kubePath } from "../src/kube/kube-path.ts";
import { allOperations } from "../src/routes/all-operations.ts";
import type { Answer, ConsoleUnderTest, Person } from "./console-under-test.ts";
import { marker, secret, startForeignProject } from "./foreign-project.ts";
import { operationCases, operationNames } from "./operation-calls.ts";

type FaultEffect = Parameters<KubeSim["faults"]["add"]>[0]["effect"];

let cut: ConsoleUnderTest;
let operator: Person;
/** Changes that went to the cluster, dry runs left out. */
let sent: string[] = [];
const onSent = (message: unknown) => {
  const { request } = message as { request: { origin: string; method: string; path: string } }; // undici's channel
  if (request.origin !== cut.sim.url || request.method === "GET" || request.path.includes("dryRun")) return;
  if (!/reviews(\?|$)/.test(request.path)) sent.push(`${request.method} ${request.path}`);
};

beforeAll(async () => {
  cut = await startForeignProject();
  operator = await cut.signIn("operator");
  subscribe("undici:client:sendHeaders", onSent);
}, 60_000);
afterAll(async () => {
  unsubscribe("undici:client:sendHeaders", onSent);
  await cut.close();
});
beforeEach(() => {
  sent = [];
});
afterEach(() => cut.sim.faults.clear());

/** What is written in the project, or to what bears the marker. */
function spoilWrites(effect: FaultEffect, everyNth = 1): void {
  cut.sim.faults.clear();
  for (const method of ["POST", "PUT", "PATCH", "DELETE"])
    cut.sim.faults.add({ method, urlContains: "isolated", effect, everyNth });
}

const isToldUnknown = (name: OperationName, { status, body }: Answer<unknown>): boolean =>
  name === "actOnVms"
    ? JSON.stringify(body).includes("outcome-unknown")
    : status >= 400 && (body as { error: { outcomeUnknown?: true } }).error.outcomeUnknown === true;

test("changing the cluster is a property of an operation, and the trail knows the same ones", () => {
  const operations: Record<string, { audit?: unknown }> = allOperations(cut.app.services);
  // the console's own, and a look at what is secret
  const tracedOnly = new Set<OperationName>(["signInWithToken", "signOut", "showSecretValue"]);
  const traced = operationNames.filter(
    (name) => (operations[name]?.audit !== undefined || name === "actOnVms") && !tracedOnly.has(name),
  );
  expect(operationNames.filter((name) => endpointPaths[name].changes)).toEqual(traced);
});

describe("where every connection breaks once a change was sent", () => {
  const unknown = new Set<OperationName>();

  test("an operation says that nobody knows exactly where it sent one", { timeout: 60_000 }, async () => {
    const wrong: string[] = [];
    for (const [label, name, partsOf] of operationCases) {
      if (name === "signOut" || name === "signInWithToken") continue;
      const { changes } = endpointPaths[name];
      // what is tried dry before is let through the second time
      for (const everyNth of changes ? [1, 2] : [1]) {
        sent = [];
        spoilWrites({ kind: "hang-up" }, everyNth);
        const answer = await operator.ask(name, partsOf(secret, marker));
        const isTold = isToldUnknown(name, answer);
        const isSent = sent.some((request) => request.includes("isolated"));
        if (everyNth === 1 ? isTold !== isSent : isTold && !isSent)
          wrong.push(`${label}: ${answer.status}, told ${isTold}, sent ${sent.join(" ")}`);
        if (!changes && (isTold || sent.length > 0)) wrong.push(`${label} sent ${sent.join(" ")}`);
        if (!isTold) continue;
        unknown.add(name);
        break;
      }
    }
    expect(wrong).toEqual([]);
  });

  test("and many of those that change something came so far", () => {
    expect(unknown.size).toBeGreaterThanOrEqual(20);
  });
});

/** Of the trail. */
const rowOf = async (requestId: string) =>
  cut.app.services.database
    .selectFrom("audit")
    .selectAll()
    .where("request_id", "=", requestId)
    .executeTakeFirstOrThrow();

describe("an object that is made", () => {
  let name = "";
  let tried = 0;
  beforeEach(() => {
    tried += 1;
    name = `unknown-${tried}`;
  });
  const makeWith = async (...effects: FaultEffect[]) => {
    for (const effect of effects)
      cut.sim.faults.add({ method: "POST", urlContains: `/${secret}/configmaps`, effect });
    const yaml = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
    const { headers, body: told } = await operator.refused("createText", { body: { project: secret, yaml } });
    cut.sim.faults.clear();
    const params = { group: "core", version: "v1", plural: "configmaps", project: secret, name };
    const { status } = await operator.ask("getAny", { params });
    return { ...told.error, isMade: status === 200, requestId: headers.get("x-request-id") ?? "" };
  };

  test.each<[string, FaultEffect, string, boolean]>([
    ["before it was done", { kind: "hang-up" }, "upstream-unavailable", false],
    ["before its answer", { kind: "cut", afterBytes: 0 }, "upstream-unavailable", true],
    ["in the middle of its answer", { kind: "cut", afterBytes: 100 }, "upstream-unavailable", true],
    ["for whoever stands between", { kind: "status", code: 504 }, "upstream-timeout", false],
  ])(
    "the connection broke %s: nobody knows, and the trail says so too",
    async (_when, effect, code, isMade) => {
      const told = await makeWith(effect);
      expect(told).toMatchObject({ code, outcomeUnknown: true, isMade });
      const row = await rowOf(told.requestId);
      expect(row).toMatchObject({ outcome: "failed" });
      expect(row.reason).toContain("outcome-unknown");
    },
  );

  const status = (code: number, reason: string, message: string): FaultEffect => ({
    kind: "answer",
    code,
    text: JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message }),
  });
  const webhook = 'failed calling webhook "x": failed to call webhook';

  test.each<[string, FaultEffect]>([
    ["etcd's time-out", status(500, "", "etcdserver: request timed out")],
    [
      "etcd's time-out, with a guess at why",
      status(500, "", "etcdserver: request timed out, possibly due to connection lost"),
    ],
    ["etcd's new leader", status(500, "", "etcdserver: leader changed")],
    ["a lost way to etcd", status(500, "", "rpc error: code = Unavailable desc = transport is closing")],
    ["a deadline of the storage", status(500, "", "context deadline exceeded")],
    ["a time-out by its reason", status(500, "ServerTimeout", "try again")],
    [
      "a request's time-out, whatever its code",
      status(500, "Timeout", "request did not complete within requested timeout"),
    ],
    ["a backend that broke off", { kind: "answer", code: 503, text: "error trying to reach service: EOF\n" }],
    [
      "a backend that broke off, in a Status",
      status(503, "ServiceUnavailable", "error trying to reach service: EOF"),
    ],
  ])("%s leaves it open, and the trail says so", async (_whose, effect) => {
    const told = await makeWith(effect);
    expect(told).toMatchObject({ outcomeUnknown: true, isMade: false });
    const { outcome, reason } = await rowOf(told.requestId);
    expect(outcome).toBe("failed");
    expect(reason).toContain("outcome-unknown");
  });

  test("words that break off leave it open: nobody knows what they would have said", async () => {
    const told = await makeWith({ kind: "cut", afterBytes: 100 }, status(500, "", "x".repeat(1000)));
    expect(told).toMatchObject({ outcomeUnknown: true });
  });

  test.each<[string, FaultEffect]>([
    ["an error of the cluster's own", status(500, "InternalError", "Internal error occurred: it broke")],
    [
      "a webhook that did not answer",
      status(
        500,
        "InternalError",
        `Internal error occurred: ${webhook}: Post "x": context deadline exceeded`,
      ),
    ],
    [
      "a webhook that says what etcd says",
      status(500, "", 'admission webhook "x" denied the request: etcdserver: request timed out'),
    ],
    ["a backend that is not there", { kind: "answer", code: 503, text: "service unavailable\n" }],
    [
      "a backend without a connection",
      {
        kind: "answer",
        code: 503,
        text: "error trying to reach service: dial tcp 10.0.0.1:443: connect: connection refused",
      },
    ],
    ["a cluster that is busy", status(429, "TooManyRequests", "etcdserver: request timed out")],
  ])("%s is a refusal", async (_whose, effect) => {
    const told = await makeWith(effect);
    expect(told).toMatchObject({ isMade: false });
    expect(told).not.toHaveProperty("outcomeUnknown");
  });

  test.each([409, 422, 429, 500, 503] as const)("a refusal with %s is known to be one", async (code) => {
    const told = await makeWith({ kind: "status", code });
    expect(told).toMatchObject({ isMade: false });
    expect(told).not.toHaveProperty("outcomeUnknown");
  });
});

test("a machine that may have been made keeps its Secret", async () => {
  cut.sim.faults.add({
    method: "POST",
    urlContains: `/${secret}/virtualmachines`,
    effect: { kind: "status", code: 504 },
    everyNth: 2, // after the dry run
  });
  const params = { project: secret };
  const body = {
    name: "perhaps",
    source: { kind: "blank" },
    diskSizeBytes: 2 ** 26,
    sizing: { kind: "custom", cpuCores: 1, memoryBytes: 2 ** 27 },
    cloudInit: { kind: "form", userName: "admin", password: "not to be lost" },
  };
  const { body: told } = await operator.refused("createVm", { params, body });
  expect(told.error).toMatchObject({ code: "upstream-timeout", outcomeUnknown: true });
  const { secrets } = await operator.call("listSecrets", { params });
  expect(secrets.map(({ name }) => name)).toContainEqual(expect.stringContaining("perhaps"));
});

describe("the client", () => {
  const failureOf = async (client: KubeClient, request: KubeRequest) => {
    const failure: unknown = await client
      .json(kubePath("api", "v1", "namespaces"), request)
      .catch((error: unknown) => error);
    if (!(failure instanceof KubeUnreachableError)) throw new Error("It was answered");
    return { kind: failure.kind, outcomeUnknown: failure.outcomeUnknown };
  };
  const clientOf = (endpoint: ClusterEndpoint) =>
    new KubeClient(endpoint, () => ({ kind: "bearer", token: "x" }));
  /** A client of a server that takes connections, or of none. */
  async function strangeServer(
    listens: boolean,
  ): Promise<{ client: KubeClient; close: () => Promise<void> }> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => void sockets.add(socket.on("error", () => {})));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // it listens on TCP
    if (!listens) server.close();
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "strange", server: `https://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: "nobody" },
    );
    const endpoint = new ClusterEndpoint(config);
    return {
      client: clientOf(endpoint),
      close: async () => {
        for (const socket of sockets) socket.destroy();
        await endpoint.close();
        if (listens) server.close();
      },
    };
  }

  test.each<[string, KubeRequest, boolean]>([
    ["a change", { method: "POST", body: {} }, true],
    ["a change by patch", { method: "PATCH", body: {} }, true],
    ["a dry run", { method: "POST", body: {}, query: { dryRun: "All" } }, false],
    ["a question by POST", { method: "POST", body: {}, asks: true }, false],
    ["a read", {}, false],
  ])("waits in vain for the answer to %s", async (_what, request, outcomeUnknown) => {
    cut.sim.faults.add({ urlContains: "/api/v1/namespaces", effect: { kind: "silence" } });
    const client = clientOf(cut.app.services.endpoint);
    expect(await failureOf(client, { ...request, timeoutMs: 300 })).toEqual({
      kind: "timeout",
      outcomeUnknown,
    });
  });

  test.each([
    ["nobody listens", false, "unreachable"],
    ["nobody greets it", true, "timeout"],
  ] as const)("sends nothing where %s", async (_where, listens, kind) => {
    const { client, close } = await strangeServer(listens);
    const request = { method: "POST", body: {}, timeoutMs: 300 } as const;
    expect(await failureOf(client, request)).toEqual({ kind, outcomeUnknown: false });
    await close();
  });
});
