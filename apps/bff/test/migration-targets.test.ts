/** Where a machine could go: arithmetic over hosts. */
import { assert, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { migrationDecision, migrationTargets } from "../src/domain/migration-targets.ts";
import type { MovingMachine } from "../src/domain/migration-targets.ts";
import type { HostRecord } from "../src/domain/platform-records.ts";

const host = (name: string, over: Partial<HostRecord> = {}): HostRecord => ({
  namespace: "",
  name,
  uid: name,
  createdAt: "",
  deletion: null,
  labels: {},
  ready: "True",
  readyReason: "",
  readyMessage: "",
  cordoned: false,
  kubevirtSchedulable: true,
  heartbeatAt: "",
  kvmDevices: 1,
  taints: [],
  taintList: [],
  resources: { capacity: {}, allocatable: {} },
  capacity: { cpuCores: 32, memoryBytes: 64 },
  allocatable: { cpuCores: 32, memoryBytes: 64 },
  features: [],
  ip: "",
  os: "",
  kernel: "",
  kubelet: "",
  zone: "",
  hardware: "",
  hugepages: [],
  ...over,
});
const machine: MovingMachine = {
  host: "a",
  load: {
    key: "m",
    isMachine: true,
    requests: { cpu: 4, memory: 16 },
    nodeSelector: {},
    tolerations: [],
    volumes: [],
  },
};
const changed = (part: Partial<MovingMachine["load"]>): MovingMachine => ({
  ...machine,
  load: { ...machine.load, ...part },
});
const fit = (record: HostRecord, cpuCores = 0, memoryBytes = 0) => ({
  host: record,
  refusal: null,
  requested: { cpuCores, memoryBytes },
  machines: 0,
});
const codeOf = (decision: ReturnType<typeof migrationDecision>) =>
  decision.allowed ? "ok" : decision.reason.code;

const gpu = { key: "gpu", value: "", effect: "NoSchedule" };

test("each refusal is named", () => {
  expect(codeOf(migrationDecision(machine, fit(host("a"))))).toBe("host-is-current");
  expect(codeOf(migrationDecision(machine, fit(host("b", { taintList: [gpu] }))))).toBe("host-tainted");
  const tolerant = changed({ tolerations: [{ key: "gpu", operator: "Exists", value: "", effect: "" }] });
  expect(codeOf(migrationDecision(tolerant, fit(host("b", { taintList: [gpu] }))))).toBe("ok");
  const bound = changed({ nodeSelector: { zone: "east" } });
  expect(codeOf(migrationDecision(bound, fit(host("b"))))).toBe("host-lacks-label");
  expect(codeOf(migrationDecision(bound, fit(host("b", { labels: { zone: "east" } }))))).toBe("ok");
});

test("a host takes it exactly when what is free covers what it asks for", () => {
  const amount = integer({ min: 0, max: 80 });
  assert(
    property(amount, amount, (cpuCores, memoryBytes) => {
      const fits = 32 - cpuCores >= 4 && 64 - memoryBytes >= 16;
      expect(migrationDecision(machine, fit(host("b"), cpuCores, memoryBytes)).allowed).toBe(fits);
    }),
  );
});

test("hosts that can take it come first, then by name as people count", () => {
  const targets = migrationTargets(machine, [
    fit(host("h10")),
    fit(host("a")),
    fit(host("h2")),
    fit(host("h1"), 30),
  ]);
  expect(targets.map((target) => target.host)).toEqual(["h2", "h10", "a", "h1"]);
});
