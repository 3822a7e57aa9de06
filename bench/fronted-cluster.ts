/** The cluster of ten thousand machines, or of any number that is generated, with the front before it that counts, and serves screens. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Scale } from "@kubev/kube-sim/scenarios/scale-machine";
import { startProcess } from "./bench-process.ts";
import type { FrontCounts } from "./cluster-front.ts";
import { root } from "./measured-console.ts";
import type { Tenant } from "./tenants.ts";

interface ScaleCluster {
  kubeconfig: string;
  token: string;
  url: string;
  caPem: string;
  tenants: Tenant[];
}

export interface FrontedCluster extends ScaleCluster {
  /** Of the cluster itself, past the front. */
  directUrl: string;
  /** Of the front. */
  pid: number;
  counts(): Promise<FrontCounts>;
  stop(): Promise<void>;
}

/**
 * @param folder empty; whoever made it removes it
 * @param generated how many machines the front makes up; the cluster itself then holds none
 */
export async function startFrontedCluster(
  folder: string,
  people: number,
  more = "",
  generated?: Scale,
): Promise<FrontedCluster> {
  const cluster = await startProcess(
    [
      join(import.meta.dirname, "scale-cluster.ts"),
      folder,
      join(root, "deploy/rbac.yaml"),
      more,
      String(people),
      ...(generated === undefined ? [] : [JSON.stringify(generated)]),
    ],
    {},
    (line) => (line.startsWith("{") ? (JSON.parse(line) as ScaleCluster) : undefined), // scale-cluster.ts prints it
  );
  const { url, caPem, kubeconfig, tenants } = cluster.ready;
  writeFileSync(join(folder, "tenants.json"), JSON.stringify(tenants), { mode: 0o600 });
  const front = await startProcess(
    [
      join(import.meta.dirname, "cluster-front.ts"),
      JSON.stringify({ url, caPem, kubeconfig, folder, generated }),
    ],
    {},
    (line) => (line.startsWith("{") ? (JSON.parse(line) as { url: string; kubeconfig: string }) : undefined), // cluster-front.ts prints it
  );
  return {
    ...cluster.ready,
    ...front.ready,
    directUrl: url,
    pid: front.pid,
    counts: async () => {
      const told = front.nextLine((line) => line.startsWith('{"counted"'));
      process.kill(front.pid, "SIGUSR2");
      return (JSON.parse(await told) as { counted: FrontCounts }).counted; // cluster-front.ts prints it
    },
    stop: async () => {
      await front.stop();
      await cluster.stop();
    },
  };
}
