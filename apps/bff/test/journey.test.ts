/** The first machine, end to end, as alice: upload, create, watch, consoles, power, delete. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { VmCreateInput } from "@kubev/api-types/vm-create";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

let cut: ConsoleUnderTest;
let alice: Person;
const project = "web-shop";
const mib = 1024 ** 2;

beforeAll(async () => {
  cut = await startConsole();
  alice = await cut.signIn("alice");
});
afterAll(async () => cut.close());

/** A raw disk image of one MiB with a boot signature. */
function bootDisk(): Buffer {
  const disk = Buffer.alloc(mib);
  disk[510] = 0x55;
  disk[511] = 0xaa;
  return disk;
}

const spec = (name: string, over: Partial<VmCreateInput> = {}): VmCreateInput => ({
  name,
  source: { kind: "image", project, name: "tiny" },
  diskSizeBytes: 64 * mib,
  sizing: { kind: "custom", cpuCores: 1, memoryBytes: 128 * mib },
  cloudInit: {
    kind: "form",
    userName: "alice",
    password: "canary-pass-7731",
    sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH alice"],
  },
  runStrategy: "Always",
  ...over,
});

const stateOf = async (name: string) =>
  (await alice.call("getVm", { params: { project, name } })).row.state.status;

describe("the journey", () => {
  test("alice sees her projects only", async () => {
    const projects = await alice.call("listProjects");
    expect(projects.rows.map((row) => row.name)).toContain(project);
    const vms = await alice.call("listVms", { query: { pageSize: 200 } });
    expect(vms.total).toBeGreaterThan(0);
    const names = new Set(projects.rows.map((row) => row.name));
    expect(vms.rows.every((row) => names.has(row.project))).toBe(true);
  });

  test("an image is declared, uploaded and ready", async () => {
    const disk = bootDisk();
    await alice.call("createImage", {
      params: { project },
      body: {
        name: "tiny",
        displayName: "Tiny",
        media: "disk",
        fileSizeBytes: disk.length,
        diskSizeBytes: 16 * mib,
        storageClass: "",
        defaultInstanceType: "",
        defaultPreference: "",
      },
    });
    const response = await fetch(`${cut.url}/api/projects/${project}/images/tiny/content`, {
      method: "PUT",
      headers: { cookie: alice.cookie, origin: cut.url, "content-type": "application/octet-stream" },
      body: disk,
    });
    expect(await response.json()).toEqual({ project, name: "tiny", bytes: disk.length });
    const ready = await until(async () => {
      const { row } = await alice.call("getImage", { params: { project, name: "tiny" } });
      return row.state.status === "ready" && row;
    });
    expect(ready.actions.createVirtualMachine).toEqual({ allowed: true });
  });

  test("the preview names every object, hides the password, and finds nothing wrong", async () => {
    const preview = await alice.call("previewVm", { params: { project }, body: spec("first") });
    expect(preview.checks.filter((check) => check.result === "blocking")).toEqual([]);
    expect(preview.creatable).toBe(true);
    expect(preview.yaml).toContain("kind: VirtualMachine");
    expect(preview.yaml).toContain("The Secret first-cloud-init");
    expect(preview.yaml).not.toContain("canary-pass-7731");
  });

  test("the machine is made and runs", async () => {
    const made = await alice.call("createVm", { params: { project }, body: spec("first") });
    expect(made).toMatchObject({ project, name: "first" });
    await until(async () => (await stateOf("first")) === "Running");
    const detail = await alice.call("getVm", { params: { project, name: "first" } });
    expect(detail.cloudInit).toEqual({ present: true, userName: "alice", sshKeys: 1 });
    expect(detail.row.actions.start).toMatchObject({ allowed: false, reason: { code: "vm-is-running" } });
    expect(detail.row.actions.vnc).toEqual({ allowed: true });
    expect(JSON.stringify(detail)).not.toContain("canary-pass-7731");
    const yaml = await alice.call("getVmYaml", { params: { project, name: "first" } });
    expect(yaml.yaml).not.toContain("managedFields");
    const { events } = await alice.call("listVmEvents", { params: { project, name: "first" } });
    expect(events.length).toBeGreaterThan(0);
  });

  async function openConsole(kind: "vnc" | "serial", takeOver = false) {
    const ticket = await alice.call("createConsoleTicket", {
      params: { project, name: "first" },
      body: { kind, takeOver },
    });
    const socket = new WebSocket(`${cut.url.replace("http", "ws")}${ticket.path}`, ticket.protocols, {
      headers: { cookie: alice.cookie, origin: cut.url },
    });
    const received: Buffer[] = [];
    socket.on("message", (data) => received.push(data as Buffer));
    const closed = new Promise<{ code: number; reason: string }>((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on("error", () => {});
    await until(() => socket.readyState !== WebSocket.CONNECTING);
    return { socket, received, closed, ticket };
  }

  test("VNC speaks RFB, a second viewer is told that somebody is there, and may take over", async () => {
    const first = await openConsole("vnc");
    await until(() => Buffer.concat(first.received).toString("latin1").startsWith("RFB 003.008\n"));
    expect(first.socket.protocol).toBe("plain.kubevirt.io");
    const second = await openConsole("vnc");
    expect(await second.closed).toEqual({ code: 4409, reason: "console-busy" });
    const third = await openConsole("vnc", true);
    await until(() => Buffer.concat(third.received).toString("latin1").startsWith("RFB 003.008\n"));
    expect((await first.closed).code).toBe(4409);
    third.socket.close();
    await third.closed;
  });

  test("a ticket works once", async () => {
    const { ticket, socket } = await openConsole("serial");
    expect(socket.readyState).toBe(WebSocket.OPEN);
    const again = new WebSocket(`${cut.url.replace("http", "ws")}${ticket.path}`, ticket.protocols, {
      headers: { cookie: alice.cookie, origin: cut.url },
    });
    const status = await new Promise<number>((resolve) => {
      again.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
      again.on("error", () => {});
    });
    expect(status).toBe(403);
    socket.close();
  });

  test("a screenshot is a PNG", async () => {
    const response = await alice.fetch("GET", `/api/projects/${project}/vms/first/screenshot`);
    expect(response.headers.get("content-type")).toBe("image/png");
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  });

  test("power actions do what they say", async () => {
    const act = async (action: "pause" | "unpause" | "restart" | "stop" | "start") => {
      const { outcomes } = await alice.call("actOnVms", {
        body: { action, targets: [{ project, name: "first" }] },
      });
      return outcomes[0];
    };
    expect(await act("pause")).toEqual({ project, name: "first", ok: true });
    await until(async () => (await stateOf("first")) === "Paused");
    expect(await act("unpause")).toMatchObject({ ok: true });
    await until(async () => (await stateOf("first")) === "Running");
    expect(await act("stop")).toMatchObject({ ok: true });
    await until(async () => (await stateOf("first")) === "Stopped");
    const again = await act("stop");
    expect(again?.ok).toBe(false);
    expect(again?.reason?.upstreamText).toMatch(
      /Operation cannot be fulfilled|not running|shorter graceperiod/,
    );
    await until(
      async () =>
        (await alice.call("getVm", { params: { project, name: "first" } })).row.actions.start.allowed,
    );
    expect(await act("start")).toMatchObject({ ok: true });
    await until(async () => (await stateOf("first")) === "Running");
  });

  test("of a machine that nobody has any more it is said that it is gone; a guest not found says nothing of it", async () => {
    const reasonOf = async (action: "start" | "pause") => {
      const { outcomes } = await alice.call("actOnVms", {
        body: { action, targets: [{ project, name: "not-there" }] },
      });
      return outcomes[0]?.reason;
    };
    expect(await reasonOf("start")).toMatchObject({
      code: "vm-gone",
      upstreamText: expect.stringContaining("not-there"),
    });
    expect(await reasonOf("pause")).toMatchObject({ code: "upstream-refused" });
  });

  test("a concurrent edit is refused, an edit of the current version is stored", async () => {
    const { yaml, resourceVersion } = await alice.call("getVmYaml", { params: { project, name: "first" } });
    const edited = yaml.replace(
      /metadata:\n/,
      "metadata:\n  annotations:\n    note: edited\n".replace(
        "  annotations:\n",
        yaml.includes("\n  annotations:\n") ? "" : "  annotations:\n",
      ),
    );
    const text = yaml.includes("\n  annotations:\n")
      ? yaml.replace("\n  annotations:\n", "\n  annotations:\n    note: edited\n")
      : edited;
    const check = await alice.call("checkVmYaml", {
      params: { project, name: "first" },
      body: { yaml: text, resourceVersion },
    });
    expect(check).toMatchObject({ ok: true, problems: [] });
    await alice.call("putVmYaml", {
      params: { project, name: "first" },
      body: { yaml: text, resourceVersion },
    });
    const stale = await alice.refused("putVmYaml", {
      params: { project, name: "first" },
      body: { yaml: text, resourceVersion },
    });
    expect(stale.status).toBe(409);
    expect(stale.body.error).toMatchObject({ code: "conflict", reason: { code: "changed-meanwhile" } });
    const now = await alice.call("getVmYaml", { params: { project, name: "first" } });
    expect(stale.body.error.current?.yaml).toContain("note: edited");
    expect(Number(stale.body.error.current?.resourceVersion)).toBeGreaterThan(Number(resourceVersion));
    expect(Number(now.resourceVersion)).toBeGreaterThanOrEqual(
      Number(stale.body.error.current?.resourceVersion),
    );
    const broken = await alice.call("checkVmYaml", {
      params: { project, name: "first" },
      body: { yaml: "a: [", resourceVersion },
    });
    expect(broken.ok).toBe(false);
    expect(broken.problems[0]).toMatchObject({ path: "yaml", reason: { code: "yaml-syntax" }, line: 1 });
  });

  test("deleting keeps the disks that were not chosen", async () => {
    const plan = await alice.call("getVmDeletionPlan", { params: { project, name: "first" } });
    expect(plan.disks.map((disk) => disk.name)).toEqual(["first-root"]);
    expect(plan.alsoGoes.map((object) => object.kind)).toContain("VirtualMachineInstance");
    await alice.call("deleteVm", {
      params: { project, name: "first" },
      body: { uid: plan.uid, deleteDisks: [] },
    });
    await until(
      async () => (await alice.ask("getVm", { params: { project, name: "first" } })).status === 404,
    );
    const kept = await until(async () => {
      const disks = await alice.call("listDisks", { query: { q: "name:first-root", project } });
      return disks.rows[0]?.usedBy.length === 0 && disks.rows[0];
    });
    expect(kept.state.status).toBe("ready");
    expect(kept.actions.delete).toEqual({ allowed: true });
    await alice.call("deleteDisk", { params: { project, name: "first-root" } });
    await until(
      async () => (await alice.call("listDisks", { query: { q: "name:first-root", project } })).total === 0,
    );
  });

  test("the trail tells all of it, and no secret stands anywhere", async () => {
    const { rows } = await alice.call("listActivity", { query: { project, limit: 100 } });
    const actions = rows.map((row) => `${row.action} ${row.outcome}`);
    for (const action of [
      "create ok",
      "upload ok",
      "pause ok",
      "stop ok",
      "stop refused",
      "edit ok",
      "edit refused",
      "delete ok",
      "console.vnc.open ok",
      "console.vnc.open refused",
    ])
      expect(actions).toContain(action);
    expect(JSON.stringify(rows)).not.toContain("canary-pass-7731");
    expect(cut.logs.join("\n")).not.toContain("canary-pass-7731");
    const database = readFileSync(`${cut.dataDir}/console.sqlite`).toString("latin1");
    const token = cut.sim.users.find((user) => user.name === "alice")?.token ?? "";
    expect(database).not.toContain("canary-pass-7731");
    expect(database).not.toContain(token);
    expect(cut.logs.join("\n")).not.toContain(token);
  });
});
