/** A CD-ROM drive's button: a medium goes in, or comes out, while the machine runs. */
import type { VmDisk, VmRow } from "@kubev/api-types/virtual-machines";
import { DiscAlbum } from "lucide-react";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { RefusalNotice } from "../../components/DeleteDialog.tsx";
import { fieldsOf, formErrors } from "../../components/form-errors.ts";
import { disabledReason } from "../../components/reason-of.ts";
import { useDeed } from "../../components/use-deed.ts";
import { Button } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { FreeDiskField } from "./FreeDiskField.tsx";

export function DriveMedia({ vm, disk }: { vm: VmRow; disk: VmDisk }) {
  const [asked, setAsked] = useState(false);
  if (disk.media === undefined) return null;
  const empty = disk.claim === undefined;
  const close = () => setAsked(false);
  return (
    <>
      <Button
        size="sm"
        icon={<DiscAlbum size={14} strokeWidth={1.5} aria-hidden />}
        aria-label={empty ? `Insert a medium into ${disk.name}` : `Eject the medium of ${disk.name}`}
        disabledReason={disabledReason(empty ? disk.media.insert : disk.media.eject)}
        onClick={() => setAsked(true)}
      >
        {empty ? "Insert" : "Eject"}
      </Button>
      {!asked ? null : empty ? (
        <InsertDialog vm={vm} drive={disk.name} onClose={close} />
      ) : (
        <EjectDialog vm={vm} disk={disk} onClose={close} />
      )}
    </>
  );
}

function InsertDialog({ vm, drive, onClose }: { vm: VmRow; drive: string; onClose: () => void }) {
  const [claim, setClaim] = useState("");
  const insert = useDeed({
    run: () =>
      call("insertVmMedia", {
        params: { project: vm.project, name: vm.name, disk: drive },
        body: { claim },
      }),
    done: () => `${claim} is being inserted into ${drive}.`,
    shownBy: ["getVm", "listDisks"],
    onDone: onClose,
  });
  const errors = formErrors(fieldsOf(insert.error));
  return (
    <Dialog
      open
      onClose={onClose}
      width="md"
      title={`Insert a medium into ${drive}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            busy={insert.isPending}
            disabledReason={claim === "" ? "Choose a disk." : undefined}
            onClick={() => insert.mutate()}
          >
            Insert
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-pretty">
          {vm.host === ""
            ? "The machine does not run: it finds the medium when it starts."
            : "The guest finds the medium at once, without a restart."}
        </p>
        <FreeDiskField
          project={vm.project}
          label="Disk with the medium"
          hint="A disk of this project, for example a copy of an installer ISO."
          value={claim}
          onChange={(next) => {
            insert.reset();
            setClaim(next);
          }}
          error={errors.at("claim")}
        />
        <RefusalNotice error={errors.all.length > 0 ? null : insert.error} />
      </div>
    </Dialog>
  );
}

function EjectDialog({ vm, disk, onClose }: { vm: VmRow; disk: VmDisk; onClose: () => void }) {
  const eject = useDeed({
    run: () => call("ejectVmMedia", { params: { project: vm.project, name: vm.name, disk: disk.name } }),
    done: () => `The medium of ${disk.name} is being ejected.`,
    shownBy: ["getVm", "listDisks"],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => eject.mutate()}
      title={`Eject the medium of ${disk.name}`}
      verb="Eject"
      busy={eject.isPending}
      consequence={
        <p className="text-pretty">
          The drive is empty afterwards and stays in the machine. The disk that holds the medium stays in the
          project.
        </p>
      }
    >
      <RefusalNotice error={eject.error} />
    </ConfirmDialog>
  );
}
