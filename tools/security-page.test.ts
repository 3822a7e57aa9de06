/** docs/security.md names tests that exist, by file and title, and every fault class that a test names stands there. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./paths.ts";

const page = readFileSync(join(root, "docs/security.md"), "utf8");
/** Of the table of threats: its body's lines. */
const rows = page.split("\n").filter((line) => /^\| (?!threat |-)/.test(line) && line.includes(".ts`"));
const fault = /CVE-\d{4}-\d{4,}/g;

/** `file` "title", as the last column writes them. */
function namedIn(row: string): { file: string; title: string }[] {
  return Array.from(
    row.matchAll(/`([\w./-]+\.(?:test|spec)\.ts)` "([^"]+)"/g),
    ([, file = "", title = ""]) => ({
      file,
      title,
    }),
  );
}

const read = (file: string) => readFileSync(join(root, file), "utf8");

/** Whether a test or a group of that file has a title that begins so. */
function hasTitle(text: string, title: string): boolean {
  return ['"', "'", "`"].some((quote) => text.includes(`${quote}${title}`));
}

describe("docs/security.md", () => {
  it("has a table whose every row names tests", () => {
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const files = row.match(/`[\w./-]+\.ts`/g) ?? [];
      expect([row, namedIn(row).length]).toEqual([row, files.length]);
      expect(files.length).toBeGreaterThan(0);
    }
  });

  it.each(rows.flatMap(namedIn).map(({ file, title }) => [file, title] as const))("%s: %s", (file, title) => {
    expect(existsSync(join(root, file))).toBe(true);
    expect(hasTitle(read(file), title)).toBe(true);
  });

  it("lists a fault only where a test of its row names it", () => {
    const unnamed = rows.flatMap((row) => {
      const texts = namedIn(row).map(({ file }) => read(file));
      return (row.match(fault) ?? []).filter((each) => !texts.some((text) => text.includes(each)));
    });
    expect(unnamed).toEqual([]);
  });

  it("lists every fault that a test names", () => {
    const tests = globSync(["{apps,packages}/*/{src,test}/**/*.test.{ts,tsx}", "e2e/tests/*.spec.ts"], {
      cwd: root,
      exclude: (name) => name.includes("node_modules"),
    });
    expect(tests.length).toBeGreaterThan(100);
    const missing = tests.flatMap((file) =>
      (read(file).match(fault) ?? [])
        .filter((each) => !page.includes(each))
        .map((each) => `${file}: ${each}`),
    );
    expect(missing).toEqual([]);
  });
});
