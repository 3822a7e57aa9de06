/** Storage classes: list, page and form. */
import { AppLink } from "../../components/AppLink.tsx";
import { cloneWord } from "../../components/clone-words.ts";
import { StorageClassMarks } from "../../components/StorageClassMarks.tsx";
import { FormSection } from "../../forms/form-parts.tsx";
import { LinesField } from "../../forms/LinesField.tsx";
import { ListOf } from "../../forms/ListOf.tsx";
import { formatBytes, formatCount } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { CheckField } from "../../ui/Checkbox.tsx";
import { Facts, Section } from "../../ui/Facts.tsx";
import { Select } from "../../ui/Select.tsx";
import { Badge } from "../../ui/Status.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { NameField } from "../NameField.tsx";
import { NounField } from "../NounField.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";
import { provisionerColumn } from "../provisioner-column.tsx";

const yesNo = (value: boolean) => (value ? "Yes" : "No");
const pairs = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).map(([key, value]) => `${key}=${value}`);
const listed = (values: readonly string[], none: string) => (values.length === 0 ? none : values.join(", "));

export const storageClassPage: ObjectPage<"storage-class"> = {
  noun: "storage-class",
  placeholder: "Search by name or provisioner, e.g. expandable:yes",
  hints: [
    { word: "expandable:yes", detail: "Whose volumes can grow" },
    { word: "provisioner:", detail: "By driver" },
  ],
  states: { ready: readyState, deleting: deletingState },
  columns: [
    {
      id: "default",
      header: "Default for",
      track: "minmax(120px,1fr)",
      cell: ({ facts }) => (
        <span className="flex flex-wrap gap-1">
          {facts.isDefaultForMachines ? <Badge>Machines</Badge> : null}
          {facts.isDefault ? <Badge>Containers</Badge> : null}
        </span>
      ),
      csv: ({ facts }) =>
        [facts.isDefaultForMachines ? "machines" : "", facts.isDefault ? "containers" : ""].join(" ").trim(),
    },
    {
      id: "modes",
      header: "Disks are",
      track: "minmax(190px,1.2fr)",
      cell: ({ facts }) => <span className="truncate">{facts.modes[0] ?? "–"}</span>,
      csv: ({ facts }) => facts.modes.join(", "),
    },
    {
      id: "can",
      header: "Can",
      track: "minmax(160px,1fr)",
      cell: ({ facts }) => <span className="truncate">{abilities(facts).join(", ") || "–"}</span>,
      csv: ({ facts }) => abilities(facts).join(", "),
    },
    {
      id: "binding",
      header: "Volume is made",
      sortKey: "binding",
      track: "minmax(110px,0.9fr)",
      cell: ({ facts }) => (facts.bindingMode === "WaitForFirstConsumer" ? "At first use" : "At once"),
      csv: ({ facts }) => facts.bindingMode,
    },
    provisionerColumn,
  ],
  empty:
    "A storage class says which storage makes the volumes of disks. Operators make them for the drivers that the cluster has.",
  narrow: (facts) => [facts.modes[0] ?? "", abilities(facts).join(", ")],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Storage class">
        <Facts
          facts={[
            {
              name: "Provisioner",
              value: (
                <AppLink to={paths.object({ ref: { noun: "csi-driver" }, name: row.facts.provisioner })}>
                  {row.facts.provisioner}
                </AppLink>
              ),
            },
            {
              name: "Volume is made",
              value:
                row.facts.bindingMode === "WaitForFirstConsumer"
                  ? "When a machine first uses the disk"
                  : "At once",
            },
            { name: "When the disk is deleted", value: reclaimWords(row.facts.reclaimPolicy) },
            {
              name: "Disks",
              value:
                detail.disks === null
                  ? "Not visible to you"
                  : `${formatCount(detail.disks.count)} with ${formatBytes(detail.disks.bytes)}`,
            },
          ]}
        />
      </Section>
      <Section title="What disks on it can do">
        <Facts
          facts={[
            { name: "Modes", value: listed(row.facts.modes, profileWord(detail.hasProfile)) },
            {
              name: "Live migration",
              value: migrationWord(row.facts.modes),
            },
            { name: "Grow", value: yesNo(row.facts.expandable) },
            { name: "Snapshots", value: listed(detail.snapshotClasses, "No snapshot class fits its driver") },
            { name: "Copies", value: cloneWord(row.facts.cloneStrategy) ?? "Not known" },
            {
              name: "As said by",
              value:
                detail.hasProfile === true ? (
                  <AppLink to={paths.object({ ref: { noun: "storage-profile" }, name: row.name })}>
                    Its storage profile
                  </AppLink>
                ) : (
                  profileWord(detail.hasProfile)
                ),
            },
          ]}
        />
      </Section>
      <StorageClassMarks row={row} />
      <Section title="Settings">
        <Facts
          facts={[
            { name: "Parameters", value: listed(pairs(detail.parameters), "None") },
            { name: "Mount options", value: listed(detail.mountOptions, "None") },
            { name: "Only where", value: listed(detail.topologies, "Everywhere") },
          ]}
        />
      </Section>
    </>
  ),
  deletion: () =>
    "Disks that are on it stay as they are, but cannot grow, and no more can be made on it. Machines that name it can no longer be created.",
  form: {
    lead: "Which storage makes the volumes of disks, and how. The storage itself and its driver are installed beside the console.",
    initial: () => ({ name: "", provisioner: "", bindingMode: "WaitForFirstConsumer", expandable: true }),
    labels: {
      name: "Name",
      provisioner: "Driver",
      parameters: "Parameters",
      "parameters.*.key": "Parameter",
      "parameters.*.value": "Value",
      reclaimPolicy: "When the disk is deleted",
      bindingMode: "Volume is made",
      expandable: "Disks can grow",
      mountOptions: "Mount options",
    },
    Fields: ({ spec, change, errorAt, existing }) => (
      <>
        <FormSection title="Storage class">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="fast-block"
          />
          {existing ? (
            <p className="text-secondary">
              Kubernetes fixes a class&apos;s driver, parameters and policies when it is made. What they
              should be otherwise needs a new class.
            </p>
          ) : (
            <>
              <NounField
                noun="csi-driver"
                field="provisioner"
                label="Driver"
                value={spec.provisioner}
                onChange={(provisioner) => change({ provisioner })}
                error={errorAt("provisioner")}
              />
              <div className="grid gap-4 sm:grid-cols-2">
                <div data-field="bindingMode">
                  <Select
                    label="Volume is made"
                    value={spec.bindingMode ?? "Immediate"}
                    onChange={(bindingMode) => change({ bindingMode })}
                    choices={bindings}
                    hint="At first use lets the disk lie where the machine runs."
                    error={errorAt("bindingMode")}
                  />
                </div>
                <div data-field="reclaimPolicy">
                  <Select
                    label="When the disk is deleted"
                    value={spec.reclaimPolicy ?? "Delete"}
                    onChange={(reclaimPolicy) => change({ reclaimPolicy })}
                    choices={policies}
                    error={errorAt("reclaimPolicy")}
                  />
                </div>
              </div>
            </>
          )}
          <CheckField
            label="Disks can grow"
            hint="If the driver can grow volumes."
            checked={spec.expandable !== false}
            onChange={(expandable) => change({ expandable })}
          />
        </FormSection>
        {existing ? null : (
          <FormSection title="Parameters">
            <p className="text-secondary">What the driver wants to know; its documentation names them.</p>
            <ListOf<{ key: string; value: string }>
              lines={spec.parameters ?? []}
              onChange={(parameters) => change({ parameters })}
              blank={() => ({ key: "", value: "" })}
              add="Add a parameter"
              nameOf={(line, index) => `parameter ${line.key || index + 1}`}
              inLines
              max={64}
            >
              {(line, index, changeLine) => (
                <div className="grid gap-3 sm:grid-cols-2">
                  <div data-field={`parameters.${index}.key`}>
                    <TextField
                      label="Parameter"
                      mono
                      value={line.key}
                      onChange={(key) => changeLine({ key: key.trim() })}
                      error={errorAt(`parameters.${index}.key`)}
                      placeholder="pool"
                    />
                  </div>
                  <div data-field={`parameters.${index}.value`}>
                    <TextField
                      label="Value"
                      mono
                      value={line.value}
                      onChange={(value) => changeLine({ value })}
                      error={errorAt(`parameters.${index}.value`)}
                    />
                  </div>
                </div>
              )}
            </ListOf>
          </FormSection>
        )}
        <FormSection title="Mounting">
          <LinesField
            field="mountOptions"
            label="Mount options"
            optional
            hint="One a line, for volumes with a file system."
            value={spec.mountOptions ?? []}
            onChange={(mountOptions) => change({ mountOptions })}
            error={errorAt("mountOptions")}
          />
        </FormSection>
      </>
    ),
  },
};

const bindings = [
  { value: "WaitForFirstConsumer", label: "At first use" },
  { value: "Immediate", label: "At once" },
] as const;

const policies = [
  { value: "Delete", label: "Its volume is deleted" },
  { value: "Retain", label: "Its volume is kept" },
] as const;

function reclaimWords(policy: string): string {
  return policy === "Retain" ? "Its volume is kept" : "Its volume is deleted";
}

function profileWord(hasProfile: boolean | null): string {
  return hasProfile === null ? "The console may not read storage profiles" : "No storage profile";
}

const isShared = (modes: readonly string[]) => modes.some((mode) => mode.startsWith("ReadWriteMany"));

function migrationWord(modes: readonly string[]): string {
  if (modes.length === 0) return "Not known";
  return isShared(modes)
    ? "Yes: several hosts can use one disk"
    : "No: only one host at a time can use a disk";
}

function abilities(facts: { modes: string[]; expandable: boolean; snapshots: boolean }): string[] {
  return [
    ...(isShared(facts.modes) ? ["shared"] : []),
    ...(facts.expandable ? ["grow"] : []),
    ...(facts.snapshots ? ["snapshot"] : []),
  ];
}
