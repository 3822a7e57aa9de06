/** VirtualMachineClone: a snapshot of the source, a restore of it to a new machine with the filters applied, and both go again. */
import { withCondition } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";
import type { EventRecorder } from "./events.ts";
import { vmCloneKind, vmKind, vmRestoreKind, vmSnapshotContentKind, vmSnapshotKind } from "./kinds.ts";
import type { VirtualMachine } from "./kubevirt-shapes.ts";
import type { VmClone } from "./snapshot-shapes.ts";
import { matchesSomewhere } from "../schema/go-pattern.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

const waitMs = 500;

interface PatchOperation {
  op: "remove" | "replace" | "add";
  path: string;
  value?: unknown;
}

const pointer = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** Whether `key` is copied. Filters are unanchored regular expressions: plain keeps, `!` drops, `*` is all, none keeps all. */
export function passesFilters(key: string, filters: readonly string[] | undefined): boolean {
  if (filters === undefined) return true;
  const matches = (filter: string) => filter === "*" || matchesSomewhere(filter, key);
  const drops = filters.filter((filter) => filter.startsWith("!"));
  if (drops.some((filter) => matches(filter.slice(1)))) return false;
  return filters.some((filter) => !filter.startsWith("!") && matches(filter));
}

/** What the clone changes of the source's definition. */
export function clonePatches(
  vm: Pick<VirtualMachine, "metadata" | "spec">,
  spec: VmClone["spec"],
): PatchOperation[] {
  const dropped = (keys: Record<string, string> | undefined, filters: string[] | undefined, path: string) =>
    Object.keys(keys ?? {})
      .filter((key) => !passesFilters(key, filters))
      .map((key): PatchOperation => ({ op: "remove", path: `${path}/${pointer(key)}` }));
  const { template } = vm.spec;
  const nics = template.spec.domain.devices.interfaces ?? [];
  return [
    ...dropped(vm.metadata.labels, spec.labelFilters, "/metadata/labels"),
    ...dropped(vm.metadata.annotations, spec.annotationFilters, "/metadata/annotations"),
    ...dropped(template.metadata?.labels, spec.template?.labelFilters, "/spec/template/metadata/labels"),
    ...dropped(
      template.metadata?.annotations,
      spec.template?.annotationFilters,
      "/spec/template/metadata/annotations",
    ),
    ...nics.flatMap((nic, index): PatchOperation[] => {
      const path = `/spec/template/spec/domain/devices/interfaces/${index}/macAddress`;
      const mac = spec.newMacAddresses?.[nic.name];
      if (mac !== undefined) return [{ op: "add", path, value: mac }];
      return nic.macAddress === undefined ? [] : [{ op: "remove", path }];
    }),
    ...(template.spec.domain.firmware?.uuid === undefined
      ? []
      : [{ op: "remove" as const, path: "/spec/template/spec/domain/firmware/uuid" }]),
    // A machine without firmware keeps having none: upstream's addSmbiosSerialPatches.
    ...(spec.newSMBiosSerial === undefined || template.spec.domain.firmware === undefined
      ? []
      : [
          {
            op: "add" as const,
            path: "/spec/template/spec/domain/firmware/serial",
            value: spec.newSMBiosSerial,
          },
        ]),
  ];
}

export class VmCloneController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #requeue: (clone: VmClone, delayMs: number) => void;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    requeue: (clone: VmClone, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#requeue = requeue;
  }

  reconcile(namespace: string | undefined, name: string): void {
    const clone = this.#store.get(vmCloneKind, namespace, name);
    if (!clone || clone.metadata.deletionTimestamp !== undefined) return;
    const { phase } = clone.status ?? {};
    if (phase === "Succeeded" || phase === "Failed") return;
    const { uid } = clone.metadata;
    const ofSnapshot = clone.spec.source.kind === "VirtualMachineSnapshot";
    const snapshotName = ofSnapshot ? clone.spec.source.name : `tmp-snapshot-${uid}`;
    const restoreName = `tmp-restore-${uid}`;
    const target = clone.spec.target?.name ?? `clone-${clone.spec.source.name}-${uid.slice(0, 5)}`;
    const restore = this.#store.get(vmRestoreKind, namespace, restoreName);
    if (restore?.status?.complete === true) {
      this.#succeed(clone, target, ofSnapshot ? undefined : snapshotName, restoreName);
      return;
    }
    if (restore !== undefined) return; // woken by its change
    const snapshot = this.#store.get(vmSnapshotKind, namespace, snapshotName);
    if (snapshot === undefined) {
      const pending = this.#whyPending(clone);
      if (pending !== undefined) {
        this.#reportPending(clone, pending);
        this.#requeue(clone, waitMs);
        return;
      }
      if (!ofSnapshot)
        this.#store.create(
          vmSnapshotKind,
          this.#context.admit({
            apiVersion: vmSnapshotKind.apiVersion,
            kind: vmSnapshotKind.kind,
            metadata: {
              name: snapshotName,
              ...(namespace !== undefined && { namespace }),
              ownerReferences: [this.#owner(clone)],
            },
            spec: { source: clone.spec.source },
          }),
        );
      this.#report(clone, { phase: "SnapshotInProgress", snapshotName });
      this.#requeue(clone, waitMs);
      return;
    }
    if (snapshot.status?.readyToUse !== true) return; // woken by its change
    const content = this.#store.get(
      vmSnapshotContentKind,
      namespace,
      snapshot.status.virtualMachineSnapshotContentName ?? "",
    );
    const source = content?.spec.source.virtualMachine;
    if (source === undefined) return;
    // The restore's own webhook may refuse it, for ever: a MAC with colons makes a patch that it does not read (measured).
    this.#report(clone, { phase: "RestoreInProgress", snapshotName });
    this.#store.create(
      vmRestoreKind,
      this.#context.admit({
        apiVersion: vmRestoreKind.apiVersion,
        kind: vmRestoreKind.kind,
        metadata: {
          name: restoreName,
          ...(namespace !== undefined && { namespace }),
          ownerReferences: [this.#owner(clone)],
        },
        spec: {
          target: { apiGroup: "kubevirt.io", kind: "VirtualMachine", name: target },
          virtualMachineSnapshotName: snapshotName,
          patches: [
            ...clonePatches(source, clone.spec).map((patch) => JSON.stringify(patch)),
            ...(clone.spec.patches ?? []),
          ],
        },
      }),
    );
    this.#report(clone, { phase: "RestoreInProgress", snapshotName, restoreName });
  }

  /** What the clone waits for before it takes its snapshot. Source: getSource and validateVolumeSnapshotStatus. */
  #whyPending({ metadata, spec }: VmClone): { event: string; reason: string } | undefined {
    const { kind, name } = spec.source;
    const vm = kind === "VirtualMachine" ? this.#store.get(vmKind, metadata.namespace, name) : undefined;
    if (vm === undefined)
      return {
        event: "SourceDoesNotExist",
        reason: `Source doesnt exist: ${kind} ${metadata.namespace ?? ""}/${name}`,
      };
    const texts = (vm.spec.template.spec.volumes ?? []).flatMap((volume) => {
      if ((volume.dataVolume ?? volume.persistentVolumeClaim) === undefined) return [];
      const status = vm.status?.volumeSnapshotStatuses?.find((one) => one.name === volume.name);
      if (status === undefined) return [`Virtual Machine volume ${volume.name} snapshot support unknown`];
      return status.enabled ? [] : [`Virtual Machine volume ${volume.name} does not support snapshots`];
    });
    return texts.length === 0 ? undefined : { event: "VMVolumeSnapshotsInvalid", reason: texts.join("\n") };
  }

  #reportPending(clone: VmClone, { event, reason }: { event: string; reason: string }): void {
    const now = timestamp(this.#context.clock.now());
    const before = clone.status?.conditions;
    const conditions = withCondition(
      withCondition(before, { type: "Progressing", status: "False", reason: "Pending" }, now),
      { type: "Ready", status: "False", reason },
      now,
    );
    if (conditions === before) return;
    this.#events.record(clone, "Normal", event, reason);
    this.#store.modifyObject(vmCloneKind, clone, (current) => ({
      ...current,
      status: { ...current.status, conditions },
    }));
  }

  #owner(clone: VmClone) {
    const { apiVersion, kind, metadata } = clone;
    return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true };
  }

  #report(clone: VmClone, status: NonNullable<VmClone["status"]>): void {
    const done = status.phase === "Succeeded";
    const now = timestamp(this.#context.clock.now());
    const reason = done ? "Ready" : "Still processing";
    this.#store.modifyObject(vmCloneKind, clone, (current) => {
      let conditions = withCondition(
        current.status?.conditions,
        { type: "Progressing", status: done ? "False" : "True", reason },
        now,
      );
      conditions = withCondition(conditions, { type: "Ready", status: done ? "True" : "False", reason }, now);
      return { ...current, status: { ...status, conditions } };
    });
  }

  #succeed(clone: VmClone, target: string, snapshotName: string | undefined, restoreName: string): void {
    const { namespace } = clone.metadata;
    this.#report(clone, { phase: "Succeeded", targetName: target });
    const restore = this.#store.get(vmRestoreKind, namespace, restoreName);
    if (restore) this.#store.delete(vmRestoreKind, restore);
    const snapshot =
      snapshotName === undefined ? undefined : this.#store.get(vmSnapshotKind, namespace, snapshotName);
    if (snapshot) this.#store.delete(vmSnapshotKind, snapshot);
  }
}
