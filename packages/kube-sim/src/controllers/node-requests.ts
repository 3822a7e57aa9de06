/** What the living pods of each host request, kept as pods come and go: the scheduler asks for it with every pod. */
import type { KubeObject } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { Pod } from "./core-shapes.ts";
import { podKind } from "./kinds.ts";
import { parseQuantity } from "./quantity.ts";

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

export function isPodOver(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

const nothing: ReadonlyMap<string, number> = new Map();

export class NodeRequests {
  readonly #byNode = new Map<string, Map<string, number>>();
  readonly #stop: () => void;

  constructor(store: ObjectStore) {
    for (const pod of store.list(podKind)) this.#count(pod, 1);
    this.#stop = store.onChange(({ type, kind, object, previous }) => {
      if (kind.resource !== podKind.resource || kind.group !== "") return;
      if (previous) this.#count(previous, -1);
      if (type !== "DELETED") this.#count(object, 1);
    });
  }

  /** In base units, by resource. */
  of(node: string): ReadonlyMap<string, number> {
    return this.#byNode.get(node) ?? nothing;
  }

  close(): void {
    this.#stop();
  }

  #count(object: KubeObject, sign: 1 | -1): void {
    const pod = object as Pod; // stored under pods
    const { nodeName } = pod.spec;
    if (nodeName === undefined || isPodOver(pod)) return;
    let sums = this.#byNode.get(nodeName);
    if (!sums) {
      sums = new Map();
      this.#byNode.set(nodeName, sums);
    }
    for (const [resource, amount] of podRequests(pod)) {
      // Rounded to thousandths, the smallest unit that anybody requests: sums of fractions must come back to zero.
      sums.set(resource, Math.round(((sums.get(resource) ?? 0) + sign * amount) * 1000) / 1000);
    }
  }
}
