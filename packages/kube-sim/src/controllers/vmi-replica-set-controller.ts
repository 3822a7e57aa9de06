/** VirtualMachineInstanceReplicaSet: as many instances as asked for. Source: KubeVirt pkg/virt-controller/watch/replicaset. */
import { isTrue, withCondition, withoutCondition } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";
import type { EventRecorder } from "./events.ts";
import { vmiKind, vmiReplicaSetKind } from "./kinds.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { matcherOf, selectorText, selects } from "./object-selector.ts";
import { withObservedVersion } from "./observed-version.ts";
import type { VmiReplicaSet } from "./pool-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { isFinal } from "./vm-status.ts";
import { controllerOf } from "./workload-pods.ts";

/** Upstream's burst: so many are made or deleted before it looks again. */
const mostAtOnce = 250;

export class VmiReplicaSetController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;

  constructor(context: ControllerContext, store: TypedStore, events: EventRecorder) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
  }

  reconcile(namespace: string | undefined, name: string): void {
    const set = this.#store.get(vmiReplicaSetKind, namespace, name);
    if (set === undefined) return;
    if (set.metadata.annotations?.["kubevirt.io/latest-observed-api-version"] !== "v1") {
      this.#store.modifyObject(vmiReplicaSetKind, set, (current) => {
        const { template } = current.spec;
        const { domain } = template.spec;
        // Written back from structs in which resources are never absent.
        const spec = { ...template.spec, domain: { resources: {}, ...domain } };
        return withObservedVersion({
          ...current,
          spec: { ...current.spec, template: { ...template, spec } },
        });
      });
      return;
    }
    // It would never find again what it makes. Source: execute in watch/replicaset/replicaset.go.
    const { labels = {} } = set.spec.template.metadata ?? {};
    if (Object.keys(labels).length === 0 || !selects(set.spec.selector, labels)) return;
    const vmis = this.#claimed(set);
    const isTerminating = (vmi: VirtualMachineInstance) =>
      vmi.status?.conditions?.some(
        ({ type, status, reason }) => type === "Ready" && status === "False" && reason === "PodTerminating",
      ) === true;
    const staying = vmis.filter((vmi) => vmi.metadata.deletionTimestamp === undefined);
    const active = staying.filter((vmi) => !isFinal(vmi) && !isTerminating(vmi));
    let failure: string | undefined;
    if (set.spec.paused !== true && set.metadata.deletionTimestamp === undefined) {
      failure = this.#scale(set, active);
      if (failure === undefined) for (const vmi of staying) if (!active.includes(vmi)) this.#delete(set, vmi);
    }
    this.#writeStatus(set, active, failure);
  }

  /** Instances that it owns; those without an owner that its selector matches become its own. */
  #claimed(set: VmiReplicaSet): VirtualMachineInstance[] {
    const matches = matcherOf(set.spec.selector);
    const found = this.#store
      .list(vmiKind, set.metadata.namespace)
      .filter(({ metadata }) => matches(metadata.labels));
    const isFree = (vmi: VirtualMachineInstance) =>
      !vmi.metadata.ownerReferences?.some(({ controller }) => controller === true);
    for (const vmi of found) {
      if (!isFree(vmi) || vmi.metadata.deletionTimestamp !== undefined) continue;
      this.#store.modifyObject(vmiKind, vmi, (current) => ({
        ...current,
        metadata: {
          ...current.metadata,
          ownerReferences: [...(current.metadata.ownerReferences ?? []), controllerOf(set)],
        },
      }));
    }
    return found.filter(
      (vmi) =>
        isFree(vmi) || vmi.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid) === true,
    );
  }

  /** Returns why it failed. */
  #scale(set: VmiReplicaSet, active: VirtualMachineInstance[]): string | undefined {
    const diff = active.length - (set.spec.replicas ?? 1);
    for (const vmi of active.slice(0, Math.max(0, Math.min(diff, mostAtOnce)))) this.#delete(set, vmi);
    for (let missing = Math.min(-diff, mostAtOnce); missing > 0; missing -= 1) {
      try {
        this.#create(set);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.#events.record(
          set,
          "Warning",
          "FailedCreate",
          `Error creating virtual machine instance: ${message}`,
        );
        return message;
      }
    }
    return undefined;
  }

  #create(set: VmiReplicaSet): void {
    const { namespace } = set.metadata;
    const { metadata = {}, spec } = set.spec.template;
    const base = metadata.name || metadata.generateName || set.metadata.name;
    const vmi = this.#store.create(
      vmiKind,
      this.#context.admit({
        apiVersion: vmiKind.apiVersion,
        kind: vmiKind.kind,
        metadata: {
          generateName: base,
          ...(namespace !== undefined && { namespace }),
          ...(metadata.labels && { labels: metadata.labels }),
          ...(metadata.annotations && { annotations: metadata.annotations }),
          ownerReferences: [controllerOf(set)],
        },
        spec,
      }),
    );
    this.#events.record(
      set,
      "Normal",
      "SuccessfulCreate",
      `Started the virtual machine by creating the new virtual machine instance ${vmi.metadata.name}`,
    );
  }

  #delete(set: VmiReplicaSet, vmi: VirtualMachineInstance): void {
    this.#store.delete(vmiKind, vmi);
    this.#events.record(
      set,
      "Normal",
      "SuccessfulDelete",
      `Stopped the virtual machine by deleting the virtual machine instance ${vmi.metadata.uid}`,
    );
  }

  #writeStatus(set: VmiReplicaSet, active: VirtualMachineInstance[], failure: string | undefined): void {
    const now = timestamp(this.#context.clock.now());
    const ready = active.filter((vmi) => isTrue(vmi.status?.conditions, "Ready")).length;
    const diff = active.length - (set.spec.replicas ?? 1);
    const before = set.status?.conditions;
    const paused = set.spec.paused === true;
    const wasPaused = isTrue(before, "ReplicaPaused");
    let conditions = paused
      ? withCondition(
          before,
          { type: "ReplicaPaused", status: "True", reason: "Paused", message: "Controller got paused" },
          now,
        )
      : withoutCondition(before, "ReplicaPaused");
    conditions =
      failure === undefined
        ? withoutCondition(conditions, "ReplicaFailure")
        : withCondition(
            conditions,
            {
              type: "ReplicaFailure",
              status: "True",
              reason: diff < 0 ? "FailedCreate" : "FailedDelete",
              message: failure,
            },
            now,
          );
    this.#store.modifyObject(vmiReplicaSetKind, set, (current) => ({
      ...current,
      status: {
        labelSelector: selectorText(set.spec.selector),
        ...(active.length > 0 && { replicas: active.length }),
        ...(ready > 0 && { readyReplicas: ready }),
        ...(conditions.length > 0 && { conditions }),
      },
    }));
    if (paused !== wasPaused)
      this.#events.record(
        set,
        "Normal",
        paused ? "SuccessfulPaused" : "SuccessfulResumed",
        paused ? "Paused" : "Resumed",
      );
  }
}
