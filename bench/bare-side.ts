/** The other side of the ratio: the bare server, and its client that lives only while it is measured. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Scale } from "@kubev/kube-sim/scenarios/scale-machine";
import type { BareCase } from "./bare-pages.ts";
import { startProcess } from "./bench-process.ts";

export interface BareSide {
  /** Right before the pages that are compared with it: other work on the machine then burdens both. */
  measure(paths: readonly string[]): Promise<BareCase>;
  stop(): Promise<void>;
}

/** @param cases what will be measured: paths of the full lists that each page is made of */
export async function startBare(cases: readonly (readonly string[])[]): Promise<BareSide> {
  return bareSide("bare-lists.ts", JSON.stringify([...new Set(cases.flat())]), "bare-pages.ts");
}

/** Only VMs and VMIs, `/vms` and `/vmis`, of any number of machines. */
export async function startBareOf(scale: Scale): Promise<BareSide> {
  return bareSide("bare-many-lists.ts", JSON.stringify(scale), "bare-many-pages.ts");
}

async function bareSide(lists: string, what: string, pages: string): Promise<BareSide> {
  const server = await startProcess(
    [join(import.meta.dirname, lists), what],
    {},
    (line) => (line.startsWith("{") ? (JSON.parse(line) as { url: string }) : undefined), // both kinds of lists print it
  );
  return {
    measure: async (paths) => {
      const client = spawn(process.execPath, [join(import.meta.dirname, pages), server.ready.url, ...paths], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const lines = await client.stdout.toArray();
      return JSON.parse(Buffer.concat(lines as Buffer[]).toString("utf8")) as BareCase; // both kinds of pages print it
    },
    stop: async () => server.stop(),
  };
}
