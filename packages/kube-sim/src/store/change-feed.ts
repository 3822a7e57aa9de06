/** Tells listeners of committed changes, in commit order even when a listener writes in turn. */
import type { GroupResource, ObjectChange } from "./object-store.ts";
import type { VersionedChange } from "./kind-table.ts";

type Listener = (change: ObjectChange) => void;
type VersionedListener = (change: VersionedChange) => void;

export class ChangeFeed {
  readonly #everything = new Set<Listener>();
  readonly #byKind = new Map<string, Set<VersionedListener>>();
  readonly #queue: VersionedChange[] = [];
  readonly #onError: (error: unknown) => void;
  #dispatching = false;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  onChange(listener: Listener): () => void {
    this.#everything.add(listener);
    return () => this.#everything.delete(listener);
  }

  /** Only one kind's changes, so that a watch costs nothing while other kinds change. */
  onKindChange(kind: GroupResource, listener: VersionedListener): () => void {
    const key = `${kind.group}/${kind.resource}`;
    let listeners = this.#byKind.get(key);
    if (listeners === undefined) {
      listeners = new Set();
      this.#byKind.set(key, listeners);
    }
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  publish(versioned: VersionedChange): void {
    this.#queue.push(versioned);
    if (this.#dispatching) return;
    this.#dispatching = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        this.#deliver(next);
      }
    } finally {
      this.#dispatching = false;
    }
  }

  #deliver(versioned: VersionedChange): void {
    const { change } = versioned;
    const watchers = this.#byKind.get(`${change.kind.group}/${change.kind.resource}`);
    for (const listener of watchers ?? []) this.#guard(() => listener(versioned));
    for (const listener of this.#everything) this.#guard(() => listener(change));
  }

  /** A listener that throws must not undo a committed write or starve the other listeners. */
  #guard(deliver: () => void): void {
    try {
      deliver();
    } catch (error) {
      this.#onError(error);
    }
  }
}
