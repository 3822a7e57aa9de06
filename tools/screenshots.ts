/**
 * `npm run screenshots`: a contact sheet of every page and state, empty and full, dark and light, narrow and wide, in
 * screenshots/. A word after `--` keeps the pages whose name it matches.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildAll } from "./build.ts";
import { root } from "./paths.ts";
import { findChromium, installPrograms } from "./system-packages.ts";

const say = (line: string) => process.stderr.write(`${line}\n`);
for (const note of installPrograms(say)) say(note);
const chromium = findChromium(join(root, "e2e"), say);
if (chromium === null) {
  say("Chromium could not be had, so there are no pictures.");
  process.exit(1);
}
buildAll(say);
const pages = process.argv[2] ?? process.env["PAGES"] ?? "";
let failed = 0;
// what a cluster looks like that was lived in, one that was just installed, and one that has a bad day
for (const scenario of ["demo", "empty", "degraded"]) {
  const { status } = spawnSync(
    join(root, "e2e/node_modules/.bin/playwright"),
    ["test", "--config", "screenshots.config.ts", "--pass-with-no-tests"],
    {
      cwd: join(root, "e2e"),
      stdio: "inherit",
      env: {
        ...process.env,
        ...(chromium !== "" && { CHROMIUM: chromium }),
        SCREENSHOTS: join(root, "screenshots"),
        SCENARIO: scenario,
        PAGES: pages,
      },
    },
  );
  failed ||= status ?? 1;
}
say("The sheet is screenshots/index.html.");
process.exit(failed);
