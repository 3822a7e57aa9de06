/** A balancer that knows nothing of sessions. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Takes turns, connection by connection, and leaves out whoever does not take one. */
export class Balancer {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly targets: number[] = [];
  #turn = 0;

  constructor() {
    this.#server = createServer((near) => this.#join(near, 0));
  }

  #join(near: Socket, tries: number): void {
    const port = this.targets[this.#turn++ % this.targets.length] ?? 0;
    const far = connect(port, "127.0.0.1");
    for (const one of [near, far]) this.#sockets.add(one);
    far.once("error", () => (tries < this.targets.length ? this.#join(near, tries + 1) : near.destroy()));
    far.once("connect", () => {
      near.pipe(far).on("error", () => near.destroy());
      far.pipe(near).on("error", () => far.destroy());
      far.once("close", () => near.destroy());
      near.once("close", () => far.destroy());
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on TCP
  }

  /** So that the next request of everybody goes on a new connection. */
  async cutAll(): Promise<void> {
    const open = [...this.#sockets].filter((socket) => !socket.closed);
    const closed = open.map(async (socket) => once(socket, "close"));
    for (const socket of open) socket.destroy();
    await Promise.all(closed);
    this.#sockets.clear();
    // the other ends are in this process: they read that it is over in the next turns
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async close(): Promise<void> {
    await this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
