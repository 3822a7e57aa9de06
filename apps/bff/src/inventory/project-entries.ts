/** Entries by the project they lie in: a question about a few projects passes over theirs, not over everybody's. */
import type { Derived, ListEntry } from "./list-index.ts";

export class ProjectEntries<E extends ListEntry> implements Derived<E> {
  readonly #of = new Map<string, Set<E>>();
  /** What may show in lists of other projects than its own. */
  readonly #open = new Set<E>();
  #size = 0;

  constructor(entries: Iterable<E>) {
    for (const entry of entries) this.replace(undefined, entry);
  }

  replace(before: E | undefined, after: E | undefined): true {
    if (before !== undefined && this.#homeOf(before).delete(before)) this.#size -= 1;
    if (after !== undefined) {
      this.#homeOf(after).add(after);
      this.#size += 1;
    }
    if (before !== undefined && this.#of.get(before.project)?.size === 0) this.#of.delete(before.project);
    return true;
  }

  #homeOf({ openTo, project }: E): Set<E> {
    if (openTo !== undefined) return this.#open;
    const known = this.#of.get(project) ?? new Set<E>();
    this.#of.set(project, known);
    return known;
  }

  get size(): number {
    return this.#size;
  }

  /** How many `of` would give. */
  count(projects: ReadonlySet<string>): number {
    let count = this.#open.size;
    for (const project of projects) count += this.#of.get(project)?.size ?? 0;
    return count;
  }

  /** Those of these projects and those that are open to others, in no order. */
  of(projects: ReadonlySet<string>): E[] {
    const found = [...this.#open];
    for (const project of projects) for (const entry of this.#of.get(project) ?? []) found.push(entry);
    return found;
  }
}
