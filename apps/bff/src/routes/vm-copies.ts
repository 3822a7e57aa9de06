/** Restores and clones of a machine as one list, from the objects that do them. */
import type { VmCopy } from "@kubev/api-types/vm-snapshots";
import type { RawCondition } from "../domain/conditions.ts";
import type { RawObject } from "../inventory/raw.ts";
import { conditionOf } from "../inventory/record-base.ts";

interface Named {
  kind?: string;
  name?: string;
}

export type RawRestore = RawObject<
  { target: Named; virtualMachineSnapshotName: string },
  { complete: boolean; conditions: RawCondition[] }
>;
export type RawClone = RawObject<
  { source: Named; target: Named },
  { phase: string; targetName: string; conditions: RawCondition[] }
>;

const metaOf = ({ metadata }: RawObject<never, never>) => ({
  name: metadata?.name ?? "",
  uid: metadata?.uid ?? "",
  startedAt: metadata?.creationTimestamp ?? "",
});

export function restoreCopy(raw: RawRestore): VmCopy {
  const failure = conditionOf(raw.status?.conditions, "Failure");
  const progress = conditionOf(raw.status?.conditions, "Progressing");
  const done = raw.status?.complete === true;
  const failed = failure?.status === "True";
  return {
    kind: "restore",
    ...metaOf(raw as RawObject<never, never>), // only its metadata is read
    source: raw.spec?.virtualMachineSnapshotName ?? "",
    target: raw.spec?.target?.name ?? "",
    state: failed ? "failed" : done ? "done" : "running",
    message: failed ? failure.message || failure.reason : done ? "" : (progress?.reason ?? ""),
  };
}

export function cloneCopy(raw: RawClone): VmCopy {
  const phase = raw.status?.phase ?? "";
  const progress = conditionOf(raw.status?.conditions, "Progressing");
  return {
    kind: "clone",
    ...metaOf(raw as RawObject<never, never>), // only its metadata is read
    source: raw.spec?.source?.name ?? "",
    target: raw.status?.targetName ?? raw.spec?.target?.name ?? "",
    state: phase === "Succeeded" ? "done" : phase === "Failed" ? "failed" : "running",
    message: phase === "Failed" ? (progress?.message ?? "") : phase === "Succeeded" ? "" : phase,
  };
}
