/** Faults as data: what a test or scenario wants to go wrong, matched against requests. */
import type { ServerResponse } from "node:http";
import { StatusError } from "../store/status-error.ts";
import { cutAnswer, splitAnswer } from "./broken-answer.ts";

export type FaultEffect =
  /** Answers with a Status of this code instead of doing the request. */
  | { kind: "status"; code: 401 | 404 | 429 | 500 | 503 | 504; retryAfterSeconds?: number }
  /** Does the request later. */
  | { kind: "delay"; delayMs: number }
  /** Takes the request and never answers. */
  | { kind: "silence" }
  /** Closes the connection without an answer. */
  | { kind: "hang-up" }
  /** Begins an answer, and closes the connection after so many bytes of it. */
  | { kind: "cut"; afterBytes: number }
  /** Sends the answer in pieces of so many bytes; a watch for as long as it lasts. */
  | { kind: "split"; pieceBytes: number };

export interface Fault {
  method?: string;
  /** Matches where the path with its query contains this text; everywhere when absent. */
  urlContains?: string;
  effect: FaultEffect;
  /** How many requests it hits; all when absent. */
  times?: number;
}

const TEXTS: Record<number, [reason: string, message: string]> = {
  401: ["Unauthorized", "Unauthorized"],
  // as if the API were not installed
  404: ["NotFound", "the server could not find the requested resource"],
  429: ["TooManyRequests", "Too many requests, please try again later."],
  500: ["InternalError", "Internal error occurred: a fault was asked for"],
  503: ["ServiceUnavailable", "the server is currently unable to handle the request"],
  504: ["Timeout", "the server was unable to return a response in the time allotted"],
};

export class Faults {
  readonly #active = new Set<{ fault: Fault; left: number }>();
  readonly #watches = new Set<ServerResponse>();
  readonly #forget: () => void;

  /** `forget` drops change history and page snapshots, as etcd's compaction does. */
  constructor(forget: () => void) {
    this.#forget = forget;
  }

  /** Puts a fault in force; returns the way to end it. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#active.add(entry);
    return () => this.#active.delete(entry);
  }

  clear(): void {
    this.#active.clear();
  }

  /** Cuts every open watch and every log that is followed, cleanly or in the middle. */
  dropWatches(how: "end" | "reset" = "reset"): void {
    for (const response of this.#watches) {
      if (how === "end") response.end();
      else response.destroy();
    }
  }

  /** Every version before now is answered with 410. */
  expireVersions(): void {
    this.#forget();
  }

  trackWatch(response: ServerResponse): void {
    this.#watches.add(response);
    response.once("close", () => this.#watches.delete(response));
  }

  /** Applies what matches: may throw a Status, wait, or hang up. False when the request shall not be answered. */
  async meet(method: string, url: string, response: ServerResponse): Promise<boolean> {
    for (const entry of this.#active) {
      const { fault } = entry;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.urlContains !== undefined && !url.includes(fault.urlContains)) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.#active.delete(entry);
      if (!(await apply(fault.effect, response))) return false;
    }
    return true;
  }
}

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
    case "hang-up":
      response.destroy();
      return false;
  }
}
