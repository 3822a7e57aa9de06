/** A process under measurement: started, waited for until it prints its line of JSON, ended. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface BenchProcess<Ready> {
  pid: number;
  ready: Ready;
  /** The next line of its output that `isIt` accepts. */
  nextLine(isIt: (line: string) => boolean): Promise<string>;
  stop(): Promise<void>;
}

export async function startProcess<Ready>(
  args: string[],
  env: Record<string, string>,
  read: (line: string) => Ready | undefined,
): Promise<BenchProcess<Ready>> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const output = createInterface({ input: child.stdout });
  const ready = await new Promise<Ready>((resolve, reject) => {
    output.on("line", (line) => {
      const value = read(line);
      if (value !== undefined) resolve(value);
    });
    void exited.then(() => reject(new Error(`${args[0]} ended before it was ready`)));
  });
  return {
    pid: child.pid ?? 0,
    ready,
    nextLine: async (isIt) =>
      new Promise((resolve, reject) => {
        output.on("line", (line) => {
          if (isIt(line)) resolve(line);
        });
        void exited.then(() => reject(new Error(`${args[0]} ended`)));
      }),
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
