/** The node lifecycle controller's part in cordoning: an unschedulable host bears a taint that says so. */
import type { ControllerContext } from "./controller.ts";
import { evacuateHost } from "./evacuation.ts";
import type { EventRecorder } from "./events.ts";
import type { Indexes } from "./indexes.ts";
import { nodeKind } from "./kinds.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

const cordonTaint = "node.kubernetes.io/unschedulable";

/** All that is done about a host when it changes: its taint, and its machines where it is to be left. */
export function hostReconciler(
  { clock, random }: ControllerContext,
  storeOf: (manager: string) => TypedStore,
  events: EventRecorder,
  indexes: Indexes,
): (namespace: string | undefined, name: string) => void {
  const nodes = storeOf("kube-controller-manager");
  const machines = storeOf("virt-controller");
  return (_namespace, name) => {
    keepCordonTaint(nodes, events, name, clock.now());
    evacuateHost(machines, indexes, name, random);
  };
}

function keepCordonTaint(store: TypedStore, events: EventRecorder, name: string, nowMs: number): void {
  const node = store.get(nodeKind, undefined, name);
  if (node === undefined) return;
  const cordoned = node.spec.unschedulable === true;
  const tainted = node.spec.taints?.some((taint) => taint.key === cordonTaint) === true;
  if (cordoned === tainted) return;
  const state = cordoned ? "NodeNotSchedulable" : "NodeSchedulable";
  events.record(node, "Normal", state, `Node ${name} status is now: ${state}`);
  store.modifyObject(nodeKind, node, (current) => {
    const others = (current.spec.taints ?? []).filter((taint) => taint.key !== cordonTaint);
    const taint = { key: cordonTaint, effect: "NoSchedule", timeAdded: timestamp(nowMs) };
    const { taints: _taints, ...spec } = current.spec;
    const taints = current.spec.unschedulable === true ? [...others, taint] : others;
    return { ...current, spec: taints.length === 0 ? spec : { ...spec, taints } };
  });
}
