/** The inventory over a bad line: whatever breaks on the way to the cluster, it comes to hold the cluster's truth again. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

/** A line to the cluster that tests cut. TLS passes through it, so nothing of the cluster is imitated. */
class Line {
  readonly #sockets = new Set<Socket>();
  readonly server: Server;
  open = true;
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

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in" });
  const { port } = new URL(sim.url);
  line = new Line(Number(port));
  await new Promise<void>((resolve) => line.server.listen(0, "127.0.0.1", resolve));
  const linePort = (line.server.address() as AddressInfo).port; // it listens on TCP
  const file = join(mkdtempSync(join(tmpdir(), "kubev-line-")), "config");
  writeFileSync(file, readFileSync(sim.kubeconfigPath, "utf8").replaceAll(`:${port}`, `:${linePort}`));
  cut = await startConsole({ sim, kubeconfigFile: file });
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

test("a cluster that is gone is said to be gone, and reads go on", async () => {
  const operator = await cut.signIn("operator");
  expect((await operator.call("listProjects")).staleSince).toBeNull();
  line.open = false;
  line.cutAll();
  await until(() => cut.app.services.inventory.feeds.projects.state === "stale", 45_000);
  expect(cut.app.services.inventory.feeds.projects.staleSince).not.toBeNull();
  expect(names(cut)).toContain("round-11");
  const unknown = await until(async () => {
    const page = await operator.call("listProjects");
    return page.warnings.some((warning) => warning.reason.code === "rights-unknown") && page;
  });
  expect(unknown.rows).toEqual([]);
  const refused = await operator.refused("createProject", { body: { name: "while-away" } });
  expect(refused.status).toBe(503);
  line.open = true;
  await until(() => cut.app.services.inventory.feeds.projects.state === "live", 45_000);
  expect((await operator.call("listProjects")).staleSince).toBeNull();
}, 120_000);
