/** kube-scheduler in small: filters hosts as the real one words it, then takes the least requested. */
import type { ControllerContext } from "./controller.ts";
import { isTrue, withCondition } from "./conditions.ts";
import type { Node, Pod } from "./core-shapes.ts";
import type { EventRecorder } from "./events.ts";
import { claimKind, nodeKind, podKind } from "./kinds.ts";
import { parseQuantity } from "./quantity.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

const retryMs = 5_000;

/** Requests of a pod, in base units, by resource. */
export function podRequests(pod: Pod): Map<string, number> {
  const sums = new Map<string, number>([["pods", 1]]);
  for (const container of pod.spec.containers) {
    for (const [resource, quantity] of Object.entries(container.resources?.requests ?? {})) {
      sums.set(resource, (sums.get(resource) ?? 0) + parseQuantity(quantity));
    }
  }
  return sums;
}

function isOver(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

export class Scheduler {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #requeue: (pod: Pod, delayMs: number) => void;

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
    if (
      !pod ||
      pod.spec.nodeName !== undefined ||
      pod.metadata.deletionTimestamp !== undefined ||
      isOver(pod)
    )
      return;
    const missing = this.#missingClaim(pod);
    if (missing !== undefined) {
      this.#unschedulable(pod, `persistentvolumeclaim "${missing}" not found`);
      return;
    }
    const nodes = this.#store.list(nodeKind);
    const requested = this.#requestedByNode();
    const reasons = new Map<string, number>();
    const fitting: { node: Node; load: number }[] = [];
    for (const node of nodes) {
      const reason = this.#whyNot(pod, node, requested.get(node.metadata.name) ?? new Map<string, number>());
      if (reason === null) fitting.push({ node, load: this.#load(node, requested.get(node.metadata.name)) });
      else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    const best = fitting.sort((a, b) => a.load - b.load)[0]?.node;
    if (!best) {
      const why = [...reasons]
        .map(([reason, count]) => `${count} ${reason}`)
        .sort()
        .join(", ");
      const { length } = nodes;
      this.#unschedulable(
        pod,
        `0/${length} nodes are available: ${why}. preemption: 0/${length} nodes are available: ${length} Preemption is not helpful for scheduling.`,
      );
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

  #requestedByNode(): Map<string, Map<string, number>> {
    const byNode = new Map<string, Map<string, number>>();
    for (const pod of this.#store.list(podKind)) {
      const { nodeName } = pod.spec;
      if (nodeName === undefined || isOver(pod)) continue;
      const sums = byNode.get(nodeName) ?? new Map<string, number>();
      byNode.set(nodeName, sums);
      for (const [resource, amount] of podRequests(pod))
        sums.set(resource, (sums.get(resource) ?? 0) + amount);
    }
    return byNode;
  }

  #load(node: Node, requested: Map<string, number> | undefined): number {
    return (requested?.get("memory") ?? 0) / Math.max(1, parseQuantity(node.status.allocatable["memory"]));
  }

  /** The real scheduler's words for why a host does not take the pod, or null. */
  #whyNot(pod: Pod, node: Node, requested: Map<string, number>): string | null {
    if (node.spec.unschedulable === true) return "node(s) were unschedulable";
    if (!isTrue(node.status.conditions, "Ready"))
      return "node(s) had untolerated taint {node.kubernetes.io/not-ready: }";
    const taint = node.spec.taints?.find(
      (candidate) =>
        candidate.effect !== "PreferNoSchedule" &&
        !pod.spec.tolerations?.some(
          (toleration) => toleration.key === undefined || toleration.key === candidate.key,
        ),
    );
    if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`;
    const labels = node.metadata.labels ?? {};
    if (!Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)) {
      return "node(s) didn't match Pod's node affinity/selector";
    }
    for (const [resource, amount] of podRequests(pod)) {
      const allocatable = parseQuantity(node.status.allocatable[resource]);
      if ((requested.get(resource) ?? 0) + amount > allocatable)
        return resource === "pods" ? "Too many pods" : `Insufficient ${resource}`;
    }
    return null;
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
