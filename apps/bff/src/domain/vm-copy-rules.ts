/** What may be done with a machine's snapshots, and the rights it takes. Pure. */
import type { ActionDecision } from "@kubev/api-types/reason";
import type { NeededRight } from "./vm-actions.ts";
import { allowed, denied } from "./reasons.ts";
import type { VmRecord } from "./vm-records.ts";

const on = (verb: string, group: string, resource: string): NeededRight => ({
  verb,
  group,
  resource,
  subresource: "",
});

export const copyRights = {
  take: on("create", "snapshot.kubevirt.io", "virtualmachinesnapshots"),
  delete: on("delete", "snapshot.kubevirt.io", "virtualmachinesnapshots"),
  restore: on("create", "snapshot.kubevirt.io", "virtualmachinerestores"),
  clone: on("create", "clone.kubevirt.io", "virtualmachineclones"),
} as const satisfies Record<string, NeededRight>;
export type CopyRight = keyof typeof copyRights;

/** A snapshot or clone can be taken of a machine that runs or not, one at a time. */
export function copyByState(vm: VmRecord): ActionDecision {
  if (vm.deletion !== null) return denied("vm-is-deleting");
  if (vm.snapshotInProgress !== "") return denied("vm-snapshot-running", { snapshot: vm.snapshotInProgress });
  return vm.restoreInProgress ? denied("vm-restore-running") : allowed;
}

export function withRight(
  decision: ActionDecision,
  may: Readonly<Record<CopyRight, boolean>> | undefined,
  key: CopyRight,
  project: string,
): ActionDecision {
  if (may?.[key] === true) return decision;
  const { verb, resource } = copyRights[key];
  return denied("no-permission", { verb, resource, project });
}
