/** Builds the browser app and the server's bundle, each only when its sources changed since. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bffBundle, root, webDist } from "./paths.ts";

interface Target {
  name: string;
  folder: string;
  sources: string[];
  output: string;
}

const contract = "packages/api-types/src/**/*.ts";
const targets: Target[] = [
  {
    name: "browser app",
    folder: "apps/web",
    sources: [contract, "apps/web/{src,public}/**/*.*", "apps/web/*.{json,ts,html}", "pnpm-lock.yaml"],
    output: join(webDist, "index.html"),
  },
  {
    name: "server",
    folder: "apps/bff",
    sources: [contract, "apps/bff/src/**/*.ts", "apps/bff/*.{json,ts}", "pnpm-lock.yaml"],
    output: bffBundle,
  },
];

function fingerprint(patterns: string[]): string {
  const hash = createHash("sha256");
  for (const file of globSync(patterns, { cwd: root }).sort()) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

/** Throws when a build fails; the builder's own words went to stderr. */
export function buildAll(say: (line: string) => void): void {
  for (const { name, folder, sources, output } of targets) {
    const stamp = join(root, folder, "dist/.built-from");
    const now = fingerprint(sources);
    if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, "utf8") === now) continue;
    say(`Building the ${name}…`);
    const result = spawnSync("npm", ["run", "--silent", "build"], {
      cwd: join(root, folder),
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        ...process.env,
        // whoever builds, be it a test: with any other word React comes with its development's checks
        NODE_ENV: "production",
        PATH: `${join(root, folder, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
      },
    });
    if (result.status !== 0) throw new Error(`The ${name} could not be built.`);
    writeFileSync(stamp, now);
  }
}

if (import.meta.main) buildAll((line) => process.stderr.write(`${line}\n`));
