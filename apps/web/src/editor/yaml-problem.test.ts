/** What stands over the editor when the text is refused. */
import { beforeAll, expect, test } from "vitest";
import { loadSentences } from "../reasons/reason-text.ts";
import { problemLines } from "./yaml-problem.ts";

beforeAll(loadSentences);

const syntax = (upstreamText: string, line: number) => ({
  path: "yaml",
  line,
  reason: { code: "yaml-syntax", upstreamText },
});

test("the first syntax error speaks for those that follow from it, without the parser's drawing", () => {
  const lines = problemLines([
    syntax("Nested mappings are not allowed here at line 4, column 15:\n\n  a: b: c\n     ^\n", 4),
    syntax("Implicit keys need to be on a single line at line 5, column 1:\n\nx\n^\n", 5),
    syntax("Missing comma", 6),
  ]);
  expect(lines).toEqual([
    {
      line: 4,
      path: "",
      text: "Line 4, column 15: Nested mappings are not allowed here. And 2 more that follow from it.",
    },
  ]);
});

test("a syntax error without a place or words is still a sentence", () => {
  expect(problemLines([{ path: "yaml", reason: { code: "yaml-syntax" } }])).toEqual([
    { line: undefined, path: "", text: "This is not valid YAML." },
  ]);
});

test("what the cluster refuses keeps its path", () => {
  expect(problemLines([{ path: "/spec/running", line: 3, reason: { code: "field-required" } }])).toEqual([
    { line: 3, path: "/spec/running", text: "Line 3: Fill this in." },
  ]);
});
