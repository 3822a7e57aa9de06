/**
 * Cuts a container's log with timestamps into lines, in bounded memory, and leaves out what was had before: the cluster
 * resumes by whole seconds, so what a resumed stream begins with was partly sent already.
 */
import type { PodLogLine, PodLogPlace } from "@kubev/api-types/pod-streams";

/** Programs may write without ever ending a line. */
const maxLineBytes = 64 * 1024;
const newline = 0x0a;
const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) /;

/** Before (-1), at (0) or after (1), to the nanosecond and whatever the zones. */
function compareInstants(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [a, b].map((instant) => {
    const [, second = "", fraction = "", zone = "Z"] = stamped.exec(`${instant} `) ?? [];
    return { ms: Date.parse(`${second}${zone}`), nanoseconds: Number(fraction.padEnd(9, "0")) };
  });
  if (left === undefined || right === undefined) return 0;
  return Math.sign(left.ms - right.ms || left.nanoseconds - right.nanoseconds);
}

export class LogLines {
  #last: PodLogPlace | null;
  /** Where the stream before this one ended, until a line lies behind it. */
  #had: PodLogPlace | null = null;
  #sameSeen = 0;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #cut = false;

  /** `last` is the newest line that was received before, if any. */
  constructor(last: PodLogPlace | null) {
    this.#last = last;
    this.begin();
  }

  /** The newest line so far: where another stream has to begin. */
  get last(): PodLogPlace | null {
    return this.#last;
  }

  /** Another stream begins. */
  begin(): void {
    this.#had = this.#last;
    this.#sameSeen = 0;
    this.#forgetLine();
  }

  /** The new lines that these bytes complete. */
  push(chunk: Buffer): PodLogLine[] {
    const lines: PodLogLine[] = [];
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(newline, from);
      this.#keep(chunk.subarray(from, end < 0 ? chunk.length : end));
      if (end < 0) return lines;
      this.#finish(lines);
      from = end + 1;
    }
  }

  /** The stream ended: what was written without an end of line. */
  end(): PodLogLine[] {
    const lines: PodLogLine[] = [];
    if (this.#bytes > 0) this.#finish(lines);
    return lines;
  }

  #keep(piece: Buffer): void {
    const room = maxLineBytes - this.#bytes;
    if (piece.length > room) this.#cut = true;
    if (room <= 0 || piece.length === 0) return;
    // a copy: a piece would keep the whole chunk in memory until the line ends
    this.#pieces.push(Buffer.from(piece.subarray(0, room)));
    this.#bytes += Math.min(piece.length, room);
  }

  #finish(lines: PodLogLine[]): void {
    const raw = Buffer.concat(this.#pieces).toString("utf8");
    const cut = this.#cut;
    this.#forgetLine();
    const stamp = stamped.exec(raw)?.[0] ?? "";
    const at = stamp.trimEnd();
    if (at !== "" && this.#wasHad(at)) return;
    const text = raw.slice(stamp.length).replace(/\r$/, "");
    lines.push({ at, text, ...(cut ? { cut: true as const } : {}) });
    if (at === "") return;
    this.#last = this.#last?.at === at ? { at, lines: this.#last.lines + 1 } : { at, lines: 1 };
  }

  #wasHad(at: string): boolean {
    if (this.#had === null) return false;
    const order = compareInstants(at, this.#had.at);
    if (order < 0) return true;
    if (order === 0 && this.#sameSeen < this.#had.lines) {
      this.#sameSeen += 1;
      return true;
    }
    if (order > 0) this.#had = null;
    return false;
  }

  #forgetLine(): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#cut = false;
  }
}
