/** A field that chooses a disk of the machine's project which no machine uses. */
import { pageOf } from "../../api/queries.ts";
import { disabledReason } from "../../components/reason-of.ts";
import { useListChoice } from "../../components/use-list-choice.ts";
import { formatBytes } from "../../format/numbers.ts";
import { Combobox } from "../../ui/Combobox.tsx";

interface FreeDiskFieldProps {
  project: string;
  label: string;
  hint: string;
  value: string;
  onChange: (name: string) => void;
  error: string | undefined;
}

export function FreeDiskField({ project, label, hint, value, onChange, error }: FreeDiskFieldProps) {
  const disks = useListChoice({
    page: (query) => pageOf("listDisks", { query: { project, ...query } }),
    toItem: (disk) => ({
      value: disk.name,
      label: disk.name,
      detail: disk.sizeBytes === null ? undefined : formatBytes(disk.sizeBytes),
      disabledReason: disabledReason(disk.actions.attach),
    }),
    value,
    many: "disks",
  });
  return (
    <Combobox
      label={label}
      hint={hint}
      value={value}
      onChange={onChange}
      items={disks.items}
      search={disks.search}
      emptyText="No disk has this name."
      error={error}
    />
  );
}
