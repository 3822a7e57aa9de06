/** What may happen to a cluster and on the way to it, as commands of a model: any sequence of them is a test. */
import type { KubeSim } from "@kubev/kube-sim/start";
import type { Arbitrary, AsyncCommand } from "fast-check";
import * as fc from "fast-check";
import type { FaultWorld, ModelKindName } from "./fault-world.ts";
import { modelKindNames, modelKinds } from "./fault-world.ts";

type Fault = Parameters<KubeSim["faults"]["add"]>[0];
type FaultEffect = Fault["effect"];

/** The world is the model too: it knows what is stored, and looks at what is known while time passes. */
type Command = AsyncCommand<object, FaultWorld>;

const command = (text: string, run: (world: FaultWorld) => Promise<void> | void): Command => ({
  check: () => true,
  run: async (_model, world) => run(world),
  toString: () => text,
});

const status = (code: number) =>
  JSON.stringify({
    type: "ERROR",
    object: { kind: "Status", code, reason: "Expired", message: "asked for" },
  });

/** How a watch may end in the middle of what it says. */
const lastWords = [
  `${status(410)}\n`,
  `${status(500)}\n`,
  '{"type":"NONSENSE","object":{}}\n',
  '{"type":"ADDED"}\n',
  "null\n",
  '{"type":"MODIFIED","object":{"metadata":{"na',
  "",
] as const;

const effects: Arbitrary<FaultEffect> = fc.oneof(
  fc
    .record({
      code: fc.constantFrom(401, 404, 409, 410, 422, 429, 500, 503, 504),
      retryAfterSeconds: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    })
    .map(
      ({ code, retryAfterSeconds }): FaultEffect => ({
        kind: "status",
        code,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      }),
    ),
  fc.integer({ min: 1, max: 20 }).map((delayMs): FaultEffect => ({ kind: "delay", delayMs })),
  fc.constant<FaultEffect>({ kind: "silence" }),
  fc.constant<FaultEffect>({ kind: "hang-up" }),
  fc.integer({ min: 0, max: 4000 }).map((afterBytes): FaultEffect => ({ kind: "cut", afterBytes })),
  // the smaller the pieces, the more turns of the loop an answer takes, which are time here
  fc.integer({ min: 80, max: 700 }).map((pieceBytes): FaultEffect => ({ kind: "split", pieceBytes })),
  fc
    .record({ afterLines: fc.integer({ min: 0, max: 4 }), text: fc.constantFrom(...lastWords) })
    .map((words): FaultEffect => ({ kind: "last-words", ...words })),
);

const kinds: Arbitrary<ModelKindName> = fc.constantFrom(...modelKindNames);
const names = fc.constantFrom("a", "b", "c", "d");

const faults: Arbitrary<Fault> = fc
  .record({
    effect: effects,
    kind: fc.option(kinds, { nil: undefined }),
    times: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    everyNth: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  })
  .map(({ effect, kind, times, everyNth }) => ({
    method: "GET",
    // who writes and who asks for rights goes on: what is tried here is how the rest is kept in step
    urlContains: kind === undefined ? "allowWatchBookmarks=true" : `/${modelKinds[kind].plural}?`,
    effect,
    ...(times === undefined ? {} : { times }),
    ...(everyNth === undefined ? {} : { everyNth }),
  }));

const missing: Arbitrary<Fault> = fc
  .constantFrom("kubevirt.io", "kubeovn.io")
  .map((group) => ({ method: "GET", effect: { kind: "missing-group", group } }));

/**
 * How often a kind may be asked for within so many seconds: tries that wait twice as long each time; or, of a server that ends
 * its streams as soon as it opened them, a few in two seconds.
 */
export function mostAsked(seconds: number, endsStreams: boolean): number {
  return 14 + seconds * (endsStreams ? 2.5 : 0.5);
}

export const endsStreams = (world: FaultWorld): boolean =>
  world.sim.faults.active.some(({ fault: { effect } }) => effect.kind === "last-words" && effect.text === "");

/** Time passes; what was asked for meanwhile is counted. */
export async function passCounted(world: FaultWorld, seconds: number): Promise<void> {
  const most = mostAsked(seconds, endsStreams(world));
  const before = new Map(world.asked);
  await world.pass(seconds * 1000);
  for (const [plural, count] of world.asked) {
    const asked = count - (before.get(plural) ?? 0);
    if (asked > most) throw new Error(`${plural} was asked for ${asked} times in ${seconds} s`);
  }
}

export const faultCommands: Arbitrary<Command>[] = [
  fc
    .tuple(kinds, names)
    .map(([kind, name]) => command(`write ${kind} ${name}`, (on) => on.write(kind, name))),
  fc
    .tuple(kinds, names)
    .map(([kind, name]) => command(`write ${kind} ${name}`, (on) => on.write(kind, name))),
  fc
    .tuple(kinds, names)
    .map(([kind, name]) => command(`delete ${kind} ${name}`, (on) => on.delete(kind, name))),
  fc
    .oneof({ arbitrary: faults, weight: 9 }, { arbitrary: missing, weight: 1 })
    .map((fault) => command(`fault ${JSON.stringify(fault)}`, (on) => void on.sim.faults.add(fault))),
  fc
    .constantFrom("end", "reset", "freeze")
    .map((how) =>
      command(`drop watches: ${how}`, (on) =>
        how === "freeze" ? on.freezeWatches() : on.sim.faults.dropWatches(how),
      ),
    ),
  fc.constant(command("forget versions", (on) => on.sim.faults.expireVersions())),
  fc
    .boolean()
    .map((expired) =>
      command(`certificate ${expired ? "expires" : "is right"}`, (on) =>
        on.sim.faults.expireCertificate(expired),
      ),
    ),
  fc.constant(command("mend", (on) => on.sim.faults.clear())),
  fc
    .integer({ min: 1, max: 150 })
    .map((seconds) => command(`${seconds} s pass`, (on) => passCounted(on, seconds))),
  fc
    .integer({ min: 1, max: 20 })
    .map((seconds) => command(`${seconds} s pass`, (on) => passCounted(on, seconds))),
];
