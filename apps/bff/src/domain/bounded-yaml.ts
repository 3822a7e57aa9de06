/**
 * Reads YAML of strangers in time that grows with its length alone, whatever it is made of: a text of one megabyte would
 * otherwise keep everybody waiting for minutes.
 */
import { type Document, isScalar, Lexer, LineCounter, parseDocument, visit } from "yaml";

export interface YamlProblem {
  message: string;
  line: number | undefined;
}

export interface ReadYaml {
  /** Null where it was not even looked at. */
  document: Document.Parsed | null;
  /** The first few; none where the text is YAML. */
  problems: YamlProblem[];
  /** From 1. */
  lineAt: (offset: number) => number;
}

const deepestNesting = 100;
const mostProblems = 20;
const mostAliases = 50;

/** Brackets within brackets: each level costs the reader a level of its stack. So many that close nothing cost it an error each. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (Math.abs(depth) > deepestNesting) return true;
  }
  return false;
}

/** The reader compares each key of a map with all others; here each is looked up. */
function doubledKeys(document: Document.Parsed, lineAt: (offset: number) => number): YamlProblem[] {
  const problems: YamlProblem[] = [];
  visit(document, {
    Map: (_key, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value))
          problems.push({
            message: `Map keys must be unique: ${String(key.value)} is there twice`,
            line: key.range ? lineAt(key.range[0]) : undefined,
          });
        seen.add(key.value);
        if (problems.length >= mostProblems) return visit.BREAK;
      }
      return undefined;
    },
  });
  return problems;
}

export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  if (isTooDeep(text))
    return { document: null, problems: [{ message: "This is nested too deeply", line: undefined }], lineAt };
  const document = parseDocument(text, {
    // each would have a piece cut out of the text: with thousands of errors in one line that takes minutes
    prettyErrors: false,
    uniqueKeys: false,
    lineCounter: lines,
    // what is odd but no error is the cluster's to refuse; a warning of the reader would put the text into our log
    logLevel: "error",
  });
  const errors = document.errors.slice(0, mostProblems).map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return { message: `${message} at line ${line}, column ${col}`, line };
  });
  return { document, problems: errors.length > 0 ? errors : doubledKeys(document, lineAt), lineAt };
}

/**
 * What the text says, its aliases bounded.
 * @throws Error where they are too many, or lead into themselves
 */
export function valueOfYaml(document: Document.Parsed): unknown {
  return document.toJS({ maxAliasCount: mostAliases });
}
