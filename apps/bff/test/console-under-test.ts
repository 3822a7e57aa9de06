/** A whole console over a whole kube-sim, in this process, reached by real HTTP: what nearly every test here runs against. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BodyOf, ParamsOf, QueryOf, ReplyOf } from "@kubev/api-types/endpoints";
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { endpointPaths } from "@kubev/api-types/endpoint-paths";
import type { KubeSim, KubeSimOptions } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { pino } from "pino";
import type { App } from "../src/app.ts";
import { buildApp } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import type { Clock } from "../src/kube/clock.ts";
import { systemClock } from "../src/kube/clock.ts";
import { plainLine } from "../src/plain-lines.ts";

export interface Answer<T> {
  status: number;
  body: T;
  headers: Headers;
}

export interface ErrorBody {
  error: {
    code: string;
    reason?: { code: string; upstreamText?: string; params?: Record<string, string | number> };
    fields?: { path: string; reason: { code: string } }[];
    upstream?: { status: number; message: string };
    current?: { yaml: string; resourceVersion: string };
    outcomeUnknown?: true;
  };
}

export interface RequestParts {
  params?: Record<string, string>;
  query?: Record<string, string | number>;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Somebody at a browser: keeps the cookie and sends the right origin. */
export class Person {
  readonly url: string;
  cookie: string;
  constructor(url: string, cookie = "") {
    this.url = url;
    this.cookie = cookie;
  }

  async fetch(method: string, path: string, parts: RequestParts = {}): Promise<Response> {
    const headers: Record<string, string> = this.cookie === "" ? {} : { cookie: this.cookie };
    if (method !== "GET") headers["origin"] = this.url;
    if (parts.body !== undefined) headers["content-type"] = "application/json";
    Object.assign(headers, parts.headers);
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers,
      redirect: "manual",
      ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
    });
    for (const cookie of response.headers.getSetCookie())
      if (cookie.startsWith("__Host-kubev=")) this.cookie = cookie.split(";", 1)[0] ?? "";
    return response;
  }

  /** Any operation, whatever it answers. */
  async ask(name: OperationName, parts: RequestParts = {}): Promise<Answer<unknown>> {
    const { method, path } = endpointPaths[name];
    const filled = path.replaceAll(/:(\w+)/g, (_all, key: string) =>
      encodeURIComponent(parts.params?.[key] ?? ""),
    );
    const query = new URLSearchParams(
      Object.entries(parts.query ?? {}).map(([key, value]): [string, string] => [key, String(value)]),
    ).toString();
    const response = await this.fetch(method, `${filled}${query === "" ? "" : `?${query}`}`, parts);
    const text = await response.text();
    const json = response.headers.get("content-type")?.startsWith("application/json") === true;
    return {
      status: response.status,
      body: json && text !== "" ? (JSON.parse(text) as unknown) : text,
      headers: response.headers,
    };
  }

  /** An operation that must succeed. */
  async call<Name extends OperationName>(
    name: Name,
    parts: { params?: ParamsOf<Name>; query?: QueryOf<Name>; body?: BodyOf<Name> } = {},
  ): Promise<ReplyOf<Name>> {
    const answer = await this.ask(name, parts as RequestParts);
    if (answer.status >= 300) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as ReplyOf<Name>; // the server checks its replies against the schemas in tests
  }

  /** An operation that must be refused. */
  async refused(name: OperationName, parts: RequestParts = {}): Promise<Answer<ErrorBody>> {
    const answer = await this.ask(name, parts);
    if (answer.status < 400) throw new Error(`${name} was not refused: ${answer.status}`);
    return answer as Answer<ErrorBody>; // every error has this one shape
  }
}

export interface ConsoleUnderTest {
  sim: KubeSim;
  app: App;
  url: string;
  logs: string[];
  dataDir: string;
  signIn(userName: string): Promise<Person>;
  close(): Promise<void>;
}

export interface ConsoleOptions {
  scenario?: KubeSimOptions["scenario"];
  machines?: KubeSimOptions["machines"];
  env?: Record<string, string>;
  /** A fixed port, for redirect URIs that must be known beforehand. */
  port?: number;
  /** An already running cluster, which is then not closed. */
  sim?: KubeSim;
  kubeconfigFile?: string;
  dataDir?: string;
  clock?: Clock;
}

/** Waits for the thing itself. @throws after `limitMs` with the last value seen */
export async function until<T>(
  what: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 20_000,
): Promise<T> {
  const deadlineMs = performance.now() + limitMs;
  for (;;) {
    const value = await what();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadlineMs)
      throw new Error(`It did not come about in ${limitMs} ms: ${what.toString()}`);
    await delay(20);
  }
}

export async function startConsole(options: ConsoleOptions = {}): Promise<ConsoleUnderTest> {
  const sim =
    options.sim ??
    (await startKubeSim({
      dataDir: null,
      scenario: options.scenario ?? "demo",
      machines: options.machines ?? "stand-in",
    }));
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "kubev-bff-test-"));
  const logs: string[] = [];
  const log = pino(
    { level: "debug", hooks: { streamWrite: plainLine } },
    { write: (line: string) => void logs.push(line) },
  );
  const config = readConfig({
    KUBECONFIG_FILE: options.kubeconfigFile ?? sim.kubeconfigPath,
    DATA_DIR: dataDir,
    SIGN_IN_MODES: "token",
    SHARED_IMAGES_PROJECT: "shared-images",
    DRAIN_GRACE_SECONDS: "0",
    ...options.env,
  });
  const app = await buildApp({ config, log, clock: options.clock ?? systemClock, checkReplies: true });
  await app.server.listen({ port: options.port ?? 0, host: "127.0.0.1" });
  const address = app.server.server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
  await until(() => app.services.inventory.ready);
  await until(() => Object.values(app.services.inventory.feeds).every((feed) => feed.settled));
  return {
    sim,
    app,
    url,
    logs,
    dataDir,
    signIn: async (userName) => {
      const token = sim.users.find((user) => user.name === userName)?.token ?? "";
      const person = new Person(url);
      await person.call("signInWithToken", { body: { token } });
      return person;
    },
    close: async () => {
      await app.drain();
      if (options.sim === undefined) await sim.close();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
