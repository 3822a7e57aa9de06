/** kube-scheduler in small: filters hosts as the real one words it, then takes the least requested. */
import type { ControllerContext } from "./controller.ts";
import { isTrue, withCondition } from "./conditions.ts";
import type { Node, Pod } from "./core-shapes.ts";
import type { EventRecorder } from "./events.ts";
import type { Indexes } from "./indexes.ts";
import { claimKind, nodeKind, podKind, storageClassKind } from "./kinds.ts";
import { isPodOver, podRequests } from "./node-requests.ts";
import { parseQuantity } from "./quantity.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { exceedsLimit } from "./volume-attachments.ts";

const retryMs = 5_000;

/** Source: k8s.io/api/core/v1, Toleration.ToleratesTaint: what is empty fits anything, but for the value. */
function tolerates(
  toleration: NonNullable<Pod["spec"]["tolerations"]>[number],
  taint: { key: string; value?: string; effect: string },
): boolean {
  const { key = "", operator = "Equal", value = "", effect = "" } = toleration;
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  return operator === "Exists" || (operator === "Equal" && value === (taint.value ?? ""));
}

export class Scheduler {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #indexes: Indexes;
  readonly #requeue: (pod: Pod, delayMs: number) => void;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    indexes: Indexes,
    requeue: (pod: Pod, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#indexes = indexes;
    this.#requeue = requeue;
  }

  reconcile(namespace: string | undefined, name: string): void {
    const pod = this.#store.get(podKind, namespace, name);
    if (
      !pod ||
      pod.spec.nodeName !== undefined ||
      pod.metadata.deletionTimestamp !== undefined ||
      isPodOver(pod)
    )
      return;
    const missing = this.#missingClaim(pod);
    if (missing !== undefined) {
      this.#unschedulable(pod, `persistentvolumeclaim "${missing}" not found`);
      return;
    }
    const nodes = this.#store.list(nodeKind);
    if (this.#waitsForVolume(pod)) {
      const reason = `${nodes.length} pod has unbound immediate PersistentVolumeClaims`;
      this.#unschedulable(pod, nobodyTakes(nodes.length, reason));
      return;
    }
    const wanted = podRequests(pod);
    const reasons = new Map<string, number>();
    const fitting: { node: Node; load: number }[] = [];
    for (const node of nodes) {
      const requested = this.#indexes.nodeRequests.of(node.metadata.name);
      const reason = this.#whyNot(pod, wanted, node, requested);
      if (reason === null) fitting.push({ node, load: this.#load(node, requested) });
      else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    const best = fitting.sort((a, b) => a.load - b.load)[0]?.node;
    if (!best) {
      const why = [...reasons]
        .map(([reason, count]) => `${count} ${reason}`)
        .sort()
        .join(", ");
      this.#unschedulable(pod, nobodyTakes(nodes.length, why));
      return;
    }
    const now = timestamp(this.#context.clock.now());
    this.#store.modifyObject(podKind, pod, (current) => ({
      ...current,
      spec: { ...current.spec, nodeName: best.metadata.name },
      status: {
        ...current.status,
        conditions: withCondition(current.status?.conditions, { type: "PodScheduled", status: "True" }, now),
      },
    }));
    this.#events.record(
      pod,
      "Normal",
      "Scheduled",
      `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${best.metadata.name}`,
    );
  }

  #missingClaim(pod: Pod): string | undefined {
    return pod.spec.volumes
      ?.map((volume) => volume.persistentVolumeClaim?.claimName)
      .find((claim) => claim !== undefined && !this.#store.get(claimKind, pod.metadata.namespace, claim));
  }

  /** A claim of a class that nobody knows is bound by nobody. Source: the volume binding plugin of kube-scheduler. */
  #waitsForVolume(pod: Pod): boolean {
    return (pod.spec.volumes ?? []).some(({ persistentVolumeClaim }) => {
      if (persistentVolumeClaim === undefined) return false;
      const claim = this.#store.get(claimKind, pod.metadata.namespace, persistentVolumeClaim.claimName);
      const { storageClassName = "" } = claim?.spec ?? {};
      return (
        claim?.status?.phase !== "Bound" &&
        storageClassName !== "" &&
        this.#store.get(storageClassKind, undefined, storageClassName) === undefined
      );
    });
  }

  #load(node: Node, requested: ReadonlyMap<string, number>): number {
    return (requested.get("memory") ?? 0) / Math.max(1, parseQuantity(node.status.allocatable["memory"]));
  }

  /** The real scheduler's words for why a host does not take the pod, or null. */
  #whyNot(
    pod: Pod,
    wanted: ReadonlyMap<string, number>,
    node: Node,
    requested: ReadonlyMap<string, number>,
  ): string | null {
    if (node.spec.unschedulable === true) return "node(s) were unschedulable";
    if (!isTrue(node.status.conditions, "Ready"))
      return "node(s) had untolerated taint {node.kubernetes.io/not-ready: }";
    const taint = node.spec.taints?.find(
      (candidate) =>
        candidate.effect !== "PreferNoSchedule" &&
        !pod.spec.tolerations?.some((toleration) => tolerates(toleration, candidate)),
    );
    if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`;
    const labels = node.metadata.labels ?? {};
    if (!Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)) {
      return "node(s) didn't match Pod's node affinity/selector";
    }
    if (this.#repelled(pod, node)) return "node(s) didn't match pod anti-affinity rules";
    if (exceedsLimit(this.#store, this.#indexes, pod, node.metadata.name))
      return "node(s) exceed max volume count";
    for (const [resource, amount] of wanted) {
      const allocatable = parseQuantity(node.status.allocatable[resource]);
      if ((requested.get(resource) ?? 0) + amount > allocatable)
        return resource === "pods" ? "Too many pods" : `Insufficient ${resource}`;
    }
    return null;
  }

  /** Required anti-affinity on hosts by labels, which is how KubeVirt keeps a migration's target off its source. */
  #repelled(pod: Pod, node: Node): boolean {
    const terms = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    if (terms.length === 0) return false;
    const others = this.#indexes.podsByNode
      .get(node.metadata.name)
      .filter((other) => other.metadata.namespace === pod.metadata.namespace && !isPodOver(other));
    return terms.some(({ labelSelector }) =>
      others.some((other) =>
        Object.entries(labelSelector?.matchLabels ?? {}).every(
          ([key, value]) => other.metadata.labels?.[key] === value,
        ),
      ),
    );
  }

  #unschedulable(pod: Pod, message: string): void {
    const now = timestamp(this.#context.clock.now());
    this.#store.modifyObject(podKind, pod, (current) => {
      const conditions = withCondition(
        current.status?.conditions,
        { type: "PodScheduled", status: "False", reason: "Unschedulable", message },
        now,
      );
      return conditions === current.status?.conditions
        ? current
        : { ...current, status: { phase: "Pending", ...current.status, conditions } };
    });
    this.#events.record(pod, "Warning", "FailedScheduling", message);
    this.#requeue(pod, retryMs);
  }
}

const nobodyTakes = (nodes: number, why: string): string =>
  `0/${nodes} nodes are available: ${why}. preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;
