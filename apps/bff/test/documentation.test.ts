/** What the documents say is what the code does. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { errorCode } from "@kubev/api-types/errors";
import { expect, test } from "vitest";
import { statusOfCode } from "../src/http/api-problem.ts";

const read = (path: string) => readFileSync(resolve(import.meta.dirname, "../../..", path), "utf8");

test("every error code is documented with its status, and nothing else is", () => {
  const rows = [...read("docs/errors.md").matchAll(/^\| `([a-z-]+)` +\| (\d{3}) +\| \S/gm)].map((row) => [
    row[1],
    Number(row[2]),
  ]);
  expect(Object.fromEntries(rows)).toEqual(statusOfCode);
  expect(rows).toHaveLength(errorCode.options.length);
});

test("every variable is documented, and nothing else is", () => {
  const source = read("apps/bff/src/config.ts");
  const block = source.slice(
    source.indexOf("const environment"),
    source.indexOf("export interface OidcConfig"),
  );
  const known = [...block.matchAll(/^ {2}([A-Z_]+):/gm)].map((row) => row[1]);
  const documented = [...read("docs/configuration.md").matchAll(/^\| ([^|]+) \|/gm)].flatMap((row) =>
    [...(row[1] ?? "").matchAll(/`([A-Z_]+)`/g)].map((name) => name[1]),
  );
  expect(new Set(documented)).toEqual(new Set(known));
  expect(documented).toHaveLength(known.length);
});
