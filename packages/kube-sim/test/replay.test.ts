/**
 * Replays recorded scenarios request by request and compares codes and messages. Before each request the simulator is
 * given time to reach the state the real cluster was in. What differs is listed by name: a listed difference that has
 * gone fails the test as well.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, test } from "vitest";
import { startCluster, type TestCluster } from "./cluster.ts";
import { type HttpStep, oracles } from "./oracles.ts";

interface WatchStep {
  step: "watch";
  type: string;
  kind: string;
  name: string;
  key?: Record<string, unknown>;
}
type Step = HttpStep | WatchStep | { step: "note" };

/** Labels of requests that kube-sim is known to answer differently, with the reason; `timing:` ones may or may not. */
const KNOWN: Record<string, Record<string, string>> = {
  "accept-header": {
    "guestosinfo with Accept: application/json": "guests of kube-sim run no agent",
    "guestosinfo with Accept: */*": "guests of kube-sim run no agent",
  },
  rbac: {
    "guestosinfo as bob (view)": "guests of kube-sim run no agent",
    "console as alice (edit)": "timing: it follows a restart at once, and kube-sim is further on with that",
  },
  "pause-unpause": {
    "pause again immediately": "timing: kube-sim marks the VMI paused at once",
    "force stop when paused":
      "timing: a paused stand-in guest is gone at once, so there is nothing left to force",
  },
  "start-stop": {
    "start again immediately": "timing: kube-sim has created the VMI already",
    "stop again immediately": "timing: the stand-in guest is gone at once",
    "start while Stopping": "timing: the stand-in guest is gone at once, so this starts it again",
    "stop when Stopped": "timing: the request before has started it",
  },
};

const NO_AGENT = "guests of kube-sim run no agent";
const NO_GRAPH = "objectgraph is not implemented";
Object.assign(KNOWN, {
  "run-manual": {
    "start again immediately": "timing: kube-sim has created the VMI already",
    "stop again immediately": "timing: the stand-in guest is gone at once",
  },
  "run-once": {
    "start after completion": "the annotation that powers the recorder's guest off means nothing here",
  },
  "bare-vmi": { "delete VMI": "kube-sim holds a bare VMI by no finalizer, so it is gone at once" },
  migrate: {
    "migrate back by VMIM object": "timing: the migration before it may still run",
    "unpause while migrating": "timing: the recorder's pause did not take during a migration",
  },
  "migrate-cancel": { "evacuate-cancel without evacuation": "evacuate/cancel is not implemented" },
  "guest-subresources": {
    "GET guestosinfo vm": NO_AGENT,
    "GET userlist vm": NO_AGENT,
    "GET filesystemlist vm": NO_AGENT,
    "GET objectgraph vm": NO_GRAPH,
    "GET objectgraph na": NO_GRAPH,
    "GET objectgraph off": NO_GRAPH,
    "vm objectgraph": NO_GRAPH,
    screenshot: "the recorder wrote only the number of bytes",
  },
});

/**
 * What the recorder's hosts were told by annotation, in kube-sim's words. A migration lasts at least as long as recorded:
 * a shorter one would be over before the request that cancels it.
 */
const inSimWords = (body: unknown): unknown =>
  JSON.parse(
    JSON.stringify(body)
      .replaceAll(
        /"fake-node\.io\/migrate-ms": ?"(\d+)"/g,
        (_told, ms: string) => `"kubesim.kubev.io/migration-seconds":"${Math.ceil(Number(ms) / 1000)}"`,
      )
      .replaceAll(/"fake-node\.io\/fail-migration"/g, '"kubesim.kubev.io/migration-fails"'),
  );

/** Scenarios whose order of states is compared as well. */
const ORDERED = new Set(["migrate-cancel", "migrate-fail", "create-halted", "start-paused"]);

const SCENARIOS = [
  "rbac",
  "start-stop",
  "restart",
  "pause-unpause",
  "pause-livenessprobe",
  "create-halted",
  "accept-header",
  "run-manual",
  "run-once",
  "start-paused",
  "softreboot-reset",
  "bare-vmi",
  "migrate",
  "migrate-cancel",
  "migrate-fail",
  "guest-subresources",
];

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

const normal = (text: string): string =>
  text.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UID");

function messageOf(body: unknown): string {
  if (typeof body === "string") return normal(body);
  if (typeof body !== "object" || body === null) return "";
  const { kind, message } = body as { kind?: string; message?: string };
  return kind === "Status" ? normal(message ?? "") : `(${kind ?? "object"})`;
}

interface Shown {
  printableStatus: string;
  /** Whether there was a VMI: a VM is Stopped a little before its VMI has gone. */
  created: boolean;
}

/** Gives the cluster up to `timeoutMs` to show the printableStatus that the real one showed. */
async function settle(namespace: string, wanted: Map<string, Shown>, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (const [name, { printableStatus, created }] of wanted) {
    // kube-sim may have passed through these already.
    if (!["Running", "Stopped", "Paused"].includes(printableStatus)) continue;
    for (;;) {
      const { body } = await cluster.call(
        `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines/${name}`,
      );
      const shows =
        body?.status?.printableStatus === printableStatus && (created || body.status.created !== true);
      if (shows || Date.now() > deadline) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Gives a migration up to `timeoutMs` to get as far as the recorded one had. */
async function settleMigration(
  namespace: string,
  name: string,
  phase: string,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const items = `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstancemigrations`;
  while (Date.now() < deadline) {
    const { code, body } = await cluster.call(`${items}/${name}`);
    if (phase === "DELETED" ? code === 404 : body?.status?.phase === phase) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The states that each VM and migration of the recording went through, by order of appearance. */
class States {
  readonly #byName = new Map<string, string[]>();

  add(type: string, kind: string, name: string, state: string | undefined): void {
    const value = type === "DELETED" ? "DELETED" : state;
    if (value === undefined) return;
    const states = this.#byName.get(`${kind} ${name}`) ?? [];
    this.#byName.set(`${kind} ${name}`, states);
    if (states.at(-1) !== value) states.push(value);
  }

  /** Without names, some of which are made up; sorted, because there are several at once. */
  get orders(): string[] {
    const kindOf = (key: string) => key.split(" ")[0] ?? "";
    return [...this.#byName].map(([key, states]) => `${kindOf(key)}: ${states.join(" → ")}`).toSorted();
  }
}

const stateOf = (status: { phase?: string; printableStatus?: string } | undefined): string | undefined =>
  status?.phase ?? status?.printableStatus;

/** Follows VMs and migrations of a namespace until stopped. */
async function follow(namespace: string, states: States): Promise<() => Promise<void>> {
  const ends: (() => Promise<void>)[] = [];
  for (const resource of ["virtualmachines", "virtualmachineinstancemigrations"]) {
    const url = new URL(`/apis/kubevirt.io/v1/namespaces/${namespace}/${resource}?watch=1`, cluster.sim.url);
    const agent = new Agent({ connect: cluster.tls });
    const { body } = await request(url, { dispatcher: agent });
    const reading = (async () => {
      for await (const line of createInterface({ input: body })) {
        const { type, object } = JSON.parse(line) as WatchLine; // what a watch sends
        states.add(type, object.kind, object.metadata.name, stateOf(object.status));
      }
    })().catch(() => undefined); // ended below
    ends.push(async () => {
      await agent.destroy();
      await reading;
    });
  }
  return async () => {
    for (const end of ends) await end();
  };
}

interface WatchLine {
  type: string;
  object: { kind: string; metadata: { name: string }; status?: { phase?: string; printableStatus?: string } };
}

describe.skipIf(oracles === undefined)("recorded scenarios", () => {
  // Each in a namespace of its own: most of their time is waiting.
  test.concurrent.for(SCENARIOS)("%s", { timeout: 120_000 }, async (scenario, { expect }) => {
    const trace = JSON.parse(readFileSync(join(oracles ?? "", "traces", `${scenario}.json`), "utf8")) as {
      namespace: string;
      steps: Step[];
    };
    await cluster.call("/api/v1/namespaces", { body: { metadata: { name: trace.namespace } } });
    const real = new States();
    const ours = new States();
    const unfollow = ORDERED.has(scenario) ? await follow(trace.namespace, ours) : undefined;
    const migrations = new Map<string, string>();
    const statuses = new Map<string, Shown>();
    const different: string[] = [];
    let compared = 0;
    for (const step of trace.steps) {
      if (step.step === "watch" && step.kind === "VirtualMachine") {
        const status = step.key?.["printableStatus"];
        if (step.type === "DELETED") statuses.delete(step.name);
        else if (typeof status === "string")
          statuses.set(step.name, { printableStatus: status, created: step.key?.["created"] === true });
      }
      if (
        step.step === "watch" &&
        ["VirtualMachine", "VirtualMachineInstanceMigration"].includes(step.kind)
      ) {
        real.add(step.type, step.kind, step.name, stateOf(step.key));
      }
      if (step.step === "watch" && step.kind === "VirtualMachineInstanceMigration") {
        const phase = step.type === "DELETED" ? "DELETED" : step.key?.["phase"];
        if (typeof phase === "string" && !step.name.startsWith("kubevirt-migrate-"))
          migrations.set(step.name, phase);
      }
      if (step.step !== "http") continue;
      for (const [name, phase] of migrations) await settleMigration(trace.namespace, name, phase, 5000);
      if (!step.label.includes("immediately") && !step.label.includes("right after")) {
        await settle(trace.namespace, statuses, 2500);
      }
      const { method, path, user, body, headers, contentType } = step.request;
      const badToken = step.label === "bad token";
      const answer = await cluster.call(path, {
        method,
        ...(body === undefined ? {} : { body: inSimWords(body) }),
        ...(badToken ? { token: "wrong" } : {}),
        headers: {
          accept: "*/*",
          ...Object.fromEntries(
            Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
          ),
          ...(contentType === undefined ? {} : { "content-type": contentType }),
          ...(user === undefined || user === "admin" ? {} : { "Impersonate-User": user }),
        },
      });
      compared += 1;
      const expected = `${step.response.code} ${messageOf(step.response.body)}`;
      const actual = `${answer.code} ${messageOf(answer.body ?? answer.text)}`;
      if (expected !== actual) different.push(`${step.label}\n    real: ${expected}\n    sim:  ${actual}`);
    }
    if (unfollow !== undefined) {
      const deadline = Date.now() + 6000;
      while (Date.now() < deadline && ours.orders.join() !== real.orders.join())
        await new Promise((resolve) => setTimeout(resolve, 20));
      await unfollow();
      expect(ours.orders).toEqual(real.orders);
    }
    process.stdout.write(`${scenario}: ${compared - different.length} of ${compared} answers equal\n`);
    const labels = different.map((text) => text.split("\n")[0] ?? "").toSorted((a, b) => a.localeCompare(b));
    const known = Object.entries(KNOWN[scenario] ?? {});
    const unexpected = labels.filter((label) => !known.some(([name]) => name === label));
    const gone = known.filter(([label, reason]) => !reason.startsWith("timing:") && !labels.includes(label));
    // The texts come along so that a failure shows both answers.
    expect({ unexpected, gone, different }).toEqual({ unexpected: [], gone: [], different });
  });
});
