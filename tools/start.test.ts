/** `npm start` as a person meets it: one clear line for each thing that is wrong, a fast second start, nothing left behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { buildAll } from "./build.ts";
import { root } from "./paths.ts";

const folder = mkdtempSync(join(tmpdir(), "kubev-start-"));
const port = await freePort();
const environment = {
  PORT: port,
  DATA_DIR: join(folder, "console"),
  KUBE_SIM_DIR: join(folder, "cluster"),
  KUBE_SIM_MACHINES: "stand-in",
};

/**
 * One that nobody has now; a start that an ended run left behind has another. Below those that the system gives to outgoing
 * connections, any of which could take it before the start does.
 */
async function freePort(): Promise<string> {
  for (let port = 11_000 + (process.pid % 2000) * 10; ; port += 1) {
    const server = createServer().listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch {
      continue; // somebody has it
    }
    server.close();
    await once(server, "close");
    return String(port);
  }
}

beforeAll(() => buildAll(() => {}), 120_000);
// a start makes processes that are in no group of its own: what a failed test leaves would disturb those after it
afterEach(() => {
  for (const { pid } of leftovers())
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it has just ended
    }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(
  args: string[] = [],
  env: Record<string, string> = {},
): { child: ChildProcess; output: () => string } {
  let said = "";
  const child = spawn(process.execPath, [join(root, "tools/bootstrap.mjs"), "start", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment, ...env },
  });
  child.stdout.on("data", (data: Buffer) => (said += data.toString()));
  child.stderr.on("data", (data: Buffer) => (said += data.toString()));
  return { child, output: () => said };
}

/** The lines of a start that fails. */
async function failure(args: string[], env: Record<string, string> = {}): Promise<string[]> {
  const { child, output } = start(args, env);
  const [code] = (await once(child, "exit")) as [number]; // no signal was sent
  expect(code).toBe(1);
  return output().trim().split("\n");
}

/** Processes that name this test's folder. */
function leftovers(): { pid: number; command: string }[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const command = readFileSync(`/proc/${entry}/cmdline`, "utf8");
        const text = `${command} ${readFileSync(`/proc/${entry}/environ`, "utf8")}`;
        return text.includes(join(folder, "cluster")) ? [{ pid: Number(entry), command }] : [];
      } catch {
        return []; // it ended while we looked, or is another's
      }
    });
}

describe("a start that cannot work says so in one line", () => {
  it("when the port is taken", async () => {
    const server = createServer().listen(Number(port), "127.0.0.1");
    await once(server, "listening");
    const lines = await failure([]);
    server.close();
    expect(lines).toEqual([
      `Port ${port} on 127.0.0.1 is taken by another program. Stop it, or choose another: PORT=8081 npm start`,
    ]);
  });

  it("when a folder is not writable", async () => {
    // Below a file, where even root cannot make a folder.
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    expect(await failure([], { DATA_DIR: join(file, "console") })).toEqual([
      `The folder ${join(file, "console")} is not writable. Make it so, or set DATA_DIR to another one.`,
    ]);
  });

  it("when the port, the scenario or the kubeconfig is wrong", async () => {
    expect(await failure([], { PORT: "http" })).toEqual([
      'PORT must be a number from 1 to 65535; it is "http".',
    ]);
    expect(await failure(["--scenario", "moon"])).toEqual([
      'There is no scenario "moon"; there are demo, degraded, empty and ten-thousand-vms.',
    ]);
    expect(await failure(["--kubeconfig", "/no/such/file"])).toEqual([
      "There is no kubeconfig at /no/such/file.",
    ]);
  });

  it("when a kubeconfig is to be served beyond loopback", async () => {
    const lines = await failure(["--kubeconfig", join(root, "package.json"), "--host", "0.0.0.0"]);
    expect(lines.join("\n")).toContain("loopback");
  });
});

describe("a start that works", () => {
  async function ready(run: ReturnType<typeof start>): Promise<number> {
    const startedAt = performance.now();
    await expect
      .poll(() => run.output(), { timeout: 60_000, interval: 50 })
      .toContain("Ctrl-C stops everything");
    return performance.now() - startedAt;
  }

  it("prints the address, the users and how machines run; finds its state again in under 5 s; leaves no process behind", async () => {
    const first = start();
    await ready(first);
    expect(first.output()).toContain(`http://127.0.0.1:${port}`);
    expect(first.output()).toMatch(/operator +\S{14}/);
    expect(first.output()).toContain("built-in stand-in");
    const users = /Users[\s\S]*?viewer +\S+/.exec(first.output())?.[0];
    first.child.kill("SIGINT");
    await once(first.child, "exit");
    expect(leftovers()).toEqual([]);

    const second = start();
    expect(await ready(second)).toBeLessThan(5000);
    expect(/Users[\s\S]*?viewer +\S+/.exec(second.output())?.[0]).toBe(users);
    second.child.kill("SIGTERM");
    await once(second.child, "exit");
    expect(leftovers()).toEqual([]);
  }, 120_000);

  it("refuses a second cluster on the same folder, and ends in order however often it is told to", async () => {
    const first = start();
    await ready(first);
    const second = start([], { PORT: "18574" });
    const [code] = (await once(second.child, "exit")) as [number]; // no signal was sent
    expect(code).toBe(1);
    expect(second.output()).toContain("is used by another embedded cluster. Stop that one first.");
    for (const signal of ["SIGINT", "SIGINT", "SIGTERM", "SIGINT"] as const) first.child.kill(signal);
    await once(first.child, "exit");
    expect(leftovers()).toEqual([]);
  }, 120_000);
});
