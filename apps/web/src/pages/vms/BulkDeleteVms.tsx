/** Deletes the chosen machines, with or without the disks that were made for them. */
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { formatList } from "../../format/numbers.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { BulkDelete } from "../../table/BulkDelete.tsx";
import type { Selection } from "../../table/use-selection.ts";
import { CheckField } from "../../ui/Checkbox.tsx";

/** What is deleted is what its plan says at that moment. Returns what of it stayed. */
async function deleteVm({ project, name }: VmRow, withDisks: boolean): Promise<string | undefined> {
  const params = { project, name };
  const plan = await call("getVmDeletionPlan", { params });
  const goes = withDisks
    ? plan.disks.filter((disk) => disk.ownedByVm && disk.mayDelete.allowed && disk.usedBy.length === 0)
    : [];
  const { disksLeft } = await call("deleteVm", {
    params,
    body: { uid: plan.uid, deleteDisks: goes.map((disk) => disk.name) },
  });
  const [first] = disksLeft;
  return first === undefined
    ? undefined
    : `Not deleted: ${formatList(disksLeft.map((disk) => disk.name))}. ${reasonText(first.reason)}`;
}

export function BulkDeleteVms({ selection }: { selection: Selection<VmRow> }) {
  const [withDisks, setWithDisks] = useState(false);
  return (
    <BulkDelete<VmRow>
      selection={selection}
      one="machine"
      many="machines"
      consequence="Guests that run are asked to shut down, and lose power when their time for that is over. Then the machines are deleted for good."
      run={async (vm) => deleteVm(vm, withDisks)}
      shownBy={["listVms", "listDisks"]}
    >
      <CheckField
        label="Delete the disks that were made for them too"
        hint="Without it all disks stay. Disks that something else uses stay in any case."
        checked={withDisks}
        onChange={setWithDisks}
      />
    </BulkDelete>
  );
}
