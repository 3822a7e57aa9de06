/** Deletes the chosen machines, with or without the disks that were made for them. */
import type { VmDeletionPlan, VmRow } from "@kubev/api-types/virtual-machines";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { formatList } from "../../format/numbers.ts";
import { errorText } from "../../reasons/error-text.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { BulkDelete } from "../../table/BulkDelete.tsx";
import type { Selection } from "../../table/use-selection.ts";
import { CheckField } from "../../ui/Checkbox.tsx";

const planOf = ({ project, name }: VmRow) => read("getVmDeletionPlan", { params: { project, name } });

/** The disks that were made for it and that nothing else uses. */
const goingWith = ({ disks }: VmDeletionPlan) =>
  disks
    .filter((disk) => disk.ownedByVm && disk.mayDelete.allowed && disk.usedBy.length === 0)
    .map((disk) => disk.name);

/** What is deleted is what its plan says at that moment. Returns what of it stayed. */
async function deleteVm({ project, name }: VmRow, withDisks: boolean): Promise<string | undefined> {
  const params = { project, name };
  const plan = await call("getVmDeletionPlan", { params });
  const { disksLeft } = await call("deleteVm", {
    params,
    body: { uid: plan.uid, deleteDisks: withDisks ? goingWith(plan) : [] },
  });
  const [first] = disksLeft;
  return first === undefined
    ? undefined
    : `Not deleted: ${formatList(disksLeft.map((disk) => disk.name))}. ${reasonText(first.reason)}`;
}

export function BulkDeleteVms({ selection }: { selection: Selection<VmRow> }) {
  const [withDisks, setWithDisks] = useState(false);
  const { rows } = selection;
  const plans = useQueries({
    queries: rows.map((vm) => ({ ...planOf(vm), enabled: withDisks, staleTime: 0, gcTime: 0 })),
  });
  const goingOf = (vm: VmRow): string => {
    const plan = plans[rows.findIndex(({ ref }) => ref.uid === vm.ref.uid)];
    if (plan?.data === undefined)
      return plan?.error ? errorText(plan.error).title : "Its disks are being looked up.";
    const disks = goingWith(plan.data);
    return disks.length === 0 ? "No disk goes with it." : `With it: ${formatList(disks)}.`;
  };
  return (
    <BulkDelete<VmRow>
      selection={selection}
      one="machine"
      many="machines"
      consequence={() =>
        "Guests that run are asked to shut down, and lose power when their time for that is over. Then the machines are deleted for good."
      }
      withIt={(vm) => (withDisks ? goingOf(vm) : undefined)}
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
