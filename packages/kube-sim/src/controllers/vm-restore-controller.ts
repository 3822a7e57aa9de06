/**
 * VirtualMachineRestore: new claims from the snapshot's volumes, then the target's spec points at them, whether the target
 * is the machine itself or a new one. Order and words as in the recorded traces.
 */
import { hasFinalizer, withFinalizer, withoutFinalizer } from "../store/finalizers.ts";
import { withCondition } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";
import {
  claimKind,
  dataVolumeKind,
  vmiKind,
  vmKind,
  vmRestoreKind,
  vmSnapshotContentKind,
  vmSnapshotKind,
} from "./kinds.ts";
import type { VirtualMachine } from "./kubevirt-shapes.ts";
import type { VmRestore, VmSnapshotContent } from "./snapshot-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { isFinal } from "./vm-status.ts";
import { newTarget, patchesOf, patchText } from "./restore-target.ts";

const finalizer = "snapshot.kubevirt.io/vmrestore-protection";
const mustBeOff = "Restore target VMI must be powered off before restore operation";
/** Source: KubeVirt's grace of targetReadinessPolicy WaitGracePeriod. */
const graceMs = 5 * 60_000;
const graceOver =
  "Restore target failed to be ready within 5m0s. Please power off the target VM before attempting restore";
const waitMs = 500;

type Spec = VirtualMachine["spec"];

const ownedBy = ({ apiVersion, kind, metadata }: VirtualMachine) => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
});

export class VmRestoreController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #requeue: (restore: VmRestore, delayMs: number) => void;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    requeue: (restore: VmRestore, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#requeue = requeue;
  }

  reconcile(namespace: string | undefined, name: string): void {
    const restore = this.#store.get(vmRestoreKind, namespace, name);
    if (!restore) return;
    const target = this.#store.get(vmKind, namespace, restore.spec.target.name);
    if (restore.metadata.deletionTimestamp !== undefined) {
      this.#unlock(target, restore);
      if (hasFinalizer(restore, finalizer))
        this.#progress(restore, "VM restore is deleting", "VM restore is deleting", "False");
      this.#store.modifyObject(vmRestoreKind, restore, (current) => withoutFinalizer(current, finalizer));
      return;
    }
    const failed = restore.status?.conditions?.some(({ type }) => type === "Failure") ?? false;
    if (restore.status?.complete === true || failed) return;
    const patches = patchesOf(restore);
    if (patches === undefined) {
      this.#fail(restore, target, `cannot decode vm patches ${patchText(restore)}`);
      return;
    }
    if (restore.status === undefined) {
      this.#store.modifyObject(vmRestoreKind, restore, (current) => {
        const held = withFinalizer(current, finalizer);
        if (target === undefined) return held;
        return { ...held, metadata: { ...held.metadata, ownerReferences: [ownedBy(target)] } };
      });
      this.#progress(restore, "Initializing VirtualMachineRestore", "Initializing VirtualMachineRestore");
    }
    const content = this.#contentOf(restore);
    if (typeof content === "string") {
      this.#wait(restore, content);
      return;
    }
    const source = content.spec.source.virtualMachine;
    if (source === undefined) return;
    if (
      target !== undefined &&
      target.metadata.uid !== source.metadata.uid &&
      !this.#isOurs(target, restore)
    ) {
      this.#wait(
        restore,
        "restore source and restore target are different but restore target already exists",
      );
      return;
    }
    if (target !== undefined && !this.#isOff(restore, target)) return;
    if (target !== undefined) this.#lock(target, restore);
    if (!this.#claimsReady(restore, content)) {
      this.#requeue(restore, waitMs);
      return;
    }
    try {
      this.#updateTarget(restore, target, source, patches);
    } catch (error) {
      // Whoever refuses it now may take it later: it is tried again, as upstream does.
      const message = error instanceof Error ? error.message : String(error);
      this.#progress(restore, message, message, "False");
      throw error;
    }
  }

  #now(): string {
    return timestamp(this.#context.clock.now());
  }

  #mark(restore: VmRestore): string {
    return `${restore.metadata.name}-${restore.metadata.uid}`;
  }

  #isOurs(vm: VirtualMachine, restore: VmRestore): boolean {
    return vm.metadata.annotations?.["restore.kubevirt.io/lastRestoreUID"] === this.#mark(restore);
  }

  #progress(restore: VmRestore, progressing: string, ready: string, status = "True"): void {
    this.#store.modifyObject(vmRestoreKind, restore, (current) => {
      let conditions = withCondition(
        current.status?.conditions,
        { type: "Progressing", status, reason: progressing },
        this.#now(),
      );
      conditions = withCondition(conditions, { type: "Ready", status: "False", reason: ready }, this.#now());
      return conditions === current.status?.conditions
        ? current
        : { ...current, status: { complete: false, ...current.status, conditions } };
    });
  }

  /** What may still be mended is no failure: the restore looks again with the next change. */
  #wait(restore: VmRestore, reason: string): void {
    this.#progress(restore, reason, reason, "False");
  }

  #fail(restore: VmRestore, target: VirtualMachine | undefined, reason: string): void {
    this.#progress(restore, reason, reason, "False");
    this.#store.modifyObject(vmRestoreKind, restore, (current) => ({
      ...current,
      status: {
        ...current.status,
        conditions: withCondition(
          current.status?.conditions,
          { type: "Failure", status: "True", reason },
          this.#now(),
        ),
      },
    }));
    this.#unlock(target, restore);
  }

  /** The content to restore from, or why there is none. */
  #contentOf(restore: VmRestore): VmSnapshotContent | string {
    const { namespace } = restore.metadata;
    const name = restore.spec.virtualMachineSnapshotName;
    const snapshot = this.#store.get(vmSnapshotKind, namespace, name);
    if (snapshot === undefined) return `VMSnapshot ${namespace ?? ""}/${name} does not exist`;
    if (snapshot.status?.readyToUse !== true) return `VMSnapshot ${namespace ?? ""}/${name} not ready`;
    const contentName = snapshot.status.virtualMachineSnapshotContentName ?? "";
    return (
      this.#store.get(vmSnapshotContentKind, namespace, contentName) ??
      `VMSnapshotContent ${namespace ?? ""}/${contentName} does not exist`
    );
  }

  /** True once nothing of the target runs; what is done about it is the policy's. */
  #isOff(restore: VmRestore, target: VirtualMachine): boolean {
    const { namespace, name } = target.metadata;
    const vmi = this.#store.get(vmiKind, namespace, name);
    if (vmi === undefined) return true;
    const { targetReadinessPolicy: policy = "WaitGracePeriod" } = restore.spec;
    if (policy === "FailImmediate") {
      this.#fail(restore, target, mustBeOff);
      return false;
    }
    if (policy === "StopTarget") {
      // It asks to stop with each look, so that later ones are refused.
      const refusal = isFinal(vmi)
        ? "VM is not running"
        : "Halted only supports manual stop requests with a shorter graceperiod";
      const stopping =
        target.spec.runStrategy === "Halted"
          ? `Operation cannot be fulfilled on virtualmachine.kubevirt.io "${name}": ${refusal}`
          : "Automatically stopping restore target for restore operation";
      this.#progress(restore, stopping, stopping, "False");
      this.#store.modifyObject(vmKind, target, (current) => {
        if (current.spec.runStrategy === "Halted") return current;
        const { running: _running, ...spec } = current.spec;
        return { ...current, spec: { ...spec, runStrategy: "Halted" } };
      });
    } else {
      const waitedMs = this.#context.clock.now() - Date.parse(restore.metadata.creationTimestamp);
      if (policy === "WaitGracePeriod" && waitedMs > graceMs) {
        this.#fail(restore, target, graceOver);
        return false;
      }
      const waiting = `Waiting for target VM to be powered off. Please stop the restore target to proceed with restore${
        policy === "WaitGracePeriod" ? ", or the operation will fail after 5m0s" : ""
      }`;
      this.#progress(restore, waiting, waiting, "False");
    }
    this.#requeue(restore, waitMs);
    return false;
  }

  #lock(target: VirtualMachine, restore: VmRestore): void {
    this.#store.modifyObject(vmKind, target, (current) =>
      current.status?.restoreInProgress === restore.metadata.name
        ? current
        : { ...current, status: { ...current.status, restoreInProgress: restore.metadata.name } },
    );
  }

  #unlock(target: VirtualMachine | undefined, restore: VmRestore): void {
    if (target === undefined) return;
    this.#store.modifyObject(vmKind, target, (current) => {
      if (current.status?.restoreInProgress !== restore.metadata.name) return current;
      const { restoreInProgress: _done, ...status } = current.status;
      return { ...current, status };
    });
  }

  #claimsReady(restore: VmRestore, content: VmSnapshotContent): boolean {
    const { namespace, name, uid } = restore.metadata;
    const backups = content.spec.volumeBackups ?? [];
    if (backups.length === 0) return true;
    if (restore.status?.restores === undefined)
      this.#progress(restore, "Creating new PVCs", "Waiting for new PVCs");
    const restores = backups.map(({ volumeName, volumeSnapshotName }) => ({
      volumeName,
      volumeSnapshotName,
      persistentVolumeClaim: `restore-${uid}-${volumeName}`,
    }));
    this.#store.modifyObject(vmRestoreKind, restore, (current) =>
      current.status?.restores === undefined
        ? { ...current, status: { ...current.status, restores } }
        : current,
    );
    for (const [index, backup] of backups.entries()) {
      const claimName = restores[index]?.persistentVolumeClaim ?? "";
      if (this.#store.get(claimKind, namespace, claimName)) continue;
      const { accessModes, volumeMode, storageClassName, resources } = backup.persistentVolumeClaim.spec;
      const dataSource = {
        apiGroup: "snapshot.storage.k8s.io",
        kind: "VolumeSnapshot",
        name: backup.volumeSnapshotName,
      };
      this.#store.create(claimKind, {
        metadata: {
          name: claimName,
          ...(namespace !== undefined && { namespace }),
          labels: {
            "restore.kubevirt.io/source-vm-name": (
              content.spec.source.virtualMachine?.metadata.name ?? ""
            ).slice(0, 63),
            "restore.kubevirt.io/source-vm-namespace": namespace ?? "",
          },
          annotations: {
            "restore.kubevirt.io/lastRestoreUID": this.#mark(restore),
            "restore.kubevirt.io/name": name,
            // Nobody consumes it before the target's spec names it, and the snapshot may go then.
            "cdi.kubevirt.io/storage.bind.immediate.requested": "true",
          },
          finalizers: ["kubernetes.io/pvc-protection"],
        },
        spec: { accessModes, volumeMode, storageClassName, resources, dataSource, dataSourceRef: dataSource },
        status: { phase: "Pending" },
      });
    }
    return restores.every(
      (each) => this.#store.get(claimKind, namespace, each.persistentVolumeClaim)?.status?.phase === "Bound",
    );
  }

  /** `spec` with every restored volume on its new claim; templates follow, so that no new disk is made beside it. */
  #restoredSpec(spec: Spec, restore: VmRestore): { spec: Spec; replaced: string[] } {
    const claims = new Map(
      (restore.status?.restores ?? []).map((each) => [each.volumeName, each.persistentVolumeClaim]),
    );
    const renamed = new Map<string, string>();
    const volumes = (spec.template.spec.volumes ?? []).map((volume) => {
      const claim = claims.get(volume.name);
      if (claim === undefined) return volume;
      if (volume.dataVolume) {
        renamed.set(volume.dataVolume.name, claim);
        return { ...volume, dataVolume: { ...volume.dataVolume, name: claim } };
      }
      return { ...volume, persistentVolumeClaim: { ...volume.persistentVolumeClaim, claimName: claim } };
    });
    const templates = spec.dataVolumeTemplates?.map((template) => ({
      ...template,
      metadata: { ...template.metadata, name: renamed.get(template.metadata.name) ?? template.metadata.name },
    }));
    return {
      spec: {
        ...spec,
        ...(templates && { dataVolumeTemplates: templates }),
        template: { ...spec.template, spec: { ...spec.template.spec, volumes } },
      },
      replaced: [...renamed.keys()],
    };
  }

  #updateTarget(
    read: VmRestore,
    target: VirtualMachine | undefined,
    source: Pick<VirtualMachine, "metadata" | "spec">,
    patches: unknown[],
  ): void {
    const { namespace, name } = read.metadata;
    const restore = this.#store.get(vmRestoreKind, namespace, name) ?? read;
    const { spec, replaced } = this.#restoredSpec(source.spec, restore);
    const mark = { "restore.kubevirt.io/lastRestoreUID": this.#mark(restore) };
    let vm = target;
    if (target === undefined) {
      const made = newTarget(restore, source.metadata, spec, patches, mark);
      vm = this.#store.create(vmKind, this.#context.admit(made));
    } else if (!this.#isOurs(target, restore)) {
      const { runStrategy, running } = target.spec;
      const { runStrategy: _then, running: _was, ...restored } = spec;
      this.#store.modifyObject(vmKind, target, (current) =>
        this.#context.admit(
          {
            ...current,
            metadata: { ...current.metadata, annotations: { ...current.metadata.annotations, ...mark } },
            spec: {
              ...restored,
              ...(runStrategy !== undefined && { runStrategy }),
              ...(running !== undefined && { running }),
            },
          },
          current,
        ),
      );
      for (const dataVolume of replaced) {
        const old = this.#store.get(dataVolumeKind, namespace, dataVolume);
        if (old) this.#store.delete(dataVolumeKind, old);
      }
    }
    if (vm === undefined) return;
    this.#progress(restore, "Updating target spec", "Waiting for target update");
    const ownerReferences = [ownedBy(vm)];
    for (const { persistentVolumeClaim: claim } of restore.status?.restores ?? [])
      this.#store.modify(claimKind, namespace, claim, (current) => ({
        ...current,
        metadata: { ...current.metadata, ownerReferences },
      }));
    this.#unlock(vm, restore);
    this.#store.modifyObject(vmRestoreKind, restore, (current) => {
      const done = { reason: "Operation complete" };
      let conditions = withCondition(
        current.status?.conditions,
        { type: "Progressing", status: "False", ...done },
        this.#now(),
      );
      conditions = withCondition(conditions, { type: "Ready", status: "True", ...done }, this.#now());
      return {
        ...current,
        metadata: { ...current.metadata, ownerReferences },
        status: {
          ...current.status,
          conditions,
          complete: true,
          restoreTime: this.#now(),
          ...(target !== undefined && replaced.length > 0 && { deletedDataVolumes: replaced }),
        },
      };
    });
  }
}
