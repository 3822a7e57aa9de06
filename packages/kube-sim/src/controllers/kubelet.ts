/** The kubelets of all hosts: volumes, image pulls, containers that start, pods that end. */
import type { KubeObject } from "../store/kube-object.ts";
import type { ControllerContext } from "./controller.ts";
import { withCondition } from "./conditions.ts";
import type { Condition, Pod } from "./core-shapes.ts";
import type { EventRecorder } from "./events.ts";
import { claimKind, configMapKind, dataVolumeKind, nodeKind, podKind, secretKind, vmiKind } from "./kinds.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { creating, ended, readiness } from "./pod-conditions.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { isFinal } from "./vm-status.ts";
import { unattached } from "./volume-attachments.ts";

const containerStartMs = 300;
const imagePullRetryMs = 10_000;
const podEndMs = 200;
/** A real kubelet's pauses grow from half a second to two minutes. */
const mountRetryMs = 1_000;
/** An image that no registry has, as in the recorded traces. */
const unpullable = /does-not-exist/;

export class Kubelet {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #requeue: (pod: Pod, delayMs: number) => void;
  /** When each pod's containers were asked to start. */
  readonly #startedAtMs = new Map<string, number>();
  /** When each pod's image is asked for again. */
  readonly #nextPullAtMs = new Map<string, number>();
  /** When each pod's containers had ended; the pod itself goes a little later. */
  readonly #endedAtMs = new Map<string, number>();

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    requeue: (pod: Pod, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#requeue = requeue;
  }

  reconcile(namespace: string | undefined, name: string): void {
    const pod = this.#store.get(podKind, namespace, name);
    if (!pod) return;
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#end(pod);
      return;
    }
    if (pod.status?.phase === "Running") {
      const guest = this.#guestOf(pod);
      if (guest && isFinal(guest)) {
        const { uid } = pod.metadata;
        if (!this.#endedAtMs.has(uid)) {
          this.#endedAtMs.set(uid, this.#context.clock.now());
          this.#requeue(pod, podEndMs);
          return;
        }
        this.#complete(pod, guest.status?.phase === "Failed" ? "Failed" : "Succeeded");
        return;
      }
      this.#setConditions(pod, [readiness(pod)]);
      return;
    }
    if (pod.spec.nodeName === undefined || (pod.status?.phase ?? "Pending") !== "Pending") return;
    const waitingFor = this.#unreadyVolume(pod);
    const addressed =
      pod.spec.hostNetwork === true || pod.metadata.annotations?.["ovn.kubernetes.io/allocated"] === "true";
    if (waitingFor !== null || !addressed || this.#awaitsAttachment(pod)) return; // woken by the change
    if (this.#awaitsMount(pod)) {
      this.#requeue(pod, mountRetryMs);
      return;
    }
    const badImage = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find((container) =>
      unpullable.test(container.image ?? ""),
    );
    if (badImage) {
      if (this.#setConditions(pod, creating(pod))) return; // comes back with that change
      this.#imagePullFails(pod, badImage.name, badImage.image ?? "");
      return;
    }
    const now = this.#context.clock.now();
    const startedAt = this.#startedAtMs.get(pod.metadata.uid);
    if (startedAt === undefined) {
      this.#setConditions(pod, creating(pod));
      this.#startedAtMs.set(pod.metadata.uid, now);
      this.#requeue(pod, containerStartMs);
      return;
    }
    if (now < startedAt + containerStartMs) {
      this.#requeue(pod, startedAt + containerStartMs - now);
      return;
    }
    this.#startedAtMs.delete(pod.metadata.uid);
    this.#run(pod);
  }

  /** True when that changed the pod. */
  #setConditions(pod: Pod, wanted: Condition[]): boolean {
    const at = timestamp(this.#context.clock.now());
    let changed = false;
    this.#store.modifyObject(podKind, pod, (current) => {
      const before = current.status?.conditions ?? [];
      const conditions = wanted.reduce((list, condition) => withCondition(list, condition, at), before);
      changed = conditions !== before;
      return changed ? { ...current, status: { ...current.status, conditions } } : current;
    });
    return changed;
  }

  #unreadyVolume(pod: Pod): string | null {
    for (const volume of pod.spec.volumes ?? []) {
      const claimName = volume.persistentVolumeClaim?.claimName;
      if (claimName === undefined) continue;
      const claim = this.#store.get(claimKind, pod.metadata.namespace, claimName);
      const filling = this.#store.get(dataVolumeKind, pod.metadata.namespace, claimName);
      if (claim?.status?.phase !== "Bound" || (filling && filling.status?.phase !== "Succeeded"))
        return claimName;
    }
    return null;
  }

  /** Tells why an attachment failed, in the attach-detach controller's words. */
  #awaitsAttachment(pod: Pod): boolean {
    const waiting = unattached(this.#store, pod);
    for (const { volume, attachment } of waiting) {
      const why = attachment?.status?.attachError?.message;
      if (why === undefined) continue;
      const words = why.startsWith("Multi-Attach error")
        ? why
        : `AttachVolume.Attach failed for volume "${volume.metadata.name}" : ${why}`;
      this.#events.record(pod, "Warning", "FailedAttachVolume", words);
    }
    return waiting.length > 0;
  }

  /** A pod waits for the secrets and config maps that it mounts; said once. */
  #awaitsMount(pod: Pod): boolean {
    const { namespace } = pod.metadata;
    for (const { name, secret, configMap } of pod.spec.volumes ?? []) {
      const mounted = [
        { kind: secretKind, what: "secret", named: secret?.secretName, optional: secret?.optional },
        { kind: configMapKind, what: "configmap", named: configMap?.name, optional: configMap?.optional },
      ];
      const missing = mounted.find(
        ({ kind, named, optional }) =>
          named !== undefined &&
          optional !== true &&
          this.#store.get<KubeObject>(kind, namespace, named) === undefined,
      );
      if (missing === undefined) continue;
      if (this.#setConditions(pod, creating(pod)))
        this.#events.record(
          pod,
          "Warning",
          "FailedMount",
          `MountVolume.SetUp failed for volume "${name}" : ${missing.what} "${missing.named ?? ""}" not found`,
        );
      return true;
    }
    return false;
  }

  /** Its own word of the failure wakes it too: the next try is due later. */
  #imagePullFails(pod: Pod, container: string, image: string): void {
    const now = this.#context.clock.now();
    const dueAt = this.#nextPullAtMs.get(pod.metadata.uid) ?? now;
    if (dueAt > now) {
      this.#requeue(pod, dueAt - now);
      return;
    }
    this.#nextPullAtMs.set(pod.metadata.uid, now + imagePullRetryMs);
    const previous = pod.status?.containerStatuses?.length ?? 0;
    const reason = previous === 0 ? "ErrImagePull" : "ImagePullBackOff";
    const message =
      reason === "ErrImagePull"
        ? `failed to pull and unpack image "${image}": failed to resolve reference: ${image}: not found`
        : `Back-off pulling image "${image}": ErrImagePull: ${image}: not found`;
    this.#store.modifyObject(podKind, pod, (current) => ({
      ...current,
      status: {
        ...current.status,
        phase: "Pending",
        containerStatuses: [
          {
            name: container,
            image,
            imageID: "",
            ready: false,
            restartCount: 0,
            state: { waiting: { reason, message } },
          },
        ],
      },
    }));
    this.#events.record(pod, "Warning", "Failed", message);
    this.#requeue(pod, imagePullRetryMs);
  }

  #run(pod: Pod): void {
    const at = timestamp(this.#context.clock.now());
    const node = this.#store.get(nodeKind, undefined, pod.spec.nodeName ?? "");
    const hostIP = node?.status.addresses?.find((address) => address.type === "InternalIP")?.address ?? "";
    const addresses = (pod.metadata.annotations?.["ovn.kubernetes.io/ip_address"] ?? "").split(",");
    this.#store.modifyObject(podKind, pod, (current) => {
      let conditions = current.status?.conditions;
      for (const type of ["PodReadyToStartContainers", "Initialized", "ContainersReady"])
        conditions = withCondition(conditions, { type, status: "True" }, at);
      conditions = withCondition(conditions, readiness(current), at);
      return {
        ...current,
        status: {
          ...current.status,
          phase: "Running",
          ...(conditions && { conditions }),
          hostIP,
          hostIPs: [{ ip: hostIP }],
          podIP: addresses[0] ?? "",
          podIPs: addresses.map((ip) => ({ ip })),
          startTime: at,
          qosClass: current.status?.qosClass ?? "Burstable", // of launchers, which no admission has seen
          containerStatuses: current.spec.containers.map((container) => ({
            name: container.name,
            image: container.image ?? "",
            imageID: "",
            ready: true,
            started: true,
            restartCount: 0,
            state: { running: { startedAt: at } },
          })),
        },
      };
    });
    this.#events.record(pod, "Normal", "Started", `Started container ${pod.spec.containers[0]?.name ?? ""}`);
  }

  /** The VMI whose launcher this is. */
  #guestOf(pod: Pod): VirtualMachineInstance | undefined {
    const owner = pod.metadata.ownerReferences?.find(({ kind }) => kind === "VirtualMachineInstance");
    const vmi = owner && this.#store.get(vmiKind, pod.metadata.namespace, owner.name);
    return vmi?.metadata.uid === owner?.uid ? vmi : undefined;
  }

  #complete(pod: Pod, phase: "Succeeded" | "Failed"): void {
    const at = timestamp(this.#context.clock.now());
    this.#store.modifyObject(podKind, pod, (current) => ({
      ...current,
      status: {
        ...current.status,
        phase,
        conditions: ended(phase).reduce(
          (list, condition) => withCondition(list, condition, at),
          current.status?.conditions ?? [],
        ),
      },
    }));
  }

  /** A deleted pod goes when its guest, if it carries one, has ended. */
  #end(pod: Pod): void {
    const vmi = this.#guestOf(pod);
    const guestRuns =
      vmi &&
      !isFinal(vmi) &&
      vmi.status?.nodeName === pod.spec.nodeName &&
      ["Running", "Scheduled"].includes(vmi.status?.phase ?? "");
    if (guestRuns) return; // woken by the VMI's change
    // nothing of it runs any more, and what holds it is not the kubelet's
    if (pod.metadata.deletionGracePeriodSeconds === 0 && pod.status?.phase !== "Running") return;
    this.#startedAtMs.delete(pod.metadata.uid);
    this.#nextPullAtMs.delete(pod.metadata.uid);
    const now = this.#context.clock.now();
    if (pod.status?.phase === "Running") {
      this.#endedAtMs.set(pod.metadata.uid, now);
      this.#complete(pod, vmi?.status?.phase === "Failed" ? "Failed" : "Succeeded");
    }
    const goesAt = (this.#endedAtMs.get(pod.metadata.uid) ?? 0) + podEndMs;
    if (now < goesAt) {
      this.#requeue(pod, goesAt - now);
      return;
    }
    this.#endedAtMs.delete(pod.metadata.uid);
    this.#store.delete(podKind, pod, { gracePeriodSeconds: 0 });
  }
}
