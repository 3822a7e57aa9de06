/** One `Rights` per person, shared by his sessions and sockets, and the choice of projects worth asking about. */
import type { Person } from "../identity/session.ts";
import { personKey } from "../identity/session.ts";
import type { NamedRule, RoleBindingRecord, RoleRecord } from "../domain/platform-records.ts";
import type { Clock } from "../kube/clock.ts";
import type { NamedGrant } from "./named-grants.ts";
import { ReviewQueue } from "./review-queue.ts";
import type { Reviewer } from "./reviewers.ts";
import { Rights } from "./rights.ts";

/** What access needs of the inventory. */
export interface AccessFeeds {
  clock: Clock;
  roleBindings: { values(): Iterable<RoleBindingRecord> };
  clusterRoleBindings: { values(): Iterable<RoleBindingRecord> };
  roles: Roles;
  clusterRoles: Roles;
  /** Whether role bindings of the whole cluster are known. */
  bindingsComplete: () => boolean;
  knownProjects: () => readonly string[];
  rbacVersion: () => number;
}

interface Roles {
  get(namespace: string, name: string): RoleRecord | undefined;
}

const noGrants: readonly NamedGrant[] = [];

/** What is bound to one subject. */
interface Bound {
  projects: Set<string>;
  named: NamedGrant[];
}

/** How often is looked for what open sockets use and is due. */
const renewEveryMs = 500;
const forgetAfterMs = 10 * 60_000;
/** Where bindings cannot be read, this many projects are asked about. */
const maxBlindCandidates = 200;

export class AccessService {
  readonly #feeds: AccessFeeds;
  readonly #people = new Map<string, Rights>();
  readonly #queue: ReviewQueue;
  #bySubject: ReadonlyMap<string, Bound> = new Map();
  #bySubjectVersion = -1;
  #named = new WeakMap<Person, readonly NamedGrant[]>();
  /** Access reviews sent so far, for /metrics. */
  reviews = 0;

  readonly #timer: NodeJS.Timeout;

  constructor(feeds: AccessFeeds) {
    this.#feeds = feeds;
    this.#queue = new ReviewQueue(feeds.clock);
    this.#timer = setInterval(() => {
      for (const rights of this.#people.values()) rights.renew();
    }, renewEveryMs);
    this.#timer.unref();
  }

  /** Nothing is renewed any more. */
  stop(): void {
    clearInterval(this.#timer);
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
        knownProjects: () => this.#feeds.knownProjects(),
        namedGrants: (who) => this.#namedGrants(who),
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
    return [...new Set(this.#boundTo(person).flatMap(({ projects }) => [...projects]))];
  }

  #namedGrants(person: Person): readonly NamedGrant[] {
    this.#index();
    let known = this.#named.get(person);
    if (known === undefined) {
      const found = this.#boundTo(person).flatMap(({ named }) => named);
      known = found.length === 0 ? noGrants : found;
      this.#named.set(person, known);
    }
    return known;
  }

  #boundTo(person: Person): Bound[] {
    this.#index();
    const groups = new Set([...person.groups, "system:authenticated"]);
    const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(person.userName);
    if (account !== null)
      groups.add("system:serviceaccounts").add(`system:serviceaccounts:${account[1] ?? ""}`);
    return [`user:${person.userName}`, ...[...groups].map((group) => `group:${group}`)]
      .map((subject) => this.#bySubject.get(subject))
      .filter((bound) => bound !== undefined);
  }

  #index(): void {
    const version = this.#feeds.rbacVersion();
    if (this.#bySubjectVersion === version) return;
    const bySubject = new Map<string, Bound>();
    const bind = ({ subjects, role, namespace }: RoleBindingRecord) => {
      const rules = this.#namedRulesOf(role, namespace);
      for (const subject of subjects) {
        const bound = bySubject.get(subject) ?? { projects: new Set(), named: [] };
        if (namespace !== "") bound.projects.add(namespace);
        for (const rule of rules) bound.named.push({ ...rule, project: namespace });
        bySubject.set(subject, bound);
      }
    };
    for (const binding of this.#feeds.roleBindings.values()) bind(binding);
    for (const binding of this.#feeds.clusterRoleBindings.values()) bind(binding);
    this.#bySubject = bySubject;
    this.#bySubjectVersion = version;
    this.#named = new WeakMap();
  }

  /** `role` is `Role/NAME` or `ClusterRole/NAME`. */
  #namedRulesOf(role: string, namespace: string): readonly NamedRule[] {
    const name = role.slice(role.indexOf("/") + 1);
    const { roles, clusterRoles } = this.#feeds;
    const found = role.startsWith("ClusterRole/") ? clusterRoles.get("", name) : roles.get(namespace, name);
    return found?.named ?? [];
  }
}
