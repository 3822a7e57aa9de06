/**
 * Answers of the cluster about one person: kept for ten seconds at most, and asked again ahead of that while they are used.
 * An error means none. Only while the cluster cannot be reached the last answers stay in force, for five minutes: they decide
 * what is read here; writes ask the cluster anyway.
 */
import type { Clock } from "../kube/clock.ts";
import { KubeError, KubeUnreachableError } from "../kube/kube-error.ts";
import { putNewest } from "./put-newest.ts";

type Send<Value> = (timeoutMs: number) => Promise<Value>;

export interface Answer<Value> {
  value: Value;
  /** When the question was sent that was answered. */
  atMs: number;
  triedAtMs: number;
  asking: Promise<Value> | null;
  send: Send<Value>;
  /** From this age on it is asked again. */
  renewAfterMs: number;
  /** Somebody relied on it since it was asked. */
  isUsed: boolean;
  /** It could not be had anew the last time, where there is another way to ask. */
  failed: boolean;
}

const ttlMs = 10_000;
/** Open sockets have theirs renewed at an age between these, and looked at twice a second: a right that is taken ends within ten seconds. */
const renewWhileOpen = { fromMs: 6000, toMs: 6750 };
/** Where nothing is open a use begins the renewal, which shows with the next one. */
const renewAfterMs = 4000;
const reviewTimeoutMs = 5000;
/** Where an earlier answer stands by, nobody waits longer for a new one. */
const repeatedReviewTimeoutMs = 1500;
/**
 * And where there is another way to ask, which comes after it: begun at an age of 6750 and the half second of a look, both together end
 * within the ten seconds.
 */
const asideReviewTimeoutMs = 1000;
const outageMs = 5 * 60_000;
const askAgainAfterMs = 2000;
/** Of one person: each verb, kind and project that was asked for, and single objects by name. */
const maxAnswers = 200_000;
const never = Number.NEGATIVE_INFINITY;

/** What is told of all answers about one person. */
export class AnswerState {
  /** True while the cluster could not be asked: what is denied now may in truth be allowed. */
  unknown = false;
  /** Since when answers are older than they should be (epoch ms), because the cluster cannot be reached; else null. */
  awaySinceMs: number | null = null;
  /** Open sockets, told when a renewed answer is another than before. */
  readonly listeners = new Set<() => void>();
}

/** No answer, or a gateway's answer that there is none. What the cluster itself says, 401 and 403 above all, is an answer. */
function isAway(error: unknown): boolean {
  if (error instanceof KubeError) return [502, 503, 504].includes(error.status);
  return error instanceof KubeUnreachableError && error.kind !== "aborted";
}

/** `Value` is compared by identity. */
export class Answers<Value> {
  readonly #clock: Clock;
  readonly #state: AnswerState;
  readonly #none: Value;
  readonly #isAside: boolean;
  readonly #byKey = new Map<string, Answer<Value>>();

  /**
   * `none` stands for an answer where there was none. `isAside`: there is another way to ask, so that failing says nothing of the
   * cluster, and is not tried again before its time.
   */
  constructor(clock: Clock, state: AnswerState, none: Value, isAside = false) {
    this.#clock = clock;
    this.#state = state;
    this.#none = none;
    this.#isAside = isAside;
  }

  clear(): void {
    this.#byKey.clear();
  }

  /** What was answered last, however old it is. */
  last(key: string): Answer<Value> | undefined {
    const answer = this.#byKey.get(key);
    return answer === undefined || answer.atMs === never ? undefined : answer;
  }

  /** Whether what was answered last still holds by its age. */
  isFresh(key: string): boolean {
    const answer = this.#byKey.get(key);
    return answer !== undefined && !answer.failed && this.#clock.monotonicMs() - answer.atMs < ttlMs;
  }

  /**
   * `after`: an answer that was asked before then (ms of the monotonic clock) is not relied on. `isBacked`: where there is none, what
   * asks has another to go by.
   */
  async known(
    key: string,
    send: Send<Value>,
    { after = never, isBacked = false }: { after?: number | undefined; isBacked?: boolean } = {},
  ): Promise<Value> {
    const nowMs = this.#clock.monotonicMs();
    const answer = this.#byKey.get(key);
    if (answer !== undefined) {
      const ageMs = nowMs - answer.atMs;
      answer.isUsed = true;
      if (answer.failed && ageMs < outageMs) {
        this.#retry(key, answer, nowMs);
        return answer.value;
      }
      if (ageMs < ttlMs && answer.atMs >= after) {
        const isDue = ageMs > (this.#state.listeners.size === 0 ? renewAfterMs : answer.renewAfterMs);
        if (isDue && answer.asking === null) void this.#review(key, answer);
        return answer.value;
      }
      if (this.#state.awaySinceMs !== null && ageMs < outageMs) {
        this.#retry(key, answer, nowMs);
        return answer.value;
      }
      if (answer.asking !== null && answer.triedAtMs >= after) return answer.asking;
      if (ageMs < outageMs) return this.#review(key, answer);
    }
    const unanswered: Answer<Value> = {
      value: this.#none,
      atMs: never,
      triedAtMs: never,
      asking: null,
      send,
      renewAfterMs,
      isUsed: false,
      failed: false,
    };
    putNewest(this.#byKey, key, unanswered, maxAnswers);
    return this.#review(key, unanswered, isBacked);
  }

  /** Asks again what was used and has its age. */
  renewUsed(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [key, answer] of this.#byKey)
      if (answer.isUsed && nowMs - answer.atMs > answer.renewAfterMs) this.#retry(key, answer, nowMs);
  }

  /** Asks again beside its use. */
  renew(key: string, answer: Answer<Value>): void {
    this.#retry(key, answer, this.#clock.monotonicMs());
  }

  #retry(key: string, answer: Answer<Value>, nowMs: number): void {
    if (answer.asking === null && nowMs - answer.triedAtMs > askAgainAfterMs) void this.#review(key, answer);
  }

  async #review(key: string, answer: Answer<Value>, isBacked = false): Promise<Value> {
    const askedMs = this.#clock.monotonicMs();
    answer.triedAtMs = askedMs;
    const standsBy = isBacked || askedMs - answer.atMs < outageMs;
    const asking = this.#answered(key, answer, askedMs, standsBy).finally(() => {
      if (answer.asking === asking) answer.asking = null;
    });
    answer.asking = asking;
    return asking;
  }

  async #answered(key: string, answer: Answer<Value>, askedMs: number, standsBy: boolean): Promise<Value> {
    const state = this.#state;
    const stood = answer.atMs !== never;
    try {
      const value = await answer.send(this.#timeoutMs(standsBy));
      if (answer.atMs > askedMs) return answer.value; // a later question was answered before
      const turned = stood && answer.value !== value;
      answer.value = value;
      answer.atMs = askedMs;
      answer.isUsed = false;
      answer.failed = false;
      const { fromMs, toMs } = renewWhileOpen;
      answer.renewAfterMs = fromMs + this.#clock.random() * (toMs - fromMs);
      state.unknown = false;
      state.awaySinceMs = null;
      if (turned) this.#tell();
      return value;
    } catch (error) {
      if (this.#isAside) return this.#withoutAnswer(answer, askedMs, error);
      state.unknown = true;
      if (isAway(error)) {
        state.awaySinceMs ??= this.#clock.nowMs();
        if (this.#clock.monotonicMs() - answer.atMs < outageMs) return answer.value;
      }
      if (this.#byKey.get(key) === answer) this.#byKey.delete(key); // an error means no, now; the next question asks again
      if (stood) this.#tell();
      return this.#none;
    }
  }

  #timeoutMs(standsBy: boolean): number {
    if (!standsBy) return reviewTimeoutMs;
    return this.#isAside ? asideReviewTimeoutMs : repeatedReviewTimeoutMs;
  }

  /**
   * What is held of it decides nothing that is read or opened from here on: sockets look at once, and whatever they use is asked the
   * other way. What rows offer goes on by it while it is held: each deed asks the cluster itself.
   */
  #withoutAnswer(answer: Answer<Value>, askedMs: number, error: unknown): Value {
    if (answer.atMs > askedMs) return answer.value;
    if (isAway(error) && askedMs - answer.atMs < outageMs) {
      const failedBefore = answer.failed;
      answer.failed = true;
      if (!failedBefore) this.#tell();
      return answer.value;
    }
    answer.failed = false;
    const turned = answer.atMs !== never && answer.value !== this.#none;
    answer.value = this.#none;
    answer.atMs = askedMs;
    if (turned) this.#tell();
    return this.#none;
  }

  #tell(): void {
    for (const listener of this.#state.listeners) listener();
  }
}
