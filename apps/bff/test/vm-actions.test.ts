// oxlint-disable vitest/expect-expect -- fc.assert is the assertion of a property
/** What a machine's state lets be done, by itself: no two buttons may send a person back and forth. */
import type { VmActions } from "@kubev/api-types/virtual-machines";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { vmActionsByState } from "../src/domain/vm-actions.ts";
import type { InstanceRecord, VmRecord } from "../src/domain/vm-records.ts";
import { sharedActions } from "../src/inventory/shared-actions.ts";

const base = { namespace: "shop", name: "db", uid: "u", createdAt: "", deletion: null };
const vmOf = (over: Partial<VmRecord>): VmRecord => ({
  ...base,
  labels: {},
  runStrategy: "Always",
  status: "Stopped",
  failure: null,
  restartRequired: false,
  recoveryRequired: false,
  startFailures: 0,
  retryAfter: "",
  requestPending: false,
  snapshotInProgress: "",
  restoreInProgress: false,
  cpuCores: 1,
  memoryBytes: 1,
  instanceType: "",
  instanceTypeId: "",
  preference: "",
  preferenceId: "",
  volumes: [],
  dataVolumeTemplates: [],
  images: [],
  graphics: true,
  serial: true,
  acpi: true,
  livenessProbe: false,
  deleteProtected: false,
  subnet: "",
  securityGroups: [],
  ...over,
});
const instanceOf = (over: Partial<InstanceRecord>): InstanceRecord => ({
  ...base,
  phase: "Running",
  host: "",
  ips: [],
  macs: [],
  guestOs: "",
  startedAt: "",
  paused: false,
  agentConnected: false,
  migratingTo: "",
  migratingSince: "",
  migrationBlock: "",
  unschedulable: "",
  cpuCores: 1,
  memoryBytes: 1,
  ownedByVm: true,
  ...over,
});

/**
 * What a reason makes a person try next: what its sentence tells him to do, or what undoes the state that it names. The sentences
 * are in the browser, where reasons.test.ts holds which of them tell somebody to do something.
 */
const leadsTo: Readonly<Record<string, (keyof VmActions)[]>> = {
  "vm-must-be-stopped": ["stop", "forceStop"],
  "vm-is-running": ["stop"],
  "vm-is-stopped": ["start"],
};

const bool = fc.boolean();
const anyVm = fc
  .record({
    runStrategy: fc.constantFrom("Always", "Halted", "Manual", "RerunOnFailure", "Once"),
    requestPending: bool,
    recoveryRequired: bool,
    livenessProbe: bool,
    deleteProtected: bool,
    acpi: bool,
  })
  .map(vmOf);
const anyInstance = fc.option(
  fc
    .record({
      phase: fc.constantFrom("Pending", "Scheduling", "Scheduled", "Running", "Succeeded", "Failed"),
      deletion: fc.constantFrom(null, { startedAt: "2026-11-22T10:00:00Z", finalizers: [] }),
      paused: bool,
    })
    .map(instanceOf),
);

/** Another reason of its own, said by the button that is tried next, also ends the search. */
const endsThere = (code: string, next: string) => code !== next && leadsTo[next] === undefined;

test("no reason leads to an action that is refused with a reason that leads back", () => {
  fc.assert(
    fc.property(anyVm, anyInstance, bool, (vm, instance, migrating) => {
      const actions = vmActionsByState(vm, instance, migrating);
      for (const decision of Object.values(actions)) {
        if (decision.allowed) continue;
        for (const next of leadsTo[decision.reason.code] ?? []) {
          const tried = actions[next];
          expect(tried.allowed || endsThere(decision.reason.code, tried.reason.code)).toBe(true);
        }
      }
    }),
  );
});

test("a failed run that the cluster repeats is neither started, stopped nor restarted by hand, and says why", () => {
  const actions = vmActionsByState(vmOf({ runStrategy: "RerunOnFailure" }), instanceOf({ phase: "Failed" }));
  for (const action of ["start", "stop", "forceStop", "restart"] as const)
    expect(actions[action]).toMatchObject({ allowed: false, reason: { code: "vm-failed-reruns" } });
  const manual = vmActionsByState(vmOf({ runStrategy: "Manual" }), instanceOf({ phase: "Failed" }));
  expect(manual.start).toEqual({ allowed: true });
  expect(manual.stop).toMatchObject({ reason: { code: "vm-is-stopped" } });
});

test("machines in the same state have one set of actions, others their own", () => {
  const running = () => sharedActions(vmActionsByState(vmOf({}), instanceOf({ phase: "Running" })));
  const paused = sharedActions(vmActionsByState(vmOf({}), instanceOf({ phase: "Running", paused: true })));
  expect(running()).toBe(running());
  expect(paused).not.toEqual(running());
  expect(paused).toEqual(vmActionsByState(vmOf({}), instanceOf({ phase: "Running", paused: true })));
});
