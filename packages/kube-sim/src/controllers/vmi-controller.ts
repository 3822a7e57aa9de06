/** virt-controller's VirtualMachineInstance part: the launcher pod, the phases up to Scheduled, the end. */
import type { ControllerContext } from "./controller.ts";
import { withCondition } from "./conditions.ts";
import type { EventRecorder } from "./events.ts";
import { type Indexes, launcherPodOf } from "./indexes.ts";
import { podKind, vmiKind } from "./kinds.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";
import type { Condition, Pod } from "./core-shapes.ts";
import { buildLauncherPod } from "./launcher-pod.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { isFinal } from "./vm-status.ts";
import { withPhase } from "./vmi-phase.ts";

const notRunning = {
  type: "Ready",
  status: "False",
  reason: "GuestNotRunning",
  message: "Guest VM is not reported as running",
};

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
    const pod = launcherPodOf(this.#indexes, vmi);
    const phase = vmi.status?.phase ?? "";
    if (vmi.metadata.deletionTimestamp !== undefined) {
      this.#end(vmi, pod);
      return;
    }
    if (isFinal(vmi)) return;
    if (!pod) {
      if (phase === "" || phase === "Pending") this.#createPod(vmi);
      else if (phase === "Scheduling") this.#setPhase(vmi, "Failed");
      else this.#podVanished(vmi);
      return;
    }
    if (phase === "" || phase === "Pending") this.#toScheduling(vmi, pod);
    else if (phase === "Scheduling") this.#whileScheduling(vmi, pod);
    else if (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase === "Failed")
      this.#podVanished(vmi);
  }

  #now(): string {
    return timestamp(this.#context.clock.now());
  }

  #setPhase(vmi: VirtualMachineInstance, phase: string): void {
    this.#store.modifyObject(vmiKind, vmi, (current) =>
      isFinal(current) ? current : withPhase(current, phase, this.#now()),
    );
  }

  #createPod(vmi: VirtualMachineInstance): void {
    const pod = this.#store.create(podKind, buildLauncherPod(vmi, this.#context.random));
    this.#events.record(
      vmi,
      "Normal",
      "SuccessfulCreate",
      `Created virtual machine pod ${pod.metadata.name}`,
    );
  }

  #toScheduling(vmi: VirtualMachineInstance, pod: Pod): void {
    this.#store.modifyObject(vmiKind, vmi, (current) =>
      withPhase(
        {
          ...current,
          status: {
            ...current.status,
            activePods: { [pod.metadata.uid]: pod.spec.nodeName ?? "" },
            launcherContainerImageVersion: pod.spec.containers[0]?.image ?? "",
            conditions: withCondition(current.status?.conditions, notRunning, this.#now()),
          },
        },
        "Scheduling",
        this.#now(),
      ),
    );
  }

  #whileScheduling(vmi: VirtualMachineInstance, pod: Pod): void {
    const scheduled = pod.status?.conditions?.find(
      (condition) => condition.type === "PodScheduled" && condition.status === "False",
    );
    const pull = imagePullCondition(pod);
    this.#store.modifyObject(vmiKind, vmi, (current) => {
      let conditions = (current.status?.conditions ?? []).filter(
        (condition) => condition.type !== "PodScheduled" && condition.type !== "Synchronized",
      );
      if (scheduled) conditions = withCondition(conditions, scheduled, this.#now());
      if (pull) conditions = withCondition(conditions, pull, this.#now());
      const status = {
        ...current.status,
        conditions,
        activePods: { [pod.metadata.uid]: pod.spec.nodeName ?? "" },
      };
      if (pod.status?.phase !== "Running" || pod.spec.nodeName === undefined) return { ...current, status };
      const nodeName = pod.spec.nodeName;
      return withPhase(
        {
          ...current,
          metadata: {
            ...current.metadata,
            labels: { ...current.metadata.labels, "kubevirt.io/nodeName": nodeName },
          },
          status: {
            ...status,
            nodeName,
            qosClass: "Burstable",
            migrationTransport: "Unix",
            migrationMethod: "BlockMigration",
          },
        },
        "Scheduled",
        this.#now(),
      );
    });
  }

  #podVanished(vmi: VirtualMachineInstance): void {
    // virt-handler (virt-handler.ts) ends the guest when it sees the phase.
    this.#setPhase(vmi, "Failed");
  }

  /** A deleted VMI goes when its guest has ended and its pod is gone. */
  #end(vmi: VirtualMachineInstance, pod: Pod | undefined): void {
    const phase = vmi.status?.phase ?? "";
    const guestStarted = phase === "Running" || phase === "Scheduled";
    if (pod && pod.metadata.deletionTimestamp === undefined) {
      const at = this.#now();
      // a write cannot set deletionTimestamp, as in a real API server
      this.#store.delete(podKind, pod, {
        gracePeriodSeconds: pod.spec.terminationGracePeriodSeconds ?? 30,
      });
      const terminating = {
        type: "Ready",
        status: "False",
        reason: "PodTerminating",
        message: "virt-launcher pod is terminating",
      };
      this.#store.modifyObject(vmiKind, vmi, (current) => ({
        ...current,
        status: { ...current.status, conditions: withCondition(current.status?.conditions, terminating, at) },
      }));
      return;
    }
    if (guestStarted && pod) return; // virt-handler is shutting the guest down
    if (!isFinal(vmi) && guestStarted) {
      this.#setPhase(vmi, "Failed");
      return;
    }
    if (pod) return; // the kubelet removes it
    this.#store.modifyObject(vmiKind, vmi, (current) => ({
      ...current,
      metadata: { ...current.metadata, finalizers: [] },
    }));
  }
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
