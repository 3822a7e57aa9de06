/** Faults as data: what a test or scenario wants to go wrong, matched against requests. */
import type { ServerResponse } from "node:http";
import { noSuchApi, StatusError } from "../store/status-error.ts";
import { cutAnswer, freezeAnswer, interruptAnswer, splitAnswer } from "./broken-answer.ts";
import type { Fault, FaultEffect } from "./fault.ts";

const TEXTS: Record<number, [reason: string, message: string]> = {
  401: ["Unauthorized", "Unauthorized"],
  // as if the API were not installed
  404: ["NotFound", "the server could not find the requested resource"],
  429: ["TooManyRequests", "Too many requests, please try again later."],
  409: [
    "Conflict",
    "Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version and try again",
  ],
  410: ["Expired", "The resourceVersion for the provided list is too old."],
  422: ["Invalid", "the request is invalid: a fault was asked for"],
  500: ["InternalError", "Internal error occurred: a fault was asked for"],
  503: ["ServiceUnavailable", "the server is currently unable to handle the request"],
  504: ["Timeout", "the server was unable to return a response in the time allotted"],
};

interface Active {
  id: number;
  fault: Fault;
  left: number;
  /** Requests that matched, for `everyNth`. */
  matched: number;
}

/** What the server does with itself on behalf of a fault. */
export interface FaultHooks {
  /** Drops change history and page snapshots, as etcd's compaction does. */
  forget: () => void;
  /** Shows a certificate that has expired, or the right one again. */
  expireCertificate: (expired: boolean) => void;
}

export class Faults {
  readonly #active = new Map<number, Active>();
  /** Each with what sends its next bookmark. */
  readonly #watches = new Map<ServerResponse, () => void>();
  readonly #hooks: FaultHooks;
  #lastId = 0;

  constructor(hooks: FaultHooks) {
    this.#hooks = hooks;
  }

  /** Puts a fault in force; returns the way to end it. */
  add(fault: Fault): () => void {
    const id = this.put(fault);
    return () => this.remove(id);
  }

  /** Puts a fault in force; returns its number. */
  put(fault: Fault): number {
    this.#lastId += 1;
    this.#active.set(this.#lastId, {
      id: this.#lastId,
      fault,
      left: fault.times ?? Number.POSITIVE_INFINITY,
      matched: 0,
    });
    return this.#lastId;
  }

  /** False where there is no such fault. */
  remove(id: number): boolean {
    return this.#active.delete(id);
  }

  get active(): { id: number; fault: Fault }[] {
    return [...this.#active.values()].map(({ id, fault }) => ({ id, fault }));
  }

  clear(): void {
    this.#active.clear();
    this.#hooks.expireCertificate(false);
  }

  /** Groups that count as not installed. */
  get missingGroups(): ReadonlySet<string> {
    const groups = [...this.#active.values()].flatMap(({ fault: { effect } }) =>
      effect.kind === "missing-group" ? [effect.group] : [],
    );
    return new Set(groups);
  }

  /**
   * Ends every open watch and every log that is followed: cleanly, in the middle, or half open, where the connection
   * stays and nothing comes on it any more.
   */
  dropWatches(how: "end" | "reset" | "freeze" = "reset"): void {
    for (const response of this.#watches.keys()) {
      if (how === "end") response.end();
      else if (how === "reset") response.destroy();
      else freezeAnswer(response);
    }
  }

  /** Every version before now is answered with 410. */
  expireVersions(): void {
    this.#hooks.forget();
  }

  /** New connections are shown a certificate that has expired, until told otherwise. */
  expireCertificate(expired: boolean): void {
    this.#hooks.expireCertificate(expired);
  }

  /** Every open watch has its bookmark now, as after another minute: for clients whose time a test makes pass. */
  bookmarkWatches(): void {
    for (const bookmark of this.#watches.values()) bookmark();
  }

  trackWatch(response: ServerResponse, bookmark: () => void = () => {}): void {
    this.#watches.set(response, bookmark);
    response.once("close", () => this.#watches.delete(response));
  }

  /** Applies what matches: may throw a Status, wait, or hang up. False when the request shall not be answered. */
  async meet(method: string, url: string, response: ServerResponse): Promise<boolean> {
    for (const entry of this.#active.values()) {
      const { fault } = entry;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.urlContains !== undefined && !url.includes(fault.urlContains)) continue;
      if (fault.effect.kind === "missing-group" && !isOfGroup(url, fault.effect.group)) continue;
      entry.matched += 1;
      if (entry.matched % (fault.everyNth ?? 1) !== 0) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.#active.delete(entry.id);
      if (!(await apply(fault.effect, response))) return false;
    }
    return true;
  }
}

const isOfGroup = (url: string, group: string): boolean =>
  url === `/apis/${group}` || url.startsWith(`/apis/${group}/`) || url.startsWith(`/apis/${group}?`);

async function apply(effect: FaultEffect, response: ServerResponse): Promise<boolean> {
  switch (effect.kind) {
    case "status": {
      const [reason, message] = TEXTS[effect.code] ?? ["InternalError", "a fault was asked for"];
      const retryAfterSeconds = effect.retryAfterSeconds ?? (effect.code === 429 ? 1 : undefined);
      throw new StatusError(
        effect.code,
        reason,
        message,
        retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
      );
    }
    case "answer": {
      const type = effect.text.startsWith("{") ? "application/json" : "text/plain; charset=utf-8";
      response.writeHead(effect.code, { "content-type": type }).end(effect.text);
      return false;
    }
    case "missing-group":
      throw noSuchApi();
    case "delay":
      await new Promise((resolve) => setTimeout(resolve, effect.delayMs));
      return true;
    case "silence":
      return false;
    case "cut":
      cutAnswer(response, effect.afterBytes);
      return true;
    case "split":
      splitAnswer(response, effect.pieceBytes);
      return true;
    case "last-words":
      interruptAnswer(response, effect.afterLines, effect.text);
      return true;
    case "hang-up":
      response.destroy();
      return false;
  }
}
