/** Debian packages that cannot stand beside what is installed: downloaded and unpacked into a folder of ours, not installed. */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.ts";

/** Ignored by git; what is in it is used by the tests that ask for it. */
const folder = join(root, ".kubev/packages");

/** The root of the unpacked package, whose `usr/bin/…` run where they are; null where it could not be had. */
export function unpackPackage(debianPackage: string, say: (line: string) => void): string | null {
  const unpacked = join(folder, debianPackage);
  if (existsSync(unpacked)) return unpacked;
  const partial = `${unpacked}.part`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  say(`Unpacking ${debianPackage}…`);
  const run = (command: string, ...args: string[]): boolean =>
    spawnSync(command, args, { cwd: partial, stdio: "ignore" }).status === 0;
  const download = () => run("apt-get", "-qq", "download", debianPackage);
  // a fresh machine has no lists of packages yet
  if (!download() && !(run("apt-get", "-qq", "update") && download())) return null;
  const [archive] = globSync("*.deb", { cwd: partial });
  if (archive === undefined || !run("dpkg", "-x", archive, partial)) return null;
  rmSync(join(partial, archive));
  renameSync(partial, unpacked);
  return unpacked;
}
