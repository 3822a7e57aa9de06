/** Entries of one noun, kept in the order of every column that somebody sorts by, so that a page costs one pass. */

export interface ListEntry {
  /** Unique over the index; also the last tie-breaker of every order. */
  key: string;
  uid: string;
  /** '' for cluster-scoped nouns. */
  project: string;
  /** Of cluster-scoped things that projects use: which projects. Absent for what lies in `project`. */
  openTo?: ReadonlySet<string> | "all";
}

export type SortValue = string | number;

/** Digits compare by value: web-2 before web-10. Computed once per entry, compared many times. */
export function naturalKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(10, "0"));
}

interface Slot<E> {
  entry: E;
  gone: boolean;
}

interface Order<E> {
  value: (entry: E) => SortValue;
  slots: Slot<E>[];
  /** Slots whose place is not known: new, or with another value than before. */
  moved: Set<Slot<E>>;
}

/** Beyond this share of moved slots a whole sort is cheaper than putting each in its place. */
const wholeSortShare = 0.05;

function compareSlots<E extends ListEntry>(value: (entry: E) => SortValue, a: Slot<E>, b: Slot<E>): number {
  const left = value(a.entry);
  const right = value(b.entry);
  if (left < right) return -1;
  if (left > right) return 1;
  return a.entry.key < b.entry.key ? -1 : 1;
}

/** Takes the moved slots out and puts each where it belongs; the rest is in order already. */
function replaced<E extends ListEntry>(order: Order<E>): Slot<E>[] {
  const { value, moved } = order;
  const rest = order.slots.filter((slot) => !slot.gone && !moved.has(slot));
  const incoming = [...moved].filter((slot) => !slot.gone);
  if (incoming.length > rest.length * wholeSortShare)
    return [...rest, ...incoming].sort((a, b) => compareSlots(value, a, b));
  incoming.sort((a, b) => compareSlots(value, a, b));
  const result: Slot<E>[] = [];
  let from = 0;
  for (const slot of incoming) {
    let low = from;
    let high = rest.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = rest[middle];
      if (other !== undefined && compareSlots(value, other, slot) < 0) low = middle + 1;
      else high = middle;
    }
    for (; from < low; from += 1) {
      const other = rest[from];
      if (other !== undefined) result.push(other);
    }
    result.push(slot);
  }
  for (; from < rest.length; from += 1) {
    const other = rest[from];
    if (other !== undefined) result.push(other);
  }
  return result;
}

export type IndexChange<E> = (before: E | undefined, after: E | undefined) => void;

export class ListIndex<E extends ListEntry> {
  readonly #slots = new Map<string, Slot<E>>();
  readonly #orders = new Map<string, Order<E>>();
  readonly #sortValues: Readonly<Record<string, (entry: E) => SortValue>>;
  readonly #listeners = new Set<IndexChange<E>>();
  version = 0;

  constructor(sortValues: Readonly<Record<string, (entry: E) => SortValue>>) {
    this.#sortValues = sortValues;
  }

  /** @returns what ends the listening */
  onChange(listener: IndexChange<E>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get size(): number {
    return this.#slots.size;
  }
  get(key: string): E | undefined {
    return this.#slots.get(key)?.entry;
  }
  *values(): Generator<E> {
    for (const slot of this.#slots.values()) yield slot.entry;
  }

  set(entry: E): void {
    const slot = this.#slots.get(entry.key);
    const before = slot?.entry;
    if (slot === undefined) {
      const added = { entry, gone: false };
      this.#slots.set(entry.key, added);
      for (const order of this.#orders.values()) order.moved.add(added);
    } else {
      for (const order of this.#orders.values())
        if (order.value(slot.entry) !== order.value(entry)) order.moved.add(slot);
      slot.entry = entry;
    }
    this.version += 1;
    for (const listener of this.#listeners) listener(before, entry);
  }

  delete(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#slots.delete(key);
    slot.gone = true;
    for (const order of this.#orders.values()) order.moved.add(slot);
    this.version += 1;
    for (const listener of this.#listeners) listener(slot.entry, undefined);
  }

  sortKeys(): string[] {
    return Object.keys(this.#sortValues);
  }

  /** Slots in ascending order of a column; the caller reads `.entry`. */
  ordered(column: string): readonly { readonly entry: E }[] {
    let order = this.#orders.get(column);
    if (order === undefined) {
      const value = this.#sortValues[column];
      if (value === undefined) throw new Error(`There is no order by ${column}`);
      order = { value, slots: [], moved: new Set(this.#slots.values()) };
      this.#orders.set(column, order);
    }
    if (order.moved.size > 0) {
      order.slots = replaced(order);
      order.moved.clear();
    }
    return order.slots;
  }
}
