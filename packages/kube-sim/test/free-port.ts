/** A port of loopback that nobody listens on, for programs that cannot choose one themselves. */
import { once } from "node:events";
import { createServer } from "node:net";

/** Below those that the system gives to outgoing connections, any of which could take it before the program does. */
let last = 11_000 + (process.pid % 2000) * 10;

export async function freePort(): Promise<number> {
  for (;;) {
    last += 1;
    const server = createServer().listen(last, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch {
      continue; // somebody has it
    }
    server.close();
    await once(server, "close");
    return last;
  }
}
