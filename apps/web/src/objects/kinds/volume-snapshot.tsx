/** Snapshots of disks: list, page and form. */
import { pageOf } from "../../api/queries.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useListChoice } from "../../components/use-list-choice.ts";
import { formatExact } from "../../format/dates.ts";
import { formatBytes } from "../../format/numbers.ts";
import { FormSection } from "../../forms/form-parts.tsx";
import { paths } from "../../paths.ts";
import { Combobox } from "../../ui/Combobox.tsx";
import { Facts, Section } from "../../ui/Facts.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectFormProps, type ObjectPage, readyState } from "../object-page.ts";
import type { SpecInputOf } from "@kubev/api-types/object-shapes";

const dateOr = (iso: string, none: string) => (iso === "" ? none : formatExact(iso));

export const volumeSnapshotPage: ObjectPage<"volume-snapshot"> = {
  noun: "volume-snapshot",
  placeholder: "Search by name or disk, e.g. disk:web-1-root",
  hints: [
    { word: "status:failed", detail: "By state" },
    { word: "disk:", detail: "Of one disk" },
    { word: "size>100Gi", detail: "Larger than 100 GiB" },
  ],
  states: {
    ready: readyState,
    pending: { word: "Being taken", tone: "working" },
    failed: { word: "Failed", tone: "error" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "disk",
      header: "Disk",
      sortKey: "disk",
      track: "minmax(140px,1.4fr)",
      cell: ({ facts, project }) => <DiskOf disk={facts.disk} known={facts.diskKnown} project={project} />,
      csv: ({ facts }) => facts.disk,
    },
    {
      id: "size",
      header: "Size",
      sortKey: "size",
      align: "end",
      track: "92px",
      cell: ({ facts }) => (facts.restoreBytes === 0 ? "–" : formatBytes(facts.restoreBytes)),
      csv: ({ facts }) => facts.restoreBytes,
    },
    {
      id: "taken",
      header: "Taken",
      sortKey: "taken",
      track: "minmax(150px,1fr)",
      cell: ({ facts }) => <span className="truncate">{dateOr(facts.takenAt, "–")}</span>,
      csv: ({ facts }) => facts.takenAt,
    },
    {
      id: "class",
      header: "Snapshot class",
      sortKey: "snapshotClass",
      track: "minmax(120px,1fr)",
      optional: true,
      cell: ({ facts }) => <span className="truncate text-secondary">{facts.snapshotClass}</span>,
      csv: ({ facts }) => facts.snapshotClass,
    },
  ],
  empty: "A snapshot keeps what a disk holds at one moment. New disks can be made from it.",
  narrow: (facts) => [facts.disk, facts.restoreBytes === 0 ? "" : formatBytes(facts.restoreBytes)],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section
        title="Snapshot"
        aside={
          <ButtonLink
            to={`${paths.diskCreate(row.project)}?snapshot=${encodeURIComponent(row.name)}`}
            disabledReason={row.state.status === "ready" ? undefined : "The snapshot is not ready."}
          >
            Restore to a new disk
          </ButtonLink>
        }
      >
        <Facts
          facts={[
            {
              name: "Disk",
              value: <DiskOf disk={row.facts.disk} known={row.facts.diskKnown} project={row.project} />,
            },
            { name: "Taken", value: dateOr(row.facts.takenAt, "Not yet") },
            {
              name: "A disk from it has at least",
              value: row.facts.restoreBytes === 0 ? "Not known yet" : formatBytes(row.facts.restoreBytes),
            },
            { name: "Snapshot class", value: row.facts.snapshotClass || "Not chosen" },
            { name: "Content in the storage", value: detail.content || "None yet" },
          ]}
        />
      </Section>
    </>
  ),
  deletion: () => "What it kept is deleted for good. Disks that were made from it stay.",
  form: {
    lead: "Keeps what a disk holds now. Stop its machine, or freeze its file systems, for what is certain to be whole.",
    initial: (_project, search) => ({ name: "", disk: search["disk"] ?? "", snapshotClass: "" }),
    labels: { name: "Name", disk: "Disk", snapshotClass: "Snapshot class" },
    Fields: SnapshotFields,
  },
};

function DiskOf({ disk, known, project }: { disk: string; known: boolean; project: string }) {
  if (disk === "") return <span className="text-tertiary">Given by hand</span>;
  return known ? (
    <AppLink to={paths.disk(project, disk)} look="plain" className="truncate">
      {disk}
    </AppLink>
  ) : (
    <span className="truncate text-secondary" title="This disk is gone">
      {disk} (gone)
    </span>
  );
}

function SnapshotFields(props: ObjectFormProps<SpecInputOf<"volume-snapshot">>) {
  const { spec, change, errorAt, existing, project } = props;
  const { items, search } = useListChoice({
    page: (query) =>
      pageOf("listDisks", { query: { ...(project === undefined ? {} : { project }), ...query } }),
    toItem: (disk) => ({
      value: disk.name,
      label: disk.name,
      detail: disk.sizeBytes === null ? "" : formatBytes(disk.sizeBytes),
      disabledReason: disabledReason(disk.actions.snapshot),
    }),
    value: spec.disk,
    where: "status:ready",
    many: "disks",
  });
  return (
    <FormSection title="Snapshot">
      <NameField
        name={spec.name}
        change={change}
        error={errorAt("name")}
        existing={existing}
        placeholder="web-1-root-before-upgrade"
      />
      <div data-field="disk">
        <Combobox
          label="Disk"
          value={spec.disk}
          onChange={(disk) => change({ disk })}
          items={items}
          search={search}
          placeholder="Choose or search"
          emptyText="This project has no ready disk of that name."
          error={errorAt("disk")}
        />
      </div>
      <div data-field="snapshotClass">
        <TextField
          label="Snapshot class"
          optional
          value={spec.snapshotClass ?? ""}
          onChange={(snapshotClass) => change({ snapshotClass: snapshotClass.trim() })}
          error={errorAt("snapshotClass")}
          placeholder="The one that fits the disk"
        />
      </div>
    </FormSection>
  );
}
