/** A script for a process under measurement, without its types: what Node strips them with takes 20 MB of the process itself. */
import { readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { basename, join } from "node:path";

/** @returns where the script lies now, in `folder`; what it imports of ours is not taken along */
export function plainScript(file: string, folder: string): string {
  const plain = join(folder, `${basename(file, ".ts")}.mjs`);
  writeFileSync(plain, stripTypeScriptTypes(readFileSync(file, "utf8")));
  return plain;
}
