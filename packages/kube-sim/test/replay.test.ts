/**
 * Replays every recorded scenario request by request and compares code, content type and body of each answer, and the
 * order of the states that each object went through. What differs is listed by name (replay/known.ts): a listed
 * difference that has gone fails the test as well. All are played at once first, which a busy machine may disturb: one
 * that differs is played again, alone, on a cluster of its own, with much patience, and judged by that. Creations of
 * wrong machines: invalid-vms.test.ts.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oracles } from "./oracles.ts";
import { KNOWN, PASSED } from "./replay/known.ts";
import { measuredSlowdown } from "./replay/load.ts";
import { type Outcome, Player } from "./replay/player.ts";
import { openRecorderCluster, type RecorderCluster } from "./replay/recorder-clusters.ts";
import { recordingOf } from "./replay/recording.ts";

const scenarios =
  oracles === undefined
    ? []
    : readdirSync(join(oracles, "traces"))
        .filter((file) => file.endsWith(".json"))
        .map((file) => file.replace(/\.json$/, ""))
        .filter((scenario) => scenario !== "invalid-vms");

type Place = "plain" | "snapshots" | "gates";
const places: readonly Place[] = ["plain", "snapshots", "gates"];

/** One that changes the gates of the whole cluster has one to itself. */
const placeOf = (scenario: string): Place =>
  scenario === "feature-gates-alone" ? "gates" : scenario.endsWith("-csi") ? "snapshots" : "plain";

const openPlace = (place: Place, slowdown: number) =>
  openRecorderCluster({ snapshots: place === "snapshots", slowdown });

async function closePlace({ cluster, follower }: RecorderCluster): Promise<void> {
  await follower.close();
  await cluster.close();
}

/** Part of one name where a listed name has a `*`, and which of several of that name it is; else exactly it. */
const isNamed = (pattern: string, label: string): boolean => {
  const [before = "", after] = pattern.split("*");
  if (after === undefined) return pattern === label;
  return (
    label.startsWith(before) &&
    label.endsWith(after) &&
    /^\S*( \(\d+\))?$/.test(label.slice(before.length, label.length - after.length))
  );
};

/** What a known difference of timing is in: a request, or an object. */
const subjectOf = (name: string): string =>
  /^[A-Z][A-Za-z]+ \S/.test(name) ? name.slice(0, name.lastIndexOf(" ")) : name;

const knownOf = (scenario: string): [string, string][] => Object.entries(KNOWN[scenario] ?? {});

const play = (
  scenario: string,
  { cluster, follower }: RecorderCluster,
  slowdown: number,
  patienceMs: number,
) =>
  new Player(cluster, follower, recordingOf(scenario), {
    slowdown,
    patienceMs,
    mayPass: (track) => PASSED[scenario]?.[track] ?? [],
    quietTurns: (token) => {
      // What is waited for says more than the name of its track.
      const known = knownOf(scenario).find(
        ([pattern]) => isNamed(pattern, token) || (!pattern.endsWith("*") && token.startsWith(`${pattern} `)),
      );
      const passed = Object.keys(PASSED[scenario] ?? {}).some((track) => token.startsWith(`${track} `));
      if (passed) return 5;
      if (known === undefined) return Infinity;
      return known[1].startsWith("timing:") ? 5 : 1;
    },
  }).play();

/** What differs unexpectedly, with both sides, and what was to differ and does not. */
function judge(scenario: string, { different, names }: Outcome): { unexpected: string; gone: string[] } {
  const labels = [...different.keys()];
  const known = knownOf(scenario);
  const unexpected = labels.filter((label) => !known.some(([pattern]) => isNamed(pattern, label)));
  const gone = known
    .filter(([, reason]) => !reason.startsWith("timing:"))
    .filter(([pattern]) => !labels.some((label) => isNamed(pattern, label)))
    .map(([pattern]) => pattern);
  const subjects = [...names].map(subjectOf);
  gone.push(
    ...known
      .filter(([, reason]) => reason.startsWith("timing:"))
      .filter(([pattern]) => !subjects.some((subject) => isNamed(subjectOf(pattern), subject)))
      .map(([pattern]) => pattern),
    ...Object.keys(PASSED[scenario] ?? {}).filter((track) => !names.has(track)),
  );
  // As text, so that a failure shows both answers.
  const texts = unexpected.map((label) => `${label}\n    ${(different.get(label) ?? []).join("\n    ")}`);
  return { unexpected: texts.join("\n"), gone };
}

/** Longest recordings first, most of their time is waiting; a busy machine takes fewer at once. */
const mostAtOnce = 40;

const first = new Map<string, Outcome>();
beforeAll(async () => {
  if (oracles === undefined) return;
  const slowdown = measuredSlowdown();
  const clusters = new Map<Place, RecorderCluster>();
  for (const place of places) clusters.set(place, await openPlace(place, slowdown));
  const queue = scenarios.toSorted((a, b) => recordingOf(b).durationMs - recordingOf(a).durationMs);
  const worker = async () => {
    for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) {
      const place = clusters.get(placeOf(scenario));
      if (place === undefined) throw new Error("the clusters are not up");
      const begin = Date.now();
      const outcome = await play(scenario, place, slowdown, 8_000 * slowdown);
      first.set(scenario, outcome);
      const took = ((Date.now() - begin) / 1000).toFixed(1);
      process.stdout.write(
        `${scenario}: ${outcome.answers} answers, ${outcome.different.size} differences, ${took} s\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: Math.ceil(mostAtOnce / slowdown) }, worker));
  for (const place of clusters.values()) await closePlace(place);
}, 600_000);

const opened: RecorderCluster[] = [];
afterAll(async () => {
  for (const place of opened) await closePlace(place);
});

describe("known differences", () => {
  const document = readFileSync(join(import.meta.dirname, "../../../docs/sim-differences.md"), "utf8");
  const rows = new Set([...document.matchAll(/^- `([a-z0-9-]+)`: /gm)].map(([, id = ""]) => id));
  const all = Object.entries(KNOWN).flatMap(([scenario, known]) =>
    Object.entries(known).map(([name, reason]) => ({ scenario, name, reason })),
  );

  test("are of timing, or have a row in docs/sim-differences.md", () => {
    const without = all.filter(({ reason }) => {
      const id = reason.slice(0, reason.indexOf(":"));
      return id !== "timing" && !rows.has(id);
    });
    expect(without).toEqual([]);
  });

  test("never hide the course of a machine, nor more than one track each", () => {
    const course = /^VirtualMachine(Instance)? [^* ]+( \(\d+\))? (phase|printableStatus)$/;
    expect(all.filter(({ name }) => course.test(name) || / ?\*$/.test(name))).toEqual([]);
  });
});

describe.skipIf(oracles === undefined)("recorded scenarios", () => {
  test.for(scenarios)("%s", { timeout: 300_000 }, async (scenario) => {
    const outcome = first.get(scenario);
    if (outcome === undefined) throw new Error("it was not played");
    let verdict = judge(scenario, outcome);
    if (verdict.unexpected !== "" || verdict.gone.length > 0) {
      // Slower than the first time, but not so slow that long scenarios never end.
      const slowdown = Math.min(6, Math.max(2, 2 * measuredSlowdown()));
      process.stdout.write(
        `${scenario}: again, alone, slowed down ${slowdown.toFixed(1)} times, since\n${verdict.unexpected}${verdict.gone.join("\n")}\n`,
      );
      const place = await openPlace(placeOf(scenario), slowdown);
      opened.push(place);
      verdict = judge(scenario, await play(scenario, place, slowdown, 30_000));
    }
    expect.soft(verdict.unexpected).toBe("");
    expect(verdict.gone).toEqual([]);
  });
});
