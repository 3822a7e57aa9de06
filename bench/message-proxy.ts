/** The other yardstick of consoles: a proxy as it is usually written, that takes each message apart and sends it on. */
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

const { url, caPem } = JSON.parse(process.argv[2] ?? "{}") as { url: string; caPem: string }; // consoles.ts writes it
const most = 1024 * 1024;
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false }, () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`); // it listens on TCP
});

/** Sends on, and lets the sender wait while the receiver is behind. */
function passOn(from: WebSocket, to: WebSocket): void {
  from.on("message", (data: Buffer) => {
    to.send(data, { binary: true }, () => {
      if (from.isPaused && to.bufferedAmount < most / 2) from.resume();
    });
    if (to.bufferedAmount > most) from.pause();
  });
  from.on("error", () => {});
  from.on("close", () => to.terminate());
}

server.on("connection", (browser, request) => {
  browser.pause();
  const upstream = new WebSocket(`${url}${request.url}`, ["plain.kubevirt.io"], {
    ca: caPem,
    perMessageDeflate: false,
  });
  passOn(browser, upstream);
  passOn(upstream, browser);
  upstream.on("open", () => browser.resume());
});
