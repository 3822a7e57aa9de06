/** The records of one kind. Reflectors write, everybody else reads; every real change is told once, with before and after. */
import { isDeepStrictEqual } from "node:util";
import type { RecordBase } from "../domain/vm-records.ts";
import type { ReflectorSink } from "../kube/reflector.ts";
import { sharedText } from "./shared-text.ts";

export type TableChange<R> = (before: R | undefined, after: R | undefined) => void;

/** Of an object that changed the key is asked for many times in a row, by its table and by all that follow it. */
let last = { namespace: "", name: "", key: "/" };

/** `namespace/name`, or `/name` for cluster-scoped kinds. */
export function recordKey(namespace: string, name: string): string {
  if (name !== last.name || namespace !== last.namespace)
    last = { namespace, name, key: sharedText(`${namespace}/${name}`) };
  return last.key;
}

export class FeedTable<R extends RecordBase> {
  readonly #project: (raw: never) => R;
  readonly #records = new Map<string, R>();
  readonly #listeners: TableChange<R>[] = [];
  readonly #stateListeners: (() => void)[] = [];
  /** Rises with every change; two equal versions saw the same records. */
  version = 0;

  constructor(project: (raw: never) => R) {
    this.#project = project;
  }

  onChange(listener: TableChange<R>): void {
    this.#listeners.push(listener);
  }
  onState(listener: () => void): void {
    this.#stateListeners.push(listener);
  }

  get size(): number {
    return this.#records.size;
  }
  get(namespace: string, name: string): R | undefined {
    return this.#records.get(recordKey(namespace, name));
  }
  /** @param key as `recordKey` makes it */
  at(key: string): R | undefined {
    return this.#records.get(key);
  }
  values(): IterableIterator<R> {
    return this.#records.values();
  }

  #set(record: R): void {
    const key = recordKey(record.namespace, record.name);
    const before = this.#records.get(key);
    if (before !== undefined && isDeepStrictEqual(before, record)) return;
    this.#records.set(key, record);
    this.#tell(before, record);
  }

  #delete(key: string): void {
    const before = this.#records.get(key);
    if (before === undefined) return;
    this.#records.delete(key);
    this.#tell(before, undefined);
  }

  #tell(before: R | undefined, after: R | undefined): void {
    this.version += 1;
    for (const listener of this.#listeners) listener(before, after);
  }

  /** A sink for one reflector; `namespace` limits what a relist of it may take away. */
  sink(namespace?: string): ReflectorSink {
    let aside: Map<string, R> | null = null;
    /** Nothing to swap against yet: rows show while the first list still arrives. */
    let direct = false;
    const seen = new Set<string>();
    return {
      upsert: (raw) => {
        const record = this.#project(raw as never); // the reflector of this kind hands in objects of this kind
        if (aside !== null) aside.set(recordKey(record.namespace, record.name), record);
        else {
          if (direct) seen.add(recordKey(record.namespace, record.name));
          this.#set(record);
        }
      },
      remove: (recordNamespace, name) => {
        const key = recordKey(recordNamespace, name);
        if (aside !== null) aside.delete(key);
        else {
          seen.delete(key);
          this.#delete(key);
        }
      },
      beginReplace: () => {
        direct = this.#records.size === 0;
        seen.clear();
        aside = direct ? null : new Map();
      },
      endReplace: () => {
        const fresh = aside;
        aside = null;
        const keep = fresh ?? seen;
        for (const [key, record] of this.#records)
          if ((namespace === undefined || record.namespace === namespace) && !keep.has(key))
            this.#delete(key);
        for (const record of fresh?.values() ?? []) this.#set(record);
        direct = false;
        seen.clear();
      },
      abortReplace: () => {
        aside = null;
        direct = false;
        seen.clear();
      },
      stateChanged: () => {
        for (const listener of this.#stateListeners) listener();
      },
    };
  }
}
