/** Who asks the cluster what one person may do, and how each review is sent. */
import type { NeededRight } from "../domain/vm-actions.ts";
import { type Person, SessionLostError } from "../identity/session.ts";
import type { KubeClient } from "../kube/kube-client.ts";
import { KubeError } from "../kube/kube-error.ts";
import { type KubePath, kubePath } from "../kube/kube-path.ts";
import { putNewest } from "./put-newest.ts";
import type { ReviewQueue } from "./review-queue.ts";
import { type ProjectRules, rulesOf, type RulesStatus, unknownRules } from "./rules.ts";

/** How a review is asked: as the person himself, or by the service about him. */
export type Reviewer = { kind: "self"; client: KubeClient } | { kind: "subject"; service: KubeClient };

/** What every review goes through. */
export interface ReviewWay {
  queue: ReviewQueue;
  onReview: () => void;
}

const mostReviewers = 4;

export class Reviewers {
  readonly #person: Person;
  readonly #way: ReviewWay;
  /** The session used last at the end: it asks first. Who never signs out leaves no more than these behind. */
  readonly #bySession = new Map<string, Reviewer>();

  constructor(person: Person, way: ReviewWay) {
    this.#person = person;
    this.#way = way;
  }

  use(sessionHash: string, reviewer: Reviewer): void {
    putNewest(this.#bySession, sessionHash, reviewer, mostReviewers);
  }

  forget(sessionHash: string): void {
    this.#bySession.delete(sessionHash);
  }

  /** Only a person himself can ask for his rules. */
  get canListRules(): boolean {
    return ![...this.#bySession.values()].some(({ kind }) => kind === "subject");
  }

  /** @throws KubeError, KubeUnreachableError, SessionLostError where nobody can ask any more */
  async allows(right: NeededRight, project: string, timeoutMs: number): Promise<boolean> {
    return this.#askWithAny(async (reviewer) => this.#sendAs(reviewer, right, project, timeoutMs));
  }

  /** A cluster that does not list rules is one answer among others. @throws as `allows` */
  async rulesIn(project: string, timeoutMs: number): Promise<ProjectRules> {
    try {
      return await this.#askWithAny(async (reviewer) => this.#sendRules(reviewer, project, timeoutMs));
    } catch (error) {
      if (error instanceof KubeError && (error.status === 403 || error.status === 404)) return unknownRules;
      throw error;
    }
  }

  /** Asked by the session used last; where its credential has just ended, by another of the same person. */
  async #askWithAny<Value>(ask: (reviewer: Reviewer) => Promise<Value>): Promise<Value> {
    const [reviewer, ...others] = [...this.#bySession.values()].toReversed();
    if (reviewer === undefined) throw new SessionLostError("Nobody of this name is signed in any more");
    try {
      return await ask(reviewer);
    } catch (error) {
      const ended = error instanceof SessionLostError || (error instanceof KubeError && error.status === 401);
      const [next] = others;
      if (!ended || next === undefined) throw error;
      return ask(next);
    }
  }

  async #post<Status>(
    client: KubeClient,
    path: KubePath,
    body: unknown,
    timeoutMs: number,
    aside = false,
  ): Promise<Status | undefined> {
    const { queue, onReview } = this.#way;
    const review = await queue.ask(timeoutMs, async () => {
      onReview();
      return client.json<{ status?: Status }>(path, { method: "POST", timeoutMs, asks: true, aside, body });
    });
    return review.status;
  }

  async #sendRules(reviewer: Reviewer, project: string, timeoutMs: number): Promise<ProjectRules> {
    if (reviewer.kind === "subject") return unknownRules;
    const status = await this.#post<RulesStatus>(
      reviewer.client,
      kubePath("apis", "authorization.k8s.io", "v1", "selfsubjectrulesreviews"),
      { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace: project } },
      timeoutMs,
      true, // each right can be asked alone as well
    );
    return rulesOf(status);
  }

  async #sendAs(
    reviewer: Reviewer,
    right: NeededRight,
    project: string,
    timeoutMs: number,
  ): Promise<boolean> {
    const self = reviewer.kind === "self";
    const person = this.#person;
    const kind = self ? "SelfSubjectAccessReview" : "SubjectAccessReview";
    const status = await this.#post<{ allowed?: boolean }>(
      reviewer.kind === "self" ? reviewer.client : reviewer.service,
      kubePath(
        "apis",
        "authorization.k8s.io",
        "v1",
        self ? "selfsubjectaccessreviews" : "subjectaccessreviews",
      ),
      {
        apiVersion: "authorization.k8s.io/v1",
        kind,
        spec: {
          resourceAttributes: {
            verb: right.verb,
            group: right.group,
            resource: right.resource,
            ...(right.subresource === "" ? {} : { subresource: right.subresource }),
            ...(right.name === undefined ? {} : { name: right.name }),
            ...(project === "" ? {} : { namespace: project }),
          },
          ...(self
            ? {}
            : {
                user: person.userName,
                groups: person.groups,
                uid: person.uid ?? "",
                extra: person.extra ?? {},
              }),
        },
      },
      timeoutMs,
    );
    return status?.allowed === true;
  }
}
