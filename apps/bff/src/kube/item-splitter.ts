/** Cuts a Kubernetes list body into its items while it arrives, so that no page is ever held as one object tree. */

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/** Feeds on chunks; hands each element of the top-level `items` array to `onItem` as JSON text, to be read at once. */
export class ItemSplitter {
  readonly #onItem: (json: Buffer) => void;
  readonly #rest: Buffer[] = [];
  #pending: Buffer[] = [];
  #depth = 0;
  #inString = false;
  #escaped = false;
  #inItems = false;
  #itemDepth = 0;
  #lastString = "";
  #stringStart: Buffer[] | null = null;

  constructor(onItem: (json: Buffer) => void) {
    this.#onItem = onItem;
  }

  push(chunk: Buffer): void {
    let from = 0;
    let restFrom = this.#itemDepth > 0 ? -1 : 0;
    let stringFrom = this.#inString ? 0 : -1;
    for (let i = 0; i < chunk.length; i += 1) {
      const byte = chunk[i];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) {
          this.#inString = false;
          if (this.#stringStart !== null) {
            this.#stringStart.push(chunk.subarray(stringFrom, i));
            this.#lastString = Buffer.concat(this.#stringStart).toString("utf8");
            this.#stringStart = null;
          }
        }
        continue;
      }
      switch (byte) {
        case quote:
          this.#inString = true;
          stringFrom = i + 1;
          this.#stringStart = this.#depth === 1 ? [] : null;
          break;
        case openBrace:
        case openBracket:
          if (this.#inItems && this.#depth === 2 && this.#itemDepth === 0) {
            if (restFrom >= 0) this.#keepRest(chunk, restFrom, i);
            restFrom = -1;
            from = i;
            this.#itemDepth = 3;
          }
          this.#depth += 1;
          if (byte === openBracket && this.#depth === 2 && this.#lastString === "items") this.#inItems = true;
          break;
        case closeBrace:
        case closeBracket:
          this.#depth -= 1;
          if (this.#itemDepth > 0 && this.#depth === 2) {
            this.#pending.push(chunk.subarray(from, i + 1));
            const text = this.#pending.length === 1 ? this.#pending[0] : Buffer.concat(this.#pending);
            this.#pending = [];
            this.#itemDepth = 0;
            restFrom = i + 1;
            this.#onItem(text ?? chunk);
          } else if (this.#inItems && this.#depth === 1) this.#inItems = false;
          break;
        case comma:
          if (this.#inItems && this.#depth === 2) {
            if (restFrom >= 0) this.#keepRest(chunk, restFrom, i);
            restFrom = i + 1;
          }
          break;
        default:
      }
    }
    if (this.#itemDepth > 0) this.#pending.push(Buffer.from(chunk.subarray(from)));
    else if (restFrom >= 0) this.#keepRest(chunk, restFrom, chunk.length);
    if (this.#inString && this.#stringStart !== null)
      this.#stringStart.push(Buffer.from(chunk.subarray(Math.max(stringFrom, 0))));
  }

  #keepRest(chunk: Buffer, start: number, end: number): void {
    if (end > start) this.#rest.push(Buffer.from(chunk.subarray(start, end)));
  }

  /**
   * The envelope without its items.
   * @throws SyntaxError when the body was cut off.
   */
  end(): { metadata?: { resourceVersion?: string; continue?: string } } {
    return JSON.parse(Buffer.concat(this.#rest).toString("utf8")) as {
      metadata?: { resourceVersion?: string };
    }; // ListMeta
  }
}
