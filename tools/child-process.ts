/** Child processes that end with us: started, waited for, stopped in order. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Child {
  readonly process: ChildProcess;
  readonly exited: Promise<number>;
  /** Ends it: SIGTERM first, SIGKILL when the grace is over. */
  stop(graceMs: number): Promise<void>;
}

export interface ChildOptions {
  env?: Record<string, string>;
  /** Gets every line of stdout. */
  onLine?: (line: string) => void;
  /** Where stderr goes; inherited unless said otherwise. */
  stderr?: "inherit" | number;
}

export function startChild(command: string, args: string[], options: ChildOptions = {}): Child {
  const child = spawn(command, args, {
    // Its own group: a Ctrl-C in the terminal reaches only us, and we end our children in order.
    detached: true,
    stdio: ["ignore", "pipe", options.stderr ?? "inherit"],
    env: { ...process.env, ...options.env },
  });
  if (child.stdout) createInterface({ input: child.stdout }).on("line", (line) => options.onLine?.(line));
  const exited = new Promise<number>((resolve) => {
    child.once("exit", (code) => resolve(code ?? 1));
    child.once("error", () => resolve(1));
  });
  return {
    process: child,
    exited,
    async stop(graceMs) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Waits for the first line that `read` recognises; rejects when the process ends before. */
export function firstLine<Value>(
  start: (onLine: (line: string) => void) => Child,
  read: (line: string) => Value | undefined,
): { child: Child; ready: Promise<Value> } {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const child = start((line) => {
    const value = read(line);
    if (value !== undefined) resolve(value);
  });
  void child.exited.then((code) => reject(new Error(`ended with code ${code} before it was ready`)));
  return { child, ready: promise };
}

/**
 * Settles with the first of these signals. Later ones change nothing: a second Ctrl-C, or the same signal delivered by terminal and
 * launcher, must not end us before our children have ended.
 */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve());
  });
}
