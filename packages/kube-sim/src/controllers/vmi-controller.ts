/** virt-controller's VirtualMachineInstance part: the launcher pod, the phases up to Scheduled, the end. */
import type { ControllerContext } from "./controller.ts";
import { withGrace } from "../store/deletion.ts";
import { sameJson } from "../store/json-equality.ts";
import { withCondition, withoutCondition } from "./conditions.ts";
import type { EventRecorder } from "./events.ts";
import { type Indexes, launcherPodOf } from "./indexes.ts";
import { podKind, priorityClassKind, vmiKind, vmKind } from "./kinds.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";
import type { Condition, Pod } from "./core-shapes.ts";
import { buildLauncherPod, memoryOverheadBytes } from "./launcher-pod.ts";
import { isPodOver } from "./node-requests.ts";
import { withObservedVersion } from "./observed-version.ts";
import { binaryQuantity } from "./quantity.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { isFinal } from "./vm-status.ts";
import { instanceFinalizer, receiverAnnotation, vmFinalizer } from "./vmi-builder.ts";
import { readyCondition, withUnpausedGate } from "./vmi-readiness.ts";
import { dataVolumesReady, initialVolumeStatus, missingClaim } from "./vmi-volumes.ts";
import { withPhase } from "./vmi-phase.ts";

const nodeLabel = "kubevirt.io/nodeName";

interface Obstacle {
  reason: string;
  message: string;
}

export class VmiController {
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
    const vmi = this.#store.get(vmiKind, namespace, name);
    if (!vmi) return;
    if (vmi.metadata.annotations?.["kubevirt.io/latest-observed-api-version"] !== "v1") {
      this.#store.modifyObject(vmiKind, vmi, withObservedVersion);
      return;
    }
    const phase = vmi.status?.phase ?? "";
    const unprocessed = phase === "" || phase === "Pending";
    const leaving = vmi.metadata.deletionTimestamp !== undefined;
    let pod = launcherPodOf(this.#indexes, vmi);
    let obstacle: Obstacle | undefined;
    if (leaving) this.#deletePods(vmi);
    else if (!pod && unprocessed && !isReceiver(vmi)) {
      obstacle = this.#obstacle(vmi);
      if (obstacle === undefined) pod = this.#createPod(vmi);
      else this.#events.record(vmi, "Warning", obstacle.reason, obstacle.message);
    }
    if (pod) pod = this.#tellPod(pod, vmi);
    this.#updateStatus(vmi, pod, obstacle);
  }

  #now(): string {
    return timestamp(this.#context.clock.now());
  }

  /** Why no pod can be made yet. */
  #obstacle(vmi: VirtualMachineInstance): Obstacle | undefined {
    const { namespace, name } = vmi.metadata;
    const claim = missingClaim(this.#store, vmi);
    if (claim !== undefined) {
      const message = `PVC ${namespace}/${claim} does not exist, waiting for it to appear`;
      return { reason: "FailedPvcNotFound", message };
    }
    const { priorityClassName } = vmi.spec;
    if (
      priorityClassName === undefined ||
      priorityClassName.startsWith("system-") ||
      this.#store.get(priorityClassKind, undefined, priorityClassName) !== undefined
    )
      return undefined;
    return {
      reason: "FailedCreate",
      message: `failed to create virtual machine pod: pods "virt-launcher-${name}-" is forbidden: no PriorityClass with name ${priorityClassName} was found`,
    };
  }

  #createPod(vmi: VirtualMachineInstance): Pod {
    const pod = this.#store.create(podKind, buildLauncherPod(vmi, this.#context.random));
    this.#events.record(
      vmi,
      "Normal",
      "SuccessfulCreate",
      `Created virtual machine pod ${pod.metadata.name}`,
    );
    return pod;
  }

  #deletePods(vmi: VirtualMachineInstance): void {
    for (const pod of this.#indexes.podsByOwner.get(vmi.metadata.uid)) {
      if (pod.metadata.deletionTimestamp !== undefined) continue;
      this.#store.delete(podKind, pod, withGrace(pod, {}));
    }
  }

  /** The gate of a paused guest, and the host's name once the VMI has one. */
  #tellPod(pod: Pod, vmi: VirtualMachineInstance): Pod {
    const nodeName = vmi.metadata.labels?.[nodeLabel];
    const told = this.#store.modifyObject(podKind, pod, (current) => {
      const gated = withUnpausedGate(current, vmi, this.#now());
      if (nodeName === undefined || current.metadata.labels?.[nodeLabel] === nodeName) return gated;
      return {
        ...gated,
        metadata: { ...gated.metadata, labels: { ...gated.metadata.labels, [nodeLabel]: nodeName } },
      };
    });
    return told ?? pod;
  }

  /** Source: updateStatus in watch/vmi/lifecycle.go. */
  #updateStatus(read: VirtualMachineInstance, pod: Pod | undefined, obstacle: Obstacle | undefined): void {
    const now = this.#now();
    const owned = this.#indexes.podsByOwner.get(read.metadata.uid);
    this.#store.modifyObject(vmiKind, read, (vmi) => {
      const noPods = owned.length === 0;
      const activePods = Object.fromEntries(
        owned.filter((one) => !isPodOver(one)).map((one) => [one.metadata.uid, one.spec.nodeName ?? ""]),
      );
      const memoryOverhead = binaryQuantity(memoryOverheadBytes(vmi.spec));
      let next = this.#withOwnConditions(vmi, pod, now);
      const compute = pod?.spec.containers.find((container) => container.name === "compute")?.image;
      next = {
        ...next,
        status: {
          ...next.status,
          ...(noPods ? {} : { activePods }),
          ...(compute !== undefined && { launcherContainerImageVersion: compute }),
          ...(pod && { memory: { memoryOverhead, ...(next.status?.["memory"] as object | undefined) } }), // as vmi-builder.ts wrote it
        },
      };
      if (noPods) next = withoutPods(next);
      const moved = this.#nextPhase(next, pod, obstacle, now);
      return sameJson(moved, vmi) ? vmi : moved;
    });
  }

  #withOwnConditions(vmi: VirtualMachineInstance, pod: Pod | undefined, now: string): VirtualMachineInstance {
    let { conditions } = vmi.status ?? {};
    const volumes = dataVolumesReady(this.#store, vmi);
    for (const condition of [readyCondition(vmi, pod), volumes])
      if (condition) conditions = withCondition(conditions, condition, now);
    return { ...vmi, status: { ...vmi.status, ...(conditions && { conditions }) } };
  }

  #nextPhase(
    vmi: VirtualMachineInstance,
    pod: Pod | undefined,
    obstacle: Obstacle | undefined,
    now: string,
  ): VirtualMachineInstance {
    const leaving = vmi.metadata.deletionTimestamp !== undefined;
    const withConditions = (conditions: Condition[]) => ({ ...vmi, status: { ...vmi.status, conditions } });
    switch (vmi.status?.phase ?? "") {
      case "":
      case "Pending":
        if (pod)
          return withPhase(
            withConditions(withoutCondition(vmi.status?.conditions, "Synchronized")),
            "Scheduling",
            now,
          );
        if (leaving) return withPhase(vmi, "Failed", now);
        if (isReceiver(vmi)) return withPhase(vmi, "WaitingForSync", now);
        return withPhase(
          obstacle === undefined ? vmi : withConditions(hindered(vmi, obstacle, now)),
          "Pending",
          now,
        );
      case "Scheduling":
        if (!pod) return withPhase(vmi, "Failed", now);
        return this.#whileScheduling(vmi, pod, now);
      case "Scheduled":
      case "Running":
        // virt-handler (virt-handler.ts) ends the guest when it sees the phase.
        return pod ? vmi : withPhase(vmi, "Failed", now);
      case "WaitingForSync":
        return leaving ? this.#afterTheEnd(vmi) : vmi;
      default:
        return this.#afterTheEnd(vmi);
    }
  }

  #whileScheduling(vmi: VirtualMachineInstance, pod: Pod, now: string): VirtualMachineInstance {
    const scheduled = pod.status?.conditions?.find(
      (condition) => condition.type === "PodScheduled" && condition.status === "False",
    );
    const pull = imagePullCondition(pod);
    let conditions = (vmi.status?.conditions ?? []).filter(
      ({ type }) =>
        (type !== "PodScheduled" || scheduled) &&
        (type !== "Synchronized" || pull) &&
        type !== "Provisioning",
    );
    if (scheduled) conditions = withCondition(conditions, scheduled, now);
    if (pull) conditions = withCondition(conditions, pull, now);
    const { nodeName } = pod.spec;
    const next = {
      ...vmi,
      status: { ...vmi.status, conditions, qosClass: pod.status?.qosClass ?? "Burstable" },
    };
    if (pod.metadata.deletionTimestamp !== undefined || isPodOver(pod)) return withPhase(next, "Failed", now);
    if (pod.status?.phase !== "Running" || nodeName === undefined) return next;
    return withPhase(
      {
        ...next,
        metadata: { ...next.metadata, labels: { ...next.metadata.labels, [nodeLabel]: nodeName } },
        status: {
          ...next.status,
          nodeName,
          interfaces: (vmi.spec.domain.devices.interfaces ?? []).map(({ name }, index) => ({
            name,
            podInterfaceName: index === 0 ? "eth0" : `net${index}`,
          })),
          volumeStatus: initialVolumeStatus(this.#store, vmi),
          migrationTransport: "Unix",
        },
      },
      "Scheduled",
      now,
    );
  }

  /** What is final goes when its pods are gone and its VM, if there is one, has seen the end. */
  #afterTheEnd(vmi: VirtualMachineInstance): VirtualMachineInstance {
    const { finalizers = [] } = vmi.metadata;
    const gone = this.#indexes.podsByOwner.get(vmi.metadata.uid).length === 0;
    const owned = this.#ownerExists(vmi);
    const left = finalizers.filter(
      (one) => !(gone && one === instanceFinalizer) && (owned || one !== vmFinalizer),
    );
    return left.length === finalizers.length
      ? vmi
      : { ...vmi, metadata: { ...vmi.metadata, finalizers: left } };
  }

  #ownerExists(vmi: VirtualMachineInstance): boolean {
    const owner = vmi.metadata.ownerReferences?.find(({ kind }) => kind === "VirtualMachine");
    const vm = owner && this.#store.get(vmKind, vmi.metadata.namespace, owner.name);
    return vm !== undefined && vm.metadata.uid === owner?.uid;
  }
}

const isReceiver = (vmi: VirtualMachineInstance): boolean =>
  vmi.metadata.annotations?.[receiverAnnotation] === "true";

/** Of an instance that has ended, the launcher's image goes with its last pod. */
function withoutPods(vmi: VirtualMachineInstance): VirtualMachineInstance {
  const { activePods: _gone, launcherContainerImageVersion, ...status } = vmi.status ?? {};
  const kept =
    isFinal(vmi) || launcherContainerImageVersion === undefined ? {} : { launcherContainerImageVersion };
  return { ...vmi, status: { ...status, ...kept } };
}

function hindered(vmi: VirtualMachineInstance, { reason, message }: Obstacle, now: string): Condition[] {
  const unsynchronized = { type: "Synchronized", status: "False", reason, message };
  const conditions = withCondition(vmi.status?.conditions, unsynchronized, now);
  // The scheduler cannot say it of a pod that is not there.
  return reason === "FailedPvcNotFound"
    ? withCondition(
        conditions,
        { type: "PodScheduled", status: "False", reason: "Unschedulable", message },
        now,
      )
    : conditions;
}

function imagePullCondition(pod: Pod): Condition | undefined {
  for (const status of (pod.status?.containerStatuses ?? []) as {
    state?: { waiting?: { reason?: string; message?: string } };
  }[]) {
    // as the kubelet below writes them
    const waiting = status.state?.waiting;
    if (waiting?.reason === "ErrImagePull" || waiting?.reason === "ImagePullBackOff") {
      return {
        type: "Synchronized",
        status: "False",
        reason: waiting.reason,
        message: waiting.message ?? "",
      };
    }
  }
  return undefined;
}
