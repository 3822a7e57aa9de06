/** Sockets that a container's log flows through: frames go out one at a time, so a slow browser slows the cluster's stream. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { consoleCloseCodes } from "@kubev/api-types/consoles";
import { type PodLogMessage, podLogProtocol } from "@kubev/api-types/pod-streams";
import { type WebSocket, WebSocketServer } from "ws";
import { readLogRight } from "../domain/pod-streams.ts";
import type { Caller } from "../identity/callers.ts";
import { personKey } from "../identity/session.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { Services } from "../services.ts";
import type { PodLogSubject } from "../store/ticket-store.ts";
import type { ConsoleRegistry, OpenConsole } from "./console-registry.ts";
import { PeerWatch, type PeerWatchTimes } from "./peer-watch.ts";
import { PodLog, SendError } from "./pod-log.ts";
import { watchRights } from "./rights-watch.ts";

/** A browser has nothing to say but that it is there. */
const maxPayloadBytes = 1024;
const normal = 1000;
const lingerMs = 2000;

export class PodLogSockets {
  readonly #services: Services;
  readonly #open: ConsoleRegistry;
  readonly #times: PeerWatchTimes;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: maxPayloadBytes,
    handleProtocols: (protocols) => (protocols.has(podLogProtocol) ? podLogProtocol : false),
  });

  constructor(services: Services, open: ConsoleRegistry, times: PeerWatchTimes) {
    this.#services = services;
    this.#open = open;
    this.#times = times;
  }

  /** Bytes that wait for browsers to read them. */
  get bufferedBytes(): number {
    return [...this.#server.clients].reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0);
  }

  /** Everything was checked; nothing is awaited before the socket counts. */
  accept(
    caller: Caller,
    subject: PodLogSubject,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      void this.#follow(caller, subject, webSocket);
    });
  }

  async #follow(caller: Caller, subject: PodLogSubject, socket: WebSocket): Promise<void> {
    const { clock } = this.#services;
    const gone = new AbortController();
    const close = (code: number, reason: string) => {
      gone.abort();
      socket.close(code, reason.slice(0, 100));
      // who does not read does not see the farewell either
      setTimeout(() => socket.terminate(), lingerMs).unref();
    };
    const entry: OpenConsole = {
      splice: { close },
      sessionHash: caller.session.hash,
      person: personKey(caller.session.person),
      place: `log ${crypto.randomUUID()}`,
      comesBack: true,
    };
    this.#open.add(entry);
    const stopWatching = watchRights(clock, caller, [readLogRight], subject, close);
    const peer = new PeerWatch(this.#times, clock.monotonicMs());
    socket.on("pong", () => peer.heard(clock.monotonicMs()));
    const pinger = setInterval(() => {
      const look = peer.look(clock.monotonicMs());
      if (look === "gone") socket.terminate();
      else if (look === "ping") socket.ping();
    }, this.#times.pingEveryMs);
    pinger.unref();
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      gone.abort();
      clearInterval(pinger);
      stopWatching();
      this.#open.delete(entry);
    });
    const log = new PodLog({
      client: caller.client,
      clock,
      subject,
      signal: gone.signal,
      send: async (message) => send(socket, message),
    });
    try {
      await send(socket, await log.follow());
      close(normal, "");
    } catch (error) {
      if (gone.signal.aborted) return;
      const refused = error instanceof KubeError && (error.status === 401 || error.status === 403);
      if (!refused && !(error instanceof SendError))
        this.#services.log.error({ err: error }, "a pod's log ended");
      close(refused ? consoleCloseCodes.rightsRevoked : consoleCloseCodes.upstreamGone, "");
    }
  }
}

/** Resolves once the bytes left for the browser. */
async function send(socket: WebSocket, message: PodLogMessage): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.send(JSON.stringify(message), (error) => {
      if (error === undefined || error === null) resolve();
      else reject(new SendError(error.message));
    });
  });
}
