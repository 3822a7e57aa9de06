/** Two replicas behind a balancer that knows nothing of sessions: each connection goes to the next one, and all goes on. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { Person, startConsole, until } from "./console-under-test.ts";
import { LiveTab } from "./live-tab.ts";
import { PostgresServer, postgresMissing } from "./postgres-server.ts";

/** Takes turns, connection by connection, and leaves out whoever does not take one. */
class Balancer {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly targets: number[] = [];
  #turn = 0;

  constructor() {
    this.#server = createServer((near) => this.#join(near, 0));
  }

  #join(near: Socket, tries: number): void {
    const port = this.targets[this.#turn++ % this.targets.length] ?? 0;
    const far = connect(port, "127.0.0.1");
    for (const one of [near, far]) this.#sockets.add(one);
    far.once("error", () => (tries < this.targets.length ? this.#join(near, tries + 1) : near.destroy()));
    far.once("connect", () => {
      near.pipe(far).on("error", () => near.destroy());
      far.pipe(near).on("error", () => far.destroy());
      far.once("close", () => near.destroy());
      near.once("close", () => far.destroy());
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on TCP
  }

  /** So that the next request of everybody goes on a new connection. */
  async cutAll(): Promise<void> {
    const open = [...this.#sockets].filter((socket) => !socket.closed);
    const closed = open.map(async (socket) => once(socket, "close"));
    for (const socket of open) socket.destroy();
    await Promise.all(closed);
    this.#sockets.clear();
    // the other ends are in this process: they read that it is over in the next turns
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async close(): Promise<void> {
    await this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

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
