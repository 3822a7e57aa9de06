#!/usr/bin/env node
/**
 * What `npm start`, `npm test` and the other commands run, in the plain JavaScript that any Node from 20 on understands:
 * gets pnpm, the dependencies and the pinned Node, then hands over to tools/<command>.ts in that Node. Signals are passed on,
 * so that Ctrl-C ends everything in order.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants as osConstants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const pnpm = "pnpm@12.21.0";
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command = "start", ...args] = process.argv.slice(2);

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

const major = Number(process.versions.node.split(".")[0]);
if (major < 20) fail(`KubeV Console needs Node 20 or newer to start; this is ${process.version}.`);
if (process.platform !== "linux") fail(`KubeV Console runs on Linux; this is ${process.platform}.`);
try {
  accessSync(root, constants.W_OK);
} catch {
  fail(`The folder ${root} is not writable, and the dependencies and the state go there.`);
}

/** What decides whether the installed dependencies are still the right ones. */
function wanted() {
  const hash = createHash("sha256").update(pnpm);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"])
    hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

const node = join(root, "node_modules/node/bin/node");
const stamp = join(root, "node_modules/.kubev-installed");
const installed = existsSync(node) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted();
if (!installed) {
  process.stderr.write("Installing dependencies (once; about a minute)…\n");
  const result = spawnSync("npx", ["--yes", pnpm, "install", "--frozen-lockfile", "--reporter=append-only"], {
    cwd: root,
    // Shown only when it fails: what pnpm says of a success is nothing that a person must act on.
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
    encoding: "utf8",
    env: { ...process.env, CI: "true" },
  });
  if (result.error) fail(`npx could not be started (${result.error.message}); it comes with npm.`);
  if (result.status !== 0)
    fail(
      `${result.stdout}${result.stderr}\nThe dependencies could not be installed; pnpm's own words are above.`,
    );
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted());
}

const child = spawn(
  node,
  ["--disable-warning=ExperimentalWarning", join(root, "tools", `${command}.ts`), ...args],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      PATH: `${dirname(node)}:${join(root, "node_modules/.bin")}:${process.env.PATH ?? ""}`,
    },
  },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  // A terminal sends Ctrl-C to the whole group, so the child has it already; from elsewhere only we get it.
  process.on(signal, () => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on("error", (error) => fail(`The pinned Node could not be started: ${error.message}`));
child.on("exit", (code, signal) => process.exit(code ?? 128 + (osConstants.signals[signal] ?? 0)));
