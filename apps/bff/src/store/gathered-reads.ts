/** Rows that are asked for at about the same time come with one query: each open socket asks every few seconds, and there are thousands. */

type Rows<Row> = ReadonlyMap<string, Row>;

interface Gathering<Row> {
  keys: Set<string>;
  rows: Promise<Rows<Row>>;
}

const gatherMs = 25;
/** Databases take only so many values in one statement. */
const atOnce = 500;

export class GatheredReads<Row> {
  readonly #read: (keys: readonly string[]) => Promise<Rows<Row>>;
  #gathering: Gathering<Row> | null = null;

  constructor(read: (keys: readonly string[]) => Promise<Rows<Row>>) {
    this.#read = read;
  }

  /** @throws what the read throws, to each who waits for it */
  async of(key: string): Promise<Row | undefined> {
    let gathering = this.#gathering;
    if (gathering === null || gathering.keys.size >= atOnce) {
      const keys = new Set<string>();
      gathering = { keys, rows: this.#readSoon(keys) };
      this.#gathering = gathering;
    }
    gathering.keys.add(key);
    return (await gathering.rows).get(key);
  }

  async #readSoon(keys: ReadonlySet<string>): Promise<Rows<Row>> {
    await new Promise((resolve) => setTimeout(resolve, gatherMs));
    if (this.#gathering?.keys === keys) this.#gathering = null;
    return this.#read([...keys]);
  }
}
