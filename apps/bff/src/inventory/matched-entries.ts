/** All entries that match one question, in order, with the counts that go with them; follows the changes of its index. */
import type { Tone } from "@kubev/api-types/reason";
import type { Derived } from "./list-index.ts";
import type { SortedEntries } from "./sorted-entries.ts";

export interface MatchRules<E> {
  /** What the list is of at all, before it is narrowed: visible, of the project, not left out. */
  belongs: (entry: E) => boolean;
  /** Null: everything that belongs. */
  test: ((entry: E) => boolean) | null;
  /** The state that rows are counted by. */
  facet: (entry: E) => string;
  /** How bad an entry is; absent where its state alone says it. */
  tone?: ((entry: E) => Tone) | undefined;
}

type Counts = Record<string, number>;

function add(counts: Counts, state: string, by: 1 | -1): void {
  const count = (counts[state] ?? 0) + by;
  if (count === 0) delete counts[state];
  else counts[state] = count;
}

export class MatchedEntries<E extends { key: string }> implements Derived<E> {
  readonly #rules: MatchRules<E>;
  readonly #sorted: SortedEntries<E>;
  readonly #counts: Counts = {};
  /** Of those counted, what is worse than its state may be: entries of one state do not all feel alike. */
  readonly #troubled: { error: Counts; attention: Counts } = { error: {}, attention: {} };
  #belonging = 0;

  /** @param order of all entries that could belong */
  constructor(order: Pick<SortedEntries<E>, "filter">, rules: MatchRules<E>) {
    this.#rules = rules;
    this.#sorted = order.filter((entry) => this.#count(entry, 1));
  }

  /** @returns whether the entry matches */
  #count(entry: E, by: 1 | -1): boolean {
    const { belongs, test, facet, tone } = this.#rules;
    if (!belongs(entry)) return false;
    this.#belonging += by;
    if (test !== null && !test(entry)) return false;
    const state = facet(entry);
    add(this.#counts, state, by);
    const felt = tone?.(entry);
    if (felt === "error" || felt === "attention") add(this.#troubled[felt], state, by);
    return true;
  }

  replace(before: E | undefined, after: E | undefined): boolean {
    const out = before !== undefined && this.#count(before, -1) ? before : undefined;
    const into = after !== undefined && this.#count(after, 1) ? after : undefined;
    return this.#sorted.replace(out, into);
  }

  get size(): number {
    return this.#sorted.size;
  }
  get total(): number {
    return this.#sorted.entries.length;
  }
  get totalUnfiltered(): number {
    return this.#belonging;
  }
  /** By state: how many, and how many of them fail or want a look. Copies: the counts go on. */
  counts(): { status: Counts; error: Counts; attention: Counts } {
    const { error, attention } = this.#troubled;
    return { status: { ...this.#counts }, error: { ...error }, attention: { ...attention } };
  }

  /** A copy of one page. */
  page(from: number, size: number, descending: boolean): E[] {
    const { entries, known } = this.#sorted;
    if (!descending) return entries.slice(from, from + size);
    const end = Math.max(0, known - from);
    const page = entries.slice(Math.max(0, end - size), end).reverse();
    return [...page, ...entries.slice(Math.max(known, from), Math.max(known, from + size))];
  }
}
