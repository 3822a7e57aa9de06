/** Lists are served while the cluster still tells what is in them: rows that grow, said to be not all, and whole lists beside them. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, startConsole, until } from "./console-under-test.ts";
import { freePort } from "./free-port.ts";
import { LiveTab } from "./live-tab.ts";
import { startUpstreamRecorder } from "./upstream-recorder.ts";

let sim: KubeSim;
const dir = mkdtempSync(join(tmpdir(), "kubev-growing-"));
beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
});
afterAll(async () => {
  await sim.close();
  rmSync(dir, { recursive: true, force: true });
});

const vm = (index: number) => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { name: `grown-${index}`, namespace: "web-shop", uid: `uid-${index}`, resourceVersion: "1" },
  spec: {
    runStrategy: "Halted",
    template: { spec: { domain: { devices: {}, memory: { guest: "64Mi" } }, volumes: [] } },
  },
});

/** A cluster that tells its machines slowly, by one of the two ways there are. */
interface SlowList {
  /** Whether the request is for it. */
  begin: (url: URL, response: ServerResponse) => boolean;
  more: (from: number, to: number) => void;
  end: () => void;
}

/** Events of a watch, with a bookmark after the last of what there was. */
function asWatch(): SlowList {
  let stream: ServerResponse;
  return {
    begin: (url, response) => {
      if (url.searchParams.get("sendInitialEvents") !== "true") return false;
      stream = response.writeHead(200, { "content-type": "application/json" });
      return true;
    },
    more: (from, to) => {
      for (let index = from; index < to; index += 1)
        stream.write(`${JSON.stringify({ type: "ADDED", object: vm(index) })}\n`);
    },
    end: () => {
      const metadata = { resourceVersion: "1", annotations: { "k8s.io/initial-events-end": "true" } };
      stream.write(`${JSON.stringify({ type: "BOOKMARK", object: { kind: "VirtualMachine", metadata } })}\n`);
    },
  };
}

/** One list, of a cluster that does not serve the other way. */
function asList(): SlowList {
  let list: ServerResponse;
  return {
    begin: (url, response) => {
      if (url.searchParams.get("sendInitialEvents") === "true") {
        response.writeHead(422, { "content-type": "application/json" });
        response.end(JSON.stringify({ kind: "Status", code: 422, reason: "Invalid", message: "not served" }));
      } else if (url.searchParams.has("watch")) {
        // all is told; nothing changes
        response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
      } else {
        list = response.writeHead(200, { "content-type": "application/json" });
        list.write('{"kind":"VirtualMachineList","metadata":{"resourceVersion":"1"},"items":[');
      }
      return true;
    },
    more: (from, to) => {
      for (let index = from; index < to; index += 1)
        list.write(`${index === 0 ? "" : ","}${JSON.stringify(vm(index))}`);
    },
    end: () => list.end("]}"),
  };
}

test.each([
  ["a watch", asWatch],
  ["a list", asList],
] as const)(
  "machines told one by one by %s show as they come, said to be not all, and other lists are whole",
  async (_how, made) => {
    const slow = made();
    const recorder = await startUpstreamRecorder(sim);
    const asked = new Promise<void>((resolve) => {
      recorder.answerInstead = (request: IncomingMessage, response) => {
        const url = new URL(request.url ?? "", "https://cluster");
        if (!url.pathname.endsWith("/v1/virtualmachines")) return false;
        const taken = slow.begin(url, response);
        if (taken && response.statusCode === 200) resolve();
        return taken;
      };
    });
    const kubeconfigFile = join(dir, "config");
    writeFileSync(kubeconfigFile, recorder.kubeconfig(sim.kubeconfigFor("operator")));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    // it comes back once everything is known
    const starting = startConsole({ sim, kubeconfigFile, port });
    await asked;
    slow.more(0, 10);
    const operator = new Person(url);
    const token = sim.users.find(({ name }) => name === "operator")?.token ?? "";
    await until(async () =>
      operator.call("signInWithToken", { body: { token } }).then(
        () => true,
        () => false,
      ),
    );
    const shown = async () => {
      const { total, rows, warnings } = await operator.call("listVms", { query: { pageSize: 200 } });
      expect(rows).toHaveLength(total);
      const syncing = warnings.filter(
        ({ reason }) =>
          reason.code === "feed-syncing" &&
          String(reason.params?.["resource"]).startsWith("virtualmachines."),
      );
      return { total, syncing: syncing.length };
    };
    await until(async () => (await shown()).total === 10);
    expect(await shown()).toEqual({ total: 10, syncing: 1 });
    expect((await fetch(`${url}/readyz`)).status).toBe(503);

    // what is known of other kinds is whole, and nothing is said of them
    for (const list of ["listDisks", "listProjects", "listHosts", "listImages"] as const) {
      const whole = await until(async () => {
        const answer = await operator.call(list);
        return answer.warnings.length === 0 && answer;
      });
      expect([list, whole.total > 0]).toEqual([list, true]);
    }

    const tab = await new LiveTab<VmRow>(operator).follow("vms", "");
    expect(tab.total).toBe(10);
    slow.more(10, 25);
    await until(() => tab.total === 25);
    expect(await shown()).toEqual({ total: 25, syncing: 1 });
    slow.end();
    await until(async () => (await shown()).syncing === 0);
    expect((await shown()).total).toBe(25);
    const cut = await starting;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    tab.socket.close();
    await cut.close();
    await recorder.close();
  },
);
