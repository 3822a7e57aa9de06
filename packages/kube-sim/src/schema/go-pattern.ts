/**
 * Patterns as Go's regexp reads and runs them: RE2, whose time grows with the text and never explodes. A pattern of a
 * definition meets the text of whoever writes an instance.
 */
import { RE2JS } from "re2js";

/** Beyond it the longest unused patterns are compiled anew. */
const MOST_PATTERNS = 1000;

/** The longest unused first. */
const compiled = new Map<string, RE2JS>();

/** Throws where the pattern is none, in the words of Go's regexp/syntax. */
export function goPattern(pattern: string): RE2JS {
  const expression = compiled.get(pattern) ?? RE2JS.compile(pattern);
  compiled.delete(pattern);
  compiled.set(pattern, expression);
  if (compiled.size > MOST_PATTERNS) {
    const [longestUnused] = compiled.keys();
    if (longestUnused !== undefined) compiled.delete(longestUnused);
  }
  return expression;
}

/** Whether `pattern` matches somewhere in `text`; a pattern that is none matches nothing. */
export function matchesSomewhere(pattern: string, text: string): boolean {
  try {
    return goPattern(pattern).test(text);
  } catch {
    return false;
  }
}
