/** YAML of strangers is read in time that grows with its length, and refused as its reader would refuse it. */
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { readYaml } from "../src/domain/bounded-yaml.ts";
import { parseObjectYaml } from "../src/domain/object-text.ts";
import { lineFinder } from "../src/domain/yaml-lines.ts";
import { seededRandom } from "./stepped-clock.ts";
import { yamlText } from "./yaml-texts.ts";

const numbered = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join("\n");

/** Each took seven seconds or more where every key was compared with every other. */
test.each([
  ["keys", numbered(25_000, (at) => `k${at}: v`)],
  ["anchors", numbered(25_000, (at) => `k${at}: &a${at} v`)],
  ["aliases", `a: &a 1\n${numbered(25_000, (at) => `k${at}: *a`)}`],
  ["the same key", "a: 1\n".repeat(50_000)],
  ["brackets", "[".repeat(250_000)],
  ["braces", "{a: ".repeat(125_000)],
  ["dashes", "- ".repeat(225_000)],
  ["mistakes", ": ".repeat(125_000)],
  ["unknown escapes", `a: "${"\\q".repeat(125_000)}"`],
  ["anchors of nothing", "&a ".repeat(83_000)],
  ["closing brackets", "]".repeat(250_000)],
])("a quarter of a megabyte of %s keeps nobody waiting", (_what, text) => {
  const beganMs = performance.now();
  const read = parseObjectYaml(text);
  lineFinder(text)("k24999");
  // what grew with the square took minutes
  expect(performance.now() - beganMs).toBeLessThan(10_000);
  expect(read.ok || read.problems.length <= 20).toBe(true);
});

test("a key that is there twice is told with its line, deep inside too", () => {
  expect(readYaml("a: 1\nb:\n  - c: 1\n    d: 2\n    c: 3\n").problems).toEqual([
    { message: expect.stringContaining("c is there twice"), line: 5 },
  ]);
  expect(readYaml("{a: 1, b: {a: 2}}").problems).toEqual([]);
  expect(readYaml("1: a\n'1': b\n").problems).toEqual([]);
});

test("brackets may be as deep as any object is", () => {
  const nested = (depth: number) => `a: ${"[".repeat(depth)}${"]".repeat(depth)}`;
  expect(readYaml(nested(60)).problems).toEqual([]);
  expect(readYaml(nested(200)).problems).toHaveLength(1);
  expect(readYaml(`a: "${"[".repeat(500)}"\nb: ${"[] ".repeat(1)}`).problems).toEqual([]);
});

test("whatever the reader itself refuses is refused, and nothing else", () => {
  const random = seededRandom(3);
  let refused = 0;
  for (let round = 0; round < 400; round += 1) {
    // nested more deeply, both end where the stack does, and not at the same level
    const text = yamlText(random).slice(0, 600);
    const { document, problems } = readYaml(text);
    const its = parseDocument(text, { uniqueKeys: true, logLevel: "error" }).errors;
    if (problems.length > 0) refused += 1;
    if (document !== null && problems.length > 0 !== its.length > 0)
      throw new Error(`${JSON.stringify(text)}: ${JSON.stringify(problems)} but ${String(its)}`);
  }
  expect(refused).toBeGreaterThan(50);
});
