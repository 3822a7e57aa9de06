/** A socket of a console, a log or a shell as a browser opens it, and what becomes of it. */
import { WebSocket } from "ws";
import type { Person } from "./console-under-test.ts";

export interface WatchedConsole {
  socket: WebSocket;
  /** 0 while it is open. */
  closeCode: number;
  /** Of an upgrade that was refused; 0 otherwise. */
  status: number;
  /** That came so far. */
  bytes: number;
}

export function watchedConsole(
  person: Person,
  { path, protocols }: { path: string; protocols: string[] },
): WatchedConsole {
  const socket = new WebSocket(`${person.url.replace("http", "ws")}${path}`, protocols, {
    headers: { cookie: person.cookie, origin: person.url },
  });
  const seen: WatchedConsole = { socket, closeCode: 0, status: 0, bytes: 0 };
  socket.on("message", (data: Buffer) => (seen.bytes += data.length)); // nodebuffer mode
  socket.on("close", (code) => (seen.closeCode = code));
  socket.on("unexpected-response", (request, response) => {
    seen.status = response.statusCode ?? 0;
    request.destroy();
  });
  socket.on("error", () => {});
  return seen;
}
