/** The vnc and console WebSockets: raw bytes of the guest in binary frames, newest client wins. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Machine } from "../machines/machine.ts";
import { badRequest, internalError, StatusError } from "../store/status-error.ts";
import type { ActionContext } from "./action.ts";
import { findVmi, vmiConflict, vmiSpec, vmiStatus } from "./virt-objects.ts";

export type ConsoleKind = "vnc" | "console";

const SUBPROTOCOL = "plain.kubevirt.io";
/** A reader this far behind makes the guest's stream wait. */
const MOST_BUFFERED_BYTES = 1024 * 1024;

interface Session {
  /** Cuts the connection without a close frame, as virt-handler does. */
  cut: () => void;
}

export class ConsoleSockets {
  readonly #context: ActionContext;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 16 * 1024 * 1024,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  readonly #sessions = new Map<string, Session>();

  constructor(context: ActionContext) {
    this.#context = context;
  }

  /** What virt-api checks before it upgrades; throws the Status it would answer. */
  check(kind: ConsoleKind, namespace: string, name: string, url: URL): Machine | undefined {
    const vmi = findVmi(this.#context.store, namespace, name);
    const devices = vmiSpec(vmi).domain?.devices ?? {};
    const { phase } = vmiStatus(vmi);
    if (kind === "vnc") {
      if (devices.autoattachGraphicsDevice === false) throw badRequest("No graphics devices are present.");
    } else {
      if (devices.autoattachSerialConsole === false) throw badRequest("No serial consoles are present.");
      if (phase === "Failed") throw vmiConflict(name, "VMI is in failed status");
    }
    if (phase !== "Running") throw badRequest("VMI is not running");
    const preserve = ["true", "1"].includes(url.searchParams.get("preserveSession") ?? "");
    if (kind === "vnc" && preserve && this.#sessions.has(`vnc/${vmi.metadata.uid}`)) {
      throw internalError(
        "Can't connect to websocket (503): websocket: bad handshake: application info: Active VNC connection. Request denied.",
      );
    }
    return this.#context.machines.get(vmi.metadata.uid);
  }

  async upgrade(
    kind: ConsoleKind,
    target: { namespace: string; name: string; url: URL },
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    const machine = this.check(kind, target.namespace, target.name, target.url);
    if (machine === undefined) {
      throw internalError(
        `dialing virt-handler: kube-sim runs no machine behind VMI ${target.namespace}/${target.name}`,
      );
    }
    const key = `${kind}/${machine.uid}`;
    this.#sessions.get(key)?.cut();
    let guest: Duplex;
    try {
      guest = kind === "vnc" ? await machine.connectVnc() : await machine.connectSerial();
    } catch (error) {
      throw new StatusError(
        500,
        "InternalError",
        `Internal error occurred: dialing VM: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    if (socket.destroyed) {
      guest.destroy();
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => {
      const session: Session = { cut: () => client.terminate() };
      this.#sessions.set(key, session);
      client.on("close", () => {
        if (this.#sessions.get(key) === session) this.#sessions.delete(key);
      });
      splice(client, guest);
    });
  }

  close(): void {
    for (const session of this.#sessions.values()) session.cut();
    this.#server.close();
  }
}

/** Copies both ways with back-pressure; either end takes the other with it. */
function splice(client: WebSocket, guest: Duplex): void {
  guest.on("data", (bytes: Buffer) => {
    client.send(bytes, { binary: true }, () => {
      if (guest.isPaused() && client.bufferedAmount < MOST_BUFFERED_BYTES / 2) guest.resume();
    });
    if (client.bufferedAmount > MOST_BUFFERED_BYTES) guest.pause();
  });
  client.on("message", (data: Buffer, isBinary: boolean) => {
    // virt-handler drops text frames without a word.
    if (!isBinary || guest.destroyed) return;
    if (!guest.write(data)) {
      client.pause();
      guest.once("drain", () => client.resume());
    }
  });
  guest.on("error", () => client.terminate());
  guest.on("close", () => client.terminate());
  guest.on("end", () => client.terminate());
  client.on("error", () => guest.destroy());
  client.on("close", () => guest.destroy());
}
