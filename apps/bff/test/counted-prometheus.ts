/** What stands where a Prometheus is expected: it has measured nothing, and tells what it was asked. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface CountedPrometheus {
  url: string;
  /** Gets path and question of every request. */
  onQuestion(listener: (question: string) => void): void;
  close(): void;
}

export async function startCountedPrometheus(): Promise<CountedPrometheus> {
  const listeners: ((question: string) => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const asked = new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
      const query = asked.get("query") ?? searchParams.get("query") ?? "";
      for (const listener of listeners) listener(`${pathname} ${query}`);
      const resultType = pathname.endsWith("query_range") ? "matrix" : "vector";
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ status: "success", data: { resultType, result: [] } }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // as: it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    onQuestion: (listener) => void listeners.push(listener),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
