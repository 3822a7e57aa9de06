// oxlint-disable vitest/expect-expect -- fc.assert is the assertion of a property
// oxlint-disable vitest/no-conditional-expect -- a property holds for both outcomes of one input, and says which must hold when
/** Scheduling arithmetic and the drain's rules: nothing is ever put where it does not fit, and everything gets an answer. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DrainMachine, DrainPod } from "../src/domain/drain-plan.ts";
import { drainPlan } from "../src/domain/drain-plan.ts";
import type { Running } from "../src/domain/host-loss.ts";
import { losses, lossOf } from "../src/domain/host-loss.ts";
import type { Load, Reach, Room } from "../src/domain/host-placement.ts";
import { misfitOf, place, plus } from "../src/domain/host-placement.ts";

const amounts = (cpu: number, memory: number) => ({ cpu, memory, pods: 1 });

const room = fc.record({
  open: fc.boolean(),
  forMachines: fc.boolean(),
  zone: fc.constantFrom("a", "b"),
  tainted: fc.boolean(),
  cpu: fc.nat(64),
  memory: fc.nat(256),
  usedCpu: fc.nat(32),
  usedMemory: fc.nat(128),
  pods: fc.nat(10),
});
const rooms = fc.array(room, { maxLength: 8 }).map((list) =>
  list.map(
    (one, index): Room => ({
      host: `host-${index}`,
      open: one.open,
      forMachines: one.forMachines,
      labels: { zone: one.zone },
      taints: one.tainted ? [{ key: "special", value: "", effect: "NoSchedule" }] : [],
      allocatable: amounts(one.cpu, one.memory),
      requested: { cpu: Math.min(one.usedCpu, one.cpu), memory: Math.min(one.usedMemory, one.memory) },
    }),
  ),
);
const load = fc.record({
  isMachine: fc.boolean(),
  milliCores: fc.nat(16_000),
  memory: fc.nat(128),
  zone: fc.option(fc.constantFrom("a", "b")),
  tolerant: fc.boolean(),
  disk: fc.option(fc.constantFrom("a", "b")),
});
const loads = fc.array(load, { maxLength: 30 }).map((list) =>
  list.map(
    (one, index): Load => ({
      key: `pod-${index}`,
      isMachine: one.isMachine,
      requests: amounts(one.milliCores / 1000, one.memory),
      nodeSelector: one.zone === null ? {} : { zone: one.zone },
      tolerations: one.tolerant ? [{ key: "special", operator: "Exists", value: "", effect: "" }] : [],
      volumes: one.disk === null ? [] : [[[{ label: "zone", values: [one.disk] }]]],
    }),
  ),
);

describe("placement", () => {
  test("never overfills a host, and gives every load exactly one answer", () => {
    fc.assert(
      fc.property(loads, rooms, (wanted, offered) => {
        const placements = place(wanted, offered);
        expect([...placements.keys()].toSorted()).toEqual(wanted.map(({ key }) => key).toSorted());
        for (const one of offered) {
          const here = wanted.filter(({ key }) => placements.get(key)?.host === one.host);
          const sum = here.reduce((total, { requests }) => plus(total, requests), { ...one.requested });
          for (const [name, amount] of Object.entries(sum))
            if (here.some(({ requests }) => (requests[name as "cpu"] ?? 0) > 0))
              expect(amount).toBeLessThanOrEqual(one.allocatable[name] ?? 0);
        }
      }),
    );
  });

  test("puts nothing where it may not be, and leaves nothing out that fits alone", () => {
    fc.assert(
      fc.property(loads, rooms, (wanted, offered) => {
        const placements = place(wanted, offered);
        for (const one of wanted) {
          const placement = placements.get(one.key);
          const fits = offered.filter((candidate) => misfitOf(one, candidate) === null);
          if (placement?.host != null) expect(fits.map(({ host }) => host)).toContain(placement.host);
          const alone = place([one], offered).get(one.key);
          expect(alone?.host != null).toBe(fits.length > 0);
        }
      }),
    );
  });

  test("does not depend on the order in which hosts and loads are named", () => {
    fc.assert(
      fc.property(loads, rooms, (wanted, offered) => {
        const sorted = (placements: ReturnType<typeof place>) =>
          [...placements].toSorted(([a], [b]) => (a < b ? -1 : 1));
        expect(sorted(place(wanted.toReversed(), offered.toReversed()))).toEqual(
          sorted(place(wanted, offered)),
        );
      }),
    );
  });
});

describe("the loss of a host", () => {
  const running = fc.tuple(loads, rooms).map(([wanted, offered]) => ({
    offered,
    running: wanted.flatMap((one, index): Running[] => {
      const host = offered[index % Math.max(1, offered.length)]?.host;
      return host === undefined ? [] : [{ host, project: "p", name: one.key, load: one }];
    }),
  }));

  test("counts everything that ran there, and nothing of it is both housed and homeless", () => {
    fc.assert(
      fc.property(running, ({ running: all, offered }) => {
        for (const { host } of offered) {
          const loss = lossOf(host, all, offered);
          expect(loss.machines + loss.pods).toBe(all.filter((one) => one.host === host).length);
          expect(loss.homelessTotal).toBeLessThanOrEqual(loss.machines + loss.pods);
          expect(loss.homeless.length).toBe(Math.min(20, loss.homelessTotal));
        }
      }),
    );
  });

  test("an empty host can always go; a host for all takes all", () => {
    fc.assert(
      fc.property(running, ({ running: all, offered }) => {
        const empty: Room = { ...free("empty", 0), requested: {} };
        expect(lossOf("empty", all, [...offered, empty]).homelessTotal).toBe(0);
        const vast = (zone: string) =>
          free(`vast-${zone}`, 1e9, { labels: { zone }, allocatable: { cpu: 1e6, memory: 1e9, pods: 1e6 } });
        // a disk in one zone and a selector of another fit nowhere at all
        const easy = all.map((one) => ({ ...one, load: { ...one.load, volumes: [] } }));
        for (const { host } of offered)
          expect(lossOf(host, easy, [...offered, vast("a"), vast("b")]).homelessTotal).toBe(0);
      }),
    );
  });

  test("the hardest to lose comes first", () => {
    fc.assert(
      fc.property(running, ({ running: all, offered }) => {
        const totals = losses(all, offered, 50).map((loss) => loss.homelessTotal);
        expect(totals.toSorted((a, b) => b - a)).toEqual(totals);
        expect(totals).toHaveLength(offered.length);
      }),
    );
  });
});

const machine = (parts: Partial<DrainMachine> = {}): DrainMachine => ({
  name: "vm",
  strategy: "LiveMigrate",
  migratable: true,
  notMigratableText: "",
  runStrategy: "Always",
  runsHere: true,
  ...parts,
});
const pod = (parts: Partial<DrainPod> = {}, requests = amounts(1, 4)): DrainPod => {
  const name = parts.name ?? "pod";
  return {
    project: "p",
    name,
    phase: "Running",
    labels: {},
    ownerKind: "ReplicaSet",
    ownerName: "web",
    mirror: false,
    scratchVolumes: [],
    machine: null,
    load: {
      key: `p/${name}`,
      isMachine: parts.machine != null,
      requests,
      nodeSelector: {},
      tolerations: [],
      volumes: [],
    },
    ...parts,
  };
};
const free = (host: string, memory: number, parts: Partial<Room> = {}): Room => ({
  host,
  open: true,
  forMachines: true,
  labels: {},
  taints: [],
  allocatable: { cpu: 8, memory, pods: 10 },
  requested: {},
  ...parts,
});
const none = { deleteLocalData: false, deleteUnmanaged: false };

describe("drain plan", () => {
  test.each<[string, DrainPod, string, string | undefined]>([
    ["a machine that can move", pod({ machine: machine() }), "migrates", undefined],
    [
      "one that cannot",
      pod({ machine: machine({ migratable: false, notMigratableText: "PVC disk is not shared" }) }),
      "blocked",
      "drain-not-migratable",
    ],
    [
      "one that moves if it can, and cannot",
      pod({ machine: machine({ strategy: "LiveMigrateIfPossible", migratable: false }) }),
      "restarts",
      "drain-strategy-none",
    ],
    [
      "one without a strategy",
      pod({ machine: machine({ strategy: "None" }) }),
      "restarts",
      "drain-strategy-none",
    ],
    [
      "one that nobody starts again",
      pod({ machine: machine({ strategy: "None", runStrategy: "Manual" }) }),
      "stops",
      "drain-comes-not-back",
    ],
    [
      "one that something else moves",
      pod({ machine: machine({ strategy: "External" }) }),
      "blocked",
      "drain-external",
    ],
    ["the far end of a migration", pod({ machine: machine({ runsHere: false }) }), "goes", undefined],
    ["a pod of a controller", pod(), "goes", undefined],
    ["a pod of a DaemonSet", pod({ ownerKind: "DaemonSet" }), "stays", "drain-daemon"],
    ["a pod of the kubelet", pod({ mirror: true }), "stays", "drain-mirror"],
    ["a pod that nobody keeps", pod({ ownerKind: "" }), "blocked", "drain-unmanaged"],
    ["a pod with scratch space", pod({ scratchVolumes: ["cache"] }), "blocked", "drain-local-data"],
  ])("%s", (_what, one, outcome, reason) => {
    const [item] = drainPlan([one], [free("b", 64)], none, []);
    expect(item).toMatchObject({ outcome });
    expect(item?.reason?.code).toBe(reason);
  });

  test("a machine without a place elsewhere blocks, and says what is lacking", () => {
    const rooms = [free("b", 2), free("c", 3), free("d", 64, { open: false })];
    expect(drainPlan([pod({ machine: machine() })], rooms, none, [])).toMatchObject([
      {
        outcome: "blocked",
        target: null,
        reason: { code: "drain-no-room", params: { hosts: 3, cause: "memory" } },
      },
    ]);
    expect(drainPlan([pod({ machine: machine() })], [], none, [])[0]?.reason?.code).toBe(
      "drain-no-other-host",
    );
  });

  test("a host that would take it if it were not cordoned is named", () => {
    const cordoned = (host: string, memory: number) =>
      free(host, memory, {
        open: false,
        forMachines: false,
        taints: [{ key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" }],
        uncordoned: free(host, memory),
      });
    const rooms = [free("b", 2), cordoned("c", 3), cordoned("d", 64), cordoned("e", 64)];
    const reason = {
      code: "drain-no-room",
      params: { hosts: 4, cause: "memory", cordoned: 2, host: "d" },
    };
    const one = pod({ machine: machine() });
    expect(drainPlan([one], rooms, none, [])).toMatchObject([{ outcome: "blocked", reason }]);
    const lost = lossOf("a", [{ host: "a", project: "p", name: "vm", load: one.load }], rooms);
    expect(lost.homeless).toMatchObject([{ name: "vm", machine: true, reason }]);
  });

  test("what keeps its disk on this host goes nowhere else", () => {
    const here: Reach = [[{ label: "kubernetes.io/hostname", values: ["a"] }]];
    const one = pod({ machine: machine({ strategy: "None" }) });
    const pinned = { ...one, load: { ...one.load, volumes: [here] } };
    const other = free("b", 64, { labels: { "kubernetes.io/hostname": "b" } });
    expect(drainPlan([pinned], [other], none, [])).toMatchObject([
      { outcome: "stops", reason: { code: "drain-no-room", params: { cause: "volume" } } },
    ]);
  });

  test("what was agreed to is lost, and budgets hold what they cover", () => {
    const agreed = { deleteLocalData: true, deleteUnmanaged: true };
    const budget = { project: "p", name: "web", covers: () => true, disruptionsAllowed: 0 };
    const outcomes = (options: typeof none, budgets: (typeof budget)[]) =>
      drainPlan([pod({ ownerKind: "", scratchVolumes: ["a"] })], [free("b", 64)], options, budgets).map(
        (item) => `${item.outcome} ${item.reason?.code ?? ""}`,
      );
    expect(outcomes(agreed, [])).toEqual(["goes "]);
    expect(outcomes(agreed, [budget])).toEqual(["blocked drain-budget"]);
    expect(outcomes(agreed, [{ ...budget, project: "other" }])).toEqual(["goes "]);
  });
});
