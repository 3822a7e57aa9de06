/** What a console shows somebody, held against what he sees by the cluster's own answers: differences in words. */
import type { Sight } from "./cluster-answers.ts";
import type { Person } from "./console-under-test.ts";
import { LiveTab } from "./live-tab.ts";
import { kinds, type Listed, listed, projects } from "./rbac-kinds.ts";
import type { RbacWorld } from "./rbac-world.ts";
import type { Seen } from "./seen-by-cluster.ts";

/** In words, where names differ from what must and may be there. */
function differences(what: string, names: readonly string[], sights: ReadonlyMap<string, Sight>): string[] {
  const found = names.filter((name) => (sights.get(name) ?? "hidden") === "hidden");
  const missed = [...sights].filter(([name, sight]) => sight === "seen" && !names.includes(name));
  return [
    ...found.map((name) => `${what} shows ${name}`),
    ...missed.map(([name]) => `${what} lacks ${name}`),
    ...(new Set(names).size === names.length ? [] : [`${what} has names twice`]),
  ];
}

/** How the pages of a list are asked for. */
export interface Asked {
  /** May be one that is not there. */
  project: string | null;
  sort: string;
  pageSize: number;
}

const query = { q: "name:zq", pageSize: 200 };

async function pageOf(
  person: Person,
  which: Listed,
  query: { q: string; pageSize: number; project?: string; sort?: string; page?: number },
) {
  if (which === "vms") return person.call("listVms", { query });
  if (which === "disks") return person.call("listDisks", { query });
  if (which === "images") return person.call("listImages", { query });
  if (which === "hosts") return person.call("listHosts", { query });
  return person.call("listObjects", { params: { noun: which }, query });
}

const elsewhere = [
  "getTopology",
  "listTasks",
  "listActivity",
  "getTopMachines",
  "getCapabilities",
  "listVpcs",
  "listSubnets",
  "getHostHeat",
  "getCapacity",
  "getPlatformStatus",
  "listStorageClasses",
] as const;

/** Hidden things whose names other pages say. */
async function inPassing(person: Person, all: ReadonlyMap<string, Sight>): Promise<string[]> {
  const hidden = [...all].flatMap(([name, sight]) =>
    sight === "hidden" && !projects.includes(name) ? [name] : [],
  );
  const said = await Promise.all(
    elsewhere.map(async (operation) => {
      const text = JSON.stringify((await person.ask(operation)).body);
      return hidden.filter((name) => text.includes(name)).map((name) => `${operation} says ${name}`);
    }),
  );
  return said.flat();
}

/** Every list, count and search over HTTP against the cluster's answers. */
export async function overHttp(world: RbacWorld, person: Person, seen: Seen): Promise<string[]> {
  const wrong: string[] = [];
  const all = new Map<string, Sight>(seen.projects);
  for (const which of listed) {
    const sights = seen.lists.get(which) ?? new Map<string, Sight>();
    for (const [name, sight] of sights) all.set(name, sight);
    const page = await pageOf(person, which, query);
    const names = page.rows.map(({ name }) => name);
    wrong.push(...differences(which, names, sights));
    const unfiltered = names.length + (seen.others.get(which) ?? 0);
    if (page.total !== names.length) wrong.push(`${which} counts ${page.total} of ${names.length}`);
    if (page.totalUnfiltered !== unfiltered)
      wrong.push(`${which} counts ${page.totalUnfiltered} of ${unfiltered} without a query`);
    for (const [facet, counts] of Object.entries(page.facets ?? {})) {
      const sum = Object.values(counts).reduce((whole, count) => whole + count, 0);
      const counted = page.rows.filter(({ state }) => facet === "status" || state.tone === facet);
      if (sum !== counted.length) wrong.push(`${which} counts ${sum} of ${counted.length} by ${facet}`);
    }
  }
  const { rows } = await person.call("listProjects", { query });
  wrong.push(
    ...differences(
      "projects",
      rows.map(({ name }) => name),
      seen.projects,
    ),
  );
  for (const { name, virtualMachines } of rows) {
    const counted = seen.machinesOf.has(name) ? world.presentAt("vms", name).length : null;
    if ((virtualMachines?.total ?? null) !== counted)
      wrong.push(
        `${name} has ${virtualMachines?.total ?? "no"} machines of ${counted ?? "none to be counted"}`,
      );
  }
  const { hits } = await person.call("search", { query: { q: "zq -1", limit: 50 } });
  wrong.push(
    ...differences(
      "search",
      // roles that name what is looked for are found, too
      hits.map(({ title }) => title).filter((title) => title.startsWith("zq")),
      new Map([...all].filter(([name]) => name.endsWith("-1"))),
    ),
  );
  wrong.push(...(await inPassing(person, all)));
  const { feeds } = await person.call("getCapabilities");
  for (const which of listed) {
    const { plural, group } = kinds[which];
    const feed = feeds.find(({ resource }) => resource === (group === "" ? plural : `${plural}.${group}`));
    if ((feed?.objects ?? 0) > 0 && !seen.everywhere.has(which)) wrong.push(`the feed of ${which} counts`);
  }
  return wrong;
}

/** Every list in small pages, of one project or all, against the cluster's answers. */
export async function inPages(world: RbacWorld, person: Person, seen: Seen, asked: Asked): Promise<string[]> {
  const { project, sort, pageSize } = asked;
  const wrong: string[] = [];
  for (const which of listed) {
    const all = seen.lists.get(which) ?? new Map<string, Sight>();
    const isIn = (name: string) => project === null || world.presentAt(which, project).includes(name);
    const sights = new Map([...all].filter(([name]) => isIn(name)));
    const names: string[] = [];
    const totals = new Set<number>();
    let pages = 1;
    for (let page = 1; page <= pages; page += 1) {
      const reply = await pageOf(person, which, {
        q: "name:zq",
        sort,
        page,
        pageSize,
        ...(project === null ? {} : { project }),
      });
      names.push(...reply.rows.map(({ name }) => name));
      totals.add(reply.total);
      pages = Math.ceil(reply.total / pageSize);
    }
    const what = `${which} of ${project ?? "all projects"} by ${sort} in pages of ${pageSize}`;
    wrong.push(...differences(what, names, sights));
    if (totals.size !== 1 || !totals.has(names.length))
      wrong.push(`${what} counts ${[...totals].join(", ")} of ${names.length}`);
  }
  return wrong;
}

export async function follow(
  person: Person,
): Promise<Map<Listed, LiveTab<{ name: string; ref: { uid?: string } }>>> {
  const tabs = await Promise.all(
    listed.map(
      async (which) =>
        [
          which,
          await new LiveTab<{ name: string; ref: { uid?: string } }>(person).follow(which, "name:zq"),
        ] as const,
    ),
  );
  return new Map(tabs);
}

export function overStreams(tabs: Awaited<ReturnType<typeof follow>>, seen: Seen): string[] {
  return [...tabs].flatMap(([which, tab]) => {
    const names = tab.shown();
    const wrong = differences(`live ${which}`, names, seen.lists.get(which) ?? new Map());
    return tab.total === names.length
      ? wrong
      : [...wrong, `live ${which} counts ${tab.total} of ${names.length}`];
  });
}
