/** Storage profiles: list, page and form. */
import { AppLink } from "../../components/AppLink.tsx";
import { cloneStrategies, cloneWord } from "../../components/clone-words.ts";
import { FormSection } from "../../forms/form-parts.tsx";
import { ListOf } from "../../forms/ListOf.tsx";
import { paths } from "../../paths.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { Select } from "../../ui/Select.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";
import { provisionerColumn } from "../provisioner-column.tsx";

const accessModes = [
  { value: "ReadWriteMany", label: "Several hosts (ReadWriteMany)" },
  { value: "ReadWriteOnce", label: "One host (ReadWriteOnce)" },
  { value: "ReadOnlyMany", label: "Several hosts, read only (ReadOnlyMany)" },
  { value: "ReadWriteOncePod", label: "One pod (ReadWriteOncePod)" },
] as const;
const volumeModes = [
  { value: "Block", label: "Block device" },
  { value: "Filesystem", label: "File on a file system" },
] as const;
const strategies = [{ value: "", label: "As CDI detects" }, ...cloneStrategies] as const;

interface Mode {
  accessMode: (typeof accessModes)[number]["value"];
  volumeMode: (typeof volumeModes)[number]["value"];
}

const origin = (isSet: boolean) => (isSet ? "Set by an operator" : "Detected by the provisioner");

export const storageProfilePage: ObjectPage<"storage-profile"> = {
  noun: "storage-profile",
  placeholder: "Search by name or provisioner, e.g. modes:set",
  hints: [
    { word: "modes:set", detail: "Set by an operator" },
    { word: "status:incomplete", detail: "On whose class a disk must say its modes" },
  ],
  states: {
    ready: readyState,
    incomplete: { word: "Incomplete", tone: "attention" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "modes",
      header: "Disks are",
      track: "minmax(190px,1.4fr)",
      cell: ({ facts }) => <span className="truncate">{facts.modes.join(", ") || "–"}</span>,
      csv: ({ facts }) => facts.modes.join(", "),
    },
    {
      id: "origin",
      header: "Modes",
      track: "110px",
      cell: ({ facts }) => (facts.areModesSet ? "Set" : "Detected"),
      csv: ({ facts }) => (facts.areModesSet ? "set" : "detected"),
    },
    {
      id: "copies",
      header: "Copies",
      track: "minmax(170px,1fr)",
      cell: ({ facts }) => <span className="truncate">{cloneWord(facts.cloneStrategy) ?? "–"}</span>,
      csv: ({ facts }) => facts.cloneStrategy,
    },
    provisionerColumn,
  ],
  empty:
    "A storage profile says what disks on a storage class are like: block or file, for one host or several, and how they are copied. CDI makes one for each class.",
  fromCluster: true,
  narrow: (facts) => [facts.modes[0] ?? "", facts.provisioner],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Storage profile">
        <Facts
          facts={[
            {
              name: "Storage class",
              value: detail.hasClass ? (
                <AppLink to={paths.object({ ref: { noun: "storage-class" }, name: row.name })}>
                  {row.name}
                </AppLink>
              ) : (
                `${row.name}, which does not exist`
              ),
            },
            { name: "Provisioner", value: row.facts.provisioner || "Not known" },
          ]}
        />
      </Section>
      <Section title="Disks on it">
        <Facts
          facts={[
            { name: "Modes, the first by default", value: row.facts.modes.join(", ") || "None" },
            { name: "Modes are", value: origin(row.facts.areModesSet) },
            { name: "Copies", value: cloneWord(row.facts.cloneStrategy) ?? "Not known" },
            { name: "Way of copying", value: origin(row.facts.isCloneStrategySet) },
            { name: "Snapshot class for copies", value: detail.snapshotClass || "Chosen by the provisioner" },
            {
              name: "Scheduled imports are kept as",
              value: row.facts.importFormat === "snapshot" ? "Snapshots" : "Volumes",
            },
          ]}
        />
      </Section>
    </>
  ),
  deletion: () =>
    "What was set in it is lost: CDI makes it anew with what it detects, as long as its storage class stands.",
  form: {
    lead: "What disks on the storage class get where their form does not say. What is left open, CDI detects by the provisioner.",
    initial: () => ({ name: "" }),
    labels: {
      name: "Storage class",
      modes: "Modes",
      "modes.*.accessMode": "Access",
      "modes.*.volumeMode": "Volume mode",
      cloneStrategy: "Copies are made",
    },
    Fields: ({ spec, change, errorAt, existing }) => (
      <>
        <FormSection title="Storage profile">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="fast-block"
          />
          <div data-field="cloneStrategy">
            <Select
              label="Copies are made"
              value={spec.cloneStrategy ?? ""}
              onChange={(cloneStrategy) => change({ cloneStrategy })}
              choices={strategies}
              error={errorAt("cloneStrategy")}
            />
          </div>
        </FormSection>
        <FormSection title="Modes">
          <p className="text-secondary">
            In order of preference: a disk that does not say gets the first. Without any, CDI detects them.
          </p>
          <ListOf<Mode>
            lines={spec.modes ?? []}
            onChange={(modes) => change({ modes })}
            blank={() => ({ accessMode: "ReadWriteOnce", volumeMode: "Filesystem" })}
            add="Add modes"
            nameOf={(_line, index) => `modes ${index + 1}`}
            inLines
            max={8}
          >
            {(line, index, changeLine) => (
              <div className="grid gap-3 sm:grid-cols-2">
                <div data-field={`modes.${index}.accessMode`}>
                  <Select
                    label="Access"
                    value={line.accessMode}
                    onChange={(accessMode) => changeLine({ accessMode })}
                    choices={accessModes}
                    error={errorAt(`modes.${index}.accessMode`)}
                  />
                </div>
                <div data-field={`modes.${index}.volumeMode`}>
                  <Select
                    label="Volume mode"
                    value={line.volumeMode}
                    onChange={(volumeMode) => changeLine({ volumeMode })}
                    choices={volumeModes}
                    error={errorAt(`modes.${index}.volumeMode`)}
                  />
                </div>
              </div>
            )}
          </ListOf>
          {errorAt("modes") === undefined ? null : <p className="text-error">{errorAt("modes")}</p>}
        </FormSection>
      </>
    ),
  },
};
