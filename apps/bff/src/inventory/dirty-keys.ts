/** Collects what must be joined again, so that a burst of changes to one entry costs one join, and many joins hold nobody up. */
import { turns } from "../kube/turns.ts";

export class DirtyKeys {
  readonly #join: (key: string) => void;
  readonly #keys = new Set<string>();
  #scheduled = false;

  constructor(join: (key: string) => void) {
    this.#join = join;
  }

  mark(key: string): void {
    this.#keys.add(key);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => void this.#joinInTurns());
  }

  async #joinInTurns(): Promise<void> {
    for (const key of this.#keys) {
      this.#keys.delete(key);
      this.#join(key);
      if (turns.over) await turns.next();
    }
    this.#scheduled = false;
  }

  /** Joins everything marked; readers call it first, so that they never see a stale join. */
  flush(): void {
    if (this.#keys.size === 0) return;
    const keys = [...this.#keys];
    this.#keys.clear();
    for (const key of keys) this.#join(key);
  }
}
