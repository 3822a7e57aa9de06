/** A problem of an edited text as one line. After the first syntax error a parser only guesses, so it speaks for the rest. */
import type { Reason } from "@kubev/api-types/reason";
import { reasonWithCause } from "../reasons/reason-text.ts";

interface YamlProblem {
  path: string;
  line?: number | undefined;
  reason: Reason;
}

export interface ProblemLine {
  line: number | undefined;
  /** Where in the object; empty for the text as a whole. */
  path: string;
  /** With its place: `Line 4, column 15: …`. */
  text: string;
}

/** The parser ends its first line with the place and draws the text with a caret below it. */
const parserPlace = / at line (\d+), column (\d+)$/;

function syntaxLine(problem: YamlProblem, following: number): ProblemLine {
  const said = (problem.reason.upstreamText?.split("\n", 1)[0] ?? "").trimEnd().replace(/:$/, "");
  const [whole = "", line = problem.line, column] = parserPlace.exec(said) ?? [];
  const words = said.slice(0, said.length - whole.length);
  const place =
    line === undefined ? "" : column === undefined ? `Line ${line}: ` : `Line ${line}, column ${column}: `;
  const sentence = words === "" ? reasonWithCause({ code: problem.reason.code }) : words.replace(/\.?$/, ".");
  return {
    line: problem.line,
    path: "",
    text: `${place}${sentence}${following === 0 ? "" : ` And ${following} more that follow from it.`}`,
  };
}

export function problemLines(problems: readonly YamlProblem[]): ProblemLine[] {
  const syntax = problems.filter((problem) => problem.reason.code === "yaml-syntax");
  const first = syntax[0];
  if (first !== undefined) return [syntaxLine(first, syntax.length - 1)];
  return problems.map((problem) => ({
    line: problem.line,
    path: problem.path === "yaml" ? "" : problem.path,
    text: `${problem.line === undefined ? "" : `Line ${problem.line}: `}${reasonWithCause(problem.reason)}`,
  }));
}
