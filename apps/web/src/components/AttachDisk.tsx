/** A disk is plugged into a machine: the question, the bus and the asking, for the machine's page and the disk's. */
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { type ReactNode, useState } from "react";
import { call } from "../api/client.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Select } from "../ui/Select.tsx";
import { RefusalNotice } from "./DeleteDialog.tsx";
import { fieldsOf, formErrors } from "./form-errors.ts";
import { useDeed } from "./use-deed.ts";

const buses = [
  { value: "virtio", label: "virtio: fast, needs its driver in the guest" },
  { value: "scsi", label: "SCSI: any number of disks" },
] as const;

interface AttachDiskProps {
  title: string;
  project: string;
  /** Empty while it is not chosen. */
  machine: string;
  claim: string;
  /** Of the chosen machine. */
  host: VmRow["host"] | undefined;
  /** What is still to be chosen. */
  missing: string | undefined;
  /** The field for what is not given: `error` is what was wrong with the choice, `again` forgets it. */
  children: (error: string | undefined, again: () => void) => ReactNode;
  onClose: () => void;
}

export function AttachDisk(props: AttachDiskProps) {
  const { title, project, machine, claim, host, missing, children, onClose } = props;
  const [bus, setBus] = useState<"virtio" | "scsi">("virtio");
  const attach = useDeed({
    run: () => call("attachVmDisk", { params: { project, name: machine }, body: { claim, bus } }),
    done: () => `${claim} is being attached to ${machine}.`,
    shownBy: ["getVm", "getDisk", "listDisks"],
    onDone: onClose,
  });
  const errors = formErrors(fieldsOf(attach.error));
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            busy={attach.isPending}
            disabledReason={missing}
            onClick={() => attach.mutate()}
          >
            Attach
          </Button>
        </>
      }
    >
      {/* what is being asked for stays as it is until the answer, which is shown */}
      <fieldset disabled={attach.isPending} className="flex min-w-0 flex-col gap-4">
        {children(errors.all[0]?.text, () => {
          if (!attach.isPending) attach.reset();
        })}
        {host === undefined ? null : (
          <p className="text-pretty">
            {host === ""
              ? "The machine does not run: it has the disk when it starts."
              : "The guest sees the disk at once, without a restart."}
          </p>
        )}
        <Select label="Bus" value={bus} onChange={setBus} choices={buses} />
        <RefusalNotice error={errors.all.length > 0 ? null : attach.error} />
      </fieldset>
    </Dialog>
  );
}
