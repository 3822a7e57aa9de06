/** Which kubectls there are to try, and how one is run beside the simulator, which lives in the test's own process. */
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const repository = join(import.meta.dirname, "../../../..");

export interface KubectlProgram {
  path: string;
  /** Such as v1.20.2. */
  version: string;
  minor: number;
}

/** `KUBECTL` names more of them, as PATH does; `npm test` unpacks Debian's where another one is installed. */
const candidates = [
  join(repository, ".kubev/packages/kubernetes-client/usr/bin/kubectl"),
  ...(process.env["KUBECTL"] ?? "").split(delimiter),
  ...(process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "kubectl")),
];

function programAt(path: string): KubectlProgram | null {
  const { stdout, status } = spawnSync(path, ["version", "--client", "-o", "json"], { encoding: "utf8" });
  if (status !== 0) return null;
  const { clientVersion } = JSON.parse(stdout) as {
    clientVersion: { gitVersion: string; minor: string };
  }; // kubectl's own format
  return { path, version: clientVersion.gitVersion, minor: Number.parseInt(clientVersion.minor, 10) };
}

/** Every version once. */
export const kubectls: KubectlProgram[] = [
  ...new Map(
    [
      ...new Set(
        candidates.filter((path) => path !== "" && existsSync(path)).map((path) => realpathSync(path)),
      ),
    ]
      .map(programAt)
      .filter((program) => program !== null)
      .map((program): [string, KubectlProgram] => [program.version, program]),
  ).values(),
];

/** Debian 12's, and one of the last versions. */
export const DEBIAN_MINOR = 20;
export const CURRENT_MINOR = 30;

export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

export interface Following {
  /** Everything that came so far on standard output. */
  readonly out: string;
  /** Settles once standard output matches. */
  until(pattern: RegExp): Promise<string>;
  type(text: string): void;
  /** Settles when the program has ended by itself. */
  ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** One kubectl with a home of its own (its caches), towards one cluster. */
export class Kubectl {
  readonly program: KubectlProgram;
  readonly #home = mkdtempSync(join(tmpdir(), "kubectl-home-"));
  /** A copy, which this one may change. */
  readonly #kubeconfig = join(this.#home, "kubeconfig");
  readonly #running = new Set<Following>();

  constructor(program: KubectlProgram, kubeconfig: string) {
    this.program = program;
    copyFileSync(kubeconfig, this.#kubeconfig);
  }

  get home(): string {
    return this.#home;
  }

  #spawn(args: readonly string[], env: NodeJS.ProcessEnv) {
    return spawn(this.program.path, args, {
      cwd: this.#home,
      env: { PATH: process.env["PATH"], HOME: this.#home, KUBECONFIG: this.#kubeconfig, ...env },
    });
  }

  run(args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const child = this.#spawn(args, env);
      const killer = setTimeout(() => child.kill("SIGKILL"), 40_000);
      let out = "";
      let err = "";
      child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(killer);
        resolve({ code, out, err });
      });
      child.stdin.on("error", () => {});
      child.stdin.end(input);
    });
  }

  /** Both outputs. @throws where it fails */
  async ok(line: string | readonly string[], input?: string, env?: NodeJS.ProcessEnv): Promise<string> {
    const args = typeof line === "string" ? line.split(" ") : line;
    const { code, out, err } = await this.run(args, input, env);
    if (code !== 0)
      throw new Error(`kubectl ${args.join(" ")} (${this.program.version}) failed: ${err}${out}`);
    return out + err;
  }

  /** What it says on standard error. @throws where it does not fail */
  async refused(line: string | readonly string[], input?: string): Promise<string> {
    const args = typeof line === "string" ? line.split(" ") : line;
    const { code, out, err } = await this.run(args, input);
    if (code === 0)
      throw new Error(`kubectl ${args.join(" ")} (${this.program.version}) did not fail: ${out}`);
    return err;
  }

  follow(line: string): Following {
    const child = this.#spawn(line.split(" "), {});
    let out = "";
    let err = "";
    let look = () => {};
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      look();
    });
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.stdin.on("error", () => {});
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const following: Following = {
      get out() {
        return out;
      },
      until: (pattern) =>
        new Promise((resolve, reject) => {
          const fail = (why: string) =>
            reject(new Error(`kubectl ${line}: ${why} before ${String(pattern)}; ${out}${err}`));
          const timer = setTimeout(() => fail("20 s passed"), 20_000);
          look = () => {
            if (!pattern.test(out)) return;
            clearTimeout(timer);
            resolve(out);
          };
          void ended.then(() => (pattern.test(out) ? look() : fail("it ended")));
          look();
        }),
      type: (text) => void child.stdin.write(text),
      ended,
      stop: async () => {
        this.#running.delete(following);
        if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
        await ended;
      },
    };
    this.#running.add(following);
    return following;
  }

  async close(): Promise<void> {
    for (const following of this.#running) await following.stop();
    rmSync(this.#home, { recursive: true, force: true });
  }
}
