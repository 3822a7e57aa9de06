/** A built console over a cluster under measurement: started, signed in, and asked as a browser would ask. */
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Agent, request } from "undici";
import { serverFlags, serverMemoryEnvironment } from "../tools/server-flags.ts";
import { startProcess } from "./bench-process.ts";

export const root = join(import.meta.dirname, "..");

export interface Answer {
  ms: number;
  bytes: number;
}

/** Fetches, unpacks and parses, as a browser would; bytes are those on the wire. */
export async function fetchParsed(
  url: string,
  headers: Record<string, string>,
): Promise<Answer & { status: number; body: unknown }> {
  const startedAt = performance.now();
  const response = await request(url, { headers: { "accept-encoding": "gzip", ...headers } });
  const raw = Buffer.from(await response.body.arrayBuffer());
  const text = response.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
  const body: unknown = JSON.parse(text.toString("utf8"));
  return { ms: performance.now() - startedAt, bytes: raw.length, status: response.statusCode, body };
}

/** Milliseconds that the main thread of a process, where all of the console's own code runs, has worked so far. */
export function mainThreadMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
}

/** Milliseconds that it was ready to work so far, and other programs had the processors. */
export function mainThreadWaitedMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[1]) / 1e6;
}

const quiet = { lookMs: 500, shareOfProcessor: 0.05 };

/** Waits until the process has nothing left of its start or of what was asked before: it has a bench of its own. */
export async function untilQuiet(pid: number): Promise<void> {
  const ticks = () => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return Number(fields[11]) + Number(fields[12]); // of 10 ms, all threads
  };
  for (let before = ticks(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, quiet.lookMs));
    const now = ticks();
    if ((now - before) * 10 <= quiet.lookMs * quiet.shareOfProcessor) return;
    before = now;
  }
}

/** Of the machine over the last minute: what else ran meanwhile, and the bench itself. */
export function loadNow(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

export function residentBytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

export function residentMegabytes(pid: number): number {
  return Math.round(residentBytes(pid) / 1024 ** 2);
}

export interface MeasuredConsole {
  url: string;
  pid: number;
  cookie: string;
  /** From start to synced. */
  syncMs: number;
  /** When it was started, by `performance.now()`. */
  startedAt: number;
  nextLine(isIt: (line: string) => boolean): Promise<string>;
  /** Once it has moved its memory together, within its first minute: from then on V8 allows it little more than it holds. */
  settled: Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Signs in with a token as a page does.
 * @param from another address of loopback: one address may try twenty times a minute
 * @returns the cookie
 */
export async function signIn(url: string, token: string, from = "127.0.0.1"): Promise<string> {
  const dispatcher = new Agent({ localAddress: from });
  const answer = await request(`${url}/api/session/token`, {
    dispatcher,
    method: "POST",
    headers: { "content-type": "application/json", origin: url, "sec-fetch-site": "same-origin" },
    body: JSON.stringify({ token }),
  });
  if (answer.statusCode !== 200)
    throw new Error(`Signing in answered ${answer.statusCode}: ${await answer.body.text()}`);
  await answer.body.dump();
  await dispatcher.close();
  return [answer.headers["set-cookie"] ?? ""]
    .flat()
    .map((each) => each.split(";")[0])
    .join("; ");
}

export async function startMeasuredConsole(
  cluster: { kubeconfig: string; token: string },
  port: number,
  dataDir: string,
  { nodeOptions = [], env = {} }: { nodeOptions?: string[]; env?: Record<string, string> } = {},
): Promise<MeasuredConsole> {
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const bff = await startProcess(
    [...serverFlags, ...nodeOptions, join(root, "apps/bff/dist/server.js")],
    {
      ...serverMemoryEnvironment,
      PORT: String(port),
      DATA_DIR: dataDir,
      KUBECONFIG_FILE: cluster.kubeconfig,
      SIGN_IN_MODES: "token",
      LOG_LEVEL: "info",
      ...env,
    },
    (line) => (line.includes("listening") ? true : undefined),
  );
  const settled = bff.nextLine((line) => line.includes("memory was moved together"));
  settled.catch(() => {}); // whoever waits for it hears that it ended
  let syncMs = 0;
  for (;;) {
    const ready = await request(`${url}/readyz`);
    await ready.body.dump();
    syncMs = performance.now() - startedAt;
    if (ready.statusCode === 200) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const cookie = await signIn(url, cluster.token);
  return {
    url,
    pid: bff.pid,
    cookie,
    syncMs,
    startedAt,
    nextLine: async (isIt) => bff.nextLine(isIt),
    settled,
    stop: async () => bff.stop(),
  };
}
