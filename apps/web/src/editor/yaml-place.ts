/** Where in an object a place of its YAML is, told by indentation alone, so that it is known while the text is half written. */
import { item, type Step } from "./schema-node.ts";

export interface YamlPlace {
  /** Of the object or list that the line is in. */
  path: Step[];
  /** The line's own key up to the place, or whole where the place is behind it; '' where nothing is written yet. */
  key: string;
  /** What is being written: the key, or its value. */
  part: "key" | "value";
  /** Where what is being written begins. */
  from: number;
  /** Column of the line's key. */
  column: number;
  /** Keys beside it, above and below. */
  siblings: ReadonlySet<string>;
}

interface Line {
  /** Columns of the dashes that begin items. */
  dashes: number[];
  column: number;
  key: string;
  /** What follows the key's colon; undefined where the line has no key. */
  value: string | undefined;
}

const keyPattern = /^(?:"([^"]*)"|'([^']*)'|([^\s#:'"[{&*!|>%@`][^:#]*?)):(?:\s(.*)|)$/;

function lineOf(text: string): Line | null {
  let column = text.length - text.trimStart().length;
  let rest = text.slice(column);
  if (rest === "" || rest.startsWith("#")) return null;
  const dashes: number[] = [];
  for (let dash = /^-(\s+|$)/.exec(rest); dash !== null; dash = /^-(\s+|$)/.exec(rest)) {
    dashes.push(column);
    column += dash[0].length;
    rest = rest.slice(dash[0].length);
  }
  const [whole, double, single, plain = "", value = ""] = keyPattern.exec(rest) ?? [];
  return { dashes, column, key: double ?? single ?? plain, value: whole === undefined ? undefined : value };
}

const isDivider = (text: string) => /^(---|\.\.\.)(\s|$)/.test(text);

/** Lines of the same object, in one direction. */
function collect(
  lines: readonly string[],
  from: number,
  by: 1 | -1,
  column: number,
  into: Set<string>,
): void {
  for (let index = from + by; index >= 0 && index < lines.length; index += by) {
    const text = lines[index] ?? "";
    if (isDivider(text)) return;
    const line = lineOf(text);
    if (line === null || line.column > column) continue;
    // going down, a dash begins the next item; going up, it begins this one
    if (line.column < column || (by === 1 && line.dashes.length > 0)) return;
    if (line.value !== undefined) into.add(line.key);
    if (line.dashes.length > 0) return;
  }
}

/** Null within comments and where no key or value can begin. */
export function placeAt(text: string, position: number): YamlPlace | null {
  const before = text.slice(0, position);
  const start = before.lastIndexOf("\n") + 1;
  const lines = text.split("\n");
  const number = before.split("\n").length - 1;
  const typed = text.slice(start, position);
  if (/(^|\s)#/.test(typed)) return null;
  const own = lineOf(typed) ?? { dashes: [], column: typed.length, key: "", value: undefined };
  const words = typed.slice(own.column);
  // from the innermost on, as the lines are read
  const steps: Step[] = [];
  let need = own.column;
  for (const dash of own.dashes.toReversed()) {
    steps.push(item);
    need = dash + 1;
  }
  let inDash = own.dashes[0];
  for (let index = number - 1; index >= 0; index -= 1) {
    const above = lines[index] ?? "";
    if (isDivider(above)) break;
    const line = lineOf(above);
    if (line === null) continue;
    if (
      line.value !== undefined &&
      line.column < need &&
      !(inDash !== undefined && line.dashes.includes(inDash))
    ) {
      if (line.value.trim() !== "" && !/^[&!]/.test(line.value)) return null;
      steps.push(line.key);
      need = line.column;
      inDash = undefined;
    }
    for (const dash of line.dashes.toReversed()) {
      if (dash >= need || dash === inDash) continue;
      steps.push(item);
      need = dash + 1;
      inDash = dash;
    }
  }
  const path = steps.toReversed();
  const siblings = new Set<string>();
  if (own.dashes.length === 0) collect(lines, number, -1, own.column, siblings);
  collect(lines, number, 1, own.column, siblings);
  if (own.value !== undefined) {
    // looked for from the end: a pattern would begin anew at every character of a long value
    let begin = typed.length;
    while (begin > 0 && /\S/.test(typed.charAt(begin - 1))) begin -= 1;
    const value = typed.slice(begin);
    if (own.value.trimStart() !== value) return null;
    return { path, key: own.key, part: "value", from: position - value.length, column: own.column, siblings };
  }
  if (!/^[\w./-]*$/.test(words)) return null;
  return { path, key: words, part: "key", from: position - words.length, column: own.column, siblings };
}
