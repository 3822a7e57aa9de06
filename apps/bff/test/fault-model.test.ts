// oxlint-disable vitest/expect-expect -- the world throws where something does not hold
/**
 * The inventory against every fault that kube-sim can inject, in random sequences: it comes to hold the cluster's truth, says
 * that it is behind while it is, asks no more often than it should, and open tabs come to show what HTTP answers. Time is
 * stepped. `SOAK=1` takes many sequences and looks at the memory.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { faultCommands } from "./fault-commands.ts";
import { FaultWorld } from "./fault-world.ts";

const isSoak = process.env["SOAK"] === "1";
const seed = Number(process.env["FAULT_SEED"] ?? 20_261_123);
const numRuns = isSoak ? 400 : 6;

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
  timeout: isSoak ? 3_600_000 : 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands(faultCommands, { size: isSoak ? "+1" : "=", maxCommands: 40 }),
      async (commands) => {
        await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
        await world.converge();
        await world.settled(following);
        following.tab.messages = [];
        runs += 1;
        if (isSoak && runs === numRuns / 4) heapAfterQuarter = heapBytes();
      },
    ),
    { seed, numRuns, endOnFailure: true },
  );
  expect([...world.asked.values()].reduce((sum, one) => sum + one, 0)).toBeGreaterThan(numRuns);
});
