/** A client of QEMU's machine protocol over its unix socket: one JSON line each way. Source: QEMU docs/interop/qmp-spec. */
import { createConnection, type Socket } from "node:net";

export class QmpError extends Error {}

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export class QmpClient {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #onEvent: (name: string) => void;
  #nextId = 1;

  private constructor(socket: Socket, onEvent: (name: string) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    let partial = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      const lines = (partial + text).split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) this.#receive(line);
    });
    socket.on("close", () => this.#fail(new QmpError("The machine has ended.")));
    socket.on("error", (error) => this.#fail(error));
  }

  /** Connects and leaves QEMU's negotiation mode. */
  static async connect(path: string, onEvent: (name: string) => void): Promise<QmpClient> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    const client = new QmpClient(socket, onEvent);
    await client.execute("qmp_capabilities");
    return client;
  }

  /** Runs one command; rejects with QEMU's own words. */
  execute(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(new QmpError("The machine has ended."));
        return;
      }
      this.#pending.set(id, { resolve, reject });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(line: string): void {
    const message = JSON.parse(line) as {
      // QMP's own frame, from the QEMU that we started
      id?: number;
      event?: string;
      return?: unknown;
      error?: { desc?: string };
    };
    if (message.event !== undefined) this.#onEvent(message.event);
    if (message.id === undefined) return;
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error) pending?.reject(new QmpError(message.error.desc ?? "QEMU refused the command."));
    else pending?.resolve(message.return);
  }

  #fail(error: Error): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}
