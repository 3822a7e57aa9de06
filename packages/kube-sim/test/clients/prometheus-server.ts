/** A real Prometheus for a test, where Debian's package is installed: scrapes one page every second, and is ended by its pid. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../cluster.ts";
import { freePort } from "../free-port.ts";

export const prometheusMissing =
  spawnSync("prometheus", ["--version"]).status === 0
    ? null
    : "Prometheus is not installed (apt-get install prometheus)";
if (prometheusMissing !== null)
  process.stderr.write(`SKIPPED: a real Prometheus, since ${prometheusMissing}\n`);

export interface Sample {
  metric: Record<string, string>;
  value: number;
}

export interface PrometheusServer {
  /** The samples of an instant. @throws where the expression is refused */
  ask(expression: string): Promise<Sample[]>;
  close(): Promise<void>;
}

export async function startPrometheus(page: string): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), "kube-sim-prometheus-"));
  const { host, pathname } = new URL(page);
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
  const child = spawn(
    "prometheus",
    [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/-/ready`).catch(() => null))?.ok);
  return {
    ask: async (expression) => {
      const answer = await fetch(
        `${url}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`,
      );
      const reply = (await answer.json()) as {
        error?: string;
        data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
      }; // Prometheus' own format
      if (reply.data === undefined) throw new Error(`${expression}: ${reply.error ?? "no answer"}`);
      return reply.data.result.map(({ metric, value: [, text] }) => ({ metric, value: Number(text) }));
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
