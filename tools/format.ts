/** `npm run format`: formats everything in place. */
import { spawnSync } from "node:child_process";
import { bin, root } from "./paths.ts";

process.exit(
  spawnSync(bin("biome"), ["format", "--write", "."], { cwd: root, stdio: "inherit" }).status ?? 1,
);
