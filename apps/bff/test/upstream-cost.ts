/** What somebody's question costs: the requests that reach the cluster, in whoever's name, and those that reach a Prometheus. */
import type { SeenRequest } from "@kubev/kube-sim/start";
import type { CountedPrometheus } from "./counted-prometheus.ts";
import { type ConsoleUnderTest, type Person, until } from "./console-under-test.ts";

const quietMs = 250;

/**
 * What the console asks whatever anybody does: it watches, asks every few seconds whether the cluster is there and whether a
 * token still holds, and twice a minute for usage.
 */
const byItself =
  /[?&]watch=|\/selfsubjectreviews$|^\/version$|^\/apis\/metrics\.k8s\.io\/v1beta1\/(?:nodes|pods)\?/;

export class UpstreamCost {
  readonly #cut: ConsoleUnderTest;
  #seen: SeenRequest[] = [];
  #lastMs = 0;

  constructor(cut: ConsoleUnderTest, prometheus?: CountedPrometheus) {
    this.#cut = cut;
    const count = (request: SeenRequest) => {
      this.#seen.push(request);
      this.#lastMs = performance.now();
    };
    cut.sim.onRequest((request) => {
      if (!byItself.test(request.url)) count(request);
    });
    prometheus?.onQuestion((question) => count({ method: "PROMETHEUS", url: question, user: "" }));
  }

  /** From now on, with nothing known of what this person may do. */
  async begin(person: Person): Promise<void> {
    const { sessions, callers } = this.#cut.app.services;
    const id = person.cookie.slice(person.cookie.indexOf("=") + 1);
    const session = await sessions.find(id, false);
    if (typeof session === "string") throw new Error(`The session is ${session}`);
    callers.of(session, id).rights.drop();
    this.#seen = [];
  }

  /** Waits for what is asked beside or behind the answer, too. */
  async settled(): Promise<void> {
    await until(() => performance.now() - this.#lastMs > quietMs);
  }

  /** METHOD and path of each, sorted, with the name of whoever else's account asks: the console's own may, and must be seen to. */
  of(user: string): string[] {
    return this.#seen
      .map((request) => `${request.user === user ? "" : `${request.user}: `}${request.method} ${request.url}`)
      .toSorted();
  }
}
