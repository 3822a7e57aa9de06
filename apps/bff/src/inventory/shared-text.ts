/** A parsed text is a copy of its own; what many objects say alike (a project, a host, a class) is kept once. */

/** Beyond this, what is kept was not alike after all, and all of it is forgotten. */
const mostShared = 50_000;
/** Longer ones are no names, which are what objects have alike; anybody may write texts of any length into his own. */
const longestShared = 253;
const known = new Map<string, string>();

export function sharedText(text: string): string {
  if (text.length > longestShared) return text;
  const first = known.get(text);
  if (first !== undefined) return first;
  if (known.size >= mostShared) known.clear();
  known.set(text, text);
  return text;
}

const lists = new Map<string, readonly string[]>();

/** One frozen list for all that are alike. */
export function sharedList(texts: readonly string[]): readonly string[] {
  // a text may hold whatever would stand between two
  const key = JSON.stringify(texts);
  if (key.length > longestShared) return Object.freeze(texts.map(sharedText));
  const first = lists.get(key);
  if (first !== undefined) return first;
  if (lists.size >= mostShared) lists.clear();
  const list = Object.freeze(texts.map(sharedText));
  lists.set(key, list);
  return list;
}
