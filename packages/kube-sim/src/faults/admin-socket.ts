/**
 * Faults switched on at run time: HTTP on a Unix socket that only its owner may open, for the harness that started the
 * simulator. Nothing of it is reachable by the network.
 *
 *   GET /faults · POST /faults · DELETE /faults · DELETE /faults/ID
 *   POST /watches {"drop": "end" | "reset" | "freeze"} · POST /versions {"expire": true} · POST /certificate {"expired": true}
 */
import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readFault } from "./fault.ts";
import type { Faults } from "./faults.ts";

class Refusal extends Error {
  readonly code: number;
  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>; // checked by its readers
  } catch {
    // said below
  }
  throw new Refusal(400, "the body must be a JSON object");
}

async function answer(faults: Faults, request: IncomingMessage): Promise<unknown> {
  const [, noun = "", id] = (request.url ?? "").split("/");
  switch (`${request.method} ${noun}`) {
    case "GET faults":
      return faults.active;
    case "POST faults": {
      const body = await readBody(request);
      try {
        return { id: faults.put(readFault(body)) };
      } catch (error) {
        throw new Refusal(422, (error as Error).message); // readFault throws Errors
      }
    }
    case "DELETE faults":
      if (id === undefined) faults.clear();
      else if (!faults.remove(Number(id))) throw new Refusal(404, `there is no fault ${id}`);
      return {};
    case "POST watches": {
      const { drop } = await readBody(request);
      if (drop !== "end" && drop !== "reset" && drop !== "freeze")
        throw new Refusal(422, "drop must be end, reset or freeze");
      faults.dropWatches(drop);
      return {};
    }
    case "POST versions":
      if ((await readBody(request))["expire"] !== true) throw new Refusal(422, "expire must be true");
      faults.expireVersions();
      return {};
    case "POST certificate": {
      const { expired } = await readBody(request);
      if (typeof expired !== "boolean") throw new Refusal(422, "expired must be true or false");
      faults.expireCertificate(expired);
      return {};
    }
    default:
      throw new Refusal(404, "there is no such path");
  }
}

async function handle(faults: Faults, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let code = 200;
  let body: unknown;
  try {
    body = await answer(faults, request);
  } catch (error) {
    code = error instanceof Refusal ? error.code : 500;
    body = { error: error instanceof Error ? error.message : String(error) };
  }
  response.writeHead(code, { "Content-Type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}

export interface AdminSocket {
  close: () => Promise<void>;
}

/** Listens on `path`, whatever was left there by a process that was killed. */
export async function openAdminSocket(path: string, faults: Faults): Promise<AdminSocket> {
  rmSync(path, { force: true });
  const server: Server = createServer((request, response) => void handle(faults, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
