/** Preferences: list and page. */
import { formatBytes, formatCores } from "../../format/numbers.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";
import { MachinesNaming } from "./MachinesNaming.tsx";

const firmwareWords = {
  "": "No preference",
  efi: "UEFI",
  "efi-secure-boot": "UEFI with Secure Boot",
} as const;

const needs = (facts: { minCpuCores: number; minMemoryBytes: number }) =>
  [
    facts.minCpuCores > 0 ? formatCores(facts.minCpuCores) : "",
    facts.minMemoryBytes > 0 ? formatBytes(facts.minMemoryBytes) : "",
  ]
    .filter(Boolean)
    .join(", ");

export const preferencePage: ObjectPage<"preference"> = {
  noun: "preference",
  placeholder: "Search by name or system",
  hints: [{ word: "os:", detail: "By system, e.g. os:linux" }],
  states: { ready: readyState, deleting: deletingState },
  columns: [
    {
      id: "title",
      header: "System",
      track: "minmax(150px,1fr)",
      cell: ({ facts }) => <span className="truncate">{facts.displayName}</span>,
      csv: ({ facts }) => facts.displayName,
    },
    {
      id: "os",
      header: "Family",
      sortKey: "os",
      track: "110px",
      cell: ({ facts }) => facts.osType,
      csv: ({ facts }) => facts.osType,
    },
    {
      id: "needs",
      header: "Needs at least",
      track: "minmax(130px,1fr)",
      cell: ({ facts }) => needs(facts),
      csv: ({ facts }) => needs(facts),
    },
  ],
  empty: "A preference says which devices and firmware an operating system likes.",
  narrow: (facts) => [facts.displayName],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Preference">
        <Facts
          facts={[
            { name: "System", value: row.facts.displayName || "Not said" },
            { name: "Family", value: row.facts.osType || "Not said" },
            { name: "Needs at least", value: needs(row.facts) || "Nothing" },
            { name: "Disk bus", value: detail.diskBus || "No preference" },
            { name: "Network card", value: detail.interfaceModel || "No preference" },
            { name: "Firmware", value: firmwareWords[detail.firmware] },
            { name: "Machine type", value: detail.machineType || "No preference" },
          ]}
        />
      </Section>
      <MachinesNaming usedBy={detail.usedBy} />
    </>
  ),
  deletion: () => "Machines that name it run on, and cannot be started again without it.",
};
