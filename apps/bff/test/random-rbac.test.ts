/**
 * Random roles and bindings: every list, count, search and stream of the console has for everybody exactly what the cluster itself
 * answers him when he asks with his own token. `SOAK=1` takes many.
 */
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Asked, follow, inPages, overHttp, overStreams } from "./console-shows.ts";
import { Person, until } from "./console-under-test.ts";
import { grants } from "./random-grants.ts";
import { listed, projects } from "./rbac-kinds.ts";
import { RbacWorld } from "./rbac-world.ts";
import { seenBy } from "./seen-by-cluster.ts";

const soak = process.env["SOAK"] === "1";
const seed = Number(process.env["RBAC_SEED"] ?? 20_261_123);
const numRuns = soak ? 100 : 6;
const asked: fc.Arbitrary<Asked> = fc.record({
  project: fc.option(fc.constantFrom(...projects, "zq-none"), { freq: 3 }),
  sort: fc.constantFrom("name", "-name"),
  pageSize: fc.integer({ min: 1, max: 5 }),
});
/** How long a right may take to show. */
const limitMs = 10_000;
const groups = { bob: ["team-1"], viewer: ["team-1", "team-2"] };

/** The last differences within the time that they may take to go. */
async function left(who: string, find: () => Promise<string[]>): Promise<string[]> {
  let found: string[] = [];
  await until(async () => {
    found = await find().catch((error: unknown) => [String(error)]);
    return found.length === 0;
  }, limitMs).catch(() => {});
  return found.map((difference) => `${who}: ${difference}`);
}

describe.each(soak ? ["passthrough", "impersonate"] : ["passthrough"])("acting mode %s", (mode) => {
  let world: RbacWorld;
  /** Everybody who asks. */
  const people: { who: string; token: string; person: Person }[] = [];

  beforeAll(async () => {
    world = await RbacWorld.start(mode);
    const { sim, cut } = world;
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
  });
  afterAll(async () => world.close());

  test(`${numRuns} worlds of random roles (seed ${seed})`, {
    timeout: soak ? 3_600_000 : 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        grants,
        grants,
        fc.subarray([...listed], { minLength: 1, maxLength: 3 }),
        fc.array(asked, { minLength: 2, maxLength: 2 }),
        async (first, second, moving, ways) => {
          await world.putInForce(first);
          const wrong: string[] = [];
          const following: { who: string; token: string; tabs: Awaited<ReturnType<typeof follow>> }[] = [];
          for (const { who, token, person } of people) {
            const seen = await seenBy(world, token);
            wrong.push(...(await left(who, async () => overHttp(world, person, seen))));
            for (const way of ways)
              wrong.push(...(await left(who, async () => inPages(world, person, seen, way))));
            following.push({ who, token, tabs: await follow(person) });
          }
          const compareStreams = async () => {
            for (const { who, token, tabs } of following) {
              const seen = await seenBy(world, token);
              wrong.push(...(await left(who, async () => overStreams(tabs, seen))));
            }
          };
          for (const which of moving) await world.toggle(which);
          await compareStreams();
          // a look every five seconds finds what changed: in the short run once
          if (soak || world.runs === 1) {
            await world.putInForce(second);
            await compareStreams();
          }
          for (const { tabs } of following) for (const { socket } of tabs.values()) socket.close();
          expect(wrong).toEqual([]);
        },
      ),
      { seed, numRuns, endOnFailure: true },
    );
  });
});
