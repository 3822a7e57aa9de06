/** Preferences, the cluster's and a project's own: list, page and form. */
import { FormSection } from "../../forms/form-parts.tsx";
import { formatBytes, formatCores } from "../../format/numbers.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { NumberField } from "../../ui/NumberField.tsx";
import { Select } from "../../ui/Select.tsx";
import { SizeField } from "../../ui/SizeField.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { NameField } from "../NameField.tsx";
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

const systems = [
  { value: "", label: "Not said" },
  { value: "linux", label: "Linux" },
  { value: "windows", label: "Windows" },
] as const;

const buses = [
  { value: "", label: "No preference" },
  { value: "virtio", label: "VirtIO" },
  { value: "scsi", label: "SCSI" },
  { value: "sata", label: "SATA" },
] as const;

const cards = [
  { value: "", label: "No preference" },
  { value: "virtio", label: "VirtIO" },
  { value: "e1000e", label: "Intel e1000e" },
  { value: "e1000", label: "Intel e1000" },
] as const;

const firmwares = (["", "efi", "efi-secure-boot"] as const).map((value) => ({
  value,
  label: firmwareWords[value],
}));

const alike: Omit<ObjectPage<"preference" | "project-preference">, "noun"> = {
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
  empty:
    "A preference says which devices and firmware an operating system likes, so that nobody has to know them.",
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
  form: {
    lead: "What an operating system likes, so that nobody has to know it when a machine is made.",
    initial: () => ({ name: "" }),
    labels: {
      name: "Name",
      displayName: "System",
      osType: "Family",
      diskBus: "Disk bus",
      interfaceModel: "Network card",
      firmware: "Firmware",
      minCpuCores: "vCPUs at least",
      minMemoryBytes: "Memory at least",
    },
    Fields: ({ spec, change, errorAt, existing }) => (
      <>
        <FormSection title="Preference">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="debian-13"
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <div data-field="displayName">
              <TextField
                label="System"
                optional
                value={spec.displayName ?? ""}
                onChange={(displayName) => change({ displayName })}
                error={errorAt("displayName")}
                maxLength={100}
                placeholder="Debian 13"
              />
            </div>
            <div data-field="osType">
              <Select
                label="Family"
                value={spec.osType ?? ""}
                onChange={(osType) => change({ osType })}
                choices={systems}
                error={errorAt("osType")}
              />
            </div>
          </div>
        </FormSection>
        <FormSection title="What it likes">
          <div className="grid gap-4 sm:grid-cols-2">
            <div data-field="diskBus">
              <Select
                label="Disk bus"
                value={spec.diskBus ?? ""}
                onChange={(diskBus) => change({ diskBus })}
                choices={buses}
                error={errorAt("diskBus")}
              />
            </div>
            <div data-field="interfaceModel">
              <Select
                label="Network card"
                value={spec.interfaceModel ?? ""}
                onChange={(interfaceModel) => change({ interfaceModel })}
                choices={cards}
                error={errorAt("interfaceModel")}
              />
            </div>
            <div data-field="firmware">
              <Select
                label="Firmware"
                value={spec.firmware ?? ""}
                onChange={(firmware) => change({ firmware })}
                choices={firmwares}
                error={errorAt("firmware")}
              />
            </div>
          </div>
        </FormSection>
        <FormSection title="What it needs at least">
          <div className="grid gap-4 sm:grid-cols-2">
            <div data-field="minCpuCores">
              <NumberField
                label="vCPUs at least"
                unit="vCPU"
                min={0}
                max={512}
                value={spec.minCpuCores ?? 0}
                onChange={(minCpuCores) => change({ minCpuCores: minCpuCores ?? 0 })}
                hint="0 for no demand."
                error={errorAt("minCpuCores")}
              />
            </div>
            <div data-field="minMemoryBytes">
              <SizeField
                label="Memory at least"
                optional
                bytes={(spec.minMemoryBytes ?? 0) === 0 ? null : (spec.minMemoryBytes ?? null)}
                onChange={(minMemoryBytes) => change({ minMemoryBytes: minMemoryBytes ?? 0 })}
                error={errorAt("minMemoryBytes")}
              />
            </div>
          </div>
        </FormSection>
      </>
    ),
  },
};

export const preferencePage: ObjectPage<"preference"> = { noun: "preference", ...alike };
export const projectPreferencePage: ObjectPage<"project-preference"> = {
  noun: "project-preference",
  ...alike,
  manyOwn: "preferences of its own",
  empty:
    "What an operating system likes, as this project says it: devices and firmware, beside what the whole cluster says.",
};
