/** Chooses a disk of the project that no machine uses, and plugs it in. */
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { useState } from "react";
import { AttachDisk } from "../../components/AttachDisk.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { paths } from "../../paths.ts";
import { FreeDiskField } from "./FreeDiskField.tsx";

export function AttachDiskDialog({ vm, onClose }: { vm: VmRow; onClose: () => void }) {
  const [claim, setClaim] = useState("");
  return (
    <AttachDisk
      title={`Attach a disk to ${vm.name}`}
      project={vm.project}
      machine={vm.name}
      claim={claim}
      host={vm.host}
      missing={claim === "" ? "Choose a disk." : undefined}
      onClose={onClose}
    >
      {(error, again) => (
        <>
          <FreeDiskField
            project={vm.project}
            label="Disk"
            hint="A disk of this project that no machine uses."
            value={claim}
            onChange={(next) => {
              again();
              setClaim(next);
            }}
            error={error}
          />
          <p className="text-secondary">
            None that fits? <AppLink to={paths.diskCreate(vm.project)}>Create a disk</AppLink>; its own page
            attaches it too.
          </p>
        </>
      )}
    </AttachDisk>
  );
}
