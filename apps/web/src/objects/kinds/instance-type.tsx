/** Instance types, the cluster's and a project's own: list, page and form. */
import { FormSection } from "../../forms/form-parts.tsx";
import { formatBytes, formatCores, formatPercent, formatPlural } from "../../format/numbers.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { NumberField } from "../../ui/NumberField.tsx";
import { Select } from "../../ui/Select.tsx";
import { SizeField } from "../../ui/SizeField.tsx";
import { TextArea, TextField } from "../../ui/TextField.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";
import { MachinesNaming } from "./MachinesNaming.tsx";

const specials = (facts: { gpus: number; dedicatedCpu: boolean; hugepages: string }) => [
  ...(facts.gpus > 0 ? [formatPlural(facts.gpus, "GPU", "GPUs")] : []),
  ...(facts.dedicatedCpu ? ["CPU cores of its own"] : []),
  ...(facts.hugepages === "" ? [] : [`${facts.hugepages} pages`]),
];

const pageSizes = [
  { value: "", label: "Ordinary pages" },
  { value: "2Mi", label: "Pages of 2 MiB" },
  { value: "1Gi", label: "Pages of 1 GiB" },
] as const;

const alike: Omit<ObjectPage<"instance-type" | "project-instance-type">, "noun"> = {
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
      cell: ({ facts }) => <span className="truncate text-secondary">{specials(facts).join(", ")}</span>,
      csv: ({ facts }) => specials(facts).join(", "),
    },
  ],
  empty:
    "An instance type is a size of machine to choose: CPU, memory and what is special about them. With it people choose a size, not figures.",
  narrow: (facts) => [formatCores(facts.cpuCores), formatBytes(facts.memoryBytes)],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Instance type">
        <Facts
          facts={[
            { name: "Series", value: row.facts.displayName || row.facts.group || "None" },
            { name: "Description", value: detail.description || "Not said" },
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
  deletion: () =>
    "Machines that were made with it keep what they were made with; none can be given it any more.",
  form: {
    lead: "A size to choose when a machine is made. Machines that have it keep what they were made with until they are given it anew.",
    initial: () => ({ name: "", cpuCores: 2, memoryBytes: 4 * 1024 ** 3 }),
    labels: {
      name: "Name",
      displayName: "Series",
      description: "Description",
      cpuCores: "vCPUs",
      memoryBytes: "Memory",
      dedicatedCpu: "CPU cores of its own",
      hugepages: "Memory pages",
      overcommitPercent: "Memory overcommit",
    },
    Fields: ({ spec, change, errorAt, existing }) => (
      <>
        <FormSection title="Instance type">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="db-large"
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <div data-field="cpuCores">
              <NumberField
                label="vCPUs"
                unit="vCPU"
                min={1}
                max={512}
                value={spec.cpuCores}
                onChange={(cpuCores) => change({ cpuCores: cpuCores ?? 0 })}
                error={errorAt("cpuCores")}
              />
            </div>
            <div data-field="memoryBytes">
              <SizeField
                label="Memory"
                bytes={spec.memoryBytes}
                onChange={(memoryBytes) => change({ memoryBytes: memoryBytes ?? 0 })}
                error={errorAt("memoryBytes")}
              />
            </div>
          </div>
        </FormSection>
        <FormSection title="What is said of it">
          <div data-field="displayName">
            <TextField
              label="Series"
              optional
              value={spec.displayName ?? ""}
              onChange={(displayName) => change({ displayName })}
              error={errorAt("displayName")}
              maxLength={100}
              placeholder="Databases"
            />
          </div>
          <div data-field="description">
            <TextArea
              label="Description"
              optional
              value={spec.description ?? ""}
              onChange={(description) => change({ description })}
              error={errorAt("description")}
              maxLength={2000}
            />
          </div>
        </FormSection>
        <FormSection title="What is special about it">
          <CheckField
            label="CPU cores of its own"
            hint="Only on hosts whose CPU manager gives out whole cores."
            checked={spec.dedicatedCpu === true}
            onChange={(dedicatedCpu) => change({ dedicatedCpu })}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <div data-field="hugepages">
              <Select
                label="Memory pages"
                value={spec.hugepages ?? ""}
                onChange={(hugepages) => change({ hugepages })}
                choices={pageSizes}
                hint="Larger ones only on hosts that set them aside."
                error={errorAt("hugepages")}
              />
            </div>
            <div data-field="overcommitPercent">
              <NumberField
                label="Memory overcommit"
                unit="%"
                min={0}
                max={100}
                value={spec.overcommitPercent ?? 0}
                onChange={(overcommitPercent) => change({ overcommitPercent: overcommitPercent ?? 0 })}
                hint="How much less is asked of the host than the guest sees."
                error={errorAt("overcommitPercent")}
              />
            </div>
          </div>
        </FormSection>
      </>
    ),
  },
};

export const instanceTypePage: ObjectPage<"instance-type"> = { noun: "instance-type", ...alike };
export const projectInstanceTypePage: ObjectPage<"project-instance-type"> = {
  noun: "project-instance-type",
  ...alike,
  manyOwn: "instance types of its own",
  empty:
    "A size of machine of this project's own, beside those of the whole cluster: for what fits none of them.",
};
