/** What the deletion of many machines takes with it: nothing goes that was not shown, neither a machine nor a disk. */
import type { VmDeleteRequest, VmDeletionPlan, VmRow } from "@kubev/api-types/virtual-machines";
import { rowKey } from "../../api/live/list-window.ts";
import { formatList, formatPlural } from "../../format/numbers.ts";
import { errorText } from "../../reasons/error-text.ts";
import { eachLimited } from "../../table/each-limited.ts";
import { isGone } from "../../table/is-gone.ts";

/** By `rowKey`: names of the disks that go with a machine, or why they are not known. */
export type GoingDisks = ReadonlyMap<string, readonly string[] | Error>;

/** The disks that were made for it and that nothing else uses. */
const goingWith = ({ disks }: VmDeletionPlan) =>
  disks
    .filter((disk) => disk.ownedByVm && disk.mayDelete.allowed && disk.usedBy.length === 0)
    .map((disk) => disk.name);

/** Asks for the plan of each, some at a time. */
export async function lookUpDisks(
  vms: readonly VmRow[],
  ask: (vm: VmRow) => Promise<VmDeletionPlan>,
): Promise<GoingDisks> {
  const found = new Map<string, readonly string[] | Error>();
  await eachLimited(vms, async (vm) => {
    try {
      found.set(rowKey(vm), goingWith(await ask(vm)));
    } catch (error) {
      found.set(rowKey(vm), error instanceof Error ? error : new Error(String(error)));
    }
  });
  return found;
}

/** Said beside the machine. */
export function goingText(vm: VmRow, going: GoingDisks | undefined): string {
  const disks = going?.get(rowKey(vm));
  if (disks === undefined) return "Its disks are being looked up.";
  if (disks instanceof Error) return errorText(disks).title;
  return disks.length === 0 ? "No disk goes with it." : `With it: ${formatList(disks)}.`;
}

/** How many disks go with `vms`; undefined until that is known of all. */
export function goingCount(vms: readonly VmRow[], going: GoingDisks | undefined): number | undefined {
  const lists = vms.map((vm) => going?.get(rowKey(vm)));
  return lists.some((disks) => disks === undefined || disks instanceof Error)
    ? undefined
    : lists.flat().length;
}

/** Of a machine that somebody else deleted first: what became of the disks that were to go with it is not known from here. */
export function untouchedText(vm: VmRow, going: GoingDisks | undefined): string | undefined {
  const disks = going?.get(rowKey(vm));
  return disks === undefined || disks instanceof Error || disks.length === 0
    ? undefined
    : `Nothing was done here to ${formatList(disks)}.`;
}

/** Whether the look-up met no such machine any more. */
export const isFoundGone = (vm: VmRow, going: GoingDisks | undefined): boolean =>
  isGone(going?.get(rowKey(vm)));

/** Why the deletion of `vms` with disks cannot begin yet; undefined where it is said of each machine what goes with it. */
export function notYet(vms: readonly VmRow[], going: GoingDisks | undefined): string | undefined {
  if (going === undefined) return "The disks are still being looked up.";
  const failed = vms.filter((vm) => going.get(rowKey(vm)) instanceof Error).length;
  return failed === 0
    ? undefined
    : `The disks of ${formatPlural(failed, "machine", "machines")} could not be looked up. Keep all disks, or choose again.`;
}

/** Of the machine that was chosen, and not of another one that has its name since; with the disks that were shown. */
export function deletionOf(vm: VmRow, going: GoingDisks | undefined): VmDeleteRequest {
  const disks = going?.get(rowKey(vm)) ?? [];
  if (disks instanceof Error) throw disks;
  return { uid: vm.ref.uid ?? "", deleteDisks: [...disks] };
}
