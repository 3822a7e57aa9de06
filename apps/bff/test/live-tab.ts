/** A tab on the live socket: applies messages as the browser does, and fails on a gap. */
import { liveFrame } from "@kubev/api-types/live";
import type { LiveList, LiveServerMessage } from "@kubev/api-types/live";
import { WebSocket } from "ws";
import type { Person } from "./console-under-test.ts";
import { until } from "./console-under-test.ts";

interface ShownRow {
  name: string;
  ref: { uid?: string | undefined };
}

export class LiveTab<Row extends ShownRow> {
  readonly socket: WebSocket;
  readonly rows = new Map<string, Row>();
  order: string[] = [];
  total = -1;
  staleSince: string | null = null;
  messages: LiveServerMessage[] = [];
  closeCode = 0;
  #seq = 0;

  constructor(person: Person, url = person.url) {
    this.socket = new WebSocket(`${url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
      headers: { cookie: person.cookie, origin: url },
    });
    this.socket.on("message", (data) => {
      for (const message of liveFrame.parse(JSON.parse((data as Buffer).toString("utf8")))) // nodebuffer mode
        this.#take(message);
    });
    this.socket.on("close", (code) => {
      this.closeCode = code;
    });
    this.socket.on("error", () => {});
  }

  #take(message: LiveServerMessage): void {
    this.messages.push(message);
    if (message.type !== "rows") return;
    if (message.seq !== this.#seq + 1) throw new Error(`A gap: ${this.#seq} then ${message.seq}`);
    this.#seq = message.seq;
    for (const row of message.upserts as Row[]) this.rows.set(row.ref.uid ?? "", row); // rows of the list that was asked for
    if (message.order !== undefined) {
      this.order = message.order;
      for (const uid of this.rows.keys()) if (!message.order.includes(uid)) this.rows.delete(uid);
    }
    this.total = message.total;
    this.staleSince = message.staleSince;
  }

  async follow(list: LiveList, q: string): Promise<this> {
    await until(() => this.socket.readyState === WebSocket.OPEN);
    this.socket.send(
      JSON.stringify({
        type: "subscribe-list",
        id: list,
        list,
        query: { q, page: 1, pageSize: 20, sort: "name" },
      }),
    );
    await until(() => this.total >= 0);
    return this;
  }

  /** The rows in their order. */
  window(): (Row | undefined)[] {
    return this.order.map((uid) => this.rows.get(uid));
  }

  shown(): string[] {
    return this.window().map((row) => row?.name ?? "?");
  }
}
