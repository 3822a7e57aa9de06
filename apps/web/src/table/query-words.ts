/** The words of the query language, as far as the browser needs them: to add and take away a quick filter. */

/** Splits `q` at spaces outside quotation marks. */
export function splitQuery(q: string): string[] {
  return q.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

/** One `key:value` word; a value with spaces is quoted. */
export function filterWord(key: string, value: string): string {
  return /\s/.test(value) ? `${key}:"${value}"` : `${key}:${value}`;
}

export function hasWord(q: string, word: string): boolean {
  return splitQuery(q).some((part) => part.toLowerCase() === word.toLowerCase());
}

/** `q` with `word` added, or taken away where it was. */
export function toggleWord(q: string, word: string): string {
  const words = splitQuery(q);
  const kept = words.filter((part) => part.toLowerCase() !== word.toLowerCase());
  return (kept.length < words.length ? kept : [...words, word]).join(" ");
}
