/** Free space of storage classes by part of the cluster: list and page. */
import { formatBytes } from "../../format/numbers.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { paths } from "../../paths.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { deletingState, type ObjectPage } from "../object-page.ts";

const bytesOr = (bytes: number | null) => (bytes === null ? "Not told" : formatBytes(bytes));
const whereText = (topology: string) => topology || "Everywhere";

export const storageCapacityPage: ObjectPage<"storage-capacity"> = {
  noun: "storage-capacity",
  placeholder: "Search by class or part, e.g. free<1Ti",
  hints: [
    { word: "class:", detail: "By storage class" },
    { word: "free<1Ti", detail: "Less than 1 TiB free" },
  ],
  states: {
    ready: { word: "Has space", tone: "ok" },
    full: { word: "Full", tone: "attention" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "class",
      header: "Storage class",
      sortKey: "storageClass",
      track: "minmax(120px,1fr)",
      cell: ({ facts }) => <span className="truncate">{facts.storageClass}</span>,
      csv: ({ facts }) => facts.storageClass,
    },
    {
      id: "topology",
      header: "Part of the cluster",
      sortKey: "topology",
      track: "minmax(180px,1.6fr)",
      cell: ({ facts }) => <span className="truncate">{whereText(facts.topology)}</span>,
      csv: ({ facts }) => facts.topology,
    },
    {
      id: "free",
      header: "Free",
      sortKey: "capacity",
      align: "end",
      track: "100px",
      cell: ({ facts }) => bytesOr(facts.capacityBytes),
      csv: ({ facts }) => facts.capacityBytes ?? "",
    },
    {
      id: "largest",
      header: "Largest volume",
      align: "end",
      track: "120px",
      cell: ({ facts }) => bytesOr(facts.largestVolumeBytes),
      csv: ({ facts }) => facts.largestVolumeBytes ?? "",
    },
  ],
  empty:
    "Storage drivers tell by themselves how much room they have, by class and part of the cluster. None does so here.",
  narrow: (facts) => [facts.storageClass, bytesOr(facts.capacityBytes)],
  Overview: ({ detail: { row } }) => (
    <Section title="Capacity">
      <Facts
        facts={[
          {
            name: "Storage class",
            value: (
              <AppLink to={paths.object({ ref: { noun: "storage-class" }, name: row.facts.storageClass })}>
                {row.facts.storageClass}
              </AppLink>
            ),
          },
          { name: "Part of the cluster", value: whereText(row.facts.topology) },
          { name: "Free", value: bytesOr(row.facts.capacityBytes) },
          { name: "Largest volume", value: bytesOr(row.facts.largestVolumeBytes) },
        ]}
      />
    </Section>
  ),
  deletion: () => "The driver reports it again by itself.",
};
