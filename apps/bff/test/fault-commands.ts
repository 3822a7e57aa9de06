/** What may happen to a cluster and on the way to it, as commands of a model: any sequence of them is a test. */
import type { KubeSim } from "@kubev/kube-sim/start";
import type { Arbitrary } from "fast-check";
import * as fc from "fast-check";
import type { FaultWorld, ModelKindName } from "./fault-world.ts";
import { modelKindNames, modelKinds } from "./fault-world.ts";

type Fault = Parameters<KubeSim["faults"]["add"]>[0];
type FaultEffect = Fault["effect"];

/** The world is the model: it knows what is stored, and looks at what is known while time passes. */
interface Command {
  run(world: FaultWorld): Promise<void>;
  [fc.toStringMethod](): string;
}

const command = (text: string, run: (world: FaultWorld) => Promise<void> | void): Command => ({
  run: async (world) => run(world),
  [fc.toStringMethod]: () => text,
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

/** What stands in for the cluster and is none: a proxy's page, a refusal in no words, a list of nothing and of no version. */
const strangeTexts = [
  "",
  "null",
  "[]",
  "{}",
  '{"items":',
  '{"kind":"VirtualMachineList","items":[]}',
  '{"kind":"Status","code":503}',
  '{"type":"ADDED","object":{}}',
  "<html><body>502 Bad Gateway</body></html>",
] as const;

const effects: Arbitrary<FaultEffect> = fc.oneof(
  fc
    .record({
      code: fc.constantFrom(200, 200, 204, 302, 400, 403, 418, 502),
      text: fc.constantFrom(...strangeTexts),
    })
    .map((strange): FaultEffect => ({ kind: "answer", ...strange })),
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
    kind: fc.option(kinds, { nil: undefined, freq: 6 }),
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

type Change = readonly [kind: ModelKindName, name: string, does: "write" | "delete"];

const changes: Arbitrary<Change> = fc.tuple(
  kinds,
  names,
  fc.oneof({ arbitrary: fc.constant("write"), weight: 3 }, { arbitrary: fc.constant("delete"), weight: 2 }),
) as Arbitrary<Change>; // fast-check widens the words

/** What keeps a kind from being watched. */
const outages: Arbitrary<FaultEffect> = fc.oneof(
  fc.constant<FaultEffect>({ kind: "hang-up" }),
  fc.constant<FaultEffect>({ kind: "silence" }),
  fc.constant<FaultEffect>({ kind: "last-words", afterLines: 0, text: '{"type":"MODI' }),
  fc.constantFrom(409, 500, 503, 504).map((code): FaultEffect => ({ kind: "status", code })),
  fc
    .constantFrom(...strangeTexts)
    .map((text): FaultEffect => ({ kind: "answer", code: text.startsWith("<") ? 502 : 200, text })),
);

interface Outage {
  effect: FaultEffect;
  changes: readonly Change[];
  forgets: boolean;
  seconds: number;
}

/** Nothing is heard of what changes meanwhile, and it may be told only by what is no more there; then all comes to be known. */
async function outage(world: FaultWorld, { effect, changes: made, forgets, seconds }: Outage): Promise<void> {
  for (const kind of new Set(made.map(([one]) => one)))
    world.sim.faults.add({ method: "GET", urlContains: `/${modelKinds[kind].plural}?`, effect });
  world.sim.faults.dropWatches("reset");
  await world.pass(500);
  for (const [kind, name, does] of made)
    await (does === "write" ? world.write(kind, name) : world.delete(kind, name));
  if (forgets) world.sim.faults.expireVersions();
  await passCounted(world, seconds);
  await world.signsAgree();
  await world.converge();
}

const weighted = <T>(...parts: [weight: number, arbitrary: Arbitrary<T>][]): Arbitrary<T> =>
  fc.oneof(...parts.map(([weight, arbitrary]) => ({ weight, arbitrary })));

const commands: Arbitrary<Command> = weighted(
  [
    8,
    changes.map(([kind, name, does]) =>
      command(`${does} ${kind} ${name}`, (on) =>
        does === "write" ? on.write(kind, name) : on.delete(kind, name),
      ),
    ),
  ],
  [
    6,
    faults.map((fault) => command(`fault ${JSON.stringify(fault)}`, (on) => void on.sim.faults.add(fault))),
  ],
  [
    1,
    missing.map((fault) => command(`fault ${JSON.stringify(fault)}`, (on) => void on.sim.faults.add(fault))),
  ],
  [
    3,
    fc
      .constantFrom("end", "reset", "freeze")
      .map((how) =>
        command(`drop watches: ${how}`, (on) =>
          how === "freeze" ? on.freezeWatches() : on.sim.faults.dropWatches(how),
        ),
      ),
  ],
  [2, fc.constant(command("forget versions", (on) => on.sim.faults.expireVersions()))],
  [
    1,
    fc
      .boolean()
      .map((expired) =>
        command(`certificate ${expired ? "expires" : "is right"}`, (on) =>
          on.sim.faults.expireCertificate(expired),
        ),
      ),
  ],
  [3, fc.constant(command("mend", (on) => on.converge()))],
  [1, fc.constant(command("idle", (on) => on.idle()))],
  [
    3,
    fc
      .record({
        effect: outages,
        changes: fc.array(changes, { minLength: 1, maxLength: 5, size: "max" }),
        forgets: fc.boolean(),
        seconds: fc.integer({ min: 5, max: 60 }),
      })
      .map((one) => command(`outage ${JSON.stringify(one)}`, (on) => outage(on, one))),
  ],
  [
    1,
    fc
      .integer({ min: 20, max: 120 })
      .map((seconds) => command(`${seconds} s pass`, (on) => passCounted(on, seconds))),
  ],
  [2, fc.constant(command("signs agree", (on) => on.signsAgree()))],
  [
    4,
    fc
      .integer({ min: 1, max: 15 })
      .map((seconds) => command(`${seconds} s pass`, (on) => passCounted(on, seconds))),
  ],
);

/** Sequences of at least as many: short ones find nothing. */
export const faultSequences = (minLength: number, maxLength: number): Arbitrary<Command[]> =>
  fc.array(commands, { minLength, maxLength, size: "max" });
