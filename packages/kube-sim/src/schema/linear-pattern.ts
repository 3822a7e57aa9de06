/**
 * Patterns that any user may write, matched in time that grows with the text alone, as Go's regexp does: JavaScript's own
 * tries every way to match, and one pattern could hold the whole process for ever.
 */
import { RE2JS } from "re2js";

/** Whether `pattern` matches somewhere in `text`; a pattern that is none matches nothing. */
export function matchesSomewhere(pattern: string, text: string): boolean {
  try {
    return RE2JS.compile(pattern).matcher(text).find();
  } catch {
    return false;
  }
}
