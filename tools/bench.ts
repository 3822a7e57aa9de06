/** `npm run bench`: builds what changed, then runs every bench; each prints its table and writes its JSON beside itself. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildAll } from "./build.ts";
import { root } from "./paths.ts";

buildAll((line) => process.stderr.write(`${line}\n`));
const benches = [
  "first-page.ts",
  "lists.ts",
  "moving.ts",
  "cold-sync.ts",
  "consoles.ts",
  "users.ts",
  "upload.ts",
  "fifty-sessions.ts",
  // five to ten minutes each
  "hundred-thousand.ts",
  "long-run.ts",
  "browser/list-in-browser.ts",
];
const failed = benches.filter(
  (bench) =>
    spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", join(root, "bench", bench)], {
      stdio: "inherit",
    }).status !== 0,
);
if (failed.length > 0) process.stdout.write(`Missed: ${failed.join(", ")}\n`);
process.exit(failed.length > 0 ? 1 : 0);
