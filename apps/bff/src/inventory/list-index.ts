/**
 * Entries of one noun, and what was made of all of them to answer a question: orders, matches. Those follow the changes, so
 * that the next page costs what changed since the last one and not a pass over everything.
 */
import { ProjectEntries } from "./project-entries.ts";
import { SortedEntries, type SortValue } from "./sorted-entries.ts";

export interface ListEntry {
  /** Unique over the index; also the last tie-breaker of every order. */
  key: string;
  uid: string;
  /** '' for cluster-scoped nouns. */
  project: string;
  /** Of cluster-scoped things that projects use: which projects. Absent for what lies in `project`. */
  openTo?: ReadonlySet<string> | "all";
}

/** Of an entry's key, which is its name or `project/name`. */
export function nameOfKey(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}

export type IndexChange<E> = (before: E | undefined, after: E | undefined) => void;

/** Made of all entries, and able to follow them. An entry never changes: another one takes its place. */
export interface Derived<E> {
  /** @returns false where it cannot follow and must be made anew */
  replace(before: E | undefined, after: E | undefined): boolean;
  /** How many entries it holds on to. */
  readonly size: number;
}

interface Missed<E> {
  before: E | undefined;
  after: E | undefined;
}

interface Kept<E> {
  derived: Derived<E>;
  /** Of the index, up to which it followed. */
  version: number;
}

/** As many entries as two hundred whole orders hold, of long lists as forty: of the small part that one person may see, thousands. */
const keptOrders = { most: 200, least: 40, ofEntries: 2_000_000 };
const mostKept = 5000;
/** Beyond this share of changed entries making anew is cheaper than following. */
const followedShare = 0.05;
const leastFollowed = 200;
/** Up to this share of all entries is sorted for a question; more of them are sought in the order of all, which is kept. */
const fewShare = 1 / 8;

export class ListIndex<E extends ListEntry> {
  readonly #entries = new Map<string, E>();
  readonly #sortValues: Readonly<Record<string, (entry: E) => SortValue>>;
  readonly #listeners = new Set<IndexChange<E>>();
  /** By question, the one asked longest ago first. */
  readonly #kept = new Map<string, Kept<E>>();
  /** The newest changes, for those who follow; none while nobody does. */
  readonly #changes: { key: string; before: E | undefined }[] = [];
  /** Rises by one with each change. */
  #version = 0;
  /** Between two versions, what was asked for last. */
  #missed: { from: number; to: number; entries: readonly Missed<E>[] } = { from: 0, to: 0, entries: [] };

  constructor(sortValues: Readonly<Record<string, (entry: E) => SortValue>>) {
    this.#sortValues = sortValues;
  }

  /** @returns what ends the listening */
  onChange(listener: IndexChange<E>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get size(): number {
    return this.#entries.size;
  }
  get(key: string): E | undefined {
    return this.#entries.get(key);
  }
  values(): IterableIterator<E> {
    return this.#entries.values();
  }

  set(entry: E): void {
    const before = this.#entries.get(entry.key);
    this.#entries.set(entry.key, entry);
    this.#changed(entry.key, before, entry);
  }

  delete(key: string): void {
    const before = this.#entries.get(key);
    if (before === undefined) return;
    this.#entries.delete(key);
    this.#changed(key, before, undefined);
  }

  #changed(key: string, before: E | undefined, after: E | undefined): void {
    this.#version += 1;
    if (this.#kept.size > 0) {
      this.#changes.push({ key, before });
      if (this.#changes.length > 2 * this.#mostFollowed) this.#forgetOldChanges();
    }
    for (const listener of this.#listeners) listener(before, after);
  }

  get #mostFollowed(): number {
    return Math.max(leastFollowed, Math.ceil(this.#entries.size * followedShare));
  }

  /** What did not follow for so long is cheaper made anew, and would only keep old entries alive: it goes with its changes. */
  #forgetOldChanges(): void {
    this.#changes.splice(0, this.#changes.length - this.#mostFollowed);
    for (const [question, { version }] of this.#kept)
      if (version < this.#version - this.#changes.length) this.#kept.delete(question);
    if (this.#kept.size === 0) this.#changes.length = 0;
  }

  /** What changed since a version, each entry once. Many follow from the same one: people are looked at by turns. */
  #since(version: number): readonly Missed<E>[] {
    if (this.#missed.from === version && this.#missed.to === this.#version) return this.#missed.entries;
    const first = new Map<string, E | undefined>();
    for (const { key, before } of this.#changes.slice(version - this.#version))
      if (!first.has(key)) first.set(key, before);
    const entries = [...first]
      .map(([key, before]) => ({ before, after: this.#entries.get(key) }))
      .filter(({ before, after }) => before !== after);
    this.#missed = { from: version, to: this.#version, entries };
    return entries;
  }

  /** Brings what was kept up to date; false where it must be made anew. */
  #follow(kept: Kept<E>): boolean {
    if (kept.version === this.#version) return true;
    const missed = this.#since(kept.version);
    if (missed.length > this.#mostFollowed) return false;
    for (const { before, after } of missed) if (!kept.derived.replace(before, after)) return false;
    kept.version = this.#version;
    return true;
  }

  /** What answers a question, as of now: made when it is first asked, kept while it is asked again. */
  derived<D extends Derived<E>>(question: string, make: () => D): D {
    let kept = this.#kept.get(question);
    this.#kept.delete(question);
    const fresh = kept === undefined || !this.#follow(kept);
    if (kept === undefined || fresh) kept = { derived: make(), version: this.#version };
    this.#kept.set(question, kept);
    if (fresh) this.#makeRoom();
    return kept.derived as D; // under this question nothing else was ever kept
  }

  /** Those asked for longest ago go first. */
  #makeRoom(): void {
    let held = 0;
    for (const { derived } of this.#kept.values()) held += derived.size;
    const size = Math.max(this.#entries.size, 1);
    const most = size * Math.min(keptOrders.most, Math.max(keptOrders.least, keptOrders.ofEntries / size));
    for (const [question, { derived }] of this.#kept) {
      if (this.#kept.size <= mostKept && held <= most) return;
      if (this.#kept.size === 1) return;
      this.#kept.delete(question);
      held -= derived.size;
    }
  }

  sortKeys(): string[] {
    return Object.keys(this.#sortValues);
  }

  /** True where both stand at the same place of a column's order. */
  equalIn(column: string, a: E, b: E): boolean {
    const value = this.#sortValues[column];
    return value !== undefined && value(a) === value(b);
  }

  #sortValue(column: string): (entry: E) => SortValue {
    const value = this.#sortValues[column];
    if (value === undefined) throw new Error(`There is no order by ${column}`);
    return value;
  }

  /** All entries in ascending order of a column. */
  ordered(column: string): SortedEntries<E> {
    const value = this.#sortValue(column);
    return this.derived(`order ${column}`, () => SortedEntries.sort(value, this.#entries.values()));
  }

  /** Like `ordered`, for a question that only what lies in these projects, or is open to others, can answer. */
  orderedIn(projects: ReadonlySet<string>, column: string): Pick<SortedEntries<E>, "filter"> {
    const places = this.derived("projects", () => new ProjectEntries(this.#entries.values()));
    if (places.count(projects) > this.#entries.size * fewShare) return this.ordered(column);
    const value = this.#sortValue(column);
    return { filter: (test) => SortedEntries.sort(value, places.of(projects).filter(test)) };
  }
}
