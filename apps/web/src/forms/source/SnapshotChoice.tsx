/** A volume snapshot of the project to copy; a disk made from it is at least as large. */
import { useQuery } from "@tanstack/react-query";
import { readList } from "../../api/queries.ts";
import { formatBytes } from "../../format/numbers.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Combobox, type ComboboxItem } from "../../ui/Combobox.tsx";
import { useSourceSize } from "./use-source-size.ts";

interface SnapshotChoiceProps {
  project: string;
  value: string;
  onChange: (snapshot: string) => void;
  sizedFor: string;
  /** The size that the disk needs at least, told once for each snapshot. */
  onSize: (bytes: number, source: string) => void;
  error: string | undefined;
}

export function SnapshotChoice({ project, value, onChange, sizedFor, onSize, error }: SnapshotChoiceProps) {
  const params = { noun: "volume-snapshot" as const };
  const query = useQuery(readList("listObjects", { params, query: { project, pageSize: 200 } }));
  const snapshots = query.data?.rows ?? [];
  const bytesOf = (name: string) => {
    const bytes = snapshots.find((one) => one.name === name)?.facts["restoreBytes"];
    return typeof bytes === "number" ? bytes : null;
  };
  useSourceSize({ source: value, bytes: bytesOf(value), sizedFor, onSize });
  const items: ComboboxItem[] = snapshots.map((snapshot) => ({
    value: snapshot.name,
    label: snapshot.name,
    detail: formatBytes(bytesOf(snapshot.name) ?? 0),
    disabledReason:
      snapshot.state.status === "ready"
        ? undefined
        : reasonText({ code: "snapshot-not-ready", params: { name: snapshot.name } }),
  }));
  return (
    <div data-field="source.name">
      <Combobox
        label="Snapshot"
        placeholder="Choose or search"
        value={value}
        onChange={onChange}
        items={items}
        emptyText="This project has no snapshot of that name."
        error={error}
      />
    </div>
  );
}
