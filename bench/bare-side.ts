/** The other side of the ratio: the bare server, and its client that lives only while it is measured. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { BareCase } from "./bare-pages.ts";
import { startProcess } from "./bench-process.ts";

export interface BareSide {
  /** Right before the pages that are compared with it: other work on the machine then burdens both. */
  measure(paths: readonly string[]): Promise<BareCase>;
  stop(): Promise<void>;
}

/** @param cases what will be measured: paths of the full lists that each page is made of */
export async function startBare(cases: readonly (readonly string[])[]): Promise<BareSide> {
  const server = await startProcess(
    [join(import.meta.dirname, "bare-lists.ts"), JSON.stringify([...new Set(cases.flat())])],
    {},
    (line) => (line.startsWith("{") ? (JSON.parse(line) as { url: string }) : undefined), // bare-lists.ts prints it
  );
  return {
    measure: async (paths) => {
      const client = spawn(
        process.execPath,
        [join(import.meta.dirname, "bare-pages.ts"), server.ready.url, ...paths],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      const lines = await client.stdout.toArray();
      return JSON.parse(Buffer.concat(lines as Buffer[]).toString("utf8")) as BareCase; // bare-pages.ts prints it
    },
    stop: async () => server.stop(),
  };
}
