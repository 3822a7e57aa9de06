/** A parsed text is a copy of its own; what many objects say alike (a name, a project, a host, a moment) is kept once. */

/** Longer ones are no names, which are what objects have alike; anybody may write texts of any length into his own. */
const longestShared = 253;
const nothing: object = {};

/**
 * V8 looks a property up by the one copy of its name, in a table that holds none for longer than somebody else does, and lets
 * all other copies that were looked up go (src/objects/string-table.cc, ThinString). A table of ours would keep what only one
 * object says, or forget what many do.
 */
export function sharedText(text: string): string {
  if (text.length <= longestShared) void (text in nothing);
  return text;
}

/** The same object, with its values kept once. */
export function sharedValues(texts: Record<string, string>): Record<string, string> {
  for (const key in texts) sharedText(texts[key] ?? "");
  return texts;
}

/** Beyond this, what is kept was not alike after all, and all of it is forgotten. */
const mostLists = 50_000;
const lists = new Map<string, readonly string[]>();

/** One frozen list for all that are alike. */
export function sharedList(texts: readonly string[]): readonly string[] {
  // a text may hold whatever would stand between two
  const key = JSON.stringify(texts);
  if (key.length > longestShared) return Object.freeze(texts.map(sharedText));
  const first = lists.get(key);
  if (first !== undefined) return first;
  if (lists.size >= mostLists) lists.clear();
  const list = Object.freeze(texts.map(sharedText));
  lists.set(key, list);
  return list;
}
