/** What somebody's question costs the cluster: the requests that reach it in his name, or about him. */
import type { SeenRequest } from "@kubev/kube-sim/start";
import { type ConsoleUnderTest, type Person, until } from "./console-under-test.ts";

const quietMs = 250;

export class UpstreamCost {
  readonly #cut: ConsoleUnderTest;
  #seen: SeenRequest[] = [];
  #lastMs = 0;

  constructor(cut: ConsoleUnderTest) {
    this.#cut = cut;
    cut.sim.onRequest((request) => {
      // the console watches, and asks every eight seconds whether a token still holds, whatever anybody does
      if (/[?&]watch=|\/selfsubjectreviews$/.test(request.url)) return;
      this.#seen.push(request);
      this.#lastMs = performance.now();
    });
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

  /** METHOD and path of each, sorted; reviews by the console's own account, as in `impersonate`, are taken for this person's. */
  of(user: string): string[] {
    return this.#seen
      .filter((request) => request.user === user || request.url.endsWith("/subjectaccessreviews"))
      .map(({ method, url }) => `${method} ${url}`)
      .toSorted();
  }
}
