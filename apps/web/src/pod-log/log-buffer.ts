/** The newest lines of a container's log, in bounded memory, with what became of the container in between. */
import type { PodLogMessage, PodLogPlace } from "@kubev/api-types/pod-streams";
import { plainLine } from "./plain-line.ts";

const maxLines = 20_000;
const maxCharacters = 16 * 1024 * 1024;

export type ShownLine =
  | { id: number; kind: "line"; at: string; text: string; cut: boolean }
  /** Said by the console, not by the container. */
  | { id: number; kind: "note"; at: string; text: string };

type ContainerMessage = Extract<PodLogMessage, { type: "container" }>;
type Over = Extract<PodLogMessage, { type: "over" }>;

export interface LogSnapshot {
  lines: readonly ShownLine[];
  /** Older lines are no longer kept. */
  dropped: boolean;
  container: ContainerMessage | null;
  /** The cluster's absence in its own words, while it lasts. */
  away: string | null;
  over: Over | null;
}

function noteOf(before: ContainerMessage | null, now: ContainerMessage): string | null {
  const why = [now.reason, now.message].filter((part) => part !== "").join(": ");
  const because = why === "" ? "." : ` (${why}).`;
  if (now.state === "ended")
    return now.exitCode === null
      ? `The container ended${because}`
      : `The container ended with exit code ${now.exitCode}${because}`;
  if (now.state === "waiting") return why === "" ? null : `The container waits${because}`;
  return before !== null && now.restarts > before.restarts
    ? `The container began again; this is restart ${now.restarts}.`
    : null;
}

export class LogBuffer {
  #lines: ShownLine[] = [];
  #characters = 0;
  #nextId = 0;
  #place: PodLogPlace | null = null;
  #snapshot: LogSnapshot = { lines: [], dropped: false, container: null, away: null, over: null };
  #told = true;
  readonly #listeners = new Set<() => void>();
  readonly #later: (run: () => void) => void;

  /** `later` collects what comes in short order, e.g. until the next picture is drawn. */
  constructor(later: (run: () => void) => void) {
    this.#later = later;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): LogSnapshot => this.#snapshot;

  /** The newest line that came, from where a new stream goes on. */
  get place(): PodLogPlace | null {
    return this.#place;
  }

  get isOver(): boolean {
    return this.#snapshot.over !== null;
  }

  take(message: PodLogMessage): void {
    const before = this.#snapshot;
    switch (message.type) {
      case "lines":
        for (const { at, text, cut } of message.lines) {
          this.#add({ id: this.#nextId, kind: "line", at, text: plainLine(text), cut: cut === true });
          if (at !== "")
            this.#place = this.#place?.at === at ? { at, lines: this.#place.lines + 1 } : { at, lines: 1 };
        }
        this.#snapshot = { ...before, away: null };
        break;
      case "container": {
        const same =
          before.container !== null &&
          before.container.state === message.state &&
          before.container.restarts === message.restarts &&
          before.container.reason === message.reason;
        const note = same ? null : noteOf(before.container, message);
        if (note !== null) this.#add({ id: this.#nextId, kind: "note", at: "", text: plainLine(note) });
        this.#snapshot = { ...before, container: message, away: null };
        break;
      }
      case "away":
        this.#snapshot = { ...before, away: message.text };
        break;
      case "over":
        this.#snapshot = { ...before, away: null, over: message };
        break;
    }
    if (!this.#told) return;
    this.#told = false;
    this.#later(() => {
      this.#told = true;
      this.#publish();
    });
  }

  /** Before the log is opened once more. */
  reopen(): void {
    this.#snapshot = { ...this.#snapshot, over: null };
    this.#publish();
  }

  #add(line: ShownLine): void {
    this.#nextId += 1;
    this.#lines.push(line);
    this.#characters += line.text.length;
    if (this.#lines.length > 2 * maxLines || this.#characters > 2 * maxCharacters) this.#trim();
  }

  /** Also between two drawings: in a tab that nobody looks at they may be a minute apart. */
  #trim(): void {
    let drop = Math.max(0, this.#lines.length - maxLines);
    for (let index = 0; index < drop; index += 1) this.#characters -= this.#lines[index]?.text.length ?? 0;
    while (this.#characters > maxCharacters && drop < this.#lines.length) {
      this.#characters -= this.#lines[drop]?.text.length ?? 0;
      drop += 1;
    }
    if (drop === 0) return;
    this.#lines.splice(0, drop);
    this.#snapshot = { ...this.#snapshot, dropped: true };
  }

  #publish(): void {
    this.#trim();
    this.#snapshot = { ...this.#snapshot, lines: [...this.#lines] };
    for (const listener of this.#listeners) listener();
  }
}
