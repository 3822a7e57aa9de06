/** One of many that can be chosen, and which of them hold what is typed. Pure. */

export interface ComboboxItem {
  value: string;
  label: string;
  detail?: string | undefined;
  group?: string | undefined;
  /** Shown, cannot be chosen, says why. */
  disabledReason?: string | undefined;
}

/** A list that somebody else searches: `items` are what was found, or still what was found before. */
export interface ItemSearch {
  /** Told what is typed; '' when nothing is, or the list was closed. */
  onSearch: (text: string) => void;
  /** How many match besides the items. */
  more: number;
  /** `items` answer what was typed before. */
  isLooking: boolean;
  /** Why the items could not be read: whole sentences. */
  failed: string | undefined;
  /** Reads the items again: each time that the list is opened, and when it failed. */
  onRead: () => void;
  /** The one that is chosen, where it is none of the items. */
  chosen: ComboboxItem | undefined;
}

const shownAtMost = 100;

const plain = (text: string) =>
  text
    .normalize("NFKD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();

/** Those that hold every typed word in their name or detail, whatever its case and accents. */
export function itemsWith(items: readonly ComboboxItem[], typed: string): readonly ComboboxItem[] {
  const words = plain(typed)
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return items;
  return items.filter(({ value, label, detail = "", group = "" }) => {
    const text = plain([label, value, detail, group].join("\n"));
    return words.every((word) => text.includes(word));
  });
}

/**
 * What is offered of `items`, and how many match besides. Without `search` they are all there are. While an answer is
 * awaited, those of the last one that hold what is typed stay: never one that does not.
 */
export function offeredOf(items: readonly ComboboxItem[], typed: string, search: ItemSearch | undefined) {
  if (search !== undefined && !search.isLooking) return { offered: items, more: search.more };
  const matching = itemsWith(items, typed);
  return search === undefined
    ? { offered: matching.slice(0, shownAtMost), more: Math.max(0, matching.length - shownAtMost) }
    : { offered: matching, more: 0 };
}
