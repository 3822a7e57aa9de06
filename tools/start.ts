/** `npm start`: builds what changed, starts the embedded cluster (or takes yours) and the console, and says where. */
import { startChild } from "./child-process.ts";
import { buildAll } from "./build.ts";
import { checkBeforeStart } from "./checks-before-start.ts";
import { consoleReady } from "./console-ready.ts";
import { embeddedEnvironment, kubeconfigEnvironment } from "./console-environment.ts";
import { type EmbeddedCluster, startEmbeddedCluster } from "./embedded-cluster.ts";
import { bffBundle } from "./paths.ts";
import { serverFlags, serverMemoryEnvironment } from "./server-flags.ts";
import { interrupted } from "./child-process.ts";
import { readStartOptions, type StartOptions, startUsage } from "./start-options.ts";
import { banner } from "./start-banner.ts";

const consoleGraceMs = 15_000;
const clusterGraceMs = 15_000;

function publicUrl({ host, port }: StartOptions): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function main(): Promise<number> {
  if (process.argv.slice(2).includes("--help")) {
    process.stdout.write(startUsage);
    return 0;
  }
  const options = readStartOptions(process.argv.slice(2));
  await checkBeforeStart(options);
  buildAll((line) => process.stderr.write(`${line}\n`));
  const url = publicUrl(options);
  const stopped = interrupted();
  let cluster: EmbeddedCluster | null = null;
  try {
    if (options.kubeconfig === null) cluster = await startEmbeddedCluster(options, url);
    const environment =
      cluster === null && options.kubeconfig !== null
        ? kubeconfigEnvironment(options, options.kubeconfig)
        : cluster === null
          ? {}
          : embeddedEnvironment(options, cluster);
    const server = startChild(process.execPath, [...serverFlags, bffBundle], {
      env: { ...serverMemoryEnvironment, ...environment },
      onLine: (line) => process.stdout.write(`${line}\n`),
    });
    try {
      const up = await Promise.race([
        consoleReady(url),
        server.exited.then(() => false),
        stopped.then(() => false),
      ]);
      if (up) process.stdout.write(banner(url, options, cluster));
      const ended = await Promise.race([
        stopped.then(() => null),
        server.exited.then((code) => ({ who: "The console", code })),
        ...(cluster ? [cluster.child.exited.then((code) => ({ who: "The embedded cluster", code }))] : []),
      ]);
      if (ended === null) {
        process.stdout.write("\nStopping…\n");
        return 0;
      }
      process.stderr.write(`${ended.who} ended with code ${ended.code}.\n`);
      return 1;
    } finally {
      await server.stop(consoleGraceMs);
    }
  } finally {
    await cluster?.child.stop(clusterGraceMs);
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
