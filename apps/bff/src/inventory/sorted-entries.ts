/** Entries in the order of one value: sorted once, then every change goes to its place by halving. */

export type SortValue = string | number;
/** Of a number that is not known: such entries come last, whichever way the others go. */
export const unknownValue = Number.POSITIVE_INFINITY;

interface Keyed {
  /** The last tie-breaker of every order. */
  key: string;
}

interface Valued<E> {
  value: SortValue;
  entry: E;
}

const digitRuns = /\d+/g;

/** Digits compare by value: web-2 before web-10. Not kept: whoever sorts computes it once per entry. */
export function naturalKey(text: string): string {
  return text.toLowerCase().replace(digitRuns, (digits) => digits.padStart(10, "0"));
}

function compare<E extends Keyed>(a: Valued<E>, b: Valued<E>): number {
  if (a.value < b.value) return -1;
  if (a.value > b.value) return 1;
  return a.entry.key < b.entry.key ? -1 : 1;
}

export class SortedEntries<E extends Keyed> {
  readonly #value: (entry: E) => SortValue;
  readonly #entries: E[];

  private constructor(value: (entry: E) => SortValue, entries: E[]) {
    this.#value = value;
    this.#entries = entries;
  }

  static sort<E extends Keyed>(value: (entry: E) => SortValue, entries: Iterable<E>): SortedEntries<E> {
    const valued: Valued<E>[] = [];
    for (const entry of entries) valued.push({ value: value(entry), entry });
    valued.sort(compare);
    return new SortedEntries(
      value,
      valued.map(({ entry }) => entry),
    );
  }

  /** Those of this order that pass; they need no sorting. */
  filter(test: (entry: E) => boolean): SortedEntries<E> {
    return new SortedEntries(this.#value, this.#entries.filter(test));
  }

  /** Ascending. Changes with the next `replace`: whoever waits for something takes a copy first. */
  get entries(): readonly E[] {
    return this.#entries;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** How many stand before those whose value is not known. */
  get known(): number {
    const last = this.#entries.at(-1);
    const none = last === undefined || this.#value(last) !== unknownValue;
    return none ? this.#entries.length : this.#placeOf(unknownValue, "");
  }

  /**
   * Takes `before` out and puts `after`, of the same key, in.
   * @returns false where `before` is not found: then the order is worth nothing and must be made anew
   */
  replace(before: E | undefined, after: E | undefined): boolean {
    if (before !== undefined) {
      const value = this.#value(before);
      const at = this.#placeOf(value, before.key);
      if (this.#entries[at] !== before) return false;
      if (after !== undefined && this.#value(after) === value) {
        this.#entries[at] = after;
        return true;
      }
      this.#entries.splice(at, 1);
    }
    if (after !== undefined) this.#entries.splice(this.#placeOf(this.#value(after), after.key), 0, after);
    return true;
  }

  /** Of the first entry that does not come before this value and key. */
  #placeOf(value: SortValue, key: string): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.#entries[middle];
      if (entry === undefined) return low;
      const other = this.#value(entry);
      if (other < value || (other === value && entry.key < key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
