/** A cluster of its own that does not serve one API group, and a console over it whose only user is the cluster's own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServerProcess } from "../../apps/bff/test/server-process.ts";
import { firstLine, startChild } from "../../tools/child-process.ts";
import { kubeSimCli, webDist } from "../../tools/paths.ts";

export interface PartialCluster {
  /** Of the console. */
  url: string;
  close(): Promise<void>;
}

export async function startWithout(group: string): Promise<PartialCluster> {
  const folder = mkdtempSync(join(tmpdir(), "kubev-partial-"));
  const faults = join(folder, "faults.json");
  writeFileSync(faults, JSON.stringify([{ effect: { kind: "missing-group", group } }]));
  const { child, ready } = firstLine(
    (onLine) =>
      startChild(
        process.execPath,
        [
          "--disable-warning=ExperimentalWarning",
          kubeSimCli,
          "--data-dir",
          join(folder, "cluster"),
          "--machines",
          "stand-in",
          "--faults",
          faults,
        ],
        { onLine },
      ),
    (line) => (line.startsWith('{"ready":true') ? (JSON.parse(line) as { kubeconfig: string }) : undefined), // kube-sim's cli prints it
  );
  const { kubeconfig } = await ready;
  const server = await startServerProcess({
    KUBECONFIG_FILE: kubeconfig,
    DATA_DIR: join(folder, "console"),
    SIGN_IN_MODES: "kubeconfig",
    SHARED_IMAGES_PROJECT: "shared-images",
    WEB_DIR: webDist,
  });
  return {
    url: server.url,
    close: async () => {
      await server.stop();
      await child.stop(10_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
