/**
 * VirtualMachinePool: as many machines as asked for, each with a number, and a revision of the pool that made it.
 * Source: KubeVirt pkg/virt-controller/watch/pool.
 */
import { hasFinalizer, withFinalizer, withoutFinalizer } from "../store/finalizers.ts";
import { isDeepStrictEqual } from "node:util";
import { isTrue, withCondition, withoutCondition } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";
import type { EventRecorder } from "./events.ts";
import type { Indexes } from "./indexes.ts";
import { controllerRevisionKind, vmiKind, vmKind, vmPoolKind } from "./kinds.ts";
import type { VirtualMachine } from "./kubevirt-shapes.ts";
import { matcherOf, selectorText } from "./object-selector.ts";
import { numberedSpec, poolFinalizer, poolRevisionLabel } from "./pool-member.ts";
import type { VmPool, VmPoolSpec } from "./pool-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { controllerOf } from "./workload-pods.ts";

/** Upstream's burst, as for replica sets. */
const mostAtOnce = 250;

interface Failure {
  reason: string;
  message: string;
}

const numberOf = (vm: VirtualMachine): number => Number(vm.metadata.name.split("-").at(-1));

export class VmPoolController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #indexes: Indexes;

  constructor(context: ControllerContext, store: TypedStore, events: EventRecorder, indexes: Indexes) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#indexes = indexes;
  }

  reconcile(namespace: string | undefined, name: string): void {
    const pool = this.#store.get(vmPoolKind, namespace, name);
    if (pool === undefined) return;
    const owned = this.#indexes.vmsByOwner.get(pool.metadata.uid);
    if (pool.metadata.deletionTimestamp !== undefined) {
      for (const vm of owned)
        if (hasFinalizer(vm, poolFinalizer))
          this.#store.modifyObject(vmKind, vm, (current) => withoutFinalizer(current, poolFinalizer));
      this.#store.modifyObject(vmPoolKind, pool, (current) => withoutFinalizer(current, poolFinalizer));
      return;
    }
    for (const vm of owned)
      if (vm.metadata.deletionTimestamp !== undefined && hasFinalizer(vm, poolFinalizer))
        this.#store.modifyObject(vmKind, vm, (current) => withoutFinalizer(current, poolFinalizer));
    const matches = matcherOf(pool.spec.selector);
    if (!matches(pool.spec.virtualMachineTemplate.metadata?.labels)) return;
    if (!hasFinalizer(pool, poolFinalizer)) {
      this.#store.modifyObject(vmPoolKind, pool, (current) => withFinalizer(current, poolFinalizer));
      return; // woken by its change
    }
    const vms = owned
      .filter(({ metadata }) => matches(metadata.labels))
      .toSorted((a, b) => numberOf(a) - numberOf(b));
    const failure = pool.spec.paused === true ? undefined : this.#sync(pool, vms);
    this.#writeStatus(pool, vms, failure);
    if (failure !== undefined) throw new Error(failure.message); // tried again later, as upstream does
  }

  #sync(pool: VmPool, vms: VirtualMachine[]): Failure | undefined {
    const diff = vms.length - (pool.spec.replicas ?? 1);
    if (diff > 0) {
      this.#scaleIn(pool, vms, Math.min(diff, mostAtOnce));
      return undefined;
    }
    try {
      if (diff < 0) this.#scaleOut(pool, Math.min(-diff, mostAtOnce));
      else {
        this.#update(pool, vms);
        this.#pruneRevisions(pool, vms);
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (diff === 0) return { reason: "FailedUpdate", message: `error during VM update: ${message}` };
      this.#events.record(pool, "Warning", "FailedCreate", `Error creating VM: ${message}`);
      return { reason: "FailedScaleOut", message: `error during scale out: ${message}` };
    }
    return undefined;
  }

  /** The machines that are going already count. */
  #scaleIn(pool: VmPool, vms: VirtualMachine[], count: number): void {
    const staying = vms.filter((vm) => vm.metadata.deletionTimestamp === undefined);
    const policy = pool.spec.scaleInStrategy?.proactive?.selectionPolicy?.sortPolicy;
    const made = (vm: VirtualMachine) => Date.parse(vm.metadata.creationTimestamp ?? "");
    const order: Record<string, (a: VirtualMachine, b: VirtualMachine) => number> = {
      AscendingOrder: (a, b) => numberOf(a) - numberOf(b),
      DescendingOrder: (a, b) => numberOf(b) - numberOf(a),
      Newest: (a, b) => made(b) - made(a),
      Oldest: (a, b) => made(a) - made(b),
    };
    const random = new Map(staying.map((vm) => [vm, this.#context.random()]));
    const sorted = staying.toSorted(
      order[policy ?? ""] ?? ((a, b) => (random.get(a) ?? 0) - (random.get(b) ?? 0)),
    );
    for (const vm of sorted.slice(0, Math.max(0, count - (vms.length - staying.length)))) {
      this.#store.delete(vmKind, vm);
      const { namespace, name, uid } = vm.metadata;
      const text = `Deleted VM ${namespace ?? ""}/${name} with uid ${uid} from pool`;
      this.#events.record(pool, "Normal", "SuccessfulDelete", text);
    }
  }

  #scaleOut(pool: VmPool, count: number): void {
    const { namespace, name } = pool.metadata;
    const revision = this.#ensureRevision(pool);
    for (let index = 0, made = 0; made < count; index += 1) {
      const vmName = `${name}-${index}`;
      if (this.#store.get(vmKind, namespace, vmName)) continue;
      const { metadata = {} } = pool.spec.virtualMachineTemplate;
      this.#store.create(
        vmKind,
        this.#context.admit({
          apiVersion: vmKind.apiVersion,
          kind: vmKind.kind,
          metadata: {
            name: vmName,
            ...(namespace !== undefined && { namespace }),
            labels: { ...metadata.labels, [poolRevisionLabel]: revision },
            ...(metadata.annotations && { annotations: metadata.annotations }),
            finalizers: [poolFinalizer],
            ownerReferences: [controllerOf(pool)],
          },
          spec: numberedSpec(pool.spec, index, revision),
        }),
      );
      made += 1;
      this.#events.record(pool, "Normal", "SuccessfulCreate", `Created VM ${namespace ?? ""}/${vmName}`);
    }
  }

  #templateOf(pool: VmPool, revision: string | undefined): VmPoolSpec["virtualMachineTemplate"] | undefined {
    const data = this.#store.get(controllerRevisionKind, pool.metadata.namespace, revision ?? "")?.["data"];
    return (data as VmPoolSpec | undefined)?.virtualMachineTemplate; // as #ensureRevision writes it
  }

  /** Instances that an older template made go, so that their machines start anew. Source: proactiveUpdate. */
  #restartOutdated(pool: VmPool, vm: VirtualMachine): void {
    if (pool.spec.updateStrategy?.opportunistic !== undefined) return;
    const { namespace, name, labels } = vm.metadata;
    const vmi = this.#store.get(vmiKind, namespace, name);
    if (vmi === undefined || vmi.metadata.deletionTimestamp !== undefined) return;
    const [started, known] = [vmi.metadata.labels?.[poolRevisionLabel], labels?.[poolRevisionLabel]];
    if (started === known) return;
    const templateOf = (revision: string | undefined) => this.#templateOf(pool, revision)?.spec.template;
    if (isDeepStrictEqual(templateOf(started), templateOf(known))) return;
    this.#store.delete(vmiKind, vmi);
    const text = `Successfully updated resource ${namespace ?? ""}/${name}`;
    this.#events.record(pool, "Normal", "SuccessfulDelete", text);
  }

  /** Machines follow their pool's template. Throws the first refusal once all were tried. */
  #update(pool: VmPool, vms: VirtualMachine[]): void {
    if (pool.spec.updateStrategy?.unmanaged !== undefined) return;
    const current = new Map<string, boolean>();
    const isCurrent = (revision: string): boolean => {
      const made = current.get(revision) ?? this.#isCurrent(pool, revision);
      current.set(revision, made);
      return made;
    };
    let refusal: unknown;
    for (const vm of vms) {
      if (isCurrent(vm.metadata.labels?.[poolRevisionLabel] ?? "")) {
        this.#restartOutdated(pool, vm);
        continue;
      }
      const { namespace = "", name } = vm.metadata;
      try {
        this.#updateMember(pool, vm, this.#ensureRevision(pool));
      } catch (error) {
        refusal ??= error;
        const { message } = error as Error; // stores and admission throw Errors
        const text = `Error updating virtual machine ${name}/${namespace}: ${message}`; // upstream's order
        this.#events.record(pool, "Warning", "FailedUpdate", text);
        continue;
      }
      this.#events.record(pool, "Normal", "SuccessfulUpdate", `Updated VM ${namespace}/${name}`);
    }
    if (refusal !== undefined) throw refusal;
  }

  #isCurrent(pool: VmPool, revision: string): boolean {
    return isDeepStrictEqual(this.#templateOf(pool, revision), pool.spec.virtualMachineTemplate);
  }

  #updateMember(pool: VmPool, vm: VirtualMachine, revision: string): void {
    const { metadata = {} } = pool.spec.virtualMachineTemplate;
    this.#store.modifyObject(vmKind, vm, (current) => {
      const spec = numberedSpec(pool.spec, numberOf(vm), revision);
      const { firmware } = current.spec.template.spec.domain;
      const { domain } = spec.template.spec;
      const kept = { ...domain, ...(firmware && { firmware: { ...domain.firmware, ...firmware } }) };
      return this.#context.admit(
        {
          ...current,
          metadata: {
            ...current.metadata,
            labels: { ...metadata.labels, [poolRevisionLabel]: revision },
            annotations: { ...metadata.annotations },
          },
          spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, domain: kept } } },
        },
        current,
      );
    });
  }

  #ensureRevision(pool: VmPool): string {
    const { namespace } = pool.metadata;
    const name = `${pool.metadata.name}-${pool.metadata.generation ?? 1}`;
    if (this.#store.get(controllerRevisionKind, namespace, name)) return name;
    this.#store.create(controllerRevisionKind, {
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        ownerReferences: [controllerOf(pool)],
      },
      data: pool.spec,
      revision: pool.metadata.generation ?? 1,
    });
    return name;
  }

  #pruneRevisions(pool: VmPool, vms: VirtualMachine[]): void {
    const { namespace } = pool.metadata;
    const used = new Set(
      vms.flatMap(({ metadata }) => [
        metadata.labels?.[poolRevisionLabel],
        this.#store.get(vmiKind, namespace, metadata.name)?.metadata.labels?.[poolRevisionLabel],
      ]),
    );
    for (const revision of this.#indexes.revisionsByOwner.get(pool.metadata.uid))
      if (!used.has(revision.metadata.name)) this.#store.delete(controllerRevisionKind, revision);
  }

  #writeStatus(pool: VmPool, vms: VirtualMachine[], failure: Failure | undefined): void {
    const now = timestamp(this.#context.clock.now());
    const before = pool.status?.conditions;
    const paused = pool.spec.paused === true;
    const wasPaused = isTrue(before, "ReplicaPaused");
    const failed = { type: "ReplicaFailure", status: "True", ...failure };
    let conditions =
      failure === undefined ? withoutCondition(before, "ReplicaFailure") : withCondition(before, failed, now);
    const halted = { reason: "SuccessfulPaused", message: "Pool controller is paused" };
    conditions = paused
      ? withCondition(conditions, { type: "ReplicaPaused", status: "True", ...halted }, now)
      : withoutCondition(conditions, "ReplicaPaused");
    const ready = vms.filter((vm) => isTrue(vm.status?.conditions, "Ready")).length;
    this.#store.modifyObject(vmPoolKind, pool, (current) => ({
      ...current,
      status: {
        labelSelector: selectorText(pool.spec.selector),
        ...(vms.length > 0 && { replicas: vms.length }),
        ...(ready > 0 && { readyReplicas: ready }),
        ...(conditions.length > 0 && { conditions }),
      },
    }));
    if (failure !== undefined && !isTrue(before, "ReplicaFailure"))
      this.#events.record(pool, "Warning", failure.reason, failure.message);
    if (paused === wasPaused) return;
    if (paused) this.#events.record(pool, "Normal", "SuccessfulPaused", "Pool is paused");
    else this.#events.record(pool, "Normal", "SuccessfulResume", "Pool is unpaused");
  }
}
