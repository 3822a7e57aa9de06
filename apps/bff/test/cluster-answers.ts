/** What the cluster itself answers somebody who asks it with his own token: read by HTTPS alone, with no code of the console. */
import { Agent, request } from "node:https";
import type { KubeSim } from "@kubev/kube-sim/start";

/** Where objects of a kind lie in the cluster's URLs. */
export interface ClusterKind {
  /** `api/v1` or `apis/GROUP/VERSION`. */
  root: string;
  plural: string;
  namespaced: boolean;
}

/**
 * Whether somebody may see an object: `open` where he may read the single object, as he may every other one of its kind there,
 * whose list he is refused. No list of the cluster has it, and no role names it: a list of the console may have it or not.
 */
export type Sight = "seen" | "hidden" | "open";

/** Of no object. */
const probe = "not-the-name-of-anything";

export class ClusterAnswers {
  readonly #sim: KubeSim;
  readonly #token: string;
  readonly #agent: Agent;
  readonly #statuses = new Map<string, Promise<number>>();

  constructor(sim: KubeSim, token: string) {
    this.#sim = sim;
    this.#token = token;
    this.#agent = new Agent({ ca: sim.caPem, keepAlive: true });
  }

  close(): void {
    this.#agent.destroy();
  }

  async #status(path: string): Promise<number> {
    const known = this.#statuses.get(path);
    if (known !== undefined) return known;
    const asking = new Promise<number>((resolve, reject) => {
      const sent = request(
        `${this.#sim.url}/${path}`,
        { agent: this.#agent, headers: { authorization: `Bearer ${this.#token}` } },
        (answer) => {
          answer.resume();
          answer.on("end", () => resolve(answer.statusCode ?? 0));
        },
      );
      sent.on("error", reject);
      sent.end();
    });
    this.#statuses.set(path, asking);
    return asking;
  }

  /** True when he may list all of a kind, of a project or with '' of the cluster. */
  async lists({ root, plural }: ClusterKind, project: string): Promise<boolean> {
    return (
      (await this.#status(`${root}/${project === "" ? "" : `namespaces/${project}/`}${plural}?limit=1`)) ===
      200
    );
  }

  /** True when he reads this object of the cluster. */
  async reads({ root, plural }: ClusterKind, name: string): Promise<boolean> {
    return (await this.#status(`${root}/${plural}/${name}`)) === 200;
  }

  /** Of an object of this name, whether it is there or not; `project` is '' for what lies in none. */
  async sight(kind: ClusterKind, project: string, name: string): Promise<Sight> {
    if (await this.lists(kind, "")) return "seen";
    if (kind.namespaced && (await this.lists(kind, project))) return "seen";
    const at = `${kind.root}/${kind.namespaced ? `namespaces/${project}/` : ""}${kind.plural}`;
    if ((await this.#status(`${at}?fieldSelector=metadata.name%3D${name}`)) === 200) return "seen";
    if ((await this.#status(`${at}/${name}`)) === 403) return "hidden";
    return (await this.#status(`${at}/${probe}`)) === 403 ? "seen" : "open";
  }
}
