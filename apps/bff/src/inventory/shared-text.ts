/** A parsed text is a copy of its own; what many objects say alike (a project, a host, a class) is kept once. */

/** Beyond this, what is kept was not alike after all. */
const mostShared = 50_000;
const known = new Map<string, string>();

export function sharedText(text: string): string {
  const first = known.get(text);
  if (first !== undefined) return first;
  if (known.size < mostShared) known.set(text, text);
  return text;
}

const lists = new Map<string, readonly string[]>();

/** One frozen list for all that are alike. */
export function sharedList(texts: readonly string[]): readonly string[] {
  const key = texts.join("\n");
  const first = lists.get(key);
  if (first !== undefined) return first;
  const list = Object.freeze(texts.map(sharedText));
  if (lists.size < mostShared) lists.set(key, list);
  return list;
}
