/** `npm run dev`: the embedded cluster, the server restarted on change, the browser app with hot reload. */
import { join } from "node:path";
import { interrupted, startChild } from "./child-process.ts";
import { checkBeforeStart } from "./checks-before-start.ts";
import { embeddedEnvironment, kubeconfigEnvironment } from "./console-environment.ts";
import { consoleReady } from "./console-ready.ts";
import { startEmbeddedCluster } from "./embedded-cluster.ts";
import { root } from "./paths.ts";
import { banner } from "./start-banner.ts";
import { readStartOptions } from "./start-options.ts";

const graceMs = 10_000;

async function main(): Promise<void> {
  const options = readStartOptions(process.argv.slice(2));
  await checkBeforeStart(options);
  // People open Vite's address; it hands /api on to the server, which must know the address that browsers use.
  const serverPort = options.port + 1;
  const url = `http://${options.host}:${options.port}`;
  const stopped = interrupted();
  const cluster = options.kubeconfig === null ? await startEmbeddedCluster(options, url) : null;
  const environment = cluster
    ? embeddedEnvironment(options, cluster)
    : kubeconfigEnvironment(options, options.kubeconfig ?? { file: "", context: "" });
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const server = startChild(
    process.execPath,
    [
      "--watch",
      "--watch-preserve-output",
      "--disable-warning=ExperimentalWarning",
      join(root, "apps/bff/src/server.ts"),
    ],
    {
      env: {
        ...environment,
        PORT: String(serverPort),
        WEB_DIR: "",
        PUBLIC_URL: url,
        LOG_LEVEL: process.env["LOG_LEVEL"] ?? "info",
      },
      onLine: print,
    },
  );
  const web = startChild(
    join(root, "apps/web/node_modules/.bin/vite"),
    [join(root, "apps/web"), "--host", options.host, "--port", String(options.port), "--strictPort"],
    {
      env: { BFF_URL: `http://${options.host}:${serverPort}` },
      onLine: print,
    },
  );
  if (await consoleReady(`http://${options.host}:${serverPort}`))
    process.stdout.write(banner(url, options, cluster));
  await Promise.race([stopped, server.exited, web.exited]);
  await Promise.all([web.stop(graceMs), server.stop(graceMs), cluster?.child.stop(graceMs)]);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
