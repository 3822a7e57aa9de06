/** The server as people run it: a process of its own, whose memory can be measured. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface ServerProcess {
  url: string;
  /** The lines of its log so far. */
  logged: readonly string[];
  /** Resident now, and the most it ever was. */
  memory(): { residentBytes: number; peakBytes: number };
  stop(): Promise<void>;
  /** As a crash, or a host that goes: nothing is told or finished. */
  kill(): Promise<void>;
}

/** `entry`: from its sources, unless said otherwise. */
export async function startServerProcess(
  env: Record<string, string>,
  entry = join(import.meta.dirname, "../src/server.ts"),
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", entry], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", LOG_LEVEL: "info", ...env },
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const logged: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      logged.push(line);
      const address = /"address":"(http[^"]+)"/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    void exited.then(() => reject(new Error("The server ended before it listened")));
  });
  return {
    url,
    logged,
    memory: () => {
      const status = readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8");
      const bytesOf = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024;
      return { residentBytes: bytesOf("VmRSS"), peakBytes: bytesOf("VmHWM") };
    },
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
