/** A real PostgreSQL server of its own for a test: made in a temp folder, on a free port of loopback, ended by its pid. */
import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Client } from "pg";
import { until } from "./console-under-test.ts";
import { freePort } from "./free-port.ts";

const debianFolder = "/usr/lib/postgresql";

/** Debian keeps the server's programs off the PATH, one folder per version. */
function programFolder(): string | null {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder).toSorted().toReversed() : [];
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...versions.map((version) => join(debianFolder, version, "bin")),
  ];
  return (
    folders.find((folder) => ["initdb", "postgres"].every((name) => existsSync(join(folder, name)))) ?? null
  );
}

/** The server refuses to run as root; Debian's package brings the account it runs as. */
function account(): { uid: number; gid: number } | null | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, "postgres"], { encoding: "utf8" }));
  if (uid?.status !== 0 || gid?.status !== 0) return null;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

const bin = programFolder();
const runAs = account();

/** Why these tests cannot run here; null when they can. */
export const postgresMissing =
  bin === null
    ? "PostgreSQL is not installed (apt-get install postgresql)"
    : runAs === null
      ? "there is no user `postgres` to run the server as"
      : null;
if (postgresMissing !== null)
  process.stderr.write(`SKIPPED: tests on PostgreSQL, since ${postgresMissing}\n`);

export class PostgresServer {
  readonly folder: string;
  readonly port: number;
  #process: ChildProcess | null = null;
  #databases = 0;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  static async start(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "kubev-postgres-"));
    const as = runAs ?? {};
    if (runAs !== null && runAs !== undefined) chownSync(folder, runAs.uid, runAs.gid);
    execFileSync(
      join(bin ?? "", "initdb"),
      [
        "-D",
        join(folder, "data"),
        "-U",
        "kubev",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
      ],
      { ...as, cwd: folder, stdio: "pipe" },
    );
    const server = new PostgresServer(folder, await freePort());
    await server.resume();
    return server;
  }

  /** Starts it (again) on the same data and port. */
  async resume(): Promise<void> {
    const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: this.folder, fsync: "off" };
    this.#process = spawn(
      join(bin ?? "", "postgres"),
      [
        "-D",
        join(this.folder, "data"),
        "-p",
        String(this.port),
        ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ],
      { ...runAs, cwd: this.folder, stdio: "ignore" },
    );
    await until(async () => this.#run("select 1"));
  }

  async #run(statement: string): Promise<boolean> {
    const client = new Client({ connectionString: this.#url("postgres") });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query(statement);
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }

  #url(database: string): string {
    return `postgresql://kubev@127.0.0.1:${this.port}/${database}`;
  }

  /** The URL of a new, empty database. */
  async database(): Promise<string> {
    this.#databases += 1;
    const name = `console_${this.#databases}`;
    if (!(await this.#run(`create database ${name}`))) throw new Error(`The database ${name} was not made`);
    return this.#url(name);
  }

  /** Takes it away under whoever is connected; `resume` brings it back. */
  async stop(): Promise<void> {
    const running = this.#process;
    if (running === null) return;
    this.#process = null;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGINT");
    await ended;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
