/**
 * One console session of a machine as a state machine, without React and without knowing VNC from serial: it gets a
 * ticket, dials, and comes back after a restart. It never takes a screen from somebody without being told to.
 */
import type { consoleCloseCodes, ConsoleTicket } from "@kubev/api-types/consoles";
import { ApiError } from "../api/api-error.ts";
import { backoffMs } from "../api/live/backoff.ts";

export type ConsoleState =
  /** The machine does not run; nothing is tried. */
  | { name: "off" }
  | { name: "connecting"; attempt: number }
  | { name: "connected" }
  | { name: "waiting"; attempt: number; delayMs: number; error: ApiError | null }
  /** Somebody else is connected: ask before taking over. */
  | { name: "busy" }
  /** Somebody else took over. */
  | { name: "replaced" }
  | { name: "ended"; cause: "rights" | "session" | "refused"; error: ApiError | null };

/** An open connection. `ready` and `closed` are called at most once each. */
export interface ConsoleLink {
  close(): void;
}

export interface LinkEvents {
  ready: () => void;
  closed: (code: number) => void;
}

export interface ConsoleEnvironment {
  getTicket: (takeOver: boolean) => Promise<ConsoleTicket>;
  dial: (ticket: ConsoleTicket, events: LinkEvents) => ConsoleLink;
  setTimer: (run: () => void, delayMs: number) => () => void;
  random: () => number;
}

/** The contract's own close codes; its module carries schemas and stays out of the browser. */
const closeCodes: typeof consoleCloseCodes = {
  rightsRevoked: 4403,
  sessionEnded: 4401,
  upstreamGone: 4410,
  replaced: 4409,
};

/** After a drop our own old connection may still be held for a moment: so many "busy" answers are waited out. */
const busyTriesAfterDrop = 4;

const steadyAfterMs = 5000;

export class ConsoleSession {
  readonly #environment: ConsoleEnvironment;
  readonly #listeners = new Set<() => void>();
  #state: ConsoleState = { name: "off" };
  #link: ConsoleLink | null = null;
  #cancelTimer: (() => void) | null = null;
  #attempt = 0;
  #busyTriesLeft = 0;
  /** Raised whenever what is under way must not be listened to any more. */
  #generation = 0;

  constructor(environment: ConsoleEnvironment) {
    this.#environment = environment;
  }

  readonly snapshot = (): ConsoleState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Tells whether the machine can be connected to; connects or lets go accordingly. */
  setRunning(running: boolean): void {
    const { name } = this.#state;
    if (!running) {
      if (name === "off" || name === "connected") return; // an open connection ends by itself when the machine does
      this.#letGo();
      this.#set({ name: "off" });
    } else if (name === "off" || name === "waiting") {
      this.#attempt = 0;
      this.#connect(false);
    }
  }

  /** Tries again now, e.g. at a person's request. */
  retry(): void {
    this.#attempt = 0;
    this.#connect(false);
  }

  takeOver(): void {
    this.#attempt = 0;
    this.#connect(true);
  }

  stop(): void {
    this.#letGo();
    this.#set({ name: "off" });
  }

  #connect(takeOver: boolean): void {
    this.#letGo();
    const generation = this.#generation;
    this.#set({ name: "connecting", attempt: this.#attempt });
    const current = () => generation === this.#generation;
    void this.#environment.getTicket(takeOver).then(
      (ticket) => {
        if (!current()) return;
        this.#link = this.#environment.dial(ticket, {
          ready: () => {
            if (!current()) return;
            this.#busyTriesLeft = busyTriesAfterDrop;
            // Only a connection that holds counts: else one that is closed at once would be tried without pause.
            this.#cancelTimer = this.#environment.setTimer(() => {
              this.#attempt = 0;
            }, steadyAfterMs);
            this.#set({ name: "connected" });
          },
          closed: (code) => {
            if (current()) this.#onClosed(code);
          },
        });
      },
      (error: unknown) => {
        if (current()) this.#onRefused(error);
      },
    );
  }

  #onClosed(code: number): void {
    const wasConnected = this.#state.name === "connected";
    this.#letGo();
    if (code === closeCodes.replaced) {
      if (wasConnected) this.#set({ name: "replaced" });
      else this.#onBusy();
    } else if (code === closeCodes.rightsRevoked) this.#set({ name: "ended", cause: "rights", error: null });
    else if (code === closeCodes.sessionEnded) this.#set({ name: "ended", cause: "session", error: null });
    else this.#wait(null);
  }

  #onRefused(error: unknown): void {
    const failure = error instanceof ApiError ? error : null;
    switch (failure?.code) {
      case "console-busy":
        this.#onBusy();
        return;
      case "forbidden":
        this.#set({ name: "ended", cause: "rights", error: failure });
        return;
      case "unauthenticated":
      case "session-expired":
        this.#set({ name: "ended", cause: "session", error: failure });
        return;
      case "not-found":
      case "invalid":
      case "bad-request":
      case "capability-missing":
        this.#set({ name: "ended", cause: "refused", error: failure });
        return;
      default:
        this.#wait(failure);
    }
  }

  #onBusy(): void {
    if (this.#busyTriesLeft > 0) {
      this.#busyTriesLeft -= 1;
      this.#wait(null);
    } else this.#set({ name: "busy" });
  }

  #wait(error: ApiError | null): void {
    const delayMs = backoffMs(this.#attempt, this.#environment.random, 10_000);
    this.#attempt += 1;
    this.#set({ name: "waiting", attempt: this.#attempt, delayMs, error });
    this.#cancelTimer = this.#environment.setTimer(() => this.#connect(false), delayMs);
  }

  #letGo(): void {
    this.#generation += 1;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const link = this.#link;
    this.#link = null;
    link?.close();
  }

  #set(state: ConsoleState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
