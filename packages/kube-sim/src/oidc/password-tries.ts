/** Slows down guessing: after a few wrong passwords of a user each further try must wait. */

const freeTries = 5;
const waitMs = 30_000;

export class PasswordTries {
  readonly #now: () => number;
  readonly #failures = new Map<string, { count: number; lastMs: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds until this user may try again; 0 when he may now. */
  waitSeconds(user: string): number {
    const failures = this.#failures.get(user);
    if (failures === undefined) return 0;
    const remainingMs = failures.lastMs + waitMs - this.#now();
    if (remainingMs <= 0) {
      this.#failures.delete(user);
      return 0;
    }
    return failures.count < freeTries ? 0 : Math.ceil(remainingMs / 1000);
  }

  failed(user: string): void {
    // Names that do not exist share one counter, so that they cannot fill the memory.
    const key = user.length > 64 ? "" : user;
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    if (this.#failures.size > 1000) this.#failures.clear();
    this.#failures.set(key, { count, lastMs: this.#now() });
  }
}
