/**
 * Tells a browser that is only slow from one that is gone or does not read. Evidence is an answer to a ping, anything it says,
 * and bytes of ours that it took; a browser answers pings below its pages, so a tab in the background is no silence.
 */

export interface ReaderTimes {
  /** One ping at a time is under way, this often at most: middleboxes keep the connection. */
  pingEveryMs: number;
  /** Nothing said for this long, with a ping unanswered for `pingEveryMs`: gone. Counts where nothing waits to be sent. */
  silenceMs: number;
  /**
   * For this long it took nothing of what waits for it, and reached no ping: it does not read, whatever it says. Slow and gone
   * look alike then, so this is the longer one: kernels show progress in steps of up to a megabyte.
   */
  unreadMs: number;
}

/** Of every socket that a browser keeps open. Middleboxes drop what is idle for a minute, at the earliest. */
export const readerTimes: ReaderTimes = { pingEveryMs: 20_000, silenceMs: 60_000, unreadMs: 180_000 };

/** Why a browser was let go of. */
export type LetGoReason = "silent" | "unread";

/** Told of each one. */
export type LetGo = (kind: "live" | "console" | "log" | "answer", why: LetGoReason) => void;

/** What a browser hears that may still hear something. */
export const letGoWords: Record<LetGoReason, string> = {
  silent: "The browser did not answer for a minute",
  unread: "The browser did not read what was sent for three minutes",
};

export class ReaderWatch {
  readonly #times: ReaderTimes;
  #heardMs: number;
  #pingedMs: number;
  /** The ping that waits for its answer. */
  #askedMs: number | null = null;
  /** Since when something waits for it without any of it being taken. */
  #stuckMs: number | null = null;
  #waitedBytes = 0;

  constructor(times: ReaderTimes, nowMs: number) {
    this.#times = times;
    this.#heardMs = nowMs;
    this.#pingedMs = nowMs;
  }

  /** It said something, which does not mean that it reads. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
  }

  /** It took some of what waited for it; between two looks that may go unseen by them. */
  took(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#stuckMs = null;
  }

  /** It answered a ping, so it read everything before that. */
  answered(nowMs: number): void {
    this.took(nowMs);
    this.#askedMs = null;
  }

  /**
   * What to do now, asked as often as one likes; a ping that is answered with must be sent.
   * @param waitingBytes what waits on our side because it is not taken
   */
  look(nowMs: number, waitingBytes: number): "fine" | "ping" | LetGoReason {
    const { pingEveryMs, silenceMs, unreadMs } = this.#times;
    if (waitingBytes < this.#waitedBytes) this.took(nowMs);
    this.#waitedBytes = waitingBytes;
    const waits = waitingBytes > 0;
    if (!waits && this.#askedMs === null) this.#stuckMs = null;
    else this.#stuckMs ??= nowMs;
    if (this.#stuckMs !== null && nowMs - this.#stuckMs >= unreadMs) return "unread";
    if (this.#askedMs !== null)
      return !waits && nowMs - this.#askedMs >= pingEveryMs && nowMs - this.#heardMs >= silenceMs
        ? "silent"
        : "fine";
    if (nowMs - this.#pingedMs < pingEveryMs) return "fine";
    this.#pingedMs = nowMs;
    this.#askedMs = nowMs;
    return "ping";
  }
}
