/** virt-controller's VirtualMachine part: run strategies, start and stop requests, disks from templates, status. */
import { withFinalizer, withoutFinalizer } from "../store/finalizers.ts";
import type { ControllerContext } from "./controller.ts";
import type { EventRecorder } from "./events.ts";
import type { Indexes } from "./indexes.ts";
import { expandInstancetype } from "./instancetype.ts";
import { claimKind, dataVolumeKind, storageClassKind, vmiKind, vmKind } from "./kinds.ts";
import type { StateChangeRequest, VirtualMachine, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { nextStartFailure } from "./start-failure.ts";
import {
  hasStartPausedRequest,
  hasStartRequest,
  hasStopRequestFor,
  remainingRequests,
} from "./state-change-requests.ts";
import { recordStart } from "./start-revision.ts";
import { withObservedVersion } from "./observed-version.ts";
import { refusedVmi } from "./refused-vmi.ts";
import { type SyncFailure, vmConditions } from "./vm-conditions.ts";
import { volumeSnapshotStatuses } from "./volume-snapshot-status.ts";
import type { PersistentVolumeClaim } from "./storage-shapes.ts";
import { captureTypes, MissingType } from "./type-revisions.ts";
import { TypedStore } from "./typed-store.ts";
import { isFinal, printableStatus, type VmSurroundings } from "./vm-status.ts";
import { VmLiveUpdate } from "./vm-live-update.ts";
import { buildVmi, vmFinalizer } from "./vmi-builder.ts";
import { carryOutVolumeRequests, remainingVolumeRequests } from "./volume-requests.ts";
import { timestamp } from "./timestamp.ts";

export function effectiveRunStrategy(vm: VirtualMachine): string {
  return vm.spec.runStrategy ?? (vm.spec.running === true ? "Always" : "Halted");
}

export class VmController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  /** What virt-controller asks virt-api to write. */
  readonly #virtApi: TypedStore;
  readonly #events: EventRecorder;
  readonly #indexes: Indexes;
  readonly #liveUpdate: VmLiveUpdate;
  readonly #requeue: (vm: VirtualMachine, delayMs: number) => void;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    indexes: Indexes,
    requeue: (vm: VirtualMachine, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#virtApi = new TypedStore(store.raw, "virt-api");
    this.#events = events;
    this.#indexes = indexes;
    this.#liveUpdate = new VmLiveUpdate(context, store);
    this.#requeue = requeue;
  }

  reconcile(namespace: string | undefined, name: string): void {
    const vm = this.#store.get(vmKind, namespace, name);
    if (!vm) return;
    const vmi = this.#ownedVmi(vm);
    if (vm.metadata.deletionTimestamp !== undefined) {
      const orphans = vm.metadata.finalizers?.includes("orphan") === true;
      if (vmi && !orphans) this.#deleteVmi(vm, vmi);
      else this.#dropFinalizer(vm);
      this.#writeStatus(vm, vmi, undefined);
      return;
    }
    if (vm.status?.printableStatus === undefined) {
      // The first status of every VM, whatever its strategy; the write brings it back here.
      this.#store.modifyObject(vmKind, vm, (current) => ({
        ...current,
        status: {
          ...current.status,
          printableStatus: "Stopped",
          volumeSnapshotStatuses: volumeSnapshotStatuses(this.#store, current),
        },
      }));
      return;
    }
    if (vm.metadata.annotations?.["kubevirt.io/latest-observed-api-version"] !== "v1") {
      this.#store.modifyObject(vmKind, vm, withObservedVersion);
      return;
    }
    this.#ensureFinalizer(vm);
    const missing = this.#captureTypes(vm);
    if (missing !== undefined) {
      this.#writeStatus(vm, vmi, missing);
      return;
    }
    const read = this.#store.get(vmKind, namespace, name) ?? vm;
    this.#createDisks(read);
    const failure =
      this.#syncRunStrategy(read, vmi) ?? carryOutVolumeRequests(this.#store, this.#virtApi, read, vmi);
    this.#liveUpdate.sync(read, vmi);
    this.#writeStatus(read, vmi, failure);
  }

  #captureTypes(vm: VirtualMachine): SyncFailure | undefined {
    if (vm.spec.instancetype === undefined && vm.spec.preference === undefined) return undefined;
    try {
      captureTypes(this.#store, vm);
      return undefined;
    } catch (error) {
      if (!(error instanceof MissingType)) throw error;
      this.#events.record(
        vm,
        "Warning",
        error.reason,
        `Failed to store ControllerRevisions of ${error.message}`,
      );
      return { reason: error.reason, message: error.message };
    }
  }

  #ownedVmi(vm: VirtualMachine): VirtualMachineInstance | undefined {
    const vmi = this.#store.get(vmiKind, vm.metadata.namespace, vm.metadata.name);
    return vmi?.metadata.ownerReferences?.some((owner) => owner.uid === vm.metadata.uid) ? vmi : undefined;
  }

  #ensureFinalizer(vm: VirtualMachine): void {
    this.#store.modifyObject(vmKind, vm, (current) => withFinalizer(current, vmFinalizer));
  }

  #dropFinalizer(vm: VirtualMachine): void {
    this.#store.modifyObject(vmKind, vm, (current) => withoutFinalizer(current, vmFinalizer));
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

  /** Acts on the strategy as syncRunStrategy (watch/vm/vm.go) does; returns why starting failed. */
  #syncRunStrategy(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): SyncFailure | undefined {
    const strategy = effectiveRunStrategy(vm);
    const stopAsked = vmi !== undefined && hasStopRequestFor(vm, vmi);
    const phase = vmi?.status?.phase;
    switch (strategy) {
      case "Always":
        if (vmi === undefined) return this.#start(vm);
        if (stopAsked || isFinal(vmi)) this.#deleteVmi(vm, vmi);
        return undefined;
      case "RerunOnFailure":
        if (vmi !== undefined) {
          if (vmi.metadata.deletionTimestamp !== undefined || !(stopAsked || isFinal(vmi))) return undefined;
          this.#deleteVmi(vm, vmi);
          if (phase === "Failed") this.#requestRerun(vm);
          return undefined;
        }
        return hasStartRequest(vm) || vm.status?.runStrategy !== strategy ? this.#start(vm) : undefined;
      case "Manual":
        if (vmi !== undefined) {
          if (stopAsked) this.#deleteVmi(vm, vmi);
          return undefined;
        }
        return hasStartRequest(vm) ? this.#start(vm) : undefined;
      case "Once":
        return vmi === undefined ? this.#start(vm) : undefined;
      case "WaitAsReceiver":
        return vmi === undefined ? this.#start(vm) : undefined;
      default:
        if (vmi !== undefined) this.#deleteVmi(vm, vmi);
        return undefined;
    }
  }

  #start(vm: VirtualMachine): SyncFailure | undefined {
    const retryAt = Date.parse(vm.status?.startFailure?.retryAfterTimestamp ?? "");
    const now = this.#context.clock.now();
    if (retryAt > now) {
      this.#requeue(vm, retryAt - now);
      return undefined;
    }
    if (!this.#disksReady(vm)) return undefined;
    const expanded = expandInstancetype(this.#store, vm);
    const refusal = refusedVmi(vm, expanded.spec);
    if (refusal !== undefined) {
      const message = `Error creating virtual machine instance: ${refusal}`;
      this.#events.record(vm, "Warning", "FailedCreate", message);
      return { reason: "FailedCreate", message: `Failure while starting VMI: ${refusal}` };
    }
    recordStart(this.#store, this.#indexes, vm);
    this.#store.create(vmiKind, buildVmi(vm, expanded, hasStartPausedRequest(vm), timestamp(now)));
    this.#events.record(
      vm,
      "Normal",
      "SuccessfulCreate",
      `Started the virtual machine by creating the new virtual machine instance ${vm.metadata.name}`,
    );
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

  #deleteVmi(vm: VirtualMachine, vmi: VirtualMachineInstance): void {
    if (vmi.metadata.deletionTimestamp !== undefined) return;
    this.#store.delete(vmiKind, vmi, { gracePeriodSeconds: 0 });
    this.#events.record(
      vm,
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
    return {
      vmi,
      claims,
      dataVolumes,
      waitsForConsumer: (claim) => this.#waitsForConsumer(claim),
      runStrategy: effectiveRunStrategy(vm),
      starting: false,
    };
  }

  /** `vmi` is the instance as it was when this turn began: one made since shows with its own change. */
  #writeStatus(
    read: VirtualMachine,
    vmi: VirtualMachineInstance | undefined,
    failure: SyncFailure | undefined,
  ): void {
    const nowMs = this.#context.clock.now();
    const starting = vmi === undefined && this.#ownedVmi(read) !== undefined;
    this.#store.modifyObject(vmKind, read, (vm) => {
      const {
        created: _created,
        ready: _ready,
        startFailure,
        stateChangeRequests: _requests,
        volumeRequests: _volumes,
        ...kept
      } = vm.status ?? {};
      const requests = remainingRequests(vm, vmi);
      const volumeRequests = remainingVolumeRequests(vm);
      const nextFailure = nextStartFailure(vm, vmi, effectiveRunStrategy(vm), nowMs);
      const isReady = vmi?.status?.conditions?.some(
        ({ type, status }) => type === "Ready" && status === "True",
      );
      const observed = Number(vmi?.metadata.annotations?.["kubevirt.io/vm-generation"]);
      const status = {
        ...kept,
        ...(vmi &&
          observed > 0 && { desiredGeneration: vm.metadata.generation ?? 1, observedGeneration: observed }),
        ...((vmi || kept.runStrategy !== undefined) && { runStrategy: effectiveRunStrategy(vm) }),
        conditions: vmConditions(kept.conditions, vmi, failure, timestamp(nowMs)),
        ...(vmi && { created: true }),
        ...(isReady === true && { ready: true }),
        ...((nextFailure ?? startFailure) &&
          nextFailure !== null && { startFailure: nextFailure ?? startFailure }),
        ...(requests.length > 0 && { stateChangeRequests: requests }),
        ...(volumeRequests.length > 0 && { volumeRequests }),
        volumeSnapshotStatuses: volumeSnapshotStatuses(this.#store, vm),
      };
      const next = { ...vm, status };
      const around = { ...this.#surroundings(next, vmi), starting };
      return { ...next, status: { ...status, printableStatus: printableStatus(next, around) } };
    });
    const neverStarted =
      vmi?.status?.phase === "WaitingForSync" && vmi.metadata.deletionTimestamp !== undefined;
    if (vmi && (isFinal(vmi) || neverStarted)) this.#releaseVmi(vmi);
  }

  /** All there was to learn of a final instance is in the VM's status. */
  #releaseVmi(vmi: VirtualMachineInstance): void {
    this.#store.modifyObject(vmiKind, vmi, (current) =>
      current.metadata.finalizers?.includes(vmFinalizer)
        ? {
            ...current,
            metadata: {
              ...current.metadata,
              finalizers: current.metadata.finalizers.filter((finalizer) => finalizer !== vmFinalizer),
            },
          }
        : current,
    );
  }
}
