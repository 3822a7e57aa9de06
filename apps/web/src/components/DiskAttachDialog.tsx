/** Gives a disk to a machine of its project. */
import type { DiskRow } from "@kubev/api-types/disks";
import { useState } from "react";
import { pageOf } from "../api/queries.ts";
import { Combobox } from "../ui/Combobox.tsx";
import { AttachDisk } from "./AttachDisk.tsx";
import { useListChoice } from "./use-list-choice.ts";

export function DiskAttachDialog({ disk, onClose }: { disk: DiskRow; onClose: () => void }) {
  const { project, name } = disk;
  const [machine, setMachine] = useState("");
  const { items, search, chosen } = useListChoice({
    page: (query) => pageOf("listVms", { query: { project, ...query } }),
    toItem: (one) => ({ value: one.name, label: one.name, detail: one.guestOs }),
    value: machine,
    many: "machines",
  });
  return (
    <AttachDisk
      title={`Attach ${name}`}
      project={project}
      machine={machine}
      claim={name}
      host={chosen?.host}
      missing={machine === "" ? "Choose a machine." : undefined}
      onClose={onClose}
    >
      {(error, again) => (
        <Combobox
          label="Machine"
          placeholder="Choose or search"
          value={machine}
          onChange={(next) => {
            again();
            setMachine(next);
          }}
          items={items}
          search={search}
          emptyText="This project has no machine of that name."
          error={error}
        />
      )}
    </AttachDisk>
  );
}
