/** Tells a silent peer from a gone one: silence counts only once a ping stayed without an answer. */

export interface PeerWatchTimes {
  /** A peer that said nothing for half of this is pinged; also the least time it has to answer. */
  pingEveryMs: number;
  /** Silence after which a peer that did not answer is taken for gone. */
  silenceMs: number;
}

export class PeerWatch {
  readonly #times: PeerWatchTimes;
  #heardMs: number;
  /** The first ping since the peer was last heard. */
  #askedMs: number | null = null;

  constructor(times: PeerWatchTimes, nowMs: number) {
    this.#times = times;
    this.#heardMs = nowMs;
  }

  heard(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#askedMs = null;
  }

  /** What to do now, asked once per `pingEveryMs`; a ping that is answered with must be sent. */
  look(nowMs: number): "fine" | "ping" | "gone" {
    const { pingEveryMs, silenceMs } = this.#times;
    const silentMs = nowMs - this.#heardMs;
    if (this.#askedMs !== null && nowMs - this.#askedMs >= pingEveryMs && silentMs >= silenceMs)
      return "gone";
    if (silentMs < pingEveryMs / 2) return "fine";
    this.#askedMs ??= nowMs;
    return "ping";
  }
}
