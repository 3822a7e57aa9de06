/** Between the words that a list shows and those that the search knows: `status:"Disk failed"` is asked as `status:DataVolumeError`. */
import type { Reason } from "@kubev/api-types/reason";

/** Of each field whose values are shown in other words: the search's word → the shown one. */
export type ShownWords = Readonly<Record<string, Readonly<Record<string, string>>>>;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** `q` with the search's words in place of shown ones, in any case, quoted or not; a shown word of several becomes all of them. */
export function inSearchWords(q: string, words: ShownWords): string {
  let asked = q;
  for (const [field, shown] of Object.entries(words)) asked = fieldInSearchWords(asked, field, shown);
  return asked;
}

function fieldInSearchWords(q: string, field: string, shown: Readonly<Record<string, string>>): string {
  const known = new Set(Object.keys(shown).map((word) => word.toLowerCase()));
  const meant = new Map<string, string[]>();
  for (const [word, name] of Object.entries(shown)) {
    const low = name.toLowerCase();
    // what the search knows itself means what it says there
    if (!known.has(low)) meant.set(low, [...(meant.get(low) ?? []), word]);
  }
  if (meant.size === 0) return q;
  // the longest first: a shown word may begin with another one. Single words are read as any word is: what can be
  // read in two ways takes twice the time with each comma
  const names = [...meant.keys()]
    .filter((name) => name.includes(" "))
    .toSorted((a, b) => b.length - a.length)
    .map((name) => String.raw`${escaped(name)}(?=[\s,]|$)|`);
  const value = String.raw`(?:"[^"]*"|${names.join("")}[^\s",]+)`;
  // quoted words of the search match first and stay, whatever is in them
  const term = new RegExp(
    String.raw`"[^"]*"?|(?<=^|\s)(-?${field}[:=])(${value}(?:,${value})*)(?=\s|$)`,
    "gi",
  );
  return q.replace(term, (whole, head: string | undefined, values: string | undefined) => {
    if (head === undefined || values === undefined) return whole;
    const given = values.replaceAll('"', "").split(",");
    const isMeant = (part: string) => meant.has(part.trim().toLowerCase());
    if (!given.some(isMeant)) return whole;
    return head + given.flatMap((part) => meant.get(part.trim().toLowerCase()) ?? [part.trim()]).join();
  });
}

/** What was not understood, with the choices named as the list shows them. */
export function inShownWords(reason: Reason, words: ShownWords): Reason {
  const shown = words[String(reason.params?.["field"])];
  const choices = reason.params?.["choices"];
  if (reason.code !== "query-value-unknown" || shown === undefined || choices === undefined) return reason;
  const named = String(choices)
    .split(", ")
    .map((choice) => shown[choice] ?? choice);
  return { ...reason, params: { ...reason.params, choices: [...new Set(named)].join(", ") } };
}
