/**
 * VNC, serial, shells and logs of pods: origin, session, ticket and rights are checked before anything is dialled. Consoles
 * and shells are two sockets joined; a log is read and sent on.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { consoleCloseCodes, consoleProtocol, ticketProtocolPrefix } from "@kubev/api-types/consoles";
import { podShellProtocols } from "@kubev/api-types/pod-shell";
import { openShellRights, readLogRight } from "../domain/pod-streams.ts";
import { type NeededRight, vmActionRights } from "../domain/vm-actions.ts";
import type { Caller } from "../identity/callers.ts";
import { personKey } from "../identity/session.ts";
import { recordKey } from "../inventory/feed-table.ts";
import { KubeError, KubeUnreachableError } from "../kube/kube-error.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes } from "../kube/resource-types.ts";
import { type UpgradedSocket, websocketAccept } from "../kube/upgraded-socket.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { requireSameOrigin } from "../http/request-guards.ts";
import { callerOf } from "../http/request-session.ts";
import type { Services } from "../services.ts";
import type { MachineSubject, PodShellSubject, TicketSubject } from "../store/ticket-store.ts";
import type { OpenConsole } from "./console-registry.ts";
import { ConsoleRegistry, placeOf } from "./console-registry.ts";
import { closeFrame } from "./frame-follower.ts";
import { PodLogSockets } from "./pod-log-sockets.ts";
import { holdsAll, watchRights } from "./rights-watch.ts";
import { Splice } from "./splice.ts";

const times = { pingEveryMs: 20_000, silenceMs: 60_000 } as const;
const maxConsolesPerPerson = 20;
const refusalLingerMs = 2000;

/** The path of console sockets; which machine is meant stands in the ticket. */
export const consolePath = "/api/console";

/** What a console needs, all of it. */
function rightsOf(subject: TicketSubject): readonly NeededRight[] {
  switch (subject.kind) {
    case "vnc":
      return [vmActionRights.vnc];
    case "serial":
      return [vmActionRights.serial];
    case "log":
      return [readLogRight];
    case "shell":
      return openShellRights;
  }
}

/** Those that are two sockets joined. */
type Joined = MachineSubject | PodShellSubject;

/** What the trail says of how it was opened. */
function openedAs(subject: Joined): { path: string; new: string | boolean }[] {
  if (subject.kind === "shell")
    return [
      { path: "/container", new: subject.container },
      { path: "/command", new: subject.command },
    ];
  return subject.takeOver ? [{ path: "/takeOver", new: true }] : [];
}

export class ConsoleSockets {
  readonly #services: Services;
  readonly #open = new ConsoleRegistry();
  readonly #logs: PodLogSockets;

  constructor(services: Services) {
    this.#services = services;
    this.#logs = new PodLogSockets(services, this.#open, times);
    services.sessions.onEnd((hash) => {
      this.#open.close(consoleCloseCodes.sessionEnded, "Signed out", (one) => one.sessionHash === hash);
    });
  }

  get count(): number {
    return this.#open.count;
  }

  /** Bytes of logs that wait for browsers to read them. */
  get logBufferedBytes(): number {
    return this.#logs.bufferedBytes;
  }

  closeAll(code: number, reason: string): void {
    this.#open.close(code, reason);
  }

  /** Those whose pages come back by themselves. */
  closePassing(code: number, reason: string): void {
    this.#open.close(code, reason, ({ comesBack }) => comesBack === true);
  }

  /** @throws ApiProblem when the upgrade is refused; nothing was written to the socket then */
  async accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const services = this.#services;
    requireSameOrigin(services.origins, request.headers);
    const caller = await callerOf(services, request, true);
    if (caller === null) throw new ApiProblem("unauthenticated");
    const person = personKey(caller.session.person);
    const { subject, protocol } = await this.#takeTicket(request, caller);
    if (!(await holdsAll(caller, rightsOf(subject), subject))) throw new ApiProblem("forbidden");
    const key = request.headers["sec-websocket-key"];
    if (request.headers["sec-websocket-version"] !== "13" || key === undefined)
      throw new ApiProblem("bad-request");

    // Counted right before the dial, with nothing awaited between.
    if (this.#open.countOf(person) >= maxConsolesPerPerson) throw new ApiProblem("rate-limited");
    if (subject.kind === "log") {
      this.#logs.accept(caller, subject, request, socket, head);
      return;
    }
    const place = placeOf(subject);
    let upstream: Duplex;
    let spoken = protocol;
    try {
      const dialled = await this.#open.dial(place, person, async () => this.#dial(caller, subject));
      upstream = dialled.socket;
      if (subject.kind === "shell") spoken = dialled.protocol;
    } catch (error) {
      await this.#audit(caller, subject, request, "open", "refused");
      this.#answerUpgrade(socket, key, protocol);
      socket.end(this.#refusalFrame(error));
      setTimeout(() => socket.destroy(), refusalLingerMs).unref();
      return;
    }
    if (socket.destroyed) {
      upstream.destroy();
      return;
    }
    this.#answerUpgrade(socket, key, spoken);
    if (head.length > 0) socket.unshift(head);
    this.#join(caller, subject, place, request, socket, upstream);
  }

  async #dial(caller: Caller, subject: Joined): Promise<UpgradedSocket> {
    if (subject.kind === "shell") return this.#dialShell(caller, subject);
    const subresource = subject.kind === "vnc" ? "vnc" : "console";
    return caller.client.upgraded(
      objectPath(resourceTypes.instanceSubresource, subject.name, subject.project, subresource),
      subject.kind === "vnc" && !subject.takeOver ? { preserveSession: "true" } : {},
      consoleProtocol,
    );
  }

  async #dialShell(caller: Caller, { project, name, container, command }: PodShellSubject) {
    const dialled = await caller.client.upgraded(
      objectPath(this.#services.nouns.catalogue.pod.type, name, project, "exec"),
      { container, command, stdin: true, stdout: true, tty: true },
      podShellProtocols.join(", "),
    );
    if (podShellProtocols.some((one) => one === dialled.protocol)) return dialled;
    dialled.socket.destroy();
    throw new KubeUnreachableError("unreachable", "The cluster speaks another protocol for shells");
  }

  /** A browser cannot read a refused upgrade, so the reason comes as a close code after it. */
  #refusalFrame(error: unknown): Buffer {
    if (error instanceof KubeError) {
      if (/Active VNC connection/i.test(error.message))
        return closeFrame(consoleCloseCodes.replaced, "console-busy");
      if (error.status === 403 || error.status === 401)
        return closeFrame(consoleCloseCodes.rightsRevoked, "forbidden");
      return closeFrame(consoleCloseCodes.upstreamGone, error.message);
    }
    return closeFrame(consoleCloseCodes.upstreamGone, "The cluster cannot be reached");
  }

  async #takeTicket(
    request: IncomingMessage,
    caller: Caller,
  ): Promise<{ subject: TicketSubject; protocol: string }> {
    const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((part) => part.trim());
    const tickets = offered.filter((part) => part.startsWith(ticketProtocolPrefix));
    const [protocol] = tickets;
    if (protocol === undefined || tickets.length > 1) throw new ApiProblem("ticket-refused");
    const subject = await this.#services.tickets.take(
      protocol.slice(ticketProtocolPrefix.length),
      caller.session.hash,
    );
    if (
      subject === null ||
      subject.cluster !== this.#services.endpoint.id ||
      this.#uidNow(subject) !== subject.uid
    )
      throw new ApiProblem("ticket-refused");
    const known = subject.kind === "shell" ? podShellProtocols : [consoleProtocol];
    return { subject, protocol: known.find((one) => offered.includes(one)) ?? protocol };
  }

  /** Of whatever bears the subject's name now. */
  #uidNow({ kind, project, name }: TicketSubject): string | undefined {
    const { inventory, nouns } = this.#services;
    return kind === "log" || kind === "shell"
      ? nouns.catalogue.pod.list.index.get(recordKey(project, name))?.uid
      : inventory.feeds.instances.table.get(project, name)?.uid;
  }

  #answerUpgrade(socket: Duplex, key: string, protocol: string): void {
    socket.write(
      [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Accept: ${websocketAccept(key)}`,
        `Sec-WebSocket-Protocol: ${protocol}`,
        "\r\n",
      ].join("\r\n"),
    );
  }

  #join(
    caller: Caller,
    subject: Joined,
    place: string,
    request: IncomingMessage,
    browser: Duplex,
    upstream: Duplex,
  ): void {
    const stopWatching = watchRights(
      this.#services.clock,
      caller,
      rightsOf(subject),
      subject,
      (code, reason) => splice.close(code, reason),
    );
    const splice = new Splice({
      browser,
      upstream,
      clock: this.#services.clock,
      ...times,
      farewell:
        subject.kind === "shell" ? "The connection to the container ended" : "The machine's console ended",
      beforeFarewell: async () => this.#open.dialsDecided(place),
      onEnd: (end) => {
        stopWatching();
        this.#open.delete(entry);
        void opened.then(async () =>
          this.#audit(caller, subject, request, "close", "ok", end.bytesToBrowser, end.bytesToUpstream),
        );
      },
    });
    // Only now: while the trail is written, a browser that leaves must already let go of the far end.
    const opened = this.#audit(caller, subject, request, "open", "ok");
    const entry: OpenConsole = {
      splice,
      sessionHash: caller.session.hash,
      person: personKey(caller.session.person),
      place,
    };
    this.#open.add(entry);
  }

  async #audit(
    caller: Caller,
    subject: Joined,
    request: IncomingMessage,
    what: "open" | "close",
    outcome: "ok" | "refused",
    bytesToBrowser = 0,
    bytesToUpstream = 0,
  ): Promise<void> {
    await this.#services.audit.record({
      user: caller.session.person.userName,
      action: `console.${subject.kind}.${what}`,
      noun: subject.kind === "shell" ? "pod" : "virtual-machine",
      project: subject.project,
      name: subject.name,
      outcome,
      sourceIp: this.#services.sourceIp(request),
      requestId: "",
      diff:
        what === "close"
          ? [
              { path: "/bytesToBrowser", new: bytesToBrowser },
              {
                path: subject.kind === "shell" ? "/bytesToContainer" : "/bytesToMachine",
                new: bytesToUpstream,
              },
            ]
          : openedAs(subject),
    });
  }
}
