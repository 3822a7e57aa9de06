/** A small world of objects under random roles, with a console over it. */
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { kubePath } from "../src/kube/kube-path.ts";
import { type ConsoleUnderTest, startConsole } from "./console-under-test.ts";
import { type Grant, rbacObjects } from "./random-grants.ts";
import { kinds, type Listed, listed, objectOf, objectsAt, places, projects } from "./rbac-kinds.ts";

const pathOf = ({ apiVersion, kind, metadata }: { apiVersion: string; kind: string; metadata: object }) => {
  const { name, namespace } = metadata as { name: string; namespace?: string };
  const root = apiVersion.includes("/") ? ["apis", ...apiVersion.split("/")] : ["api", apiVersion];
  const at = namespace === undefined ? [] : ["namespaces", namespace];
  return kubePath(...root, ...at, `${kind.toLowerCase()}s`, name);
};

/** Everything that roles can be about, and the service account `robot`. */
async function startSim(): Promise<KubeSim> {
  const sim = await startKubeSim({
    dataDir: null,
    scenario: "empty",
    machines: "stand-in",
    controllers: false,
  });
  sim.seed(
    projects.map((name) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
      status: { phase: "Active" },
    })),
  );
  for (const which of listed)
    sim.seed(
      places(which).flatMap((project) =>
        objectsAt(which, project).map((name) => objectOf(which, project, name)),
      ),
    );
  sim.seed([{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot", namespace: "zq-a" } }]);
  return sim;
}

export class RbacWorld {
  readonly sim: KubeSim;
  readonly cut: ConsoleUnderTest;
  /** What else is there, by kind and project: how many. */
  readonly others = new Map<Listed, Map<string, number>>();
  /** How often roles were put in force. */
  runs = 0;
  /** Names of objects that came after the others, by kind and place. */
  readonly #added = new Map<string, string>();
  #inForce: ReturnType<typeof rbacObjects> = [];

  private constructor(sim: KubeSim, cut: ConsoleUnderTest) {
    this.sim = sim;
    this.cut = cut;
  }

  static async start(actingMode: string): Promise<RbacWorld> {
    const sim = await startSim();
    const cut = await startConsole({ sim, env: { SHARED_IMAGES_PROJECT: "", ACTING_MODE: actingMode } });
    const world = new RbacWorld(sim, cut);
    for (const which of listed) {
      const { root, plural } = kinds[which];
      const { items } = await world.cut.app.services.service.json<{
        items: { metadata: { name: string; namespace?: string } }[];
      }>(kubePath(...root.split("/"), plural));
      const counts = new Map<string, number>();
      for (const { metadata } of items)
        if (!metadata.name.startsWith("zq-"))
          counts.set(metadata.namespace ?? "", (counts.get(metadata.namespace ?? "") ?? 0) + 1);
      world.others.set(which, counts);
    }
    return world;
  }

  async close(): Promise<void> {
    await this.cut.close();
    await this.sim.close();
  }

  presentAt(which: Listed, project: string): string[] {
    const more = this.#added.get(`${which} ${project}`);
    return [...objectsAt(which, project), ...(more === undefined ? [] : [more])];
  }

  async putInForce(given: readonly Grant[]): Promise<void> {
    const { service } = this.cut.app.services;
    for (const object of this.#inForce) await service.done(pathOf(object), { method: "DELETE" });
    this.runs += 1;
    this.#inForce = rbacObjects(given, this.runs);
    this.sim.seed(this.#inForce);
  }

  /** Comes, or goes again: one object of a kind in each of its places. */
  async toggle(which: Listed): Promise<void> {
    for (const project of places(which)) {
      const key = `${which} ${project}`;
      const name = objectsAt(which, project)[0]?.replace(/1$/, "3") ?? "";
      if (this.#added.has(key)) {
        this.#added.delete(key);
        const { root, plural } = kinds[which];
        const at = project === "" ? [] : ["namespaces", project];
        await this.cut.app.services.service.done(kubePath(...root.split("/"), ...at, plural, name), {
          method: "DELETE",
        });
      } else {
        this.#added.set(key, name);
        this.sim.seed([objectOf(which, project, name)]);
      }
    }
  }
}
