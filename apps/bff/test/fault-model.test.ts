// oxlint-disable vitest/expect-expect -- the world throws where something does not hold
/**
 * The inventory against every fault that kube-sim can inject, in random sequences: it comes to hold the cluster's truth, says
 * that it is behind while it is, asks no more often than it should, and open tabs come to show what HTTP answers. Time is
 * stepped. `SOAK=1` takes many sequences and looks at the memory. The random sequences alone find an inventory that ignores 410,
 * keeps what a list no longer names, never says that it is behind, tries without a pause, resumes from a wrong version or
 * takes none from bookmarks; and a tab that is not told that it is behind.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { faultSequences, passCounted } from "./fault-commands.ts";
import { FaultWorld } from "./fault-world.ts";

const isSoak = process.env["SOAK"] === "1";
const seed = Number(process.env["FAULT_SEED"] ?? 20_261_123);
const numRuns = isSoak ? 120 : 10;

/** Bytes in use once everything that nobody holds is gone. */
function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void; // what the flag exposes
  collect();
  return process.memoryUsage().heapUsed;
}

let world: FaultWorld;
let following: Awaited<ReturnType<FaultWorld["follow"]>>;
beforeAll(async () => {
  world = await FaultWorld.start(seed);
  following = await world.follow();
});
afterAll(async () => {
  following.tab.socket.close();
  await world.close();
});

test(`converges after ${numRuns} random sequences of faults (seed ${seed})`, {
  timeout: isSoak ? 3_600_000 : 120_000,
}, async () => {
  let runs = 0;
  let heapAfterQuarter = 0;
  await fc.assert(
    fc.asyncProperty(faultSequences(10, isSoak ? 40 : 20), async (commands) => {
      for (const command of commands) await command.run(world);
      await world.converge();
      await world.settled(following);
      // what only this test keeps
      following.tab.messages = [];
      world.cut.logs.length = 0;
      runs += 1;
      if (isSoak && runs === numRuns / 4) heapAfterQuarter = heapBytes();
    }),
    { seed, numRuns, endOnFailure: true },
  );
  const grownMib = isSoak ? (heapBytes() - heapAfterQuarter) / 1024 ** 2 : 0;
  if (isSoak)
    process.stdout.write(
      `faults: over the last three quarters of the sequences the heap grew by ${grownMib.toFixed(1)} MiB\n`,
    );
  expect(world.staleSigns).toBeGreaterThan(0);
  // kube-sim, which remembers changes, is in this process too
  expect(grownMib).toBeLessThan(40);
  expect([...world.asked.values()].reduce((sum, one) => sum + one, 0)).toBeGreaterThan(numRuns);
});

describe("one after the other", () => {
  const reset = () => world.sim.faults.dropWatches("reset");
  const all = "allowWatchBookmarks=true";
  const vpcs = "/vpcs?";
  beforeEach(async () => {
    await world.write("vpcs", "first");
    await world.write("vpcs", "second");
    await world.converge();
    // so that nothing of what was before is still waited for
    await world.pass(70_000);
  });

  test("a server that says when to come back is not asked before", async () => {
    world.sim.faults.add({
      urlContains: all,
      effect: { kind: "status", code: 429, retryAfterSeconds: 40 },
      times: 150,
    });
    reset();
    await world.pass(200_000);
    await world.converge();
  });

  test.each(['{"type":"MODI', ""])(
    "watches that open and end again and again, with %s, leave nobody in step",
    async (text) => {
      world.sim.faults.add({ urlContains: vpcs, effect: { kind: "last-words", afterLines: 0, text } });
      reset();
      await world.write("vpcs", "first");
      await world.pass(300_000);
      expect(world.feed("vpcs").state).toBe("stale");
      await world.converge();
    },
  );

  test("a stream that was long waited for and ends at once leaves nobody in step", async () => {
    world.sim.faults.add({ urlContains: vpcs, effect: { kind: "delay", delayMs: 20 } });
    world.sim.faults.add({ urlContains: vpcs, effect: { kind: "last-words", afterLines: 0, text: "" } });
    reset();
    await world.write("vpcs", "first");
    await world.pass(300_000);
    expect(world.feed("vpcs").state).toBe("stale");
    await world.converge();
  });

  test("a watch that is half open is given up", async () => {
    world.freezeWatches();
    await world.write("vpcs", "first");
    await world.pass(130_000);
    expect(world.known("vpcs")).toBe(world.truth("vpcs"));
  });

  test("a watch that is not answered is no watch, and that is said", async () => {
    world.sim.faults.add({ urlContains: vpcs, effect: { kind: "silence" } });
    reset();
    await world.write("vpcs", "first");
    await world.pass(25_000);
    expect(world.feed("vpcs").state).toBe("stale");
    await world.converge();
  });

  test("what was deleted while nobody watched is gone, also where the versions are forgotten", async () => {
    world.sim.faults.add({ urlContains: all, effect: { kind: "hang-up" } });
    reset();
    await world.delete("vpcs", "first");
    world.sim.faults.expireVersions();
    await world.pass(20_000);
    expect(world.known("vpcs")).not.toBe(world.truth("vpcs"));
    await world.converge();
    expect(world.known("vpcs")).not.toContain("first");
  });

  test("a list that expires in its middle is begun anew, and nothing is taken for gone meanwhile", async () => {
    const before = world.known("vpcs");
    const status = '{"kind":"Status","code":410,"reason":"Expired","message":"too old"}';
    world.sim.faults.add({
      urlContains: vpcs,
      effect: { kind: "last-words", afterLines: 1, text: `{"type":"ERROR","object":${status}}\n` },
      times: 8,
    });
    world.sim.faults.expireVersions();
    reset();
    await world.clock.pass(5000, () => {
      if (world.known("vpcs") !== before) throw new Error(`It shows ${world.known("vpcs")}`);
    });
    await world.converge();
  });

  test.each([500, 503, 410, 409, 504] as const)(
    "a cluster that answers %s for long is not asked the harder",
    async (code) => {
      world.sim.faults.add({ urlContains: all, effect: { kind: "status", code } });
      reset();
      await passCounted(world, 300);
      await world.converge();
    },
  );
});
