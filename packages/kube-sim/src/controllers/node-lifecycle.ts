/** The node lifecycle controller's part in cordoning: an unschedulable host bears a taint that says so. */
import { nodeKind } from "./kinds.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

const cordonTaint = "node.kubernetes.io/unschedulable";

export function keepCordonTaint(store: TypedStore, name: string, nowMs: number): void {
  const node = store.get(nodeKind, undefined, name);
  if (node === undefined) return;
  const cordoned = node.spec.unschedulable === true;
  const tainted = node.spec.taints?.some((taint) => taint.key === cordonTaint) === true;
  if (cordoned === tainted) return;
  store.modifyObject(nodeKind, node, (current) => {
    const others = (current.spec.taints ?? []).filter((taint) => taint.key !== cordonTaint);
    const taint = { key: cordonTaint, effect: "NoSchedule", timeAdded: timestamp(nowMs) };
    const { taints: _taints, ...spec } = current.spec;
    const taints = current.spec.unschedulable === true ? [...others, taint] : others;
    return { ...current, spec: taints.length === 0 ? spec : { ...spec, taints } };
  });
}
