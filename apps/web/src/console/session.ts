/**
 * One console session of a machine as a state machine, without React and without knowing VNC from serial: it gets a
 * ticket, dials, and comes back after a restart. It never takes a screen from somebody without being told to.
 */
import type { consoleCloseCodes, ConsoleTicket } from "@kubev/api-types/consoles";
import { ApiError, type FailureCode } from "../api/api-error.ts";
import { backoffMs } from "../api/live/backoff.ts";

export type ConsoleState =
  /** The machine does not run; nothing is tried. */
  | { name: "off" }
  | { name: "connecting"; attempt: number }
  | { name: "connected" }
  | { name: "waiting"; attempt: number; delayMs: number; error: ApiError | null }
  /** Somebody else is connected: ask before taking over. */
  | { name: "busy" }
  /** Somebody else took over: only `takeOver` leads on, since merely connecting may displace them again. */
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
  notReading: 4408,
};

/** After a drop our own old connection may still be held for a moment: so many "busy" answers are waited out. */
const busyTriesAfterDrop = 2;

const steadyAfterMs = 5000;

/** Refusals that another try would meet again. */
const finalRefusals: ReadonlySet<FailureCode> = new Set([
  "not-found",
  "invalid",
  "bad-request",
  "capability-missing",
]);

export class ConsoleSession {
  readonly #environment: ConsoleEnvironment;
  readonly #listeners = new Set<() => void>();
  #state: ConsoleState = { name: "off" };
  #link: ConsoleLink | null = null;
  #cancelTimer: (() => void) | null = null;
  #attempt = 0;
  #busyTriesLeft = 0;
  /** Set from the moment somebody took over until a person takes over again; outlasts a restart of the machine. */
  #displaced = false;
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
      this.retry();
    }
  }

  /** Tries again now, e.g. at a person's request; does not dial while somebody else has taken over. */
  retry(): void {
    if (this.#displaced) {
      this.#set({ name: "replaced" });
      return;
    }
    this.#attempt = 0;
    this.#connect(false);
  }

  takeOver(): void {
    this.#displaced = false;
    this.#attempt = 0;
    this.#connect(true);
  }

  stop(): void {
    this.#displaced = false;
    this.#letGo();
    this.#set({ name: "off" });
  }

  #connect(takeOver: boolean): void {
    this.#letGo();
    this.#set({ name: "connecting", attempt: this.#attempt });
    void this.#open(takeOver, this.#generation);
  }

  async #open(takeOver: boolean, generation: number): Promise<void> {
    const current = () => generation === this.#generation;
    let ticket: ConsoleTicket;
    try {
      ticket = await this.#environment.getTicket(takeOver);
    } catch (error) {
      if (current()) this.#onRefused(error);
      return;
    }
    if (!current()) return;
    this.#link = this.#environment.dial(ticket, {
      ready: () => {
        if (current()) this.#onReady();
      },
      closed: (code) => {
        if (current()) this.#onClosed(code);
      },
    });
  }

  #onReady(): void {
    this.#busyTriesLeft = busyTriesAfterDrop;
    // Only a connection that holds counts: else one that is closed at once would be tried without pause.
    this.#cancelTimer = this.#environment.setTimer(() => {
      this.#attempt = 0;
    }, steadyAfterMs);
    this.#set({ name: "connected" });
  }

  #onClosed(code: number): void {
    const wasConnected = this.#state.name === "connected";
    this.#letGo();
    if (code === closeCodes.replaced) {
      if (wasConnected) {
        this.#displaced = true;
        this.#set({ name: "replaced" });
      } else this.#onBusy();
    } else if (code === closeCodes.rightsRevoked) this.#set({ name: "ended", cause: "rights", error: null });
    else if (code === closeCodes.sessionEnded) this.#set({ name: "ended", cause: "session", error: null });
    else this.#wait(null);
  }

  #onRefused(error: unknown): void {
    const failure = error instanceof ApiError ? error : null;
    const code = failure?.code;
    if (code === "console-busy") this.#onBusy();
    else if (code === "forbidden") this.#set({ name: "ended", cause: "rights", error: failure });
    else if (code === "unauthenticated" || code === "session-expired")
      this.#set({ name: "ended", cause: "session", error: failure });
    else if (code !== undefined && finalRefusals.has(code))
      this.#set({ name: "ended", cause: "refused", error: failure });
    else this.#wait(failure);
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
