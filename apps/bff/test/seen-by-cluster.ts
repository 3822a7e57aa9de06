/** What somebody sees of a world of random roles, by the cluster's own answers. */
import { ClusterAnswers, type Sight } from "./cluster-answers.ts";
import { instances, kinds, type Listed, listed, namespaces, places, projects } from "./rbac-kinds.ts";
import type { RbacWorld } from "./rbac-world.ts";

/** What somebody sees by the cluster's own answers. */
export interface Seen {
  lists: Map<Listed, Map<string, Sight>>;
  projects: Map<string, Sight>;
  /** Machines of a project may be counted. */
  machinesOf: Set<string>;
  /** Kinds that may be listed, and so counted, of the whole cluster. */
  everywhere: Set<Listed>;
  /** Of each list, beside what is in our projects. */
  others: Map<Listed, number>;
}

const both = (one: Sight, other: Sight): Sight => {
  if (one === "hidden" || other === "hidden") return "hidden";
  return one === "seen" && other === "seen" ? "seen" : "open";
};

export async function seenBy(world: RbacWorld, token: string): Promise<Seen> {
  const answers = new ClusterAnswers(world.sim, token);
  const seen: Seen = {
    lists: new Map(),
    projects: new Map(),
    machinesOf: new Set(),
    everywhere: new Set(),
    others: new Map(),
  };
  for (const which of listed) {
    const sights = new Map<string, Sight>();
    const sightOf = async (project: string, name: string) => {
      const own = await answers.sight(kinds[which], project, name);
      return which === "vms" ? both(own, await answers.sight(instances, project, name)) : own;
    };
    await Promise.all(
      places(which).flatMap((project) =>
        world.presentAt(which, project).map(async (name) => sights.set(name, await sightOf(project, name))),
      ),
    );
    seen.lists.set(which, sights);
    if (await answers.lists(kinds[which], "")) seen.everywhere.add(which);
    let more = 0;
    for (const [project, count] of world.others.get(which) ?? [])
      if (seen.everywhere.has(which) || (project !== "" && (await answers.lists(kinds[which], project))))
        more += count;
    seen.others.set(which, more);
  }
  for (const project of projects) {
    if (await answers.lists(kinds.vms, project)) seen.machinesOf.add(project);
    const readable = await answers.reads(namespaces, project);
    if (readable || seen.machinesOf.has(project)) seen.projects.set(project, "seen");
    else seen.projects.set(project, (await answers.lists(namespaces, "")) ? "open" : "hidden");
  }
  answers.close();
  return seen;
}
