/**
 * VirtualMachineSnapshot: the VM is locked, its spec kept in a content object, each disk snapshot by CSI, the lock released.
 * Order and words as in the recorded traces. A guest without an agent is paused while its disks are copied, so that what
 * is kept is of one moment.
 */
import { parseGoDuration } from "../schema/go-duration.ts";
import { withFinalizer, withoutFinalizer } from "../store/finalizers.ts";
import { withCondition } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";
import type { Condition } from "./core-shapes.ts";
import type { EventRecorder } from "./events.ts";
import {
  claimKind,
  vmiKind,
  vmKind,
  vmSnapshotContentKind,
  vmSnapshotKind,
  volumeKind,
  volumeSnapshotClassKind,
  volumeSnapshotKind,
} from "./kinds.ts";
import type { VirtualMachine } from "./kubevirt-shapes.ts";
import type { VmSnapshot, VmSnapshotContent, VolumeBackup } from "./snapshot-shapes.ts";
import type { StillGuests } from "./still-guests.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { isFinal } from "./vm-status.ts";

const finalizer = "snapshot.kubevirt.io/vmsnapshot-protection";
const contentFinalizer = "snapshot.kubevirt.io/vmsnapshotcontent-protection";
const sourceFinalizer = "snapshot.kubevirt.io/snapshot-source-protection";
/** Source: KubeVirt's DefaultFailureDeadline. */
const deadlineMs = 5 * 60_000;
const waitMs = 500;

export class VmSnapshotController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #still: StillGuests;
  readonly #requeue: (snapshot: VmSnapshot, delayMs: number) => void;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    still: StillGuests,
    requeue: (snapshot: VmSnapshot, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#still = still;
    this.#requeue = requeue;
  }

  async reconcile(namespace: string | undefined, name: string): Promise<void> {
    const snapshot = this.#store.get(vmSnapshotKind, namespace, name);
    if (!snapshot) return;
    const vm = this.#store.get(vmKind, namespace, snapshot.spec.source.name);
    if (snapshot.metadata.deletionTimestamp !== undefined) {
      await this.#unlock(vm, snapshot);
      this.#release(snapshot);
      return;
    }
    const phase = snapshot.status?.phase;
    if (phase === "Succeeded" || phase === "Failed") return;
    const leftMs = this.#leftMs(snapshot);
    if (leftMs < 0) {
      await this.#fail(snapshot, vm, "snapshot deadline exceeded");
      return;
    }
    this.#begin(snapshot, vm);
    if (vm === undefined) {
      this.#requeue(snapshot, Math.min(waitMs, leftMs + 1));
      return;
    }
    if (!(await this.#lock(vm, snapshot))) {
      this.#requeue(snapshot, waitMs);
      return;
    }
    const content = this.#contentOf(snapshot, vm);
    if (this.#volumesReady(content)) await this.#succeed(snapshot, vm, content);
    else this.#requeue(snapshot, waitMs);
  }

  /** Until it fails; none is for ever. Source: timeUntilDeadline in pkg/storage/snapshot/util.go. */
  #leftMs({ spec, metadata }: VmSnapshot): number {
    const given = spec.failureDeadline === undefined ? deadlineMs : parseGoDuration(spec.failureDeadline);
    if (given === 0) return Infinity;
    return Date.parse(metadata.creationTimestamp) + given - this.#context.clock.now();
  }

  #now(): string {
    return timestamp(this.#context.clock.now());
  }

  #change(
    snapshot: VmSnapshot,
    status: NonNullable<VmSnapshot["status"]>,
    conditions: Condition[] = [],
  ): void {
    this.#store.modifyObject(vmSnapshotKind, snapshot, (current) => {
      const merged = conditions.reduce(
        (list, condition) => withCondition(list, condition, this.#now()),
        current.status?.conditions ?? [],
      );
      return { ...current, status: { ...current.status, ...status, conditions: merged } };
    });
  }

  #begin(snapshot: VmSnapshot, vm: VirtualMachine | undefined): void {
    if (snapshot.status?.phase !== undefined) return;
    this.#store.modifyObject(vmSnapshotKind, snapshot, (current) => withFinalizer(current, finalizer));
    const vmi = vm && this.#store.get(vmiKind, vm.metadata.namespace, vm.metadata.name);
    const online = vmi !== undefined && !isFinal(vmi);
    const agent = vmi?.status?.conditions?.some(
      ({ type, status }) => type === "AgentConnected" && status === "True",
    );
    const indications = online ? [agent === true ? "GuestAgent" : "NoGuestAgent", "Online"] : [];
    this.#change(
      snapshot,
      {
        phase: "InProgress",
        readyToUse: false,
        ...(vm && { sourceUID: vm.metadata.uid }),
        ...(online && {
          indications,
          sourceIndications: indications.map((indication) => ({
            indication,
            message: indicationMessages[indication] ?? "",
          })),
        }),
      },
      [
        { type: "Progressing", status: "False", reason: vm ? "Source not locked" : "Source does not exist" },
        { type: "Ready", status: "False", reason: "Not ready" },
      ],
    );
  }

  /** False while another snapshot or a restore holds the VM. */
  async #lock(vm: VirtualMachine, snapshot: VmSnapshot): Promise<boolean> {
    const { name } = snapshot.metadata;
    const held = vm.status?.snapshotInProgress;
    if (held === name) return true;
    if (held !== undefined || vm.status?.restoreInProgress !== undefined) {
      const text = held === undefined ? "" : ` snapshot "${held}" in progress`;
      this.#change(snapshot, {}, [
        { type: "Progressing", status: "False", reason: `Source not locked${text}` },
      ]);
      return false;
    }
    this.#store.modifyObject(vmKind, vm, (current) => ({
      ...withFinalizer(current, sourceFinalizer),
      status: { ...current.status, snapshotInProgress: name },
    }));
    await this.#guest(vm, snapshot, "hold");
    this.#change(snapshot, {}, [
      { type: "Progressing", status: "True", reason: "Source locked and operation in progress" },
    ]);
    return true;
  }

  async #guest(vm: VirtualMachine, { metadata }: VmSnapshot, action: "hold" | "release"): Promise<void> {
    const vmi = this.#store.get(vmiKind, vm.metadata.namespace, vm.metadata.name);
    if (vmi === undefined) return;
    await this.#still[action](vmi, metadata.uid).catch((error: unknown) =>
      this.#context.log(`no ${action} of a guest for its snapshot`, {
        error: error instanceof Error ? error.message : String(error),
      }),
    );
  }

  async #unlock(read: VirtualMachine | undefined, snapshot: VmSnapshot): Promise<void> {
    // as it is now: the lock may be this very pass's own
    const vm = read && this.#store.get(vmKind, read.metadata.namespace, read.metadata.name);
    if (vm?.status?.snapshotInProgress !== snapshot.metadata.name) return;
    await this.#guest(vm, snapshot, "release");
    this.#store.modifyObject(vmKind, vm, (current) => {
      const { snapshotInProgress: _done, ...status } = current.status ?? {};
      return { ...withoutFinalizer(current, sourceFinalizer), status };
    });
  }

  #contentOf(snapshot: VmSnapshot, vm: VirtualMachine): VmSnapshotContent {
    const { namespace, name, uid } = snapshot.metadata;
    const contentName = `vmsnapshot-content-${uid}`;
    const known = this.#store.get(vmSnapshotContentKind, namespace, contentName);
    if (known) return known;
    const volumeBackups = (vm.spec.template.spec.volumes ?? []).flatMap((volume): VolumeBackup[] => {
      const claimName = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;
      const claim = claimName === undefined ? undefined : this.#store.get(claimKind, namespace, claimName);
      if (claim === undefined || this.#classFor(claim.spec.volumeName ?? "") === undefined) return [];
      return [
        {
          volumeName: volume.name,
          persistentVolumeClaim: { metadata: claim.metadata, spec: claim.spec },
          volumeSnapshotName: `vmsnapshot-${uid}-volume-${volume.name}`,
        },
      ];
    });
    const content = this.#store.create(vmSnapshotContentKind, {
      metadata: {
        name: contentName,
        ...(namespace !== undefined && { namespace }),
        finalizers: [contentFinalizer],
      },
      spec: {
        virtualMachineSnapshotName: name,
        source: { virtualMachine: { metadata: vm.metadata, spec: vm.spec, status: vm.status } },
        volumeBackups,
      },
    });
    for (const backup of volumeBackups) this.#createVolumeSnapshot(content, vm, backup);
    this.#change(snapshot, { virtualMachineSnapshotContentName: contentName });
    this.#events.record(
      snapshot,
      "Normal",
      "SuccessfulVirtualMachineSnapshotContentCreate",
      `Successfully created VirtualMachineSnapshotContent ${contentName}`,
    );
    return content;
  }

  #createVolumeSnapshot(content: VmSnapshotContent, vm: VirtualMachine, backup: VolumeBackup): void {
    const { namespace, name } = vm.metadata;
    this.#store.create(volumeSnapshotKind, {
      metadata: {
        name: backup.volumeSnapshotName,
        ...(namespace !== undefined && { namespace }),
        labels: {
          "snapshot.kubevirt.io/source-vm-name": name.slice(0, 63),
          "snapshot.kubevirt.io/source-vm-namespace": namespace ?? "",
        },
        ownerReferences: [
          {
            apiVersion: content.apiVersion,
            kind: content.kind,
            name: content.metadata.name,
            uid: content.metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        source: { persistentVolumeClaimName: backup.persistentVolumeClaim.metadata.name },
        volumeSnapshotClassName: this.#classFor(backup.persistentVolumeClaim.spec.volumeName ?? ""),
      },
    });
  }

  #classFor(volumeName: string): string | undefined {
    const driver = this.#store.get(volumeKind, undefined, volumeName)?.spec.csi?.driver;
    return this.#store.list(volumeSnapshotClassKind).find((each) => each.driver === driver)?.metadata.name;
  }

  #volumesReady(content: VmSnapshotContent): boolean {
    const states = (content.spec.volumeBackups ?? []).map(({ volumeSnapshotName }) => {
      const volume = this.#store.get(volumeSnapshotKind, content.metadata.namespace, volumeSnapshotName);
      return { volumeSnapshotName, readyToUse: volume?.status?.readyToUse === true };
    });
    const readyToUse = states.every((state) => state.readyToUse);
    if (content.status?.readyToUse === true) return true;
    this.#store.modifyObject(vmSnapshotContentKind, content, (current) => ({
      ...current,
      status: {
        readyToUse,
        volumeSnapshotStatus: states,
        ...(readyToUse && { creationTime: this.#now() }),
      },
    }));
    return readyToUse;
  }

  async #succeed(snapshot: VmSnapshot, vm: VirtualMachine, content: VmSnapshotContent): Promise<void> {
    const includedVolumes = (content.spec.volumeBackups ?? []).map(({ volumeName }) => volumeName);
    const volumes = vm.spec.template.spec.volumes ?? [];
    const excluded = volumes.filter(({ name }) => !includedVolumes.includes(name));
    const partial = excluded.some(({ dataVolume, persistentVolumeClaim: claim }) => dataVolume ?? claim);
    const indications = [...(snapshot.status?.indications ?? []), ...(partial ? ["PartialSnapshot"] : [])];
    this.#change(
      snapshot,
      {
        phase: "Succeeded",
        readyToUse: true,
        creationTime: this.#now(),
        snapshotVolumes: { includedVolumes, excludedVolumes: excluded.map(({ name }) => name) },
        ...(partial && {
          indications,
          sourceIndications: indications.map((indication) => ({
            indication,
            message: indicationMessages[indication] ?? "",
          })),
        }),
      },
      [
        { type: "Progressing", status: "False", reason: "Operation complete" },
        { type: "Ready", status: "True", reason: "Ready" },
      ],
    );
    await this.#unlock(vm, snapshot);
  }

  async #fail(snapshot: VmSnapshot, vm: VirtualMachine | undefined, message: string): Promise<void> {
    this.#change(snapshot, { phase: "Failed", readyToUse: false, error: { message, time: this.#now() } }, [
      { type: "Progressing", status: "False", reason: message },
      { type: "Failure", status: "True", reason: message },
    ]);
    await this.#unlock(vm, snapshot);
  }

  /** The content and its volume snapshots go along, unless they are to be kept. */
  #release(snapshot: VmSnapshot): void {
    const contentName = snapshot.status?.virtualMachineSnapshotContentName;
    const content =
      contentName === undefined
        ? undefined
        : this.#store.get(vmSnapshotContentKind, snapshot.metadata.namespace, contentName);
    if (content && snapshot.spec.deletionPolicy !== "Retain") {
      for (const { volumeSnapshotName } of content.spec.volumeBackups ?? []) {
        const volume = this.#store.get(volumeSnapshotKind, content.metadata.namespace, volumeSnapshotName);
        if (volume) this.#store.delete(volumeSnapshotKind, volume);
      }
      this.#store.modifyObject(vmSnapshotContentKind, content, (current) =>
        withoutFinalizer(current, contentFinalizer),
      );
      this.#store.delete(vmSnapshotContentKind, content);
    }
    this.#store.modifyObject(vmSnapshotKind, snapshot, (current) => withoutFinalizer(current, finalizer));
  }
}

const indicationMessages: Readonly<Record<string, string>> = {
  Online: "Snapshot taken while the VM was running. Consistency depends on guest-agent quiescing.",
  GuestAgent: "Guest agent was active and attempted to quiesce the filesystem for application consistency.",
  NoGuestAgent:
    "Guest agent was not active; filesystem quiescing was not possible. Snapshot is crash-consistent only.",
  PartialSnapshot:
    "Not all snapshotable volumes were included in the snapshot. Check status.snapshotVolumes for excluded volumes and VM VolumeSnapshotStatus for details.",
};
