/** A tab without a browser: follows one list on the live socket, and counts what it would have lost. */
import type { LiveServerMessage } from "@kubev/api-types/live";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { WebSocket } from "undici";

export class ListFollower {
  /** Messages that were not the next one. */
  gaps = 0;
  messages = 0;
  readonly #rows = new Map<string, VmRow>();
  #order: string[] = [];
  #seq = 0;
  readonly #socket: WebSocket;

  constructor(url: string, cookie: string, query: Record<string, unknown>) {
    this.#socket = new WebSocket(`${url.replace("http", "ws")}/api/live`, {
      protocols: ["kubev.live.v1"],
      headers: { cookie, origin: url },
    });
    this.#socket.addEventListener("open", () =>
      this.#socket.send(JSON.stringify({ type: "subscribe-list", id: "list", list: "vms", query })),
    );
    this.#socket.addEventListener("message", ({ data }) => {
      for (const message of JSON.parse(String(data)) as LiveServerMessage[]) this.#take(message); // of the contract's schema
    });
  }

  #take(message: LiveServerMessage): void {
    if (message.type !== "rows") return;
    this.messages += 1;
    if (message.seq !== this.#seq + 1) this.gaps += 1;
    this.#seq = message.seq;
    for (const row of message.upserts as VmRow[]) this.#rows.set(row.ref.uid ?? "", row); // rows of the list asked for
    if (message.order !== undefined) this.#order = message.order;
  }

  /** What its tab shows, row by row. */
  shown(): string[] {
    return this.#order.map((uid) => {
      const row = this.#rows.get(uid);
      return row === undefined ? "?" : `${row.project}/${row.name} ${row.ips.join()}`;
    });
  }

  close(): void {
    this.#socket.close();
  }
}
