/** A real Prometheus of its own for a test: scrapes what it is told every second, on a free port of loopback, ended by its pid. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { until } from "./console-under-test.ts";
import { freePort } from "./free-port.ts";

const program =
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "prometheus"))
    .find((path) => existsSync(path)) ?? null;

/** Why these tests cannot run here; null when they can. */
export const prometheusMissing =
  program === null ? "Prometheus is not installed (apt-get install prometheus)" : null;
if (prometheusMissing !== null)
  process.stderr.write(`SKIPPED: tests on Prometheus, since ${prometheusMissing}\n`);

export interface PrometheusServer {
  url: string;
  close(): Promise<void>;
}

/** `target`: the URL of a metrics page. */
export async function startPrometheus(target: string): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), "kubev-prometheus-"));
  const { host, pathname } = new URL(target);
  const configFile = join(folder, "prometheus.yml");
  writeFileSync(
    configFile,
    JSON.stringify({
      global: { scrape_interval: "1s", scrape_timeout: "1s" },
      scrape_configs: [
        {
          job_name: "kube-sim",
          honor_labels: true,
          metrics_path: pathname,
          static_configs: [{ targets: [host] }],
        },
      ],
    }),
  );
  const port = await freePort();
  const child: ChildProcess = spawn(
    program ?? "",
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/-/ready`).catch(() => null))?.ok === true);
  return {
    url,
    close: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
