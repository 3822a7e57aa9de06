/** The yardstick of uploads: sends the body of each request on to where uploads go, and does nothing else. */
import { createServer } from "node:http";
import { Agent, request as ask } from "node:https";
import type { AddressInfo } from "node:net";

const { url, caPem } = JSON.parse(process.argv[2] ?? "{}") as { url: string; caPem: string }; // upload.ts writes it
const agent = new Agent({ ca: caPem, keepAlive: true });
const server = createServer((request, response) => {
  const length = request.headers["content-length"];
  const onward = ask(`${url}/v1beta1/upload`, {
    method: "POST",
    agent,
    headers: { "content-length": length },
  });
  onward.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`); // it listens on TCP
});
