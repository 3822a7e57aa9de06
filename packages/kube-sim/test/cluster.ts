/** A kube-sim for tests, and its administrator's client. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Answer, apiCaller, type Call } from "./api-caller.ts";
import { type KubeSim, type KubeSimOptions, startKubeSim } from "../src/start.ts";

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
  const caller = apiCaller({ url: sim.url, ...tls });
  return {
    sim,
    tls,
    tokenOf: (name) => {
      const found = sim.users.find((candidate) => candidate.name === name);
      if (found === undefined) throw new Error(`no demo user ${name}`);
      return found.token;
    },
    call: caller.call,
    close: async () => {
      await caller.close();
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
