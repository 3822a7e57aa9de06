/** Sockets that a container's log flows through: frames go out one at a time, so a slow browser slows the cluster's stream. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { consoleCloseCodes } from "@kubev/api-types/consoles";
import { type PodLogMessage, podLogProtocol } from "@kubev/api-types/pod-streams";
import { type WebSocket, WebSocketServer } from "ws";
import { readLogRight } from "../domain/pod-streams.ts";
import type { Caller } from "../identity/callers.ts";
import { type LetGo, letGoWords, readerTimes, ReaderWatch } from "../http/reader-watch.ts";
import { personKey } from "../identity/session.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { Services } from "../services.ts";
import type { PodLogSubject } from "../store/ticket-store.ts";
import type { ConsoleRegistry, OpenConsole } from "./console-registry.ts";
import { PodLog, SendError } from "./pod-log.ts";
import { watchRights } from "./rights-watch.ts";

/** A browser has nothing to say but that it is there. */
const maxPayloadBytes = 1024;
const normal = 1000;
const lingerMs = 2000;
const lookEveryMs = 500;

export class PodLogSockets {
  readonly #services: Services;
  readonly #open: ConsoleRegistry;
  readonly #onLetGo: LetGo;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: maxPayloadBytes,
    handleProtocols: (protocols) => (protocols.has(podLogProtocol) ? podLogProtocol : false),
  });

  constructor(services: Services, open: ConsoleRegistry, onLetGo: LetGo) {
    this.#services = services;
    this.#open = open;
    this.#onLetGo = onLetGo;
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
    const reader = new ReaderWatch(readerTimes, clock.monotonicMs());
    socket.on("pong", () => reader.answered(clock.monotonicMs()));
    const pinger = setInterval(() => {
      const look = reader.look(clock.monotonicMs(), socket.bufferedAmount);
      if (look === "ping") socket.ping();
      if (look === "fine" || look === "ping") return;
      clearInterval(pinger);
      this.#onLetGo("log", look);
      close(consoleCloseCodes.notReading, letGoWords[look]);
    }, lookEveryMs);
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
      send: async (message) => {
        await send(socket, message, () => reader.took(clock.monotonicMs()));
      },
    });
    try {
      await send(socket, await log.follow(), () => {});
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

/** Resolves once the bytes left for the browser; `onTaken` tells that they had to wait for it to read. */
async function send(socket: WebSocket, message: PodLogMessage, onTaken: () => void): Promise<void> {
  let waited = false;
  await new Promise<void>((resolve, reject) => {
    socket.send(JSON.stringify(message), (error) => {
      if (error === undefined || error === null) {
        if (waited) onTaken();
        resolve();
      } else reject(new SendError(error.message));
    });
    waited = socket.bufferedAmount > 0;
  });
}
