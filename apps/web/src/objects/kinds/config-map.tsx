/** Config maps: list, page and form. */
import { FormSection } from "../../forms/form-parts.tsx";
import { KeyValueLines } from "../../forms/KeyValueLines.tsx";
import { formatBytes, formatCount } from "../../format/numbers.ts";
import { Section } from "../../ui/Facts.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";

export const configMapPage: ObjectPage<"config-map"> = {
  noun: "config-map",
  placeholder: "Search by name or key",
  hints: [{ word: "label:app=web", detail: "By a label" }],
  states: { ready: readyState, deleting: deletingState },
  columns: [
    {
      id: "keys",
      header: "Keys",
      sortKey: "keys",
      track: "minmax(180px,2fr)",
      cell: ({ facts }) => <span className="truncate text-secondary">{facts.keys.join(", ") || "None"}</span>,
      csv: ({ facts }) => facts.keys.join(" "),
    },
    {
      id: "size",
      header: "Size",
      sortKey: "size",
      align: "end",
      track: "90px",
      cell: ({ facts }) => formatBytes(facts.sizeBytes),
      csv: ({ facts }) => facts.sizeBytes,
    },
  ],
  empty:
    "A config map holds texts that workloads read, such as files of settings, so that these change without a new image.",
  narrow: (facts) => [`${formatCount(facts.keys.length)} keys`, formatBytes(facts.sizeBytes)],
  Overview: ({ detail: { detail } }) => (
    <>
      {detail.entries.map(({ key, value }) => (
        <Section key={key} title={key}>
          <pre
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
            tabIndex={0}
            className="max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap break-words"
          >
            {value}
          </pre>
        </Section>
      ))}
      {detail.binaryKeys.length === 0 ? null : (
        <p className="text-secondary">Not text, so not shown: {detail.binaryKeys.join(", ")}</p>
      )}
      {detail.entries.length + detail.binaryKeys.length === 0 ? (
        <p className="text-secondary">It holds nothing.</p>
      ) : null}
    </>
  ),
  deletion: () => "Pods that read it keep what they have, and do not start again without it.",
  form: {
    lead: "Named texts that workloads read. Passwords and keys belong into a secret.",
    initial: () => ({ name: "", entries: [{ key: "", value: "" }] }),
    labels: { name: "Name", entries: "Texts", "entries.*.key": "Key", "entries.*.value": "Text" },
    Fields: ({ spec, change, errorAt, existing }) => (
      <>
        <FormSection title="Config map">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="web-settings"
          />
        </FormSection>
        <FormSection title="Texts">
          <KeyValueLines
            lines={spec.entries ?? []}
            onChange={(entries) => change({ entries })}
            errorAt={errorAt}
            valueLabel="Text"
            add="Add a text"
            max={200}
            keyPlaceholder="app.conf"
          />
        </FormSection>
      </>
    ),
  },
};
