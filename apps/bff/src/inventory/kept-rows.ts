/**
 * Rows that were made lately, so that all who are shown one share it. Bounded: who turns over every page, or takes a list away as
 * a file, would else leave a row of everything behind. The oldest goes first, and is made anew when it is shown again.
 */

/** Windows of a thousand people on the same fifty projects show fewer. */
const mostKept = 4000;

export class KeptRows<E extends object, Row> {
  /** An entry never changes: another one takes its place, and its rows go with it. */
  readonly #rows = new WeakMap<E, Map<string, Row>>();
  /** Whose rows are kept, the oldest where the next one goes. */
  readonly #kept: WeakRef<E>[] = [];
  #next = 0;

  /** @param variant of the row: for whom it is, in so far as it differs */
  rowOf(entry: E, variant: string, make: () => Row): Row {
    let rows = this.#rows.get(entry);
    if (rows === undefined) {
      rows = new Map();
      this.#rows.set(entry, rows);
      this.#keep(entry);
    }
    let row = rows.get(variant);
    if (row === undefined) {
      row = make();
      rows.set(variant, row);
    }
    return row;
  }

  #keep(entry: E): void {
    const oldest = this.#kept[this.#next]?.deref();
    if (oldest !== undefined) this.#rows.delete(oldest);
    this.#kept[this.#next] = new WeakRef(entry);
    this.#next = (this.#next + 1) % mostKept;
  }
}
