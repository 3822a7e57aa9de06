/** The yardstick of consoles: joins the sockets after an upgrade that it passes on, and does nothing else. */
import { type AddressInfo, createServer } from "node:net";
import { connect } from "node:tls";

const { url, caPem } = JSON.parse(process.argv[2] ?? "{}") as { url: string; caPem: string }; // consoles.ts writes it
const { hostname: host, port } = new URL(url);
const server = createServer((browser) => {
  browser.setNoDelay(true);
  const upstream = connect({ host, port: Number(port), ca: caPem });
  upstream.setNoDelay(true);
  upstream.on("data", (chunk) => {
    if (!browser.write(chunk)) upstream.pause();
  });
  browser.on("data", (chunk) => {
    if (!upstream.write(chunk)) browser.pause();
  });
  browser.on("drain", () => upstream.resume());
  upstream.on("drain", () => browser.resume());
  for (const [one, other] of [
    [browser, upstream],
    [upstream, browser],
  ] as const) {
    one.on("error", () => {});
    one.on("close", () => other.destroy());
  }
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`); // it listens on TCP
});
