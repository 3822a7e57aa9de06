/**
 * Stands between a console and kube-sim with the cluster's own certificate: writes down every request that reaches the cluster
 * as it came, and answers in the cluster's place where a test says how.
 */
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request as ask } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import type { KubeSim } from "@kubev/kube-sim/start";

export interface SeenRequest {
  method: string;
  /** The path with its query, as it stood in the request line. */
  target: string;
  /** Every header line in its order, names in lower case. */
  headers: [name: string, value: string][];
  body: string;
  /** Whether it asked to become a WebSocket. */
  upgrades: boolean;
}

export interface UpstreamRecorder {
  /** What the console has to name as Host: 127.0.0.1:PORT. */
  authority: string;
  seen: SeenRequest[];
  /** TLS connections so far. */
  dials: () => number;
  /** TLS connections that are open. */
  connections: () => number;
  /** Breaks them all. */
  hangUp: () => void;
  /** New connections are shown the certificate of this cluster, made by its own authority. */
  showCertificateOf: (sim: KubeSim) => void;
  /** Answers in the cluster's place where it returns true; null passes everything on. */
  answerInstead: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  upgradeInstead: ((request: IncomingMessage, socket: Duplex) => boolean) | null;
  /** The same kubeconfig, by way of the recorder. */
  kubeconfig: (text: string) => string;
  close: () => Promise<void>;
}

function headerLines(rawHeaders: readonly string[]): [string, string][] {
  const lines: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    lines.push([(rawHeaders[at] ?? "").toLowerCase(), rawHeaders[at + 1] ?? ""]);
  return lines;
}

function certificateOf(sim: KubeSim) {
  const pki = join(dirname(sim.kubeconfigPath), "pki");
  return { key: readFileSync(join(pki, "server.key")), cert: readFileSync(join(pki, "server.crt")) };
}

export async function startUpstreamRecorder(sim: KubeSim): Promise<UpstreamRecorder> {
  const { hostname: host, port } = new URL(sim.url);
  const agent = new Agent({ ca: sim.caPem, keepAlive: true });
  const sockets = new Set<Duplex>();
  let dials = 0;
  const write = (request: IncomingMessage, body: string, upgrades: boolean) =>
    recorder.seen.push({
      method: request.method ?? "",
      target: request.url ?? "",
      headers: headerLines(request.rawHeaders),
      body,
      upgrades,
    });

  const server = createServer(certificateOf(sim), (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      write(request, body.toString("utf8"), false);
      if (recorder.answerInstead?.(request, response) === true) return;
      const { method, url: path, rawHeaders: headers } = request;
      const onward = ask({ host, port, agent, method, path, headers: [...headers] }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.on("error", () => response.destroy());
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      response.on("close", () => onward.destroy());
      onward.end(body);
    });
  });
  server.on("secureConnection", (socket) => {
    dials += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    write(request, "", true);
    if (recorder.upgradeInstead?.(request, socket) === true) return;
    const onward = connect({ host, port: Number(port), ca: sim.caPem }, () => {
      const lines = headerLines(request.rawHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
      onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("")}\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    onward.once("close", () => socket.destroy());
    socket.once("close", () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP

  const recorder: UpstreamRecorder = {
    authority,
    seen: [],
    dials: () => dials,
    connections: () => sockets.size,
    hangUp: () => {
      for (const socket of sockets) socket.destroy();
    },
    showCertificateOf: (other) => server.setSecureContext(certificateOf(other)),
    answerInstead: null,
    upgradeInstead: null,
    kubeconfig: (text) => text.replaceAll(sim.url, `https://${authority}`),
    close: async () => {
      agent.destroy();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return recorder;
}
