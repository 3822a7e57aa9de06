/**
 * Random roles and bindings: every list, count, search and stream of the console has for everybody exactly what the cluster itself
 * answers him when he asks with his own token. `SOAK=1` takes many.
 */
import type { KubeSim } from "@kubev/kube-sim/start";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubePath } from "../src/kube/kube-path.ts";
import { ClusterAnswers, type Sight } from "./cluster-answers.ts";
import { type ConsoleUnderTest, Person, startConsole, until } from "./console-under-test.ts";
import { LiveTab } from "./live-tab.ts";
import { type Grant, grants, rbacObjects } from "./random-grants.ts";
import {
  instances,
  kinds,
  type Listed,
  listed,
  namespaces,
  objectOf,
  objectsAt,
  places,
  projects,
  startRbacWorld,
} from "./rbac-world.ts";

const soak = process.env["SOAK"] === "1";
const seed = Number(process.env["RBAC_SEED"] ?? 20_261_123);
const numRuns = soak ? 300 : 5;
/** How long a right may take to show. */
const limitMs = 10_000;
const groups = { bob: ["team-1"], viewer: ["team-1", "team-2"] };

let sim: KubeSim;
let cut: ConsoleUnderTest;
/** Everybody who asks. */
const people: { who: string; token: string; person: Person }[] = [];
/** Names of objects that came after the others, by kind and place. */
const added = new Map<string, string>();
/** What else is there, by kind and project: how many. */
const others = new Map<Listed, Map<string, number>>();
let runs = 0;
let inForce: ReturnType<typeof rbacObjects> = [];

const pathOf = ({ apiVersion, kind, metadata }: { apiVersion: string; kind: string; metadata: object }) => {
  const { name, namespace } = metadata as { name: string; namespace?: string };
  const root = apiVersion.includes("/") ? ["apis", ...apiVersion.split("/")] : ["api", apiVersion];
  const at = namespace === undefined ? [] : ["namespaces", namespace];
  return kubePath(...root, ...at, `${kind.toLowerCase()}s`, name);
};

beforeAll(async () => {
  sim = await startRbacWorld();
  cut = await startConsole({ sim, env: { SHARED_IMAGES_PROJECT: "" } });
  for (const [name, of] of Object.entries(groups)) sim.setGroups(name, of);
  const robot = /token: "?([^"\s]+)/.exec(await sim.serviceAccountKubeconfig("zq-a", "robot"));
  const tokens = [
    ...sim.users.filter(({ name }) => name in groups).map(({ name, token }) => ({ who: name, token })),
    { who: "robot", token: robot?.[1] ?? "" },
  ];
  for (const { who, token } of tokens) {
    const person = new Person(cut.url);
    await person.call("signInWithToken", { body: { token } });
    people.push({ who, token, person });
  }
  for (const which of listed) {
    const { root, plural } = kinds[which];
    const { items } = await cut.app.services.service.json<{
      items: { metadata: { name: string; namespace?: string } }[];
    }>(kubePath(...root.split("/"), plural));
    const counts = new Map<string, number>();
    for (const { metadata } of items)
      if (!metadata.name.startsWith("zq-"))
        counts.set(metadata.namespace ?? "", (counts.get(metadata.namespace ?? "") ?? 0) + 1);
    others.set(which, counts);
  }
});
afterAll(async () => {
  await cut.close();
  await sim.close();
});

const presentAt = (which: Listed, project: string): string[] => {
  const more = added.get(`${which} ${project}`);
  return [...objectsAt(which, project), ...(more === undefined ? [] : [more])];
};

async function putInForce(given: readonly Grant[]): Promise<void> {
  for (const object of inForce) await cut.app.services.service.done(pathOf(object), { method: "DELETE" });
  runs += 1;
  inForce = rbacObjects(given, runs);
  sim.seed(inForce);
}

/** What somebody sees by the cluster's own answers. */
interface Seen {
  lists: Map<Listed, Map<string, Sight>>;
  projects: Map<string, Sight>;
  /** Machines of a project may be counted. */
  machinesOf: Set<string>;
  /** Of each list, beside what is in our projects. */
  others: Map<Listed, number>;
}

const both = (one: Sight, other: Sight): Sight => {
  if (one === "hidden" || other === "hidden") return "hidden";
  return one === "seen" && other === "seen" ? "seen" : "open";
};

async function seenBy(token: string): Promise<Seen> {
  const answers = new ClusterAnswers(sim, token);
  const seen: Seen = { lists: new Map(), projects: new Map(), machinesOf: new Set(), others: new Map() };
  for (const which of listed) {
    const sights = new Map<string, Sight>();
    const sightOf = async (project: string, name: string) => {
      const own = await answers.sight(kinds[which], project, name);
      return which === "vms" ? both(own, await answers.sight(instances, project, name)) : own;
    };
    await Promise.all(
      places(which).flatMap((project) =>
        presentAt(which, project).map(async (name) => sights.set(name, await sightOf(project, name))),
      ),
    );
    seen.lists.set(which, sights);
    let more = 0;
    for (const [project, count] of others.get(which) ?? [])
      if (
        (await answers.lists(kinds[which], "")) ||
        (project !== "" && (await answers.lists(kinds[which], project)))
      )
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

const query = { q: "name:zq", pageSize: 200 };

async function pageOf(person: Person, which: Listed) {
  if (which === "vms") return person.call("listVms", { query });
  if (which === "disks") return person.call("listDisks", { query });
  if (which === "images") return person.call("listImages", { query });
  if (which === "hosts") return person.call("listHosts", { query });
  return person.call("listObjects", { params: { noun: which }, query });
}

/** Every list, count and search over HTTP against the cluster's answers. */
async function overHttp(person: Person, seen: Seen): Promise<string[]> {
  const wrong: string[] = [];
  const all = new Map<string, Sight>(seen.projects);
  for (const which of listed) {
    const sights = seen.lists.get(which) ?? new Map<string, Sight>();
    for (const [name, sight] of sights) all.set(name, sight);
    const page = await pageOf(person, which);
    const names = page.rows.map(({ name }) => name);
    wrong.push(...differences(which, names, sights));
    const unfiltered = names.length + (seen.others.get(which) ?? 0);
    if (page.total !== names.length) wrong.push(`${which} counts ${page.total} of ${names.length}`);
    if (page.totalUnfiltered !== unfiltered)
      wrong.push(`${which} counts ${page.totalUnfiltered} of ${unfiltered} without a query`);
    for (const facet of Object.values(page.facets ?? {})) {
      const sum = Object.values(facet).reduce((whole, count) => whole + count, 0);
      if (sum !== names.length) wrong.push(`${which} counts ${sum} of ${names.length} by state`);
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
    const counted = seen.machinesOf.has(name) ? presentAt("vms", name).length : null;
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
  return wrong;
}

async function follow(
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

function overStreams(tabs: Awaited<ReturnType<typeof follow>>, seen: Seen): string[] {
  return [...tabs].flatMap(([which, tab]) => {
    const names = tab.shown();
    const wrong = differences(`live ${which}`, names, seen.lists.get(which) ?? new Map());
    return tab.total === names.length
      ? wrong
      : [...wrong, `live ${which} counts ${tab.total} of ${names.length}`];
  });
}

/** The last differences within the time that they may take to go. */
async function left(who: string, find: () => Promise<string[]>): Promise<string[]> {
  let found: string[] = [];
  await until(async () => {
    found = await find();
    return found.length === 0;
  }, limitMs).catch(() => {});
  return found.map((difference) => `${who}: ${difference}`);
}

/** Comes, or goes again: one object of a kind in each of its places. */
async function toggle(which: Listed): Promise<void> {
  for (const project of places(which)) {
    const key = `${which} ${project}`;
    const name = objectsAt(which, project)[0]?.replace(/1$/, "3") ?? "";
    if (added.has(key)) {
      added.delete(key);
      const { root, plural } = kinds[which];
      const at = project === "" ? [] : ["namespaces", project];
      await cut.app.services.service.done(kubePath(...root.split("/"), ...at, plural, name), {
        method: "DELETE",
      });
    } else {
      added.set(key, name);
      sim.seed([objectOf(which, project, name)]);
    }
  }
}

test(`${numRuns} worlds of random roles (seed ${seed})`, {
  timeout: soak ? 3_600_000 : 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      grants,
      grants,
      fc.subarray([...listed], { minLength: 1, maxLength: 3 }),
      async (first, second, moving) => {
        await putInForce(first);
        const wrong: string[] = [];
        const following: { who: string; token: string; tabs: Awaited<ReturnType<typeof follow>> }[] = [];
        for (const { who, token, person } of people) {
          const seen = await seenBy(token);
          wrong.push(...(await left(who, async () => overHttp(person, seen))));
          following.push({ who, token, tabs: await follow(person) });
        }
        const compareStreams = async () => {
          for (const { who, token, tabs } of following) {
            const seen = await seenBy(token);
            wrong.push(...(await left(who, async () => overStreams(tabs, seen))));
          }
        };
        for (const which of moving) await toggle(which);
        await compareStreams();
        // a look every five seconds finds what changed: in the short run once
        if (soak || runs === 1) {
          await putInForce(second);
          await compareStreams();
        }
        for (const { tabs } of following) for (const { socket } of tabs.values()) socket.close();
        expect(wrong).toEqual([]);
      },
    ),
    { seed, numRuns, endOnFailure: true },
  );
});
