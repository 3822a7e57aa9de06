/** Instance types: list and page. */
import { formatBytes, formatCores, formatPercent, formatPlural } from "../../format/numbers.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { Badge } from "../../ui/Status.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";
import { MachinesNaming } from "./MachinesNaming.tsx";

const specials = (facts: { gpus: number; dedicatedCpu: boolean; hugepages: string }) => [
  ...(facts.gpus > 0 ? [formatPlural(facts.gpus, "GPU", "GPUs")] : []),
  ...(facts.dedicatedCpu ? ["CPU cores of its own"] : []),
  ...(facts.hugepages === "" ? [] : [`${facts.hugepages} pages`]),
];

export const instanceTypePage: ObjectPage<"instance-type"> = {
  noun: "instance-type",
  placeholder: "Search by name or series",
  hints: [
    { word: "cpu>", detail: "By vCPUs" },
    { word: "group:", detail: "By series" },
  ],
  states: { ready: readyState, deleting: deletingState },
  columns: [
    {
      id: "group",
      header: "Series",
      sortKey: "group",
      track: "minmax(150px,1fr)",
      cell: ({ facts }) => <span className="truncate">{facts.displayName || facts.group}</span>,
      csv: ({ facts }) => facts.displayName || facts.group,
    },
    {
      id: "cpu",
      header: "CPU",
      sortKey: "cpu",
      track: "90px",
      cell: ({ facts }) => formatCores(facts.cpuCores),
      csv: ({ facts }) => String(facts.cpuCores),
    },
    {
      id: "memory",
      header: "Memory",
      sortKey: "memory",
      track: "100px",
      cell: ({ facts }) => formatBytes(facts.memoryBytes),
      csv: ({ facts }) => String(facts.memoryBytes),
    },
    {
      id: "special",
      header: "Special",
      track: "minmax(140px,1fr)",
      cell: ({ facts }) => (
        <span className="flex flex-wrap gap-1">
          {specials(facts).map((special) => (
            <Badge key={special}>{special}</Badge>
          ))}
        </span>
      ),
      csv: ({ facts }) => specials(facts).join(", "),
    },
  ],
  empty: "An instance type is a size of machine to choose: CPU, memory and what is special about them.",
  narrow: (facts) => [formatCores(facts.cpuCores), formatBytes(facts.memoryBytes)],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Instance type">
        <Facts
          facts={[
            { name: "Series", value: row.facts.displayName || row.facts.group || "None" },
            { name: "For", value: detail.description || "Not said" },
            { name: "CPU", value: formatCores(row.facts.cpuCores) },
            { name: "Memory", value: formatBytes(row.facts.memoryBytes) },
            { name: "Special", value: specials(row.facts).join(", ") || "Nothing" },
            {
              name: "Memory overcommit",
              value: detail.overcommitPercent === 0 ? "None" : formatPercent(detail.overcommitPercent),
            },
            {
              name: "Only on hosts with",
              value:
                Object.entries(detail.nodeSelector)
                  .map(([key, value]) => `${key}=${value}`)
                  .join(", ") || "Any label",
            },
          ]}
        />
      </Section>
      <MachinesNaming usedBy={detail.usedBy} />
    </>
  ),
  deletion: () => "Machines that name it run on, and cannot be started again without it.",
};
