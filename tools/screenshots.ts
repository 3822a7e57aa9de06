/** `npm run screenshots`: a contact sheet of every page and state, dark and light, narrow and wide, in screenshots/. */
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
const { status } = spawnSync(
  join(root, "e2e/node_modules/.bin/playwright"),
  ["test", "--config", "screenshots.config.ts"],
  {
    cwd: join(root, "e2e"),
    stdio: "inherit",
    env: {
      ...process.env,
      ...(chromium !== "" && { CHROMIUM: chromium }),
      SCREENSHOTS: join(root, "screenshots"),
    },
  },
);
if (status === 0) say("The sheet is screenshots/index.html.");
process.exit(status ?? 1);
