/** Chooses a disk of the project that no machine uses, and plugs it in. */
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Select } from "../../ui/Select.tsx";
import { toast } from "../../ui/toast.ts";
import { FreeDiskField } from "./FreeDiskField.tsx";

const buses = [
  { value: "virtio", label: "virtio: fast, needs its driver in the guest" },
  { value: "scsi", label: "SCSI: any number of disks" },
] as const;

export function AttachDiskDialog({ vm, onClose }: { vm: VmRow; onClose: () => void }) {
  const params = { project: vm.project, name: vm.name };
  const cache = useQueryClient();
  const [claim, setClaim] = useState("");
  const [bus, setBus] = useState<"virtio" | "scsi">("virtio");
  const attach = useMutation({
    mutationFn: () => call("attachVmDisk", { params, body: { claim, bus } }),
    onSuccess: async () => {
      toast.success(`${claim} is being attached to ${vm.name}.`);
      onClose();
      await cache.invalidateQueries({ queryKey: ["getVm"] });
      await cache.invalidateQueries({ queryKey: ["listDisks"] });
    },
  });
  const errors = formErrors(fieldsOf(attach.error));
  const running = vm.host !== "";
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={`Attach a disk to ${vm.name}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            busy={attach.isPending}
            disabledReason={claim === "" ? "Choose a disk." : undefined}
            onClick={() => attach.mutate()}
          >
            Attach
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-pretty">
          {running
            ? "The guest sees the disk at once, without a restart."
            : "The machine does not run: it has the disk when it starts."}
        </p>
        <FreeDiskField
          project={vm.project}
          label="Disk"
          hint="A disk of this project that no machine uses."
          value={claim}
          onChange={(next) => {
            attach.reset();
            setClaim(next);
          }}
          error={errors.at("claim")}
        />
        <Select label="Bus" value={bus} onChange={setBus} choices={buses} />
        <RefusalNotice error={errors.all.length > 0 ? null : attach.error} />
      </div>
    </Dialog>
  );
}
