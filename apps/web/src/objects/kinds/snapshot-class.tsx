/** Snapshot classes: list and page. */
import { AppLink } from "../../components/AppLink.tsx";
import { paths } from "../../paths.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { Badge } from "../../ui/Status.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";

const policyWords = (policy: string) =>
  policy === "Retain" ? "Kept in the storage" : "Deleted with its object";

export const snapshotClassPage: ObjectPage<"snapshot-class"> = {
  noun: "snapshot-class",
  placeholder: "Search by name or driver",
  hints: [{ word: "driver:", detail: "By driver" }],
  states: { ready: readyState, deleting: deletingState },
  columns: [
    {
      id: "default",
      header: "Default",
      track: "100px",
      cell: ({ facts }) => (facts.isDefault ? <Badge>Default</Badge> : null),
      csv: ({ facts }) => String(facts.isDefault),
    },
    {
      id: "driver",
      header: "Driver",
      sortKey: "driver",
      track: "minmax(160px,1.2fr)",
      cell: ({ facts }) => <span className="truncate">{facts.driver}</span>,
      csv: ({ facts }) => facts.driver,
    },
    {
      id: "policy",
      header: "A deleted snapshot is",
      track: "minmax(150px,1fr)",
      cell: ({ facts }) => policyWords(facts.deletionPolicy),
      csv: ({ facts }) => facts.deletionPolicy,
    },
  ],
  empty:
    "A snapshot class says how a storage driver takes snapshots of disks. Without one of its driver a disk cannot be snapshotted; operators install them.",
  narrow: (facts) => [facts.driver],
  Overview: ({ detail: { row, detail } }) => (
    <Section title="Snapshot class">
      <Facts
        facts={[
          {
            name: "Driver",
            value: (
              <AppLink to={paths.object({ ref: { noun: "csi-driver" }, name: row.facts.driver })}>
                {row.facts.driver}
              </AppLink>
            ),
          },
          { name: "A deleted snapshot is", value: policyWords(row.facts.deletionPolicy) },
          { name: "Default of its driver", value: row.facts.isDefault ? "Yes" : "No" },
          { name: "Snapshots disks on", value: detail.storageClasses.join(", ") || "No storage class" },
          {
            name: "Parameters",
            value:
              Object.entries(detail.parameters)
                .map(([key, value]) => `${key}=${value}`)
                .join(", ") || "None",
          },
        ]}
      />
    </Section>
  ),
  deletion: () => "Snapshots that were taken with it stay. Where no other class fits, no more can be taken.",
};
