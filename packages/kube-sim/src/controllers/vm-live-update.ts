/**
 * virt-controller's live updates: carries a changed template into the running instance, moves it where only a migration
 * brings the change about, and says what waits for a restart. The guest gets its vCPUs and memory from guest-moves.ts.
 */
import { randomSuffix } from "../store/random-suffix.ts";
import { isDeepStrictEqual } from "node:util";
import { isGateOpen } from "../subresources/feature-gates.ts";
import { isTrue, withCondition, withoutCondition } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";
import { expandInstancetype } from "./instancetype.ts";
import { controllerRevisionKind, migrationKind, vmiKind, vmKind } from "./kinds.ts";
import type { VirtualMachine, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { reportedInterfaces, withoutAbsent } from "./live-interfaces.ts";
import { planLiveUpdate } from "./live-update.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { isFinal } from "./vm-status.ts";

const changeConditions = ["HotVCPUChange", "HotMemoryChange", "MigrationRequired"] as const;

export class VmLiveUpdate {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;

  constructor(context: ControllerContext, store: TypedStore) {
    this.#context = context;
    this.#store = store;
  }

  /** Called with every change of the VM or its instance. */
  sync(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): void {
    const live = vmi !== undefined && !isFinal(vmi) && vmi.metadata.deletionTimestamp === undefined;
    if (!live || vmi.status?.phase !== "Running") {
      if (!live) this.#setRestartRequired(vm, null);
      return;
    }
    const revision = this.#store.get(
      controllerRevisionKind,
      vm.metadata.namespace,
      vmi.status.virtualMachineRevisionName ?? "",
    );
    const started = (revision?.["data"] as { spec?: VirtualMachine["spec"] } | undefined)?.spec; // as #start wrote it
    if (started === undefined) return; // a scenario's machine: nobody knows what it started with
    const { raw } = this.#store;
    const declarative = isGateOpen(raw, "DeclarativeHotplugVolumes") && !isGateOpen(raw, "HotplugVolumes");
    const plan = planLiveUpdate(this.#expanded(vm, started), this.#expanded(vm, vm.spec), vmi, declarative);
    this.#setRestartRequired(vm, plan.restartMessage);
    if (plan.restartMessage === null) {
      if (!isDeepStrictEqual(plan.spec, vmi.spec)) this.#carryOver(vmi, plan.spec, plan);
    }
    // A template that changed live has not been observed as a whole. Source: conditionallyBumpGenerationAnnotationOnVmi.
    if (isDeepStrictEqual(started.template, vm.spec.template)) {
      this.#sawGeneration(vmi, vm.metadata.generation ?? 1);
    }
    this.#move(vmi);
    this.#forgetUnplugged(vm, vmi);
  }

  /** A change of the instance type is a change of what it stands for. */
  #expanded(vm: VirtualMachine, spec: VirtualMachine["spec"]): VirtualMachine["spec"] {
    if (spec.instancetype === undefined && spec.preference === undefined) return spec;
    const { instancetype: _type, preference: _preference, ...own } = spec;
    const expanded = expandInstancetype(this.#store, { ...vm, spec });
    return { ...own, template: { ...spec.template, spec: expanded.spec } };
  }

  /** What has left the running machine leaves its definition too. */
  #forgetUnplugged(vm: VirtualMachine, vmi: VirtualMachineInstance): void {
    const { spec } = vm.spec.template;
    const there = new Set((vmi.spec.domain.devices.interfaces ?? []).map(({ name }) => name));
    const leaving = (spec.domain.devices.interfaces ?? []).filter(({ state }) => state === "absent");
    if (leaving.length === 0 || leaving.some(({ name }) => there.has(name))) return;
    this.#store.modifyObject(vmKind, vm, (current) => ({
      ...current,
      metadata: { ...current.metadata, generation: (current.metadata.generation ?? 1) + 1 },
      spec: {
        ...current.spec,
        template: { ...current.spec.template, spec: withoutAbsent(current.spec.template.spec) },
      },
    }));
  }

  #now(): string {
    return timestamp(this.#context.clock.now());
  }

  #setRestartRequired(vm: VirtualMachine, message: string | null): void {
    this.#store.modifyObject(vmKind, vm, (current) => {
      const before = current.status?.conditions ?? [];
      const conditions =
        message === null
          ? withoutCondition(before, "RestartRequired")
          : withCondition(before, { type: "RestartRequired", status: "True", message }, this.#now());
      return conditions.length === before.length && conditions.every((one, index) => one === before[index])
        ? current
        : { ...current, status: { ...current.status, conditions } };
    });
  }

  #sawGeneration(vmi: VirtualMachineInstance, generation: number): void {
    const key = "kubevirt.io/vm-generation";
    this.#store.modifyObject(vmiKind, vmi, (current) =>
      current.metadata.annotations?.[key] === String(generation)
        ? current
        : {
            ...current,
            metadata: {
              ...current.metadata,
              annotations: { ...current.metadata.annotations, [key]: String(generation) },
            },
          },
    );
  }

  #carryOver(
    vmi: VirtualMachineInstance,
    spec: VirtualMachineInstance["spec"],
    grows: { cpuGrows: boolean; memoryGrows: boolean; interfacesChange: boolean },
  ): void {
    this.#store.modifyObject(vmiKind, vmi, (current) => {
      let conditions = current.status?.conditions;
      if (grows.cpuGrows)
        conditions = withCondition(conditions, { type: "HotVCPUChange", status: "True" }, this.#now());
      if (grows.memoryGrows)
        conditions = withCondition(conditions, { type: "HotMemoryChange", status: "True" }, this.#now());
      if (grows.interfacesChange)
        conditions = withCondition(
          conditions,
          { type: "MigrationRequired", status: "True", reason: "AutoMigrationDueToLiveUpdate" },
          this.#now(),
        );
      return { ...current, spec, status: { ...current.status, ...(conditions && { conditions }) } };
    });
  }

  /** The workload updater: more CPU or memory arrives with the next launcher pod. */
  #move(vmi: VirtualMachineInstance): void {
    const { conditions, migrationState } = vmi.status ?? {};
    const waiting = changeConditions.filter((type) => isTrue(conditions, type));
    if (waiting.length === 0 || !isTrue(conditions, "LiveMigratable")) return;
    const since = waiting
      .map((type) => conditions?.find((condition) => condition.type === type)?.lastTransitionTime ?? "")
      .toSorted()
      .at(-1);
    const startedAt = migrationState?.startTimestamp ?? "";
    if (
      isTrue(conditions, "MigrationRequired") &&
      migrationState?.completed === true &&
      migrationState.failed !== true &&
      startedAt >= (since ?? "")
    ) {
      this.#arrived(vmi);
      return;
    }
    const active = this.#store
      .list(migrationKind, vmi.metadata.namespace)
      .some(
        (migration) =>
          migration.spec.vmiName === vmi.metadata.name &&
          migration.status?.phase !== "Failed" &&
          (migration.status?.phase !== "Succeeded" || (migration.metadata.finalizers ?? []).length > 0),
      );
    // One attempt: what failed is not tried again, as the real updater backs off longer than a demo lasts.
    if (active || (migrationState?.failed === true && startedAt >= (since ?? ""))) return;
    const suffix = randomSuffix(this.#context.random);
    this.#store.create(migrationKind, {
      metadata: {
        name: `kubevirt-workload-update-${suffix}`,
        namespace: vmi.metadata.namespace ?? "",
        labels: { "kubevirt.io/vmi-name": vmi.metadata.name },
        annotations: { "kubevirt.io/workloadUpdateMigration": "" },
        finalizers: ["kubevirt.io/migrationJobFinalize"],
      },
      spec: { vmiName: vmi.metadata.name },
    });
  }

  /** Interfaces are there with the new launcher pod; of vCPUs and memory virt-handler tells. */
  #arrived(vmi: VirtualMachineInstance): void {
    this.#store.modifyObject(vmiKind, vmi, (current) => {
      const spec = withoutAbsent(current.spec);
      return {
        ...current,
        spec,
        status: {
          ...current.status,
          interfaces: reportedInterfaces(spec, current.status?.interfaces),
          conditions: withoutCondition(current.status?.conditions, "MigrationRequired"),
        },
      };
    });
  }
}
