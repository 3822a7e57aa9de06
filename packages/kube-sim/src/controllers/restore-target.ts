/** The machine that a restore makes anew: what was kept of the old one, patched. Nothing a patch says can name another machine. */
import { applyJsonPatch, isRecord } from "../api/json-patch.ts";
import type { KubeObject, NewObject } from "../store/kube-object.ts";
import { vmKind } from "./kinds.ts";
import type { VirtualMachine } from "./kubevirt-shapes.ts";
import type { VmRestore } from "./snapshot-shapes.ts";

/** Each patch is one operation, or several with commas between. Source: patchVM in pkg/storage/snapshot/restore.go. */
export const patchText = ({ spec }: VmRestore): string => `[\n${(spec.patches ?? []).join(",\n")}\n]`;

/** Undefined when they are no JSON. */
export function patchesOf(restore: VmRestore): unknown[] | undefined {
  try {
    return JSON.parse(patchText(restore)) as unknown[]; // the text begins and ends a list
  } catch {
    return undefined;
  }
}

/** Throws when a patch does not apply. `mark` are the annotations by which the restore finds its own machine again. */
export function newTarget(
  restore: VmRestore,
  kept: KubeObject["metadata"],
  spec: VirtualMachine["spec"],
  patches: unknown[],
  mark: Record<string, string>,
): NewObject {
  const { name } = restore.spec.target;
  const { namespace } = restore.metadata;
  const { labels, annotations } = kept;
  const made = {
    metadata: { name, namespace, ...(labels && { labels }), annotations: { ...annotations, ...mark } },
    spec,
  };
  const patched = patches.length === 0 ? made : applied(made, patches, restore);
  const metadata = isRecord(patched["metadata"]) ? patched["metadata"] : {};
  // Whatever they are: admission reads them as an API server would.
  const given = metadata as NewObject["metadata"];
  return {
    apiVersion: vmKind.apiVersion,
    kind: vmKind.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(given.labels !== undefined && { labels: given.labels }),
      annotations: { ...given.annotations, ...mark },
    },
    spec: patched["spec"],
  };
}

function applied(made: Record<string, unknown>, patches: unknown[], restore: VmRestore) {
  try {
    return applyJsonPatch(made, patches);
  } catch {
    throw new Error(
      `error patching VM ${restore.spec.target.name}: failed to apply patch for VM ${patchText(restore)}`,
    );
  }
}
