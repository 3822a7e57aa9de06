/** Empty disks that the machine has beside the one it starts from. */
import { useStorageClasses } from "../../components/use-choices.ts";
import { Select } from "../../ui/Select.tsx";
import { SizeField } from "../../ui/SizeField.tsx";
import { ListOf } from "../ListOf.tsx";
import type { DataDiskDraft } from "./draft.ts";
import type { SectionProps } from "./section.ts";

const gibibyte = 1024 ** 3;

export function DataDisksSection({ draft, change, errorAt }: Omit<SectionProps, "project">) {
  const storage = useStorageClasses();
  return (
    <div data-field="dataDisks" className="flex flex-col gap-2">
      <ListOf<DataDiskDraft>
        lines={draft.dataDisks}
        onChange={(dataDisks) => change({ dataDisks })}
        blank={() => ({ sizeBytes: 20 * gibibyte, storageClass: "" })}
        add="Add an empty disk"
        nameOf={(_disk, index) => `empty disk ${index + 1}`}
        max={16}
      >
        {(disk, index, changeDisk) => (
          <div className="grid gap-3 sm:grid-cols-2">
            <div data-field={`dataDisks.${index}.sizeBytes`}>
              <SizeField
                label={`Size of empty disk ${index + 1}`}
                bytes={disk.sizeBytes}
                onChange={(sizeBytes) => changeDisk({ sizeBytes })}
                error={errorAt(`dataDisks.${index}.sizeBytes`)}
              />
            </div>
            <div data-field={`dataDisks.${index}.storageClass`}>
              <Select
                label={`Storage class of empty disk ${index + 1}`}
                value={disk.storageClass}
                onChange={(storageClass) => changeDisk({ storageClass })}
                choices={storage.choices}
                hint={storage.hint(disk.storageClass)}
                error={errorAt(`dataDisks.${index}.storageClass`)}
              />
            </div>
          </div>
        )}
      </ListOf>
    </div>
  );
}
