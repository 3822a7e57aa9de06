/**
 * Replays every recorded scenario request by request and compares code, content type and body of each answer, and the
 * order of the states that each object went through. What differs is listed by name (replay/known.ts): a listed
 * difference that has gone fails the test as well. Creations of wrong machines: invalid-vms.test.ts.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { oracles } from "./oracles.ts";
import { KNOWN } from "./replay/known.ts";
import { Player } from "./replay/player.ts";
import { openRecorderCluster, type RecorderCluster } from "./replay/recorder-clusters.ts";
import { recordingOf } from "./replay/recording.ts";

const scenarios =
  oracles === undefined
    ? []
    : readdirSync(join(oracles, "traces"))
        .filter((file) => file.endsWith(".json"))
        .map((file) => file.replace(/\.json$/, ""))
        .filter((scenario) => scenario !== "invalid-vms");

/** One that changes the gates of the whole cluster has one to itself. */
const placeOf = (scenario: string): "plain" | "snapshots" | "gates" =>
  scenario === "feature-gates-alone" ? "gates" : scenario.endsWith("-csi") ? "snapshots" : "plain";

const clusters = new Map<string, RecorderCluster>();
beforeAll(async () => {
  if (oracles === undefined) return;
  clusters.set("plain", await openRecorderCluster({ snapshots: false }));
  clusters.set("snapshots", await openRecorderCluster({ snapshots: true }));
  clusters.set("gates", await openRecorderCluster({ snapshots: false }));
});
afterAll(async () => {
  for (const { cluster, follower } of clusters.values()) {
    await follower.close();
    await cluster.close();
  }
});

/** A listed name ends in `*` where several differences have one reason. */
const isNamed = (pattern: string, label: string): boolean =>
  pattern.endsWith("*") ? label.startsWith(pattern.slice(0, -1)) : pattern === label;

describe.skipIf(oracles === undefined)("recorded scenarios", () => {
  // Each in a namespace of its own: most of their time is waiting.
  test.concurrent.for(scenarios)("%s", { timeout: 120_000 }, async (scenario, { expect }) => {
    const place = clusters.get(placeOf(scenario));
    if (place === undefined) throw new Error("the clusters are not up");
    const { cluster, follower } = place;
    const { answers, different } = await new Player(cluster, follower, recordingOf(scenario)).play();
    const labels = [...different.keys()];
    const known = Object.entries(KNOWN[scenario] ?? {});
    const unexpected = labels.filter((label) => !known.some(([pattern]) => isNamed(pattern, label)));
    const gone = known
      .filter(([, reason]) => !reason.startsWith("timing:"))
      .filter(([pattern]) => !labels.some((label) => isNamed(pattern, label)))
      .map(([pattern]) => pattern);
    process.stdout.write(`${scenario}: ${answers} answers, ${labels.length} known differences\n`);
    const texts = unexpected.map((label) => `${label}\n    ${(different.get(label) ?? []).join("\n    ")}`);
    // As text, so that a failure shows both answers.
    expect.soft(texts.join("\n")).toBe("");
    expect(gone).toEqual([]);
  });
});
