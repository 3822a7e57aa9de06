/** A volume snapshot of the project to copy; a disk made from it is at least as large. */
import { pageOf } from "../../api/queries.ts";
import { useListChoice } from "../../components/use-list-choice.ts";
import { formatBytes } from "../../format/numbers.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Combobox } from "../../ui/Combobox.tsx";
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
  const { items, search, chosen } = useListChoice({
    page: (query) => pageOf("listObjects", { params, query: { project, ...query } }),
    toItem: ({ name, state, facts }) => ({
      value: name,
      label: name,
      detail: formatBytes(bytesIn(facts) ?? 0),
      disabledReason:
        state.status === "ready" ? undefined : reasonText({ code: "snapshot-not-ready", params: { name } }),
    }),
    value,
    many: "snapshots",
  });
  const bytes = chosen === undefined ? null : bytesIn(chosen.facts);
  useSourceSize({ source: value, bytes, sizedFor, onSize });
  return (
    <div data-field="source.name">
      <Combobox
        label="Snapshot"
        placeholder="Choose or search"
        value={value}
        onChange={onChange}
        items={items}
        search={search}
        emptyText="This project has no snapshot of that name."
        error={error}
      />
    </div>
  );
}

function bytesIn(facts: Readonly<Record<string, unknown>>): number | null {
  const bytes = facts["restoreBytes"];
  return typeof bytes === "number" ? bytes : null;
}
