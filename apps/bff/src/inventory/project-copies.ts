/** Snapshots of machines, and what is made of them, to records: enough to tell that something shown changed. */
import type { VmCopyRecord, VmSnapshotRecord } from "../domain/vm-records.ts";
import type { RawCondition } from "../domain/conditions.ts";
import type { RawObject } from "./raw.ts";
import { conditionOf, recordBase } from "./record-base.ts";

interface Named {
  kind?: string;
  name?: string;
}

const machine = ({ kind, name }: Named = {}): string[] =>
  kind === "VirtualMachine" && name !== undefined ? [name] : [];

export function projectVmSnapshot(
  raw: RawObject<
    { source: Named },
    {
      phase: string;
      readyToUse: boolean;
      error: { message?: string };
      creationTime: string;
      sourceIndications: unknown;
      snapshotVolumes: unknown;
    }
  >,
): VmSnapshotRecord {
  const { phase, readyToUse, error, creationTime, sourceIndications, snapshotVolumes } = raw.status ?? {};
  return {
    ...recordBase(raw.metadata),
    vm: machine(raw.spec?.source)[0] ?? "",
    phase: phase ?? "",
    readyToUse: readyToUse === true,
    error: error?.message ?? "",
    taken: JSON.stringify([creationTime, sourceIndications, snapshotVolumes]),
  };
}

export function projectVmRestore(
  raw: RawObject<
    { target: Named; virtualMachineSnapshotName: string },
    { complete: boolean; conditions: RawCondition[] }
  >,
): VmCopyRecord {
  return {
    ...recordBase(raw.metadata),
    machines: machine(raw.spec?.target),
    snapshot: raw.spec?.virtualMachineSnapshotName ?? "",
    underWay:
      raw.status?.complete !== true && conditionOf(raw.status?.conditions, "Failure")?.status !== "True",
    progress: JSON.stringify([raw.status?.complete, raw.status?.conditions]),
  };
}

export function projectVmClone(
  raw: RawObject<
    { source: Named; target: Named },
    { phase: string; targetName: string; conditions: RawCondition[] }
  >,
): VmCopyRecord {
  const target = raw.status?.targetName ?? raw.spec?.target?.name;
  return {
    ...recordBase(raw.metadata),
    machines: [...machine(raw.spec?.source), ...(target === undefined ? [] : [target])],
    snapshot: "",
    underWay: raw.status?.phase !== "Succeeded" && raw.status?.phase !== "Failed",
    progress: JSON.stringify([raw.status?.phase, raw.status?.conditions]),
  };
}
