/** A plain HTTP endpoint that a Prometheus scrapes, as it would KubeVirt's and the node exporter's; loopback only. */
import { createServer, type Server } from "node:http";
import { closeServer, listenOn } from "../listening.ts";
import type { PrometheusText } from "./prometheus-text.ts";

export class MetricsEndpoint {
  readonly #server: Server;

  constructor(text: PrometheusText, log: (message: string, fields?: Record<string, unknown>) => void) {
    this.#server = createServer((request, response) => {
      const answer = (code: number, body: string) => {
        response.writeHead(code, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
        response.end(body);
      };
      if (request.method !== "GET" || (request.url ?? "").split("?")[0] !== "/metrics") {
        answer(404, "");
        return;
      }
      try {
        answer(200, text.render());
      } catch (error) {
        log("a scrape failed", { error: error instanceof Error ? error.stack : String(error) });
        answer(500, "The metrics could not be written; the log of the cluster says why.\n");
      }
    });
  }

  /** Resolves with the port. */
  async listen(port: number): Promise<number> {
    return listenOn(this.#server, port, "127.0.0.1");
  }

  async close(): Promise<void> {
    await closeServer(this.#server);
  }
}
