/** Cuts a watch stream into lines; a line may arrive in any number of pieces. */

const newline = 0x0a;

export class LineSplitter {
  #pending: Buffer[] = [];

  /** True when what came so far does not end with a line. */
  get isWithinLine(): boolean {
    return this.#pending.length > 0;
  }

  /** The lines that this piece completes, empty ones left out. A line may lie in the piece itself, which must then be kept. */
  *push(chunk: Buffer): Generator<Buffer> {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(newline, from);
      if (end < 0) break;
      const piece = chunk.subarray(from, end);
      const line = this.#pending.length === 0 ? piece : Buffer.concat([...this.#pending, piece]);
      this.#pending = [];
      from = end + 1;
      if (line.length > 0) yield line;
    }
    if (from < chunk.length) this.#pending.push(chunk.subarray(from));
  }
}
