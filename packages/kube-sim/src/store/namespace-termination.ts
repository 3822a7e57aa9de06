/**
 * How a namespace on its way out says what it waits for. Source: kube-controller-manager's
 * pkg/controller/namespace/deletion/status_condition_utils.go.
 */
import { type Kind, qualifiedResource } from "../schema/kind.ts";
import type { KubeObject } from "./kube-object.ts";

/** An object that is still in the namespace. */
export interface Left {
  kind: Kind;
  object: KubeObject;
}

export interface NamespaceCondition {
  type: string;
  status: "True" | "False";
  reason: string;
  message: string;
  lastTransitionTime: string;
}

function counted(names: readonly string[]): [name: string, count: number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export function terminationConditions(
  left: readonly Left[],
): Omit<NamespaceCondition, "lastTransitionTime">[] {
  const fine = (type: string, reason: string, message: string) =>
    ({ type, status: "False", reason, message }) as const;
  // the core group ends the name with its dot, as upstream prints it
  const kinds = counted(
    left.map(({ kind }) => (kind.group === "" ? `${kind.resource}.` : qualifiedResource(kind))),
  );
  const finalizers = counted(left.flatMap(({ object }) => object.metadata.finalizers ?? []));
  return [
    fine("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
    fine(
      "NamespaceDeletionGroupVersionParsingFailure",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ),
    fine(
      "NamespaceDeletionContentFailure",
      "ContentDeleted",
      "All content successfully deleted, may be waiting on finalization",
    ),
    kinds.length === 0
      ? fine("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed")
      : {
          type: "NamespaceContentRemaining",
          status: "True",
          reason: "SomeResourcesRemain",
          message: `Some resources are remaining: ${kinds.map(([name, count]) => `${name} has ${count} resource instances`).join(", ")}`,
        },
    finalizers.length === 0
      ? fine(
          "NamespaceFinalizersRemaining",
          "ContentHasNoFinalizers",
          "All content-preserving finalizers finished",
        )
      : {
          type: "NamespaceFinalizersRemaining",
          status: "True",
          reason: "SomeFinalizersRemain",
          message: `Some content in the namespace has finalizers remaining: ${finalizers.map(([name, count]) => `${name} in ${count} resource instances`).join(", ")}`,
        },
  ];
}
