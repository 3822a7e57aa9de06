/** How well one kind is known: in step, behind since when, or why not at all. Fed by its reflector, shown to people. */
import type { Clock } from "./clock.ts";

/** `failing`: nothing is known of it, and trying to learn it fails. */
export type FeedState = "syncing" | "live" | "stale" | "absent" | "forbidden" | "failing";

const behindAfterMs = 10_000;
/** A stream that ends sooner, without a word, has shown nothing: whoever answers may end each as soon as it is opened. */
const shortestStreamMs = 1000;
/** A cluster that says "later" to a first list has it: it is waited for this long before it counts as failing. */
const throttledFirstMs = 60_000;
/**
 * An API server whose own caches fill after a start refuses for seconds what it grants afterwards: what was known is shown, as
 * old, until the refusal has lasted this long. Whether a person may see it is asked for each person anyway.
 */
const believeRefusalAfterMs = 60_000;

export class SyncState {
  readonly #clock: Pick<Clock, "nowMs" | "monotonicMs">;
  readonly #onChange: () => void;
  #state: FeedState = "syncing";
  #staleSinceMs: number | null = null;
  /** Epoch milliseconds; since when no stream keeps it in step. */
  #failingSinceMs: number | null = null;
  #refusedSinceMs: number | null = null;
  #failure = "";
  #known = false;
  /** Monotonic milliseconds; since when a stream is open that may yet end before it says what was missed. */
  #openedMs: number | null = null;
  #streaming = false;

  constructor(clock: Pick<Clock, "nowMs" | "monotonicMs">, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get state(): FeedState {
    return this.#state;
  }
  /** Epoch milliseconds; null while live. */
  get staleSinceMs(): number | null {
    return this.#staleSinceMs;
  }
  /** The cluster's own words about why it fails; '' where it said none. */
  get failure(): string {
    return this.#failure;
  }
  /** True once the first full list is in, or it is known that there is none to be had. */
  get settled(): boolean {
    return this.#known || ["absent", "forbidden", "failing"].includes(this.#state);
  }

  #enter(state: FeedState, staleSinceMs: number | null): void {
    if (this.#state === state && this.#staleSinceMs === staleSinceMs) return;
    this.#state = state;
    this.#staleSinceMs = staleSinceMs;
    this.#onChange();
  }

  /** Everything is known as of now. */
  synced(): void {
    this.#known = true;
    this.#progressed();
  }

  /** A stream that goes on where the last one ended was answered: it counts once it speaks, or stays. */
  opened(): void {
    this.#openedMs = this.#clock.monotonicMs();
  }

  /** A stream tells every change from here on. */
  streaming(): void {
    this.#openedMs = null;
    this.#streaming = true;
    this.#progressed();
  }

  /** The stream told a change. */
  heard(): void {
    if (this.#openedMs !== null) this.streaming();
    else if (this.#streaming && this.#state === "stale") this.#progressed();
  }

  /** A stream that stays without a word has nothing to tell. It is the answer that counts, however long that was waited for. */
  #stays(): void {
    if (this.#openedMs !== null && this.#clock.monotonicMs() - this.#openedMs >= shortestStreamMs)
      this.streaming();
  }

  /** The stream ended as agreed. @returns whether it was one that told every change */
  ended(): boolean {
    this.#stays();
    return this.#streaming;
  }

  /** The stream is over; what it did not say for `silentMs` is not known either. */
  lost(silentMs: number): void {
    this.#openedMs = null;
    if (!this.#streaming) return;
    this.#streaming = false;
    this.#failingSinceMs ??= this.#clock.nowMs() - silentMs;
  }

  /** A try failed, because the cluster said "later" or otherwise, and there will be none for `waitMs`. */
  failed(failure: string, waitMs: number, throttled: boolean): void {
    this.#failure = failure;
    const sinceMs = (this.#failingSinceMs ??= this.#clock.nowMs());
    const isPutOff = throttled && this.#state === "syncing";
    if (isPutOff && this.#clock.nowMs() - sinceMs + waitMs <= throttledFirstMs) return;
    this.#sayBehind(sinceMs, waitMs);
  }

  /** Called every few seconds while an answer is awaited or read: `silentMs` is how long nothing was heard. */
  look(silentMs: number): void {
    this.#stays();
    if (this.#streaming) return;
    if (silentMs > behindAfterMs) this.#failingSinceMs ??= this.#clock.nowMs() - silentMs;
    // a first list that is just being read is no failure, whatever failed before it
    const isFirstList = !this.#known && silentMs <= behindAfterMs;
    if (this.#failingSinceMs !== null && !isFirstList) this.#sayBehind(this.#failingSinceMs, 0);
  }

  /** Says that what is known is old, or that nothing is, once that has lasted for a while. */
  #sayBehind(sinceMs: number, aheadMs: number): void {
    if (this.#clock.nowMs() - sinceMs + aheadMs <= behindAfterMs) return;
    if (this.#known) this.#enter("stale", this.#staleSinceMs ?? sinceMs);
    // whose right is missing is still without it
    else if (this.#state !== "forbidden") this.#enter("failing", null);
  }

  /** Whether a refusal by the cluster is to be believed. */
  believesRefusal(): boolean {
    const nowMs = this.#clock.monotonicMs();
    this.#refusedSinceMs ??= nowMs;
    return !this.#known || nowMs - this.#refusedSinceMs > believeRefusalAfterMs;
  }

  /** The cluster said that there is nothing to be had. @returns false where that was known */
  without(state: "absent" | "forbidden"): boolean {
    const isNew = this.#state !== state;
    this.#known = false;
    this.#failingSinceMs = null;
    this.#failure = "";
    this.#enter(state, null);
    return isNew;
  }

  /** The cluster as a whole stopped answering: what is shown is as old as that. */
  markStale(sinceMs: number): void {
    if (this.#state === "live") this.#enter("stale", sinceMs);
  }

  /** The cluster answers again: an open stream is as good as it was. */
  confirmLive(): void {
    if (this.#state === "stale" && this.#streaming) this.#progressed();
  }

  #progressed(): void {
    this.#failingSinceMs = null;
    this.#failure = "";
    this.#refusedSinceMs = null;
    this.#enter("live", null);
  }
}
