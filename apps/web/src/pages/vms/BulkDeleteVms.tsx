/** Deletes the chosen machines, with or without the disks that were made for them. */
import type { VmDeleteRequest, VmRow } from "@kubev/api-types/virtual-machines";
import { useQuery } from "@tanstack/react-query";
import { type ComponentProps, useState } from "react";
import { rowKey } from "../../api/live/list-window.ts";
import { call } from "../../api/client.ts";
import { BulkDeleteDialog } from "../../components/BulkDeleteDialog.tsx";
import { formatList, formatPlural } from "../../format/numbers.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { BulkDeleteButton } from "../../table/BulkDelete.tsx";
import type { Selection } from "../../table/use-selection.ts";
import { CheckField } from "../../ui/Checkbox.tsx";
import {
  deletionOf,
  goingCount,
  goingText,
  isFoundGone,
  lookUpDisks,
  notYet,
  untouchedText,
} from "./bulk-deletion.ts";

/** Returns what of it stayed. */
async function deleteVm({ project, name }: VmRow, body: VmDeleteRequest): Promise<string | undefined> {
  const { disksLeft } = await call("deleteVm", { params: { project, name }, body });
  const [first] = disksLeft;
  return first === undefined
    ? undefined
    : `Not deleted: ${formatList(disksLeft.map((disk) => disk.name))}. ${reasonText(first.reason)}`;
}

export function BulkDeleteVms({ selection }: { selection: Selection<VmRow> }) {
  return (
    <BulkDeleteButton selection={selection}>{(asked) => <BulkDeleteVmsDialog {...asked} />}</BulkDeleteButton>
  );
}

function BulkDeleteVmsDialog({
  rows,
  onClose,
  ...asked
}: Pick<ComponentProps<typeof BulkDeleteDialog<VmRow>>, "rows" | "isGone" | "onClose">) {
  // as with one machine: nothing goes that was not shown, and no disk is left behind unnoticed
  const [withDisks, setWithDisks] = useState(true);
  const able = rows.filter((vm) => vm.actions.delete.allowed);
  // what was shown is what is asked for: it does not change under the pointer
  const { data: going } = useQuery({
    queryKey: ["disks of machines to delete", able.map(rowKey)],
    queryFn: async ({ signal }) =>
      lookUpDisks(able, async ({ project, name }) =>
        call("getVmDeletionPlan", { params: { project, name } }, { signal }),
      ),
    enabled: withDisks,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const isGone = (vm: VmRow) => asked.isGone(vm) || isFoundGone(vm, going);
  const there = able.filter((vm) => !isGone(vm));
  const count = withDisks ? goingCount(there, going) : 0;
  const disks =
    count === undefined ? "the disks that were made for them" : formatPlural(count, "disk", "disks");
  return (
    <BulkDeleteDialog<VmRow>
      rows={rows}
      isGone={isGone}
      onClose={onClose}
      one="machine"
      many="machines"
      alsoGoes={count === 0 ? undefined : disks}
      consequence={() =>
        count === 0
          ? "Guests that run are asked to shut down, and lose power when their time for that is over. Then the machines are deleted for good; all disks stay."
          : `Guests that run are asked to shut down, and lose power when their time for that is over. Then the machines and ${disks} are deleted for good.`
      }
      withIt={(vm) => (withDisks ? goingText(vm, going) : undefined)}
      notYet={withDisks ? notYet(there, going) : undefined}
      leftOf={(vm) => (withDisks ? untouchedText(vm, going) : undefined)}
      run={async (vm) => deleteVm(vm, deletionOf(vm, withDisks ? going : undefined))}
      shownBy={["listVms", "listDisks"]}
    >
      <CheckField
        label="Delete the disks that were made for them too"
        hint="Without it all disks stay. Disks that something else uses stay in any case."
        checked={withDisks}
        onChange={setWithDisks}
      />
    </BulkDeleteDialog>
  );
}
