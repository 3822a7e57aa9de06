/** A kube-sim for tests and a small client that sends exactly what a test says. */
import { readFileSync } from "node:fs";
import { Agent, request } from "undici";
import { parse } from "yaml";
import { type KubeSim, type KubeSimOptions, startKubeSim } from "../src/start.ts";

export interface Answer {
  code: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The parsed body; undefined when it is not JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into arbitrary answers
  body: any;
}

export interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string | string[]>;
  /** Bearer token; the cluster admin's certificate is used when neither this nor `anonymous` is given. */
  token?: string;
  anonymous?: boolean;
}

export interface TestCluster {
  sim: KubeSim;
  call(path: string, call?: Call): Promise<Answer>;
  /** Admin certificate and CA, for other clients. */
  tls: { ca: string; cert: string; key: string };
  tokenOf(user: string): string;
  close(): Promise<void>;
}

interface Kubeconfig {
  users: { user: { "client-certificate-data": string; "client-key-data": string } }[];
}

export async function startCluster(options: Partial<KubeSimOptions> = {}): Promise<TestCluster> {
  const sim = await startKubeSim({ dataDir: null, machines: "stand-in", scenario: "empty", ...options });
  return connect(sim);
}

export function connect(sim: KubeSim): TestCluster {
  const config = parse(readFileSync(sim.kubeconfigPath, "utf8")) as Kubeconfig; // written by kube-sim
  const user = config.users[0]?.user;
  if (user === undefined) throw new Error("the kubeconfig names no user");
  const tls = {
    ca: sim.caPem,
    cert: Buffer.from(user["client-certificate-data"], "base64").toString(),
    key: Buffer.from(user["client-key-data"], "base64").toString(),
  };
  const admin = new Agent({ connect: tls });
  const plain = new Agent({ connect: { ca: sim.caPem } });
  return {
    sim,
    tls,
    tokenOf: (name) => {
      const found = sim.users.find((candidate) => candidate.name === name);
      if (found === undefined) throw new Error(`no demo user ${name}`);
      return found.token;
    },
    call: async (path, call = {}) => {
      const hasBody = call.body !== undefined;
      const response = await request(new URL(path, sim.url), {
        dispatcher: call.token === undefined && call.anonymous !== true ? admin : plain,
        method: (call.method ?? (hasBody ? "POST" : "GET")) as "GET",
        headers: {
          ...(hasBody ? { "content-type": "application/json" } : {}),
          ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
          ...call.headers,
        },
        ...(hasBody ? { body: typeof call.body === "string" ? call.body : JSON.stringify(call.body) } : {}),
      });
      const text = await response.body.text();
      let body: unknown;
      try {
        body = JSON.parse(text);
      } catch {
        body = undefined;
      }
      return { code: response.statusCode, headers: response.headers, text, body };
    },
    close: async () => {
      await admin.destroy();
      await plain.destroy();
      await sim.close();
    },
  };
}

/** Polls until `check` gives a value; the deadline only bounds a failing test. */
export async function eventually<T>(
  check: () => Promise<T | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error("the expected state never came");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
