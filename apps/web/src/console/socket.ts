/** Opens the WebSocket of a console ticket. The ticket travels as a subprotocol, never in a URL. */
import type { ConsoleTicket } from "@kubev/api-types/consoles";

export function openConsoleSocket(ticket: ConsoleTicket): WebSocket {
  const url = new URL(ticket.path, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url, ticket.protocols);
  socket.binaryType = "arraybuffer";
  return socket;
}
