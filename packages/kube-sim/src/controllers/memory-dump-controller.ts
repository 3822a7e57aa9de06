/**
 * Memory dumps of running machines onto claims: the phases of a VM's request, the guest's memory into the claim's image, the
 * claim's mark. The claim joins neither the machine's volumes nor its volumeStatus (docs/sim-differences.md). Source: KubeVirt's
 * pkg/storage/memorydump and virt-handler's updateMemoryDumpInfo.
 */
import { boundVolume } from "../store/bound-volume.ts";
import { attachesDisks, buildAttachmentPod, ownerVmiAnnotation } from "./attachment-pod.ts";
import type { ControllerContext } from "./controller.ts";
import type { Pod } from "./core-shapes.ts";
import { type Indexes, launcherPodOf, namespacedKey } from "./indexes.ts";
import { claimKind, podKind, vmiKind, vmKind } from "./kinds.ts";
import type { MemoryDumpRequest, VirtualMachine } from "./kubevirt-shapes.ts";
import { parseQuantity } from "./quantity.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

const claimAnnotation = "kubevirt.io/memory-dump";
/** What the claim's mark says of a dump that failed. */
const failedMark = "Memory dump failed";

export class MemoryDumpController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #indexes: Indexes;

  constructor(context: ControllerContext, store: TypedStore, indexes: Indexes) {
    this.#context = context;
    this.#store = store;
    this.#indexes = indexes;
  }

  async reconcile(namespace: string | undefined, name: string): Promise<void> {
    const vm = this.#store.get(vmKind, namespace, name);
    const request = vm?.status?.memoryDumpRequest;
    if (!vm || !request) return;
    switch (request.phase) {
      case "Associating":
        this.#attach(vm, request);
        break;
      case "InProgress":
        await this.#dump(vm, request);
        break;
      case "Unmounting":
        this.#mark(vm, request, request.fileName ?? "");
        this.#release(vm, request);
        this.#change(vm, request, { phase: "Completed" });
        break;
      case "Failed":
        this.#mark(vm, request, failedMark);
        this.#release(vm, request);
        break;
      case "Dissociating":
        this.#release(vm, request);
        this.#store.modifyObject(vmKind, vm, (current) => {
          const { memoryDumpRequest: _request, ...status } = current.status ?? {};
          return { ...current, status };
        });
        break;
      case "Completed":
    }
  }

  #podOf(vm: VirtualMachine, { claimName }: MemoryDumpRequest): Pod | undefined {
    return this.#indexes.podsByClaim
      .get(namespacedKey(vm.metadata.namespace, claimName))
      .find(
        (pod) => pod.metadata.annotations?.[ownerVmiAnnotation] === vm.metadata.name && !attachesDisks(pod),
      );
  }

  /** The claim comes to the machine's host by a pod of its own, as a hotplugged disk's does. */
  #attach(vm: VirtualMachine, request: MemoryDumpRequest): void {
    const { claimName } = request;
    const vmi = this.#store.get(vmiKind, vm.metadata.namespace, vm.metadata.name);
    const launcher = vmi && launcherPodOf(this.#indexes, vmi);
    if (vmi?.status?.phase !== "Running" || !launcher) return;
    const pod = this.#podOf(vm, request);
    const volume = { name: claimName, claimName };
    if (!pod)
      this.#store.create(podKind, buildAttachmentPod(vmi, launcher, [volume], this.#context.random, true));
    else if (pod.status?.phase === "Running") this.#change(vm, request, { phase: "InProgress" });
    // else woken by the pod's change
  }

  #release(vm: VirtualMachine, request: MemoryDumpRequest): void {
    const pod = this.#podOf(vm, request);
    if (pod) this.#store.delete(podKind, pod, { gracePeriodSeconds: 0 });
  }

  /** Nothing happens to a request that was replaced meanwhile. */
  #change(vm: VirtualMachine, from: MemoryDumpRequest, change: Partial<MemoryDumpRequest>): void {
    this.#store.modifyObject(vmKind, vm, (current) => {
      const request = current.status?.memoryDumpRequest;
      if (request?.phase !== from.phase) return current;
      return { ...current, status: { ...current.status, memoryDumpRequest: { ...request, ...change } } };
    });
  }

  #mark(vm: VirtualMachine, { claimName }: MemoryDumpRequest, text: string): void {
    this.#store.modify(claimKind, vm.metadata.namespace, claimName, (claim) =>
      claim.metadata.annotations?.[claimAnnotation] === text
        ? claim
        : {
            ...claim,
            metadata: {
              ...claim.metadata,
              annotations: { ...claim.metadata.annotations, [claimAnnotation]: text },
            },
          },
    );
  }

  async #dump(vm: VirtualMachine, request: MemoryDumpRequest): Promise<void> {
    const { namespace, name } = vm.metadata;
    const { claimName } = request;
    const startedMs = this.#context.clock.now();
    const startTimestamp = timestamp(startedMs);
    try {
      const vmi = this.#store.get(vmiKind, namespace, name);
      const machine = vmi && this.#context.machines.get(vmi.metadata.uid);
      if (!machine) throw new Error("the machine does not run");
      const claim = this.#store.get(claimKind, namespace, claimName);
      const volume = boundVolume(this.#store.raw, claim);
      if (volume === undefined) throw new Error(`claim ${claimName} has no volume`);
      const capacityBytes = parseQuantity(claim?.status?.capacity?.storage);
      await this.#context.images.receiveDump(volume, capacityBytes, (path) => machine.dumpMemory(path));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#change(vm, request, {
        phase: "Failed",
        startTimestamp,
        endTimestamp: timestamp(this.#context.clock.now()),
        message: `Memory dump to pvc ${claimName} failed: ${reason}`,
      });
      return;
    }
    const at = new Date(startedMs).toISOString().replaceAll(/[-:]/g, "").replace("T", "-").slice(0, 15);
    this.#change(vm, request, {
      phase: "Unmounting",
      startTimestamp,
      endTimestamp: timestamp(this.#context.clock.now()),
      fileName: `${name}-${claimName}-${at}.memory.dump`,
    });
  }
}
