/**
 * Stands in for the API server where it lists and watches generated machines, instances and pods in the whole cluster: pages,
 * WatchList, bookmarks, 410 for what is forgotten. Every reader gets every change, at the pace of the slowest.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type GeneratedChange,
  type GeneratedKind,
  type GeneratedMachines,
  generatedKinds,
} from "./generated-machines.ts";

const pathOf: Readonly<Record<GeneratedKind, string>> = {
  VirtualMachine: "/apis/kubevirt.io/v1/virtualmachines",
  VirtualMachineInstance: "/apis/kubevirt.io/v1/virtualmachineinstances",
  Pod: "/api/v1/pods",
};
const apiVersionOf = (kind: GeneratedKind) => (kind === "Pod" ? "v1" : "kubevirt.io/v1");
const bookmarkEveryMs = 60_000;
/** Objects that are sent in one piece, half a megabyte; what else waits has its turn between two. */
const atOnce = 50;

interface Watch {
  kind: GeneratedKind;
  response: ServerResponse;
}

const turn = async () => new Promise((resolve) => setImmediate(resolve));

async function drained(response: ServerResponse): Promise<void> {
  if (!response.writableNeedDrain || response.destroyed) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      response.off("drain", go).off("close", go);
      resolve();
    };
    response.on("drain", go).on("close", go);
  });
}

export class GeneratedLists {
  readonly #machines: GeneratedMachines;
  readonly #watches = new Set<Watch>();
  /** Lists and first events that are being sent: they are of one moment, so nothing changes meanwhile. */
  #sending = 0;

  constructor(machines: GeneratedMachines) {
    this.#machines = machines;
  }

  /** Sends objects of one moment, each as `textOf` says. */
  async #send(response: ServerResponse, from: number, end: number, textOf: (index: number) => string) {
    for (let index = from; index < end && !response.destroyed; ) {
      let piece = "";
      for (const last = Math.min(end, index + atOnce); index < last; index += 1) piece += textOf(index);
      response.write(piece);
      await turn();
      await drained(response);
    }
  }

  /** @returns false where something else is asked for */
  answer({ method, url = "" }: IncomingMessage, response: ServerResponse): boolean {
    const { pathname, searchParams } = new URL(url, "https://cluster");
    const kind = generatedKinds.find((each) => pathOf[each] === pathname);
    if (kind === undefined || method !== "GET") return false;
    if (searchParams.has("labelSelector") || searchParams.has("fieldSelector"))
      refuse(response, 501, "NotImplemented", "Generated lists know no selectors");
    else if (/^(true|1)$/.test(searchParams.get("watch") ?? ""))
      void this.#watch(kind, searchParams, response);
    else void this.#list(kind, searchParams, response);
    return true;
  }

  async #list(kind: GeneratedKind, query: URLSearchParams, response: ServerResponse): Promise<void> {
    const machines = this.#machines;
    const count = machines.count(kind);
    const [version, from] = (query.get("continue") ?? `${machines.version}.0`).split(".").map(Number);
    if (version !== machines.version || from === undefined) {
      refuse(response, 410, "Expired", "The list has changed since its first page");
      return;
    }
    const limit = Number(query.get("limit") ?? 0) || count;
    const end = Math.min(count, from + limit);
    const next = end < count ? { continue: `${version}.${end}`, remainingItemCount: count - end } : {};
    const metadata = JSON.stringify({ resourceVersion: String(version), ...next });
    this.#sending += 1;
    try {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(
        `{"kind":"${kind}List","apiVersion":"${apiVersionOf(kind)}","metadata":${metadata},"items":[`,
      );
      await this.#send(
        response,
        from,
        end,
        (index) => `${index > from ? "," : ""}${machines.text(kind, index)}`,
      );
      response.end("]}");
    } finally {
      this.#sending -= 1;
    }
  }

  async #watch(kind: GeneratedKind, query: URLSearchParams, response: ServerResponse): Promise<void> {
    const machines = this.#machines;
    const initial = query.get("sendInitialEvents") === "true";
    const missed = initial ? [] : machines.changesAfter(Number(query.get("resourceVersion")), kind);
    if (missed === undefined) {
      refuse(response, 410, "Expired", "Too old a resource version");
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    this.#sending += 1;
    try {
      if (initial) {
        await this.#send(
          response,
          0,
          machines.count(kind),
          (index) => `{"type":"ADDED","object":${machines.text(kind, index)}}\n`,
        );
        this.#bookmark(kind, response, { "k8s.io/initial-events-end": "true" });
      }
      await this.#send(response, 0, missed.length, (at) => this.#line(missed[at]));
    } finally {
      this.#sending -= 1;
    }
    if (response.destroyed) return;
    const watch = { kind, response };
    this.#watches.add(watch);
    const bookmarks = setInterval(() => this.#bookmark(kind, response), bookmarkEveryMs);
    const end = setTimeout(
      () => {
        this.#bookmark(kind, response);
        this.#watches.delete(watch);
        response.end();
      },
      Number(query.get("timeoutSeconds") ?? 2400) * 1000,
    );
    response.on("close", () => {
      clearInterval(bookmarks);
      clearTimeout(end);
      this.#watches.delete(watch);
    });
  }

  #bookmark(kind: GeneratedKind, response: ServerResponse, annotations?: Record<string, string>): void {
    const metadata = { resourceVersion: String(this.#machines.version), annotations };
    const object = { kind, apiVersion: apiVersionOf(kind), metadata };
    response.write(`${JSON.stringify({ type: "BOOKMARK", object })}\n`);
  }

  #line(change: GeneratedChange | undefined): string {
    if (change === undefined) return "";
    return `{"type":"${change.type}","object":${this.#machines.text(change.kind, change.index, change)}}\n`;
  }

  /** Makes at least so many changes, as fast as all who watch take them. @returns how many it made */
  async change(count: number): Promise<number> {
    let made = 0;
    while (made < count) {
      for (const { response } of this.#watches) await drained(response);
      await turn();
      while (this.#sending > 0) await turn();
      const changes = Array.from({ length: atOnce }, () => this.#machines.change()).flat();
      made += changes.length;
      for (const kind of generatedKinds) {
        const readers = [...this.#watches].filter((watch) => watch.kind === kind);
        const of = changes.filter((change) => change.kind === kind);
        if (readers.length === 0 || of.length === 0) continue;
        const piece = of.map((change) => this.#line(change)).join("");
        for (const { response } of readers) response.write(piece);
      }
    }
    for (const { response } of this.#watches) await drained(response);
    return made;
  }
}

function refuse(response: ServerResponse, code: number, reason: string, message: string): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(
    JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message }),
  );
}
