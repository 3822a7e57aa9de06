/** The inventory over a bad line: whatever breaks on the way to the cluster, it comes to hold the cluster's truth again. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LiveServerMessage } from "@kubev/api-types/live";
import { liveFrame } from "@kubev/api-types/live";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { ShiftedClock } from "./shifted-clock.ts";

/** A line to the cluster that tests cut. TLS passes through it, so nothing of the cluster is imitated. */
class Line {
  readonly #sockets = new Set<Socket>();
  readonly server: Server;
  open = true;
  /** Connections stay, and nothing passes. */
  silent = false;
  /** Bytes that still pass before a connection is cut in the middle of whatever it carries; null for no limit. */
  cutAfterBytes: number | null = null;

  constructor(targetPort: number) {
    this.server = createServer((near) => {
      if (!this.open) {
        near.destroy();
        return;
      }
      const far = connect(targetPort, "127.0.0.1");
      let passed = 0;
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on("data", (chunk: Buffer) => {
          if (this.silent) return;
          passed += chunk.length;
          to.write(chunk);
          if (this.cutAfterBytes !== null && passed > this.cutAfterBytes) near.destroy();
        });
        from.on("close", () => {
          this.#sockets.delete(from);
          to.destroy();
        });
        from.on("error", () => to.destroy());
      }
    });
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

let sim: KubeSim;
let line: Line;
let cut: ConsoleUnderTest;
let straight: ConsoleUnderTest;
const clock = new ShiftedClock();

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in" });
  const { port } = new URL(sim.url);
  line = new Line(Number(port));
  await new Promise<void>((resolve) => line.server.listen(0, "127.0.0.1", resolve));
  const linePort = (line.server.address() as AddressInfo).port; // it listens on TCP
  const file = join(mkdtempSync(join(tmpdir(), "kubev-line-")), "config");
  writeFileSync(file, readFileSync(sim.kubeconfigPath, "utf8").replaceAll(`:${port}`, `:${linePort}`));
  cut = await startConsole({ sim, kubeconfigFile: file, clock });
  straight = await startConsole({ sim });
});
afterAll(async () => {
  await cut.close();
  await straight.close();
  line.cutAll();
  await new Promise((resolve) => line.server.close(resolve));
  await sim.close();
});

const names = (console: ConsoleUnderTest) =>
  [...console.app.services.inventory.feeds.projects.table.values()]
    .map((project) => project.name)
    .toSorted((a, b) => a.localeCompare(b));

async function change(round: number): Promise<void> {
  const { service } = straight.app.services;
  const { kubePath } = await import("../src/kube/kube-path.ts");
  await service.json(kubePath("api", "v1", "namespaces"), {
    method: "POST",
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: `round-${round}` } },
  });
  if (round >= 2)
    await service.json(kubePath("api", "v1", "namespaces", `round-${round - 2}`), { method: "DELETE" });
}

test("cut again and again, also in the middle of a line, it converges", async () => {
  for (let round = 0; round < 12; round += 1) {
    line.cutAfterBytes = round % 3 === 0 ? 20_000 : null;
    await change(round);
    line.cutAll();
  }
  line.cutAfterBytes = null;
  await until(() => names(cut).includes("round-11") && !names(cut).includes("round-3"), 40_000);
  await until(() => names(cut).join() === names(straight).join(), 40_000);
  expect(names(cut)).toEqual(names(straight));
});

const rightsUnknown = (page: { warnings: { reason: { code: string } }[] }) =>
  page.warnings.some((warning) => warning.reason.code === "rights-unknown");

test("a cluster that is gone is said to be gone; reads go on for five minutes, writes fail at once", async () => {
  const operator = await cut.signIn("operator");
  const before = await operator.call("listProjects");
  expect(before.staleSince).toBeNull();
  expect(before.rows.map((row) => row.name)).toContain("round-11");
  const live = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
    headers: { cookie: operator.cookie, origin: cut.url },
  });
  const rows: Extract<LiveServerMessage, { type: "rows" }>[] = [];
  live.on("message", (data) => {
    for (const message of liveFrame.parse(JSON.parse((data as Buffer).toString("utf8")))) // nodebuffer mode
      if (message.type === "rows") rows.push(message);
  });
  await until(() => live.readyState === WebSocket.OPEN);
  live.send(JSON.stringify({ type: "subscribe-list", id: "p", list: "projects", query: {} }));
  await until(() => rows.length > 0);
  expect(rows.at(-1)?.warnings).toEqual([]);
  const viewer = await cut.signIn("viewer"); // never asked about before the line is cut
  line.open = false;
  line.cutAll();
  clock.forward(10_001); // every decision is due to be asked again
  const cutPage = await operator.call("listProjects");
  expect(cutPage.rows).toEqual(before.rows);
  expect(cutPage.staleSince).not.toBeNull();
  expect(rightsUnknown(cutPage)).toBe(true);
  await until(() => rows.at(-1)?.warnings?.some((warning) => warning.reason.code === "rights-unknown"));
  const stranger = await viewer.call("listProjects");
  expect(stranger.rows).toEqual([]);
  expect(rightsUnknown(stranger)).toBe(true);
  await until(() => cut.app.services.inventory.feeds.projects.state === "stale", 45_000);
  clock.forward(4 * 60_000);
  expect((await operator.call("listProjects")).rows).toEqual(before.rows);
  const askedAt = performance.now();
  const refused = await operator.refused("createProject", { body: { name: "while-away" } });
  expect(refused.status).toBe(503);
  expect(performance.now() - askedAt).toBeLessThan(2000);
  clock.forward(60_000);
  const late = await operator.call("listProjects");
  expect(late.rows).toEqual([]);
  expect(rightsUnknown(late)).toBe(true);
  line.open = true;
  await until(() => cut.app.services.inventory.feeds.projects.state === "live", 45_000);
  const after = await operator.call("listProjects");
  expect(after.rows).toEqual(before.rows);
  expect(after.staleSince).toBeNull();
  expect(rightsUnknown(after)).toBe(false);
  await until(() => rows.at(-1)?.warnings?.length === 0);
  live.close();
}, 120_000);

test("a line that swallows everything keeps neither readers nor writers waiting", async () => {
  const operator = await cut.signIn("operator");
  const before = await operator.call("listProjects");
  line.silent = true;
  clock.forward(10_001);
  const readAt = performance.now();
  expect((await operator.call("listProjects")).rows).toEqual(before.rows);
  expect(performance.now() - readAt).toBeLessThan(3500);
  const wroteAt = performance.now();
  const refused = await operator.refused("createProject", { body: { name: "while-silent" } });
  expect(refused.status).toBe(503);
  expect(performance.now() - wroteAt).toBeLessThan(2000);
  line.silent = false;
  line.cutAll();
  await until(async () => !rightsUnknown(await operator.call("listProjects")), 45_000);
  expect(names(straight)).not.toContain("while-silent");
}, 120_000);

test("a refusal of the cluster is an answer: it counts at once, also right after an outage", async () => {
  const { service } = straight.app.services;
  const { kubePath } = await import("../src/kube/kube-path.ts");
  const bindings = ["apis", "rbac.authorization.k8s.io", "v1", "namespaces", "round-11", "rolebindings"];
  await service.json(kubePath(...bindings), {
    method: "POST",
    body: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "bob-for-now", namespace: "round-11" },
      subjects: [{ kind: "User", name: "bob", apiGroup: "rbac.authorization.k8s.io" }],
      roleRef: { kind: "ClusterRole", name: "edit", apiGroup: "rbac.authorization.k8s.io" },
    },
  });
  const bob = await cut.signIn("bob");
  // after the outage before, a watch may wait for its next try for half a minute
  await until(async () => (await bob.call("listProjects")).total === 1, 45_000);
  line.open = false;
  line.cutAll();
  await service.json(kubePath(...bindings, "bob-for-now"), { method: "DELETE" });
  clock.forward(10_001);
  expect((await bob.call("listProjects")).total).toBe(1); // nobody could tell otherwise
  line.open = true;
  await until(async () => (await bob.call("listProjects")).total === 0, 45_000);
}, 120_000);
