/** One `Rights` per person, shared by his sessions and sockets, and the choice of projects worth asking about. */
import type { Person } from "../identity/session.ts";
import { personKey } from "../identity/session.ts";
import type { RoleBindingRecord } from "../domain/platform-records.ts";
import type { Clock } from "../kube/clock.ts";
import { ReviewQueue } from "./review-queue.ts";
import type { Reviewer } from "./rights.ts";
import { Rights } from "./rights.ts";

/** What access needs of the inventory. */
export interface AccessFeeds {
  clock: Clock;
  roleBindings: { version: number; values(): Iterable<RoleBindingRecord> };
  /** Whether role bindings of the whole cluster are known. */
  bindingsComplete: () => boolean;
  knownProjects: () => readonly string[];
  rbacVersion: () => number;
}

const forgetAfterMs = 10 * 60_000;
/** Where bindings cannot be read, this many projects are asked about. */
const maxBlindCandidates = 200;

export class AccessService {
  readonly #feeds: AccessFeeds;
  readonly #people = new Map<string, Rights>();
  readonly #queue: ReviewQueue;
  #bySubject: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #bySubjectVersion = -1;
  /** Access reviews sent so far, for /metrics. */
  reviews = 0;

  constructor(feeds: AccessFeeds) {
    this.#feeds = feeds;
    this.#queue = new ReviewQueue(feeds.clock);
  }

  /** `sessionHash` says whose credential asks: with its session it is forgotten. */
  rightsOf(person: Person, sessionHash: string, reviewer: Reviewer): Rights {
    const key = personKey(person);
    let rights = this.#people.get(key);
    if (rights === undefined) {
      this.#forgetIdle();
      rights = new Rights(person, {
        clock: this.#feeds.clock,
        candidates: (who) => this.#candidates(who),
        rbacVersion: this.#feeds.rbacVersion,
        queue: this.#queue,
        onReview: () => {
          this.reviews += 1;
        },
      });
      this.#people.set(key, rights);
    }
    rights.useReviewer(sessionHash, reviewer);
    return rights;
  }

  /** A session ended: nobody asks with its credential any more. */
  forgetReviewer(sessionHash: string): void {
    for (const rights of this.#people.values()) rights.forgetReviewer(sessionHash);
  }

  #forgetIdle(): void {
    const nowMs = this.#feeds.clock.monotonicMs();
    for (const [key, rights] of this.#people)
      if (nowMs - rights.lastUsedMs > forgetAfterMs) this.#people.delete(key);
  }

  #candidates(person: Person): readonly string[] {
    if (!this.#feeds.bindingsComplete()) return this.#feeds.knownProjects().slice(0, maxBlindCandidates);
    const { roleBindings } = this.#feeds;
    if (this.#bySubjectVersion !== roleBindings.version) {
      const bySubject = new Map<string, Set<string>>();
      for (const binding of roleBindings.values())
        for (const subject of binding.subjects) {
          const projects = bySubject.get(subject) ?? new Set();
          projects.add(binding.namespace);
          bySubject.set(subject, projects);
        }
      this.#bySubject = bySubject;
      this.#bySubjectVersion = roleBindings.version;
    }
    const found = new Set<string>(this.#bySubject.get(`user:${person.userName}`));
    const groups = new Set([...person.groups, "system:authenticated"]);
    const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(person.userName);
    if (account !== null)
      groups.add("system:serviceaccounts").add(`system:serviceaccounts:${account[1] ?? ""}`);
    for (const group of groups)
      for (const project of this.#bySubject.get(`group:${group}`) ?? []) found.add(project);
    return [...found];
  }
}
