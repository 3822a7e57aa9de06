/**
 * Stands before the cluster with its certificate, as a process of its own: counts what the console asks of it, and itself
 * serves the screens of machines, answers tenants' access reviews and takes uploads, because the cluster would be what is
 * measured then. Where `generated` says how many, it makes machines, instances and launcher pods itself, and changes so many of
 * them as a POST to /generated/changes?count= says; what they are in the end is at /generated/truth. Prints where it listens as one line of JSON, and at SIGUSR2 what it has counted so far.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request as ask } from "node:https";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Scale } from "@kubev/kube-sim/scenarios/scale-machine";
import { GeneratedLists } from "./generated-lists.ts";
import { GeneratedMachines } from "./generated-machines.ts";
import { QuickReviews } from "./quick-reviews.ts";
import { serveScreen } from "./screen-guest.ts";
import type { Tenant } from "./tenants.ts";
import { takeUpload } from "./upload-sink.ts";

/** Since the start, but for `watches`: those that are open now. */
export interface FrontCounts {
  requests: number;
  reviews: number;
  watches: number;
}

const { url, caPem, kubeconfig, folder, generated } = JSON.parse(process.argv[2] ?? "{}") as {
  url: string;
  caPem: string;
  kubeconfig: string;
  /** The cluster's, where its keys lie. */
  folder: string;
  generated?: Scale;
}; // fronted-cluster.ts writes it
const { hostname: host, port } = new URL(url);
const agent = new Agent({ ca: caPem, keepAlive: true });
const reviews = new QuickReviews(
  JSON.parse(readFileSync(join(folder, "tenants.json"), "utf8")) as Tenant[], // fronted-cluster.ts writes it
);
const machines = generated === undefined ? null : new GeneratedMachines(generated);
const lists = machines === null ? null : new GeneratedLists(machines);
const counts: FrontCounts = { requests: 0, reviews: 0, watches: 0 };

async function steer(path: string, response: ServerResponse): Promise<void> {
  const asked = new URL(path, url);
  const answer =
    asked.pathname === "/generated/truth"
      ? Array.from({ length: generated?.running ?? 0 }, (_, index) => machines?.truth(index))
      : { changed: await lists?.change(Number(asked.searchParams.get("count"))) };
  response.end(JSON.stringify(answer));
}

const server = createServer(
  {
    key: readFileSync(join(folder, "pki/server.key")),
    cert: readFileSync(join(folder, "pki/server.crt")),
  },
  (request, response) => {
    const { method, url: path = "", rawHeaders } = request;
    counts.requests += 1;
    if (path.startsWith("/apis/authorization.k8s.io/")) counts.reviews += 1;
    if (/[?&]watch=(true|1)/.test(path)) {
      counts.watches += 1;
      response.once("close", () => {
        counts.watches -= 1;
      });
    }
    if (lists?.answer(request, response) === true) return;
    if (path.startsWith("/generated/")) {
      void steer(path, response);
      return;
    }
    if (reviews.answer(request, response) || takeUpload(request, response)) return;
    const onward = ask({ host, port, agent, method, path, headers: [...rawHeaders] }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.on("error", () => response.destroy());
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  },
);
server.on("upgrade", (request: IncomingMessage, socket: TLSSocket) => serveScreen(request, socket));
server.listen(0, "127.0.0.1", () => {
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  const fronted = join(folder, "fronted.kubeconfig");
  writeFileSync(fronted, readFileSync(kubeconfig, "utf8").replaceAll(url, origin), { mode: 0o600 });
  process.stdout.write(`${JSON.stringify({ url: origin, kubeconfig: fronted })}\n`);
});
process.on("SIGUSR2", () => process.stdout.write(`${JSON.stringify({ counted: counts })}\n`));
process.on("SIGTERM", () => process.exit(0));
