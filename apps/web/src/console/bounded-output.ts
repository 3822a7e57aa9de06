/**
 * Between a guest that writes and a terminal that shows: what comes faster than it can be shown waits here up to a limit, then
 * the oldest of it is left out, so that no guest fills the browser and what it wrote last is always seen.
 */

const leftOutWords = "\r\n[Output came too fast; part of it is left out.]\r\n";
/** Shown at once; the terminal takes it in some milliseconds. */
const batch = 256 * 1024;

export class BoundedOutput {
  readonly #show: (text: string, done: () => void) => void;
  readonly #mostWaiting: number;
  /** Whole pieces: a sequence cut in two could become another one with what follows it. */
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #leftOut = false;
  #busy = false;

  /** `show` calls back once it has taken its text; `mostWaiting` counts characters. */
  constructor(show: (text: string, done: () => void) => void, mostWaiting: number) {
    this.#show = show;
    this.#mostWaiting = mostWaiting;
  }

  /** `piece` holds no sequence that only the next one ends. */
  push(piece: string): void {
    if (piece === "") return;
    this.#waiting.push(piece);
    this.#waitingCharacters += piece.length;
    let dropped = 0;
    while (this.#waitingCharacters > this.#mostWaiting && dropped + 1 < this.#waiting.length) {
      this.#waitingCharacters -= this.#waiting[dropped]?.length ?? 0;
      dropped += 1;
    }
    if (dropped > 0) {
      this.#waiting.splice(0, dropped);
      this.#leftOut = true;
    }
    if (!this.#busy) this.#next();
  }

  #next(): void {
    let text = this.#leftOut ? leftOutWords : "";
    this.#leftOut = false;
    let taken = 0;
    for (const piece of this.#waiting) {
      text += piece;
      taken += 1;
      if (text.length >= batch) break;
    }
    this.#waiting.splice(0, taken);
    this.#busy = text !== "";
    if (!this.#busy) return;
    this.#waitingCharacters = this.#waiting.reduce((sum, { length }) => sum + length, 0);
    this.#show(text, () => this.#next());
  }
}
