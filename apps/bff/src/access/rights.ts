/**
 * What one person may do, by the cluster's own answers: access reviews, cluster-wide first, then per project; kept at most
 * 10 s and renewed ahead of that while in use; dropped when RBAC changes; an error means no. Only while the cluster cannot
 * be reached the last decisions stay in force, for five minutes: they decide what is read here; writes ask the cluster anyway.
 */
import { isDeepStrictEqual } from "node:util";
import type { NeededRight } from "../domain/vm-actions.ts";
import type { Person } from "../identity/session.ts";
import type { Clock } from "../kube/clock.ts";
import { KubeError, KubeUnreachableError } from "../kube/kube-error.ts";
import type { NamedGrant } from "./named-grants.ts";
import { covers } from "./named-grants.ts";
import { putNewest } from "./put-newest.ts";
import { type Reviewer, Reviewers, type ReviewWay } from "./reviewers.ts";
import { decisionsBy, type ProjectRules, unknownRules } from "./rules.ts";
import { type Scope, everything, NamesByProject } from "./scope.ts";

interface Answer<Value> {
  value: Value;
  /** When the question was sent that was answered. */
  atMs: number;
  triedAtMs: number;
  asking: Promise<Value> | null;
}

/** A question to the cluster, and what stands for its answer where there was none. */
interface Question<Value> {
  key: string;
  send: (timeoutMs: number) => Promise<Value>;
  none: Value;
}

const ttlMs = 10_000;
/** Shorter than open sockets wait between two looks: each look then begins a renewal, so that none is seen twice. */
const renewAfterMs = 4000;
const reviewTimeoutMs = 5000;
/** Where an earlier decision stands by, nobody waits longer for a new one. */
const repeatedReviewTimeoutMs = 1500;
const outageMs = 5 * 60_000;
const askAgainAfterMs = 2000;
/** Of one person: each verb, kind and project that was asked for, and single objects by name. */
const maxAnswers = 200_000;
/** Up to so many are asked about one by one; for more it is first asked what is allowed everywhere. */
const fewProjects = 4;
/**
 * Names that lists ask the cluster about, of all kinds, by where the role is bound; beyond it the rest is cut. Whoever may bind roles in
 * one project, to anybody, neither floods the cluster with them nor takes the place of other projects' names.
 */
const mostNames = { project: 250, cluster: 2000 };

/** No answer, or a gateway's answer that there is none. What the cluster itself says, 401 and 403 above all, is an answer. */
function isAway(error: unknown): boolean {
  if (error instanceof KubeError) return [502, 503, 504].includes(error.status);
  return error instanceof KubeUnreachableError && error.kind !== "aborted";
}

export interface RightsContext extends ReviewWay {
  clock: Clock;
  /** Projects in which role bindings name this person, or all known where bindings cannot be read. */
  candidates: (person: Person) => readonly string[];
  /** What roles of this person say of single objects by name; nothing where roles or bindings cannot be read. */
  namedGrants: (person: Person) => readonly NamedGrant[];
  /** Rises when RBAC objects change. */
  rbacVersion: () => number;
}

const anything: NeededRight = { verb: "*", group: "*", resource: "*", subresource: "" };

export class Rights {
  readonly person: Person;
  readonly #context: RightsContext;
  readonly #reviewers: Reviewers;
  readonly #answers = new Map<string, Answer<boolean>>();
  /** By project. */
  readonly #rules = new Map<string, Answer<ProjectRules>>();
  /** What lists ask about by name, by the project of the role. */
  readonly #namesAsked = new Map<string, Set<string>>();
  #rbacVersion: number;
  lastUsedMs: number;
  /** True while the cluster could not be asked: what is denied now may in truth be allowed. */
  unknown = false;
  readonly #listeners = new Set<() => void>();
  /** Since when decisions are older than they should be (epoch ms), because the cluster cannot be reached; else null. */
  awaySinceMs: number | null = null;

  constructor(person: Person, context: RightsContext) {
    this.person = person;
    this.#context = context;
    this.#reviewers = new Reviewers(person, context);
    this.#rbacVersion = context.rbacVersion();
    this.lastUsedMs = context.clock.monotonicMs();
  }

  useReviewer(sessionHash: string, reviewer: Reviewer): void {
    this.#reviewers.use(sessionHash, reviewer);
  }

  forgetReviewer(sessionHash: string): void {
    this.#reviewers.forget(sessionHash);
  }

  /** Tells when a renewed decision is another than before. @returns what ends the telling */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets every answer, e.g. because RBAC changed. */
  drop(): void {
    this.#answers.clear();
    this.#rules.clear();
    this.#namesAsked.clear();
  }

  /** May the person do this in `project`, or cluster-wide with ''? With `name`: to that object, which a role may name. */
  async can(right: NeededRight, project: string, name?: string): Promise<boolean> {
    if (await this.#ask(anything, "")) return true;
    if (await this.#ask(right, "")) return true;
    if (project !== "" && (await this.#ask(right, project))) return true;
    return name !== undefined && this.#isNamed(right, project, name)
      ? this.#ask({ ...right, name }, project)
      : false;
  }

  /**
   * Whether a role says anything of this right to this object: else the cluster need not be asked about its name. What is
   * created has no name yet when the cluster looks at the right to it.
   */
  #isNamed(right: NeededRight, project: string, name: string): boolean {
    if (right.verb === "create" && right.subresource === "") return false;
    return this.#context
      .namedGrants(this.person)
      .some(
        (grant) =>
          (grant.project === "" || grant.project === project) &&
          grant.names.includes(name) &&
          covers(grant, right.verb, right),
      );
  }

  /** What of a kind the person may read. */
  async readable(right: NeededRight, namespaced: boolean): Promise<Scope> {
    return namespaced ? this.scope(right) : this.clusterScope(right);
  }

  /** Projects in which the person may read a kind, and single objects of it. */
  async scope(right: NeededRight): Promise<Scope> {
    if (await this.can(right, "")) return everything;
    const candidates = this.#context.candidates(this.person);
    const answers = await Promise.all(candidates.map(async (project) => this.#ask(right, project)));
    const projects = new Set(candidates.filter((_, index) => answers[index] === true));
    return { all: false, projects, names: await this.#names(right, projects, () => true) };
  }

  /** Of a kind that lies in no project: all of it, or single objects. */
  async clusterScope(right: NeededRight): Promise<Scope> {
    if (await this.can(right, "")) return everything;
    const names = await this.#names(right, new Set(), ({ project }) => project === "");
    return { all: false, projects: new Set(), names };
  }

  /** Single objects that roles name and the cluster lets this person read, by `get` or by the right's own verb. */
  async #names(
    right: NeededRight,
    whole: ReadonlySet<string>,
    fits: (grant: NamedGrant) => boolean,
  ): Promise<Scope["names"]> {
    const asked = new Map<string, { right: NeededRight; project: string; name: string }>();
    for (const grant of this.#context.namedGrants(this.person)) {
      const verb = ["get", right.verb].find((one) => covers(grant, one, right));
      if (verb === undefined || whole.has(grant.project) || !fits(grant)) continue;
      for (const name of grant.names) {
        if (!this.#mayAskOf(grant.project, `${verb} ${right.group}/${right.resource} ${name}`)) break;
        asked.set(`${verb} ${grant.project}/${name}`, {
          right: { ...right, verb, name },
          project: grant.project,
          name,
        });
      }
    }
    const found = new NamesByProject();
    await Promise.all(
      [...asked.values()].map(async (one) => {
        if (await this.#ask(one.right, one.project)) found.add(one.project, one.name);
      }),
    );
    return found.names;
  }

  /** Whether a name that a role bound in `project` brings has a place among those asked about. */
  #mayAskOf(project: string, question: string): boolean {
    const asked = this.#namesAsked.get(project) ?? new Set();
    this.#namesAsked.set(project, asked);
    if (asked.has(question)) return true;
    if (asked.size >= (project === "" ? mostNames.cluster : mostNames.project)) return false;
    asked.add(question);
    return true;
  }

  /**
   * One decision per key for entries of a list: asked once per project, and by name only where a role of this person names
   * one of them; never per row.
   */
  async decisions<K extends string>(
    rights: Readonly<Record<K, NeededRight>>,
    entries: readonly { project: string; name: string }[],
    /** Whether a right is on the entry itself, so that a role may name it. */
    isOwn: (right: NeededRight) => boolean,
  ): Promise<(project: string, name: string) => Readonly<Record<K, boolean>> | undefined> {
    const keys = Object.keys(rights) as K[]; // keys of a Record<K, …>
    const table = await this.table(rights, [...new Set(entries.map(({ project }) => project))]);
    if (this.#context.namedGrants(this.person).length === 0) return (project) => table.get(project);
    const named = new Map<string, Record<K, boolean>>();
    await Promise.all(
      entries.map(async ({ project, name }) => {
        const may = table.get(project);
        const open = keys.filter(
          (key) => may?.[key] !== true && isOwn(rights[key]) && this.#isNamed(rights[key], project, name),
        );
        if (may === undefined || open.length === 0) return;
        const answers = await Promise.all(open.map(async (key) => this.can(rights[key], project, name)));
        const gained = Object.fromEntries(open.map((key, index) => [key, answers[index] === true]));
        named.set(`${project}/${name}`, { ...may, ...gained });
      }),
    );
    return (project, name) => named.get(`${project}/${name}`) ?? table.get(project);
  }

  /**
   * One decision per key, for each project: what rows offer. One question per project tells all of them, where the cluster
   * can list them; what it does not list is asked one by one where there may be more.
   */
  async table<K extends string>(
    rights: Readonly<Record<K, NeededRight>>,
    projects: readonly string[],
  ): Promise<ReadonlyMap<string, Readonly<Record<K, boolean>>>> {
    const keys = Object.keys(rights) as K[]; // keys of a Record<K, …>
    const anywhere = await this.#ask(anything, "");
    const manyProjects = projects.length > fewProjects;
    const wide =
      manyProjects && !anywhere
        ? await Promise.all(keys.map(async (key) => this.#ask(rights[key], "")))
        : keys.map(() => anywhere);
    const rows = await Promise.all(
      projects.map(async (project) => {
        const listed = wide.every(Boolean) ? unknownRules : await this.#listed(project);
        const byRules = decisionsBy(listed, rights);
        if (!listed.incomplete && !wide.some(Boolean)) return [project, byRules] as const;
        const answers = await Promise.all(
          keys.map(async (key, at) => {
            if (wide[at] === true || byRules[key]) return [key, true] as const;
            return [key, listed.incomplete && (await this.can(rights[key], project))] as const;
          }),
        );
        return [project, Object.fromEntries(answers) as Record<K, boolean>] as const; // one entry per key of K
      }),
    );
    return new Map(rows);
  }

  /** Only a person himself can ask for his rules. */
  async #listed(project: string): Promise<ProjectRules> {
    if (project === "" || !this.#reviewers.canListRules) return unknownRules;
    return this.#known(this.#rules, {
      key: project,
      send: async (timeoutMs) => this.#reviewers.rulesIn(project, timeoutMs),
      none: unknownRules,
    });
  }

  async #ask(right: NeededRight, project: string): Promise<boolean> {
    return this.#known(this.#answers, {
      key: `${right.verb} ${right.group}/${right.resource}/${right.subresource} ${right.name ?? ""} ${project}`,
      send: async (timeoutMs) => this.#reviewers.allows(right, project, timeoutMs),
      none: false,
    });
  }

  async #known<Value>(answers: Map<string, Answer<Value>>, question: Question<Value>): Promise<Value> {
    const { clock } = this.#context;
    const version = this.#context.rbacVersion();
    if (version !== this.#rbacVersion) {
      this.#rbacVersion = version;
      this.drop();
    }
    const nowMs = clock.monotonicMs();
    this.lastUsedMs = nowMs;
    const known = answers.get(question.key);
    if (known !== undefined) {
      const ageMs = nowMs - known.atMs;
      if (ageMs < ttlMs) {
        if (ageMs > renewAfterMs && known.asking === null) void this.#review(answers, question, known);
        return known.value;
      }
      if (this.awaySinceMs !== null && ageMs < outageMs) {
        if (known.asking === null && nowMs - known.triedAtMs > askAgainAfterMs)
          void this.#review(answers, question, known);
        return known.value;
      }
      if (known.asking !== null) return known.asking;
      if (ageMs < outageMs) return this.#review(answers, question, known);
    }
    const never = Number.NEGATIVE_INFINITY;
    const answer: Answer<Value> = { value: question.none, atMs: never, triedAtMs: never, asking: null };
    putNewest(answers, question.key, answer, maxAnswers);
    return this.#review(answers, question, answer);
  }

  #review<Value>(
    answers: Map<string, Answer<Value>>,
    { key, send, none }: Question<Value>,
    answer: Answer<Value>,
  ): Promise<Value> {
    const { clock } = this.#context;
    const askedMs = clock.monotonicMs();
    answer.triedAtMs = askedMs;
    const standsBy = askedMs - answer.atMs < outageMs;
    answer.asking = send(standsBy ? repeatedReviewTimeoutMs : reviewTimeoutMs)
      .then((value) => {
        const turned = answer.atMs !== Number.NEGATIVE_INFINITY && !isDeepStrictEqual(answer.value, value);
        answer.value = value;
        answer.atMs = askedMs;
        this.unknown = false;
        this.awaySinceMs = null;
        if (turned) for (const listener of this.#listeners) listener();
        return value;
      })
      .catch((error: unknown) => {
        this.unknown = true;
        if (isAway(error)) {
          this.awaySinceMs ??= clock.nowMs();
          if (clock.monotonicMs() - answer.atMs < outageMs) return answer.value;
        }
        answers.delete(key); // an error means no, now; the next question asks again
        return none;
      })
      .finally(() => {
        answer.asking = null;
      });
    return answer.asking;
  }
}
