/** virt-controller's VirtualMachine part: run strategies, start and stop requests, disks from templates, status. */
import type { ControllerContext } from "./controller.ts";
import { withCondition, withoutCondition } from "./conditions.ts";
import type { EventRecorder } from "./events.ts";
import { expandInstancetype, MissingType } from "./instancetype.ts";
import {
  claimKind,
  controllerRevisionKind,
  dataVolumeKind,
  storageClassKind,
  vmiKind,
  vmKind,
} from "./kinds.ts";
import type { StateChangeRequest, VirtualMachine, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { nextStartFailure } from "./start-failure.ts";
import type { PersistentVolumeClaim } from "./storage-shapes.ts";
import type { TypedStore } from "./typed-store.ts";
import { isFinal, printableStatus, type VmSurroundings } from "./vm-status.ts";
import { VmLiveUpdate } from "./vm-live-update.ts";
import { buildVmi, vmFinalizer } from "./vmi-builder.ts";
import { timestamp } from "./timestamp.ts";

/** Conditions of a VMI that a VM shows as its own while the VMI exists (api-surface §3). */
const copiedConditions = [
  "LiveMigratable",
  "StorageLiveMigratable",
  "AgentConnected",
  "Synchronized",
  "Provisioning",
  "DataVolumesReady",
  "Paused",
  "PodScheduled",
  "SoftwareEmulation",
  "HotVCPUChange",
  "HotMemoryChange",
  "MigrationRequired",
];

export function effectiveRunStrategy(vm: VirtualMachine): string {
  return vm.spec.runStrategy ?? (vm.spec.running === true ? "Always" : "Halted");
}

export class VmController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #liveUpdate: VmLiveUpdate;
  readonly #requeue: (vm: VirtualMachine, delayMs: number) => void;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    requeue: (vm: VirtualMachine, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#liveUpdate = new VmLiveUpdate(context, store);
    this.#requeue = requeue;
  }

  reconcile(namespace: string | undefined, name: string): void {
    const vm = this.#store.get(vmKind, namespace, name);
    if (!vm) return;
    const vmi = this.#ownedVmi(vm);
    if (vm.metadata.deletionTimestamp !== undefined) {
      if (vmi) this.#deleteVmi(vmi);
      else this.#dropFinalizer(vm);
      this.#writeStatus(vm, vmi, undefined);
      return;
    }
    if (vm.status?.printableStatus === undefined) {
      // The first status of every VM, whatever its strategy; the write brings it back here.
      this.#store.modifyObject(vmKind, vm, (current) => ({
        ...current,
        status: { ...current.status, printableStatus: "Stopped" },
      }));
      return;
    }
    this.#ensureFinalizer(vm);
    this.#createDisks(vm);
    const failure = this.#syncRunStrategy(vm, vmi);
    this.#liveUpdate.sync(vm, vmi);
    this.#writeStatus(vm, this.#ownedVmi(vm), failure);
  }

  #ownedVmi(vm: VirtualMachine): VirtualMachineInstance | undefined {
    const vmi = this.#store.get(vmiKind, vm.metadata.namespace, vm.metadata.name);
    return vmi?.metadata.ownerReferences?.some((owner) => owner.uid === vm.metadata.uid) ? vmi : undefined;
  }

  #ensureFinalizer(vm: VirtualMachine): void {
    this.#store.modifyObject(vmKind, vm, (current) =>
      current.metadata.finalizers?.includes(vmFinalizer)
        ? current
        : {
            ...current,
            metadata: {
              ...current.metadata,
              finalizers: [...(current.metadata.finalizers ?? []), vmFinalizer],
            },
          },
    );
  }

  #dropFinalizer(vm: VirtualMachine): void {
    this.#store.modifyObject(vmKind, vm, (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        finalizers: (current.metadata.finalizers ?? []).filter((finalizer) => finalizer !== vmFinalizer),
      },
    }));
  }

  #createDisks(vm: VirtualMachine): void {
    const { namespace } = vm.metadata;
    for (const template of vm.spec.dataVolumeTemplates ?? []) {
      const { name } = template.metadata;
      if (this.#store.get(dataVolumeKind, namespace, name) || this.#store.get(claimKind, namespace, name))
        continue;
      this.#store.create(dataVolumeKind, {
        metadata: {
          name,
          ...(namespace !== undefined && { namespace }),
          labels: { ...template.metadata.labels, "kubevirt.io/created-by": vm.metadata.uid },
          annotations: { ...template.metadata.annotations },
          ownerReferences: [
            {
              apiVersion: vm.apiVersion,
              kind: vm.kind,
              name: vm.metadata.name,
              uid: vm.metadata.uid,
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
        spec: template.spec,
      });
      this.#events.record(vm, "Normal", "SuccessfulDataVolumeCreate", `Created DataVolume ${name}`);
    }
  }

  /** Acts on the strategy; returns the Failure condition's reason and message when starting failed. */
  #syncRunStrategy(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): MissingType | undefined {
    const strategy = effectiveRunStrategy(vm);
    const request = vm.status?.stateChangeRequests?.[0];
    if (request?.action === "Stop") {
      if (vmi && (request.uid === undefined || vmi.metadata.uid === request.uid)) this.#deleteVmi(vmi);
      else this.#dropRequest(vm, request);
      return undefined;
    }
    if (vmi) {
      if (request?.action === "Start" && !isFinal(vmi)) this.#dropRequest(vm, request);
      if (this.#shouldEnd(strategy, vmi)) {
        if (strategy === "RerunOnFailure" && vmi.status?.phase === "Failed") this.#requestRerun(vm);
        this.#deleteVmi(vmi);
      }
      return undefined;
    }
    const firstUnderStrategy = vm.status?.runStrategy !== strategy;
    const starts =
      request?.action === "Start" ||
      strategy === "Always" ||
      (strategy === "RerunOnFailure" && (firstUnderStrategy || vm.status?.startFailure !== undefined)) ||
      (strategy === "Once" && firstUnderStrategy);
    if (!starts || strategy === "Halted") return undefined;
    return this.#start(vm, request);
  }

  #shouldEnd(strategy: string, vmi: VirtualMachineInstance): boolean {
    switch (strategy) {
      case "Halted":
        return true;
      case "Always":
      case "RerunOnFailure":
        return isFinal(vmi);
      default:
        return false;
    }
  }

  #start(vm: VirtualMachine, request: StateChangeRequest | undefined): MissingType | undefined {
    const { namespace } = vm.metadata;
    const retryAt = Date.parse(vm.status?.startFailure?.retryAfterTimestamp ?? "");
    const now = this.#context.clock.now();
    if (retryAt > now) {
      this.#requeue(vm, retryAt - now);
      return undefined;
    }
    if (!this.#disksReady(vm)) return undefined;
    let expanded;
    try {
      expanded = expandInstancetype(this.#store, vm);
    } catch (error) {
      if (error instanceof MissingType) return error;
      throw error;
    }
    const revision = `revision-start-vm-${vm.metadata.uid}-${vm.metadata.generation ?? 1}`;
    if (!this.#store.get(controllerRevisionKind, namespace, revision)) {
      this.#store.create(controllerRevisionKind, {
        metadata: {
          name: revision,
          ...(namespace !== undefined && { namespace }),
          ownerReferences: [
            {
              apiVersion: vm.apiVersion,
              kind: vm.kind,
              name: vm.metadata.name,
              uid: vm.metadata.uid,
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
        data: { spec: vm.spec },
        revision: vm.metadata.generation ?? 1,
      });
    }
    const startPaused = request?.data?.["paused"] === "true";
    this.#store.create(vmiKind, buildVmi(vm, expanded, startPaused, timestamp(now)));
    this.#events.record(
      vm,
      "Normal",
      "SuccessfulCreate",
      `Started the virtual machine by creating the new virtual machine instance ${vm.metadata.name}`,
    );
    if (request) this.#dropRequest(vm, request);
    return undefined;
  }

  /** A VM starts when every DataVolume it uses is filled, or waits for exactly this start. */
  #disksReady(vm: VirtualMachine): boolean {
    return (vm.spec.template.spec.volumes ?? []).every((volume) => {
      const name = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;
      const dataVolume =
        name === undefined ? undefined : this.#store.get(dataVolumeKind, vm.metadata.namespace, name);
      if (!dataVolume) return true;
      return ["Succeeded", "WaitForFirstConsumer", "PendingPopulation"].includes(
        dataVolume.status?.phase ?? "",
      );
    });
  }

  #deleteVmi(vmi: VirtualMachineInstance): void {
    if (vmi.metadata.deletionTimestamp !== undefined) return;
    this.#store.delete(vmiKind, vmi, { gracePeriodSeconds: 0 });
    this.#events.record(
      vmi,
      "Normal",
      "SuccessfulDelete",
      `Stopped the virtual machine by deleting the virtual machine instance ${vmi.metadata.uid}`,
    );
  }

  /** Remembers, past the failed VMI, that another is due. */
  #requestRerun(vm: VirtualMachine): void {
    const rerun: StateChangeRequest = { action: "Start" };
    this.#store.modifyObject(vmKind, vm, (current) =>
      (current.status?.stateChangeRequests?.length ?? 0) > 0
        ? current
        : { ...current, status: { ...current.status, stateChangeRequests: [rerun] } },
    );
  }

  #dropRequest(vm: VirtualMachine, request: StateChangeRequest): void {
    this.#store.modifyObject(vmKind, vm, (current) => {
      const [first, ...rest] = current.status?.stateChangeRequests ?? [];
      if (first?.action !== request.action) return current;
      const { stateChangeRequests: _handled, ...status } = current.status ?? {};
      return { ...current, status: rest.length > 0 ? { ...status, stateChangeRequests: rest } : status };
    });
  }

  #waitsForConsumer(claim: PersistentVolumeClaim | undefined): boolean {
    const storageClass = claim?.spec.storageClassName;
    return (
      storageClass !== undefined &&
      this.#store.get(storageClassKind, undefined, storageClass)?.volumeBindingMode === "WaitForFirstConsumer"
    );
  }

  #surroundings(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): VmSurroundings {
    const { namespace } = vm.metadata;
    const claims: VmSurroundings["claims"] = new Map();
    const dataVolumes: VmSurroundings["dataVolumes"] = new Map();
    for (const volume of vm.spec.template.spec.volumes ?? []) {
      const name = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;
      if (name === undefined) continue;
      claims.set(name, this.#store.get(claimKind, namespace, name));
      const dataVolume = this.#store.get(dataVolumeKind, namespace, name);
      if (dataVolume) dataVolumes.set(name, dataVolume);
    }
    const strategy = effectiveRunStrategy(vm);
    const wantsToRun =
      strategy === "Always" ||
      vmi !== undefined ||
      (vm.status?.stateChangeRequests?.some((request) => request.action === "Start") ?? false);
    return {
      vmi,
      claims,
      dataVolumes,
      waitsForConsumer: (claim) => this.#waitsForConsumer(claim),
      wantsToRun,
      now: this.#context.clock.now(),
    };
  }

  #writeStatus(
    read: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
    failure: MissingType | undefined,
  ): void {
    const now = timestamp(this.#context.clock.now());
    this.#store.modifyObject(vmKind, read, (vm) => {
      const { created: _created, ready: _ready, startFailure, ...kept } = vm.status ?? {};
      const vmiReady = vmi?.status?.conditions?.find((condition) => condition.type === "Ready");
      const ready = vmi
        ? (vmiReady ?? {
            type: "Ready",
            status: "False",
            reason: "VMIConditionMissing",
            message: "VMI is missing the Ready condition",
          })
        : { type: "Ready", status: "False", reason: "VMINotExists", message: "VMI does not exist" };
      let conditions = withCondition(kept.conditions, { ...ready }, now);
      for (const type of copiedConditions) {
        const condition = vmi?.status?.conditions?.find((candidate) => candidate.type === type);
        if (condition) conditions = withCondition(conditions, condition, now);
        else if (vmi || type === "Paused" || type === "PodScheduled")
          conditions = withoutCondition(conditions, type);
      }
      conditions = failure
        ? withCondition(
            conditions,
            { type: "Failure", status: "True", reason: failure.reason, message: failure.message },
            now,
          )
        : withoutCondition(conditions, "Failure");
      const nextFailure = nextStartFailure(vm, vmi, this.#context.clock.now());
      const strategy = effectiveRunStrategy(vm);
      const observed = vmi
        ? {
            desiredGeneration: vm.metadata.generation ?? 1,
            observedGeneration: vm.metadata.generation ?? 1,
            runStrategy: strategy,
          }
        : {};
      const status = {
        ...kept,
        ...observed,
        conditions,
        ...(vmi && { created: true }),
        ...(vmiReady?.status === "True" && { ready: true }),
        ...((nextFailure ?? startFailure) &&
          nextFailure !== null && { startFailure: nextFailure ?? startFailure }),
        volumeSnapshotStatuses: (vm.spec.template.spec.volumes ?? []).map(({ name, ...source }) =>
          "dataVolume" in source || "persistentVolumeClaim" in source
            ? { name, enabled: true }
            : {
                name,
                enabled: false,
                reason: `Snapshot is not supported for this volumeSource type [${name}]`,
              },
        ),
      };
      const next = { ...vm, status };
      return {
        ...next,
        status: { ...status, printableStatus: printableStatus(next, this.#surroundings(next, vmi)) },
      };
    });
  }
}
