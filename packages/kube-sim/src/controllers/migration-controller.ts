/**
 * Live migration: virt-controller's phases of a VirtualMachineInstanceMigration, and what virt-handler reports from both
 * hosts. Order of states and words as in the recorded traces. What of it the guest does is in guest-moves.ts.
 */
import { withCondition } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";
import type { Pod } from "./core-shapes.ts";
import type { EventRecorder } from "./events.ts";
import { arrivedOn, reportGrowth } from "./guest-growth.ts";
import { GuestMoves } from "./guest-moves.ts";
import { type Indexes, launcherPodOf } from "./indexes.ts";
import { migrationKind, nodeKind, podKind, vmiKind } from "./kinds.ts";
import { lostMigrations } from "./lost-migrations.ts";
import type { Migration, MigrationState, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { buildLauncherPod } from "./launcher-pod.ts";
import { targetPorts } from "./migration-facts.ts";
import { completePod, isMigrationOver, wrapUpMigration } from "./migration-end.ts";
import { handedOver, takeMarksAway, withActivePod } from "./migration-marks.ts";
import { isPodOver } from "./node-requests.ts";
import { withObservedVersion } from "./observed-version.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { isFinal } from "./vm-status.ts";

/** Source: virt-controller, defaultUnschedulablePendingTimeoutSeconds. */
const unschedulableTimeoutMs = 300_000;
/** A guest that is being started with the simulator is looked at again after this. */
const notUpMs = 250;

export class MigrationController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #handler: TypedStore;
  readonly #events: EventRecorder;
  readonly #handlerEvents: EventRecorder;
  readonly #indexes: Indexes;
  readonly #requeue: (migration: Migration, delayMs: number) => void;
  readonly #moves: GuestMoves;

  constructor(
    context: ControllerContext,
    stores: { controller: TypedStore; handler: TypedStore },
    events: { controller: EventRecorder; handler: EventRecorder },
    indexes: Indexes,
    requeue: (migration: Migration, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = stores.controller;
    this.#handler = stores.handler;
    this.#events = events.controller;
    this.#handlerEvents = events.handler;
    this.#indexes = indexes;
    this.#requeue = requeue;
    this.#moves = new GuestMoves(context.machines, context.clock, (migration) => requeue(migration, 0));
  }

  async reconcile(namespace: string | undefined, name: string): Promise<void> {
    const migration = this.#store.get(migrationKind, namespace, name);
    const places = { store: this.#store, indexes: this.#indexes, moves: this.#moves };
    for (const lost of lostMigrations(places, namespace, name, migration)) await this.#giveUpLost(lost);
    if (!migration) return;
    if (migration.metadata.annotations?.["kubevirt.io/latest-observed-api-version"] !== "v1") {
      this.#store.modifyObject(migrationKind, migration, withObservedVersion);
      return;
    }
    const vmi = this.#store.get(vmiKind, namespace, migration.spec.vmiName ?? "");
    if (isMigrationOver(migration)) {
      this.#moves.forget(migration);
      wrapUpMigration(this.#store, this.#indexes, migration, vmi);
      return;
    }
    if (!vmi && migration.status?.phase === undefined) return; // a scenario's, stored ahead of its machine
    if (!vmi || isFinal(vmi) || vmi.metadata.deletionTimestamp !== undefined) {
      await this.#moves.cancel(migration);
      this.#fail(migration, vmi, "the VMI is gone");
      return;
    }
    const target = this.#targetOf(migration, vmi);
    if (migration.metadata.deletionTimestamp !== undefined) {
      await this.#abort(migration, vmi, target);
      return;
    }
    switch (migration.status?.phase) {
      case undefined:
      case "":
        this.#setPhase(migration, "Pending", { sourcePod: launcherPodOf(this.#indexes, vmi)?.metadata.name });
        break;
      case "Pending":
        this.#createTarget(migration, vmi, target);
        break;
      case "Scheduling":
        this.#awaitTarget(migration, vmi, target);
        break;
      case "Scheduled":
        this.#handOver(migration, vmi, target);
        break;
      case "PreparingTarget":
        await this.#prepareTarget(migration, vmi, target);
        break;
      case "TargetReady":
        await this.#begin(migration, vmi);
        break;
      default:
        await this.#copyMemory(migration, vmi, target);
    }
  }

  #now(): string {
    return timestamp(this.#context.clock.now());
  }

  #targetOf(migration: Migration, vmi: VirtualMachineInstance): Pod | undefined {
    return this.#indexes.podsByOwner
      .get(vmi.metadata.uid)
      .find((pod) => pod.metadata.labels?.["kubevirt.io/migrationJobUID"] === migration.metadata.uid);
  }

  #setPhase(migration: Migration, phase: string, state?: MigrationState): void {
    this.#store.modifyObject(migrationKind, migration, (current) => ({
      ...current,
      status: {
        ...current.status,
        phase,
        phaseTransitionTimestamps: [
          ...(current.status?.phaseTransitionTimestamps ?? []),
          { phase, phaseTransitionTimestamp: this.#now() },
        ],
        ...(state && { migrationState: { ...current.status?.migrationState, ...state } }),
      },
    }));
  }

  #changeState(store: TypedStore, vmi: VirtualMachineInstance, state: MigrationState): void {
    store.modifyObject(vmiKind, vmi, (current) => ({
      ...current,
      status: { ...current.status, migrationState: { ...current.status?.migrationState, ...state } },
    }));
  }

  #createTarget(migration: Migration, vmi: VirtualMachineInstance, target: Pod | undefined): void {
    if (!target) {
      const source = launcherPodOf(this.#indexes, vmi);
      if (!source || vmi.status?.phase !== "Running") return; // woken by the VMI's change
      const pod = this.#store.create(podKind, buildLauncherPod(vmi, this.#context.random, migration));
      this.#events.record(
        migration,
        "Normal",
        "SuccessfulCreate",
        `Created migration target pod ${pod.metadata.name}`,
      );
      this.#store.modifyObject(vmiKind, vmi, (current) => withActivePod(current, pod, ""));
    }
    this.#setPhase(migration, "Scheduling");
  }

  #awaitTarget(migration: Migration, vmi: VirtualMachineInstance, target: Pod | undefined): void {
    if (!target || isPodOver(target) || target.metadata.deletionTimestamp !== undefined) {
      this.#fail(migration, vmi, "target pod is down");
      return;
    }
    if (target.status?.phase === "Running") {
      const { nodeName = "" } = target.spec;
      this.#store.modifyObject(vmiKind, vmi, (current) => withActivePod(current, target, nodeName));
      this.#setPhase(migration, "Scheduled");
      return;
    }
    const unschedulable = target.status?.conditions?.some(
      (condition) => condition.type === "PodScheduled" && condition.reason === "Unschedulable",
    );
    if (!unschedulable) return; // woken by the pod's change
    const since = Date.parse(target.metadata.creationTimestamp);
    const leftMs = since + unschedulableTimeoutMs - this.#context.clock.now();
    if (leftMs > 0) {
      this.#requeue(migration, leftMs);
      return;
    }
    this.#events.record(
      migration,
      "Warning",
      "migrationTargetPodUnschedulable",
      `Migration target pod for VMI [${vmi.metadata.namespace}/${vmi.metadata.name}] is currently unschedulable.`,
    );
    this.#deletePod(target);
    this.#fail(migration, vmi, "target pod is unschedulable");
  }

  #handOver(migration: Migration, vmi: VirtualMachineInstance, target: Pod | undefined): void {
    const { nodeName } = target?.spec ?? {};
    if (!target || nodeName === undefined) {
      this.#fail(migration, vmi, "target pod is down");
      return;
    }
    this.#store.modifyObject(vmiKind, vmi, (current) =>
      handedOver(current, migration, target, launcherPodOf(this.#indexes, current)?.metadata.name ?? ""),
    );
    this.#events.record(
      migration,
      "Normal",
      "SuccessfulHandOver",
      "Migration target pod is ready for preparation by virt-handler.",
    );
    this.#setPhase(migration, "PreparingTarget");
  }

  async #prepareTarget(
    migration: Migration,
    vmi: VirtualMachineInstance,
    target: Pod | undefined,
  ): Promise<void> {
    try {
      if (!(await this.#moves.prepare(migration, vmi))) {
        this.#requeue(migration, notUpMs);
        return;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#endFailed(migration, vmi, target, { failureReason: `failed to prepare the target: ${reason}` });
      return;
    }
    const state = vmi.status?.migrationState;
    const node = this.#store.get(nodeKind, undefined, state?.targetNode ?? "");
    const address =
      node?.status.addresses?.find((candidate) => candidate.type === "InternalIP")?.address ?? "";
    this.#changeState(this.#handler, vmi, {
      targetNodeAddress: address,
      targetDirectMigrationNodePorts: targetPorts,
    });
    this.#handlerEvents.record(
      vmi,
      "Normal",
      "PreparingTarget",
      "VirtualMachineInstance Migration Target Prepared.",
    );
    this.#setPhase(migration, "TargetReady");
  }

  async #begin(migration: Migration, vmi: VirtualMachineInstance): Promise<void> {
    await this.#moves.begin(migration, vmi);
    this.#changeState(this.#handler, vmi, {
      mode: "PreCopy",
      startTimestamp: this.#now(),
      targetNodeDomainDetected: true,
    });
    this.#handlerEvents.record(vmi, "Normal", "Migrating", "VirtualMachineInstance is migrating.");
    this.#setPhase(migration, "Running");
  }

  /** Pre-copy, until the guest is on the target. */
  async #copyMemory(
    migration: Migration,
    vmi: VirtualMachineInstance,
    target: Pod | undefined,
  ): Promise<void> {
    if (!target || isPodOver(target) || target.metadata.deletionTimestamp !== undefined) {
      await this.#moves.cancel(migration);
      this.#endFailed(migration, vmi, target, { failureReason: "target pod is down" });
      return;
    }
    const began = migration.status?.phaseTransitionTimestamps?.find(({ phase }) => phase === "Running");
    const state = this.#moves.state(migration, vmi, began?.phaseTransitionTimestamp);
    if (!state.over) {
      if (state.lookAfterMs !== null) this.#requeue(migration, state.lookAfterMs);
      return;
    }
    if (state.failure !== null) this.#endFailed(migration, vmi, target, { failureReason: state.failure });
    else await this.#switchHost(migration, vmi, target);
  }

  async #switchHost(migration: Migration, vmi: VirtualMachineInstance, target: Pod): Promise<void> {
    const growth = await this.#moves.grow(migration, vmi);
    reportGrowth(this.#handlerEvents, vmi, growth);
    const source = launcherPodOf(this.#indexes, vmi);
    const { nodeName = "" } = target.spec;
    const endTimestamp = this.#now();
    this.#handler.modifyObject(vmiKind, vmi, (current) => arrivedOn(nodeName, current, growth, endTimestamp));
    this.#handlerEvents.record(
      vmi,
      "Normal",
      "Migrated",
      `The VirtualMachineInstance migrated to node ${nodeName}.`,
    );
    if (source) completePod(this.#store, source, this.#now());
    this.#changeState(this.#handler, vmi, { completed: true });
    this.#setPhase(migration, "Succeeded");
    this.#events.record(
      migration,
      "Normal",
      "SuccessfulMigration",
      "Source node reported migration succeeded",
    );
  }

  /** A migration that is deleted while it runs is given up; the guest goes on where it is. */
  async #abort(migration: Migration, vmi: VirtualMachineInstance, target: Pod | undefined): Promise<void> {
    if ((await this.#moves.cancel(migration)) && target) {
      await this.#switchHost(migration, vmi, target); // too late
      return;
    }
    this.#store.modifyObject(migrationKind, migration, (current) => ({
      ...current,
      status: {
        ...current.status,
        conditions: withCondition(
          current.status?.conditions,
          { type: "migrationAbortRequested", status: "True" },
          this.#now(),
        ),
      },
    }));
    if (vmi.status?.migrationState?.migrationUid === migration.metadata.uid) {
      this.#changeState(this.#store, vmi, { abortRequested: true });
      this.#endFailed(migration, vmi, target, {
        abortStatus: "Succeeded",
        failureReason: "Live migration has been aborted",
      });
      return;
    }
    if (target) this.#deletePod(target);
    this.#setPhase(migration, "Failed");
  }

  /** Its object went before it had ended: the guest goes on where it is, and no target is left. */
  async #giveUpLost(lost: Migration): Promise<void> {
    const late = await this.#moves.cancel(lost);
    const { namespace } = lost.metadata;
    const vmi = this.#store.get(vmiKind, namespace, lost.spec.vmiName ?? "");
    const target = vmi && this.#targetOf(lost, vmi);
    const state = vmi?.status?.migrationState;
    const isOpen = state?.migrationUid === lost.metadata.uid && state.completed !== true;
    if (vmi && target && late && isOpen) await this.#switchHost(lost, vmi, target);
    else if (vmi) {
      if (target) completePod(this.#store, target, this.#now());
      if (target) this.#deletePod(target);
      if (isOpen)
        this.#changeState(this.#handler, vmi, {
          abortRequested: true,
          abortStatus: "Succeeded",
          completed: true,
          failed: true,
          endTimestamp: this.#now(),
          failureReason: "Live migration has been aborted",
        });
    }
    if (vmi) takeMarksAway(this.#store, this.#indexes, vmi);
    this.#moves.forget(lost);
  }

  #endFailed(
    migration: Migration,
    vmi: VirtualMachineInstance,
    target: Pod | undefined,
    state: MigrationState,
  ): void {
    this.#changeState(this.#handler, vmi, {
      ...state,
      completed: true,
      failed: true,
      endTimestamp: this.#now(),
    });
    if (state.abortStatus === undefined) {
      this.#handlerEvents.record(
        vmi,
        "Warning",
        "Migrated",
        `VirtualMachineInstance migration uid ${migration.metadata.uid} failed. reason:${state.failureReason ?? ""}`,
      );
    }
    if (target) completePod(this.#store, target, this.#now());
    this.#fail(migration, vmi, "source node reported migration failed");
  }

  #fail(migration: Migration, vmi: VirtualMachineInstance | undefined, message: string): void {
    this.#setPhase(migration, "Failed");
    this.#events.record(migration, "Warning", "FailedMigration", message);
    const target = vmi && this.#targetOf(migration, vmi);
    if (target?.status?.phase === "Pending") this.#deletePod(target);
  }

  #deletePod(pod: Pod): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    this.#store.delete(podKind, pod, { gracePeriodSeconds: pod.spec.terminationGracePeriodSeconds ?? 30 });
  }
}
