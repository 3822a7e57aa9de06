/** Patterns of Go's regexp (RE2 syntax) as JavaScript's: inline flags, named groups, POSIX classes, text anchors. */

const POSIX: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  digit: "0-9",
  lower: "a-z",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\s",
  upper: "A-Z",
  word: "\\w",
  xdigit: "0-9A-Fa-f",
};

const compiled = new Map<string, RegExp>();

/** Throws SyntaxError where the pattern is none. */
export function goPattern(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const [, flags = ""] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const source = pattern
    .slice(flags === "" ? 0 : flags.length + 3)
    .replaceAll("(?P<", "(?<")
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => POSIX[name] ?? whole)
    .replaceAll("\\A", "^")
    .replaceAll("\\z", "$");
  const expression = compile(source, flags);
  compiled.set(pattern, expression);
  return expression;
}

/** Unicode mode counts code points as Go does, but knows fewer needless escapes. */
function compile(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    return new RegExp(source, flags);
  }
}
