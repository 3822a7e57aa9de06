/** pods/exec over WebSockets: channels as the kubelet has them (v5, v4), and behind them a tiny shell instead of a program. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Pod } from "../controllers/core-shapes.ts";
import { findKind } from "../schema/registry.ts";
import { badRequest, notFound, pageNotFound } from "../store/status-error.ts";
import type { ApiContext } from "./api-context.ts";
import type { ResourceRequest } from "./request-info.ts";
import { TinyShell } from "./tiny-shell.ts";

const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const SHELLS = new Set(["sh", "/bin/sh", "bash", "/bin/bash"]);
const CHANNEL = { stdin: 0, stdout: 1, error: 3, resize: 4, close: 255 } as const;
const MOST_BYTES = 1024 * 1024;

interface ContainerStatus {
  name: string;
  state?: { running?: object };
}

export class PodExec {
  readonly #context: ApiContext;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MOST_BYTES,
    handleProtocols: (offered) => PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  });

  constructor(context: ApiContext) {
    this.#context = context;
  }

  /** Throws the Status that the API server or the kubelet would answer. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL, info: ResourceRequest): void {
    const kind = findKind("", "pods");
    if (kind === undefined) throw pageNotFound();
    const { name, namespace } = info;
    const pod = this.#context.store.get({ group: "", resource: "pods", namespace, name }) as Pod | undefined; // stored under pods
    if (pod === undefined) throw notFound(kind, name);
    const command = url.searchParams.getAll("command");
    if (command.length === 0) throw badRequest("you must specify at least 1 command for the pod");
    const names = pod.spec.containers.map((container) => container.name);
    const container = url.searchParams.get("container") ?? names[0] ?? "";
    if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
    const status = ((pod.status?.containerStatuses ?? []) as ContainerStatus[]).find(
      (one) => one.name === container,
    );
    if (status?.state?.running === undefined)
      throw badRequest(`container ${container} is not running in pod ${name}`);
    this.#server.handleUpgrade(request, socket, head, (client) => {
      this.#serve(client, name, command);
    });
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #serve(client: WebSocket, pod: string, command: readonly string[]): void {
    const send = (channel: number, text: string): void =>
      client.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]), { binary: true });
    const end = (status: object): void => {
      send(CHANNEL.error, JSON.stringify({ metadata: {}, ...status }));
      client.close(1000);
    };
    client.on("error", () => client.terminate());
    const [program = ""] = command;
    if (command.length > 1 || !SHELLS.has(program)) {
      end({
        status: "Failure",
        reason: "InternalError",
        message: `Internal error occurred: error executing command in container: exec: "${program}": executable file not found in $PATH`,
        code: 500,
      });
      return;
    }
    const shell = new TinyShell({
      pod,
      write: (text) => send(CHANNEL.stdout, text),
      exit: (code) => end(exitStatus(code)),
    });
    client.on("message", (data: Buffer, isBinary: boolean) => {
      if (!isBinary || client.readyState !== client.OPEN) return;
      const text = data.subarray(1).toString("utf8");
      if (data[0] === CHANNEL.stdin) shell.type(text);
      else if (data[0] === CHANNEL.resize) shell.resize(sizeOf(text));
      else if (data[0] === CHANNEL.close && client.protocol === PROTOCOLS[0]) shell.type("\u0004");
    });
  }
}

/** The kubelet's TerminalSize; what cannot be read is the usual size. */
function sizeOf(text: string): { Width: number; Height: number } {
  const numberAt = (key: string, otherwise: number): number =>
    Number(new RegExp(`"${key}":\\s*(\\d+)`).exec(text)?.[1] ?? otherwise);
  return { Width: numberAt("Width", 80), Height: numberAt("Height", 24) };
}

function exitStatus(code: number): object {
  if (code === 0) return { status: "Success" };
  return {
    status: "Failure",
    reason: "NonZeroExitCode",
    message: `command terminated with non-zero exit code: error executing command, exit code ${code}`,
    details: { causes: [{ reason: "ExitCode", message: String(code) }] },
  };
}
