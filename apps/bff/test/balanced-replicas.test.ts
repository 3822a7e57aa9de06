/** Two replicas behind a balancer that knows nothing of sessions: each connection goes to the next one, and all goes on. */
import { once } from "node:events";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Balancer } from "./balancer.ts";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { Person, startConsole, until } from "./console-under-test.ts";
import { LiveTab } from "./live-tab.ts";
import { PostgresServer, postgresMissing } from "./postgres-server.ts";

describe.skipIf(postgresMissing !== null)("behind a balancer", () => {
  const balancer = new Balancer();
  let postgres: PostgresServer;
  let sim: KubeSim;
  let replicas: ConsoleUnderTest[];
  let url: string;

  beforeAll(async () => {
    postgres = await PostgresServer.start();
    sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
    const env = {
      DATABASE_URL: await postgres.database(),
      SESSION_KEY: "one key that both replicas were given",
    };
    replicas = await Promise.all([1, 2].map(async () => startConsole({ sim, env })));
    balancer.targets.push(...replicas.map((one) => Number(new URL(one.url).port)));
    url = await balancer.listen();
  }, 120_000);
  afterAll(async () => {
    await balancer.close();
    await Promise.all(replicas.map(async (one) => one.close()));
    await sim.close();
    await postgres.close();
  });

  async function signIn(name: string): Promise<Person> {
    const person = new Person(url);
    const token = sim.users.find((user) => user.name === name)?.token ?? "";
    await person.call("signInWithToken", { body: { token } });
    return person;
  }

  /** How many requests each replica answered so far. */
  const answered = () =>
    replicas.map(({ logs }) => logs.filter((line) => line.includes('"msg":"request"')).length);

  test("signing in, reading and writing go on whoever answers", async () => {
    const before = answered();
    const alice = await signIn("alice");
    for (let round = 0; round < 6; round += 1) {
      await balancer.cutAll();
      expect((await alice.call("getSession")).user?.name).toBe("alice");
      const { theme } = await alice.call("getPreferences");
      await balancer.cutAll();
      const wanted = theme === "dark" ? "light" : "dark";
      await alice.call("putPreferences", {
        body: { ...(await alice.call("getPreferences")), theme: wanted },
      });
      await balancer.cutAll();
      expect((await alice.call("getPreferences")).theme).toBe(wanted);
    }
    expect(answered().every((count, at) => count > (before[at] ?? 0) + 2)).toBe(true);
  });

  test("tabs at both show one truth, whoever wrote it", async () => {
    const alice = await signIn("alice");
    const tabs = await Promise.all(
      Array.from({ length: 4 }, async () => new LiveTab<VmRow>(alice).follow("disks", "name:both-")),
    );
    const liveAt = await Promise.all(
      replicas.map(
        async (one) => /kubev_live_sockets (\d+)/.exec(await (await fetch(`${one.url}/metrics`)).text())?.[1],
      ),
    );
    expect(liveAt.every((count) => Number(count) > 0)).toBe(true);
    for (let index = 0; index < 4; index += 1) {
      await alice.call("createDisk", {
        params: { project: "web-shop" },
        body: { name: `both-${index}`, source: { kind: "blank" }, sizeBytes: 64 * 1024 ** 2 },
      });
    }
    await until(() => tabs.every((tab) => tab.shown().join() === "both-0,both-1,both-2,both-3"));
    for (const tab of tabs) tab.socket.close();
  });

  test("a console opens with a ticket of whichever replica", async () => {
    const alice = await signIn("alice");
    const running = await alice.call("listVms", {
      query: { q: "status:running", pageSize: 1, sort: "name" },
    });
    const vm = running.rows[0];
    for (let round = 0; round < 4; round += 1) {
      const { path, protocols } = await alice.call("createConsoleTicket", {
        params: { project: vm?.ref.project ?? "", name: vm?.name ?? "" },
        body: { kind: "vnc", takeOver: true },
      });
      await balancer.cutAll();
      const socket = new WebSocket(`${url.replace("http", "ws")}${path}`, protocols, {
        headers: { cookie: alice.cookie, origin: url },
      });
      const [hello] = (await once(socket, "message")) as [Buffer]; // nodebuffer mode
      expect(hello.toString()).toContain("RFB 003");
      socket.terminate();
      await once(socket, "close");
    }
  });

  test("signing out at one ends it at the other", async () => {
    const alice = await signIn("alice");
    await alice.call("signOut");
    for (let round = 0; round < 4; round += 1) {
      await balancer.cutAll();
      expect((await alice.ask("listVms")).status).toBe(401);
    }
  });

  test("one replica goes: its tabs are told, and everything goes on at the other", async () => {
    const alice = await signIn("alice");
    const tabs = await Promise.all(
      Array.from({ length: 4 }, async () => new LiveTab<VmRow>(alice).follow("vms", "")),
    );
    await replicas[0]?.app.drain();
    const told = await until(() => {
      const closed = tabs.filter(({ closeCode }) => closeCode !== 0);
      return closed.length > 0 && closed.length < 4 && closed;
    });
    expect(told.map(({ closeCode }) => closeCode)).toEqual(told.map(() => 1001));
    for (let round = 0; round < 4; round += 1) {
      await balancer.cutAll();
      expect((await alice.call("getSession")).user?.name).toBe("alice");
      const again = await new LiveTab<VmRow>(alice).follow("vms", "");
      expect(again.total).toBeGreaterThan(0);
      again.socket.close();
    }
  });
});
