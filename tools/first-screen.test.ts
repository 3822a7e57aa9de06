/** The list of machines shows each machine's trouble before the other sentences are there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { machineSentences } from "../apps/web/src/reasons/machine-sentences.ts";
import { root } from "./paths.ts";

test("what a machine's state may say has its sentence at once", () => {
  const sources = ["vm-state.ts", "deletion.ts"].map((file) =>
    readFileSync(join(root, "apps/bff/src/domain", file), "utf8"),
  );
  const codes = sources.flatMap((source) =>
    [...source.matchAll(/reasonOf\(\s*"([\w-]+)"/g)].map(([, code]) => code),
  );
  expect(codes.length).toBeGreaterThan(15);
  expect(codes.filter((code) => code !== undefined && !(code in machineSentences))).toEqual([]);
});
