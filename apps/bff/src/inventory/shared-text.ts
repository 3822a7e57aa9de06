/** A parsed text is a copy of its own; what many objects say alike (a name, a project, a host, a moment) is kept once. */

/** Longer ones are no names, which are what objects have alike; anybody may write texts of any length into his own. */
const longestShared = 128;

/** What was said lately, each text at the place that its letters choose: a bounded memory that forgets without being asked. */
const places = 1 << 16;
const lately: string[] = Array.from({ length: places }, () => "");

/** Numbered names differ in their last letters, so these choose. */
function placeOf(text: string): number {
  let place = text.length;
  for (let index = text.length - 1, last = Math.max(0, text.length - 24); index >= last; index -= 1)
    place = Math.imul(place ^ text.charCodeAt(index), 0x0100_0193);
  return (place ^ (place >>> 15)) & (places - 1);
}

/**
 * The first copy of it that is remembered. V8's own table of texts (`text in {}`) remembers all that live, at eight times the
 * processor time.
 */
export function sharedText(text: string): string {
  if (text.length > longestShared) return text;
  const place = placeOf(text);
  const known = lately[place];
  if (known === text) return known;
  lately[place] = text;
  return text;
}

/** The same object, with its values kept once. */
export function sharedValues(texts: Record<string, string>): Record<string, string> {
  for (const [key, text] of Object.entries(texts)) texts[key] = sharedText(text);
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
