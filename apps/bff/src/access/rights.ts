/**
 * What one person may do, by the cluster's own answers: access reviews, cluster-wide first, then per project; how long each
 * holds is said by `answers.ts`. All are dropped when RBAC changes.
 */
import type { NeededRight } from "../domain/vm-actions.ts";
import type { Person } from "../identity/session.ts";
import type { Clock } from "../kube/clock.ts";
import { Answers, AnswerState } from "./answers.ts";
import type { NamedGrant } from "./named-grants.ts";
import { covers } from "./named-grants.ts";
import { type Reviewer, Reviewers, type ReviewWay } from "./reviewers.ts";
import { allowedBy, decisionsBy, noProject, type ProjectRules, unknownRules } from "./rules.ts";
import { type Scope, everything, NamesByProject } from "./scope.ts";

/** By then lists look again: until then nothing more is asked of what was answered. */
const aloneMs = 3000;
/** What the rules say as well is asked alone again after so many renewals of the rules: an authorizer might list them wrongly. */
const aloneAgainAfter = 15;
/** Up to so many are asked about one by one; for more it is first asked what is allowed everywhere. */
const fewProjects = 4;
/**
 * Names that lists ask the cluster about, of all kinds, by where the role is bound; beyond it the rest is cut. Whoever may bind roles in
 * one project, to anybody, neither floods the cluster with them nor takes the place of other projects' names.
 */
const mostNames = { project: 250, cluster: 2000 };

export interface RightsContext extends ReviewWay {
  clock: Clock;
  /** Projects in which role bindings name this person, or all known where bindings cannot be read. */
  candidates: (person: Person) => readonly string[];
  /** All that there are. */
  knownProjects: () => readonly string[];
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
  readonly #state = new AnswerState();
  /** Of each right alone. */
  readonly #alone: Answers<boolean>;
  /** By project. */
  readonly #rules: Answers<ProjectRules>;
  /** What lists ask about by name, by the project of the role. */
  readonly #namesAsked = new Map<string, Set<string>>();
  #rbacVersion: number;
  lastUsedMs: number;

  constructor(person: Person, context: RightsContext) {
    this.person = person;
    this.#context = context;
    this.#reviewers = new Reviewers(person, context);
    this.#alone = new Answers(context.clock, this.#state, false);
    this.#rules = new Answers(context.clock, this.#state, unknownRules, true);
    this.#rbacVersion = context.rbacVersion();
    this.lastUsedMs = context.clock.monotonicMs();
  }

  useReviewer(sessionHash: string, reviewer: Reviewer): void {
    this.#reviewers.use(sessionHash, reviewer);
  }

  forgetReviewer(sessionHash: string): void {
    this.#reviewers.forget(sessionHash);
  }

  /** True while the cluster could not be asked: what is denied now may in truth be allowed. */
  get unknown(): boolean {
    return this.#state.unknown;
  }

  /** Since when decisions are older than they should be (epoch ms), because the cluster cannot be reached; else null. */
  get awaySinceMs(): number | null {
    return this.#state.awaySinceMs;
  }

  /** For open sockets: what they use is renewed, and a decision that is another than before is told. @returns what ends it */
  onChange(listener: () => void): () => void {
    this.#state.listeners.add(listener);
    return () => this.#state.listeners.delete(listener);
  }

  /** Begins to ask again what open sockets use, where it is due. */
  renew(): void {
    if (this.#state.listeners.size === 0) return;
    this.#alone.renewUsed();
    this.#rules.renewUsed();
  }

  /** Forgets every answer, e.g. because RBAC changed. */
  drop(): void {
    this.#alone.clear();
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

  /** The projects of a scope, one by one where it is of all of them. */
  projectsOf(scope: Scope): ReadonlySet<string> {
    return scope.all ? new Set(this.#context.knownProjects()) : scope.projects;
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
  async #listed(project: string, isBacked = false): Promise<ProjectRules> {
    if (project === "" || !this.#reviewers.canListRules) return unknownRules;
    this.#noticeChanges();
    return this.#rules.known(project, async (timeoutMs) => this.#reviewers.rulesIn(project, timeoutMs), {
      isBacked,
    });
  }

  /**
   * First the cluster is asked about this right alone. From then on the rules of the project, one question for all rights,
   * renew what was answered as long as they are complete and say the same; those of no project are of the whole cluster.
   */
  async #ask(right: NeededRight, project: string): Promise<boolean> {
    this.#noticeChanges();
    const key = `${right.verb} ${right.group}/${right.resource}/${right.subresource} ${right.name ?? ""} ${project}`;
    const send = async (timeoutMs: number) => this.#reviewers.allows(right, project, timeoutMs);
    const alone = this.#alone.last(key);
    if (alone === undefined || !this.#reviewers.canListRules) return this.#alone.known(key, send);
    const place = project === "" ? noProject : project;
    const ageMs = this.#context.clock.monotonicMs() - alone.atMs;
    const mayWait = ageMs < aloneMs || this.#state.awaySinceMs !== null;
    if (mayWait && this.#rules.last(place) === undefined) return this.#alone.known(key, send);
    const listed = await this.#listed(place, true);
    // rules that could not be had anew decide nothing: the cluster may well answer what is asked alone
    if (listed.incomplete || !this.#rules.isFresh(place)) return this.#alone.known(key, send);
    const listedAtMs = this.#rules.last(place)?.atMs ?? 0;
    if (allowedBy(listed, right) !== alone.value) {
      const allowed = await this.#alone.known(key, send, { after: listedAtMs });
      // what newer rules take is not held on to because nobody answers whether they are right
      return allowed && (allowedBy(listed, right) || (this.#alone.last(key)?.atMs ?? 0) >= listedAtMs);
    }
    alone.isUsed = false;
    if (ageMs > alone.renewAfterMs * aloneAgainAfter) this.#alone.renew(key, alone);
    return alone.value;
  }

  #noticeChanges(): void {
    this.lastUsedMs = this.#context.clock.monotonicMs();
    const version = this.#context.rbacVersion();
    if (version === this.#rbacVersion) return;
    this.#rbacVersion = version;
    this.drop();
  }
}
