/** Gives a disk to a machine of its project. */
import type { DiskRow } from "@kubev/api-types/disks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { pageOf } from "../api/queries.ts";
import { Button } from "../ui/Button.tsx";
import { Combobox } from "../ui/Combobox.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { toast } from "../ui/toast.ts";
import { RefusalNotice } from "./DeleteDialog.tsx";
import { fieldsOf, formErrors } from "./form-errors.ts";
import { useListChoice } from "./use-list-choice.ts";

export function DiskAttachDialog({ disk, onClose }: { disk: DiskRow; onClose: () => void }) {
  const { project, name } = disk;
  const cache = useQueryClient();
  const [machine, setMachine] = useState("");
  const { items, search, chosen } = useListChoice({
    page: (query) => pageOf("listVms", { query: { project, ...query } }),
    toItem: (one) => ({ value: one.name, label: one.name, detail: one.guestOs }),
    value: machine,
    many: "machines",
  });
  const attach = useMutation({
    mutationFn: () =>
      call("attachVmDisk", { params: { project, name: machine }, body: { claim: name, bus: "virtio" } }),
    onSuccess: async () => {
      toast.success(`${name} is being attached to ${machine}.`);
      onClose();
      for (const operation of ["getDisk", "listDisks", "getVm"])
        await cache.invalidateQueries({ queryKey: [operation] });
    },
  });
  const errors = formErrors(fieldsOf(attach.error));
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Attach ${name}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            busy={attach.isPending}
            disabledReason={machine === "" ? "Choose a machine." : undefined}
            onClick={() => attach.mutate()}
          >
            Attach
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Combobox
          label="Machine"
          placeholder="Choose or search"
          value={machine}
          onChange={setMachine}
          items={items}
          search={search}
          emptyText="This project has no machine of that name."
          error={errors.all[0]?.text}
          hint={
            chosen === undefined
              ? undefined
              : chosen.host === ""
                ? "It does not run: it has the disk when it starts."
                : "Its guest sees the disk at once, without a restart."
          }
        />
        {errors.all.length > 0 ? null : <RefusalNotice error={attach.error} />}
      </div>
    </Dialog>
  );
}
