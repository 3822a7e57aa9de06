/** The process: environment in, one server out, signals to a graceful end. */
import { pathToFileURL } from "node:url";
import closeWithGrace from "close-with-grace";
import { type Logger, pino } from "pino";
import { type App, buildApp } from "./app.ts";
import { ConfigError, readConfig } from "./config.ts";
import { compactMemory } from "./garbage.ts";
import { systemClock } from "./kube/clock.ts";
import { plainLine } from "./plain-lines.ts";

/** Nothing that could be a credential is ever written, wherever it hides. */
const redact = {
  paths: [
    "*.authorization",
    "*.cookie",
    "*.token",
    "*.password",
    "*.headers.authorization",
    "*.headers.cookie",
    "err.cause",
  ],
  censor: "[hidden]",
};

const lookEveryMs = 20_000;

/** Once, after the start: reading everything leaves as many holes as objects. */
function compactOnceRead({ inventory }: App["services"], log: Logger): void {
  const timer = setInterval(() => {
    if (!inventory.isWhole) return;
    clearInterval(timer);
    const before = process.memoryUsage.rss();
    const startedAt = performance.now();
    compactMemory();
    const tookMs = Math.round(performance.now() - startedAt);
    log.info({ before, after: process.memoryUsage.rss(), tookMs }, "memory was moved together");
  }, lookEveryMs);
  timer.unref();
}

async function main(): Promise<void> {
  let config;
  try {
    config = readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) process.stderr.write(`${problem}\n`);
    process.exitCode = 78;
    return;
  }
  const log = pino({ level: config.logLevel, redact, base: null, hooks: { streamWrite: plainLine } });
  const app = await buildApp({ config, log, clock: systemClock });
  try {
    const address = await app.server.listen({ port: config.port, host: config.host });
    log.info({ address }, "listening");
    compactOnceRead(app.services, log);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    process.stderr.write(
      code === "EADDRINUSE"
        ? `PORT: ${config.port} on ${config.host} is taken by another program\n`
        : `The server cannot listen on ${config.host}:${config.port}: ${String(error)}\n`,
    );
    await app.drain();
    process.exitCode = 1;
    return;
  }
  closeWithGrace({ delay: config.drainGraceMs + 5000, logger: false }, async ({ err, signal }) => {
    if (err !== undefined) log.fatal({ err }, "stopping after a failure");
    else log.info({ signal }, "stopping");
    await app.drain();
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
