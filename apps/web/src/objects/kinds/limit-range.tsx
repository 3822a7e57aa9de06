/** Limit ranges: what one container, pod or disk may ask for, and what it gets that asks for nothing. */
import type { SpecInputOf } from "@kubev/api-types/object-shapes";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { FormSection } from "../../forms/form-parts.tsx";
import { ListOf } from "../../forms/ListOf.tsx";
import { formatPlural } from "../../format/numbers.ts";
import { Section } from "../../ui/Facts.tsx";
import { Select } from "../../ui/Select.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";

type LineDraft = SpecInputOf<"limit-range">["lines"][number];

const types = [
  { value: "Container", label: "One container" },
  { value: "Pod", label: "One pod" },
  { value: "PersistentVolumeClaim", label: "One disk" },
] as const;
const typeWords: Readonly<Record<string, string>> = Object.fromEntries(
  types.map(({ value, label }) => [value, label]),
);
const resources = ["cpu", "memory", "storage"].map((value) => ({ value, label: value }));
const parts = [
  { key: "min", label: "At least" },
  { key: "max", label: "At most" },
  { key: "defaultLimit", label: "Limit if it names none" },
  { key: "defaultRequest", label: "Request if it names none" },
] as const;

export const limitRangePage: ObjectPage<"limit-range"> = {
  noun: "limit-range",
  placeholder: "Search by name",
  hints: [],
  states: { ready: { ...readyState, word: "In force" }, deleting: deletingState },
  columns: [
    {
      id: "types",
      header: "Limits",
      track: "minmax(180px,2fr)",
      cell: ({ facts }) => facts.types.map((type) => typeWords[type] ?? type).join(", "),
      csv: ({ facts }) => facts.types.join(" "),
    },
  ],
  empty:
    "A limit range bounds what one container, pod or disk may ask for, and says what a container gets that asks for nothing.",
  narrow: (facts) => [formatPlural(facts.lines, "limit", "limits")],
  Overview: ({ detail: { detail } }) => (
    <Section title="Limits">
      <SimpleTable
        label="Limits"
        columns={["Of", "Resource", ...parts.map(({ label }) => label)]}
        rows={detail.lines.map((line) => ({
          key: `${line.type}/${line.resource}`,
          cells: [
            typeWords[line.type] ?? line.type,
            line.resource,
            ...parts.map(({ key }) => line[key] || "–"),
          ],
        }))}
      />
    </Section>
  ),
  deletion: () => "What is made from then on is no longer bounded by it. What runs stays as it is.",
  form: {
    lead: "What one thing of the project may ask for. It holds for what is made from now on.",
    initial: () => ({
      name: "limits",
      lines: [{ type: "Container", resource: "memory", defaultLimit: "512Mi", defaultRequest: "256Mi" }],
    }),
    labels: { name: "Name", lines: "Limits", "lines.*.resource": "Resource" },
    Fields: ({ spec, change, errorAt, existing }) => (
      <>
        <FormSection title="Limit range">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="limits"
          />
        </FormSection>
        <FormSection title="Limits">
          {errorAt("lines") === undefined ? null : <p className="text-error">{errorAt("lines")}</p>}
          <ListOf<LineDraft>
            lines={spec.lines}
            onChange={(lines) => change({ lines })}
            blank={() => ({ type: "Container", resource: "cpu" })}
            add="Add a limit"
            nameOf={(line, index) => `limit ${index + 1}, ${line.resource}`}
            max={60}
          >
            {(line, index, changeLine) => (
              <div className="grid gap-3 sm:grid-cols-2">
                <Select
                  label="Of"
                  value={line.type}
                  onChange={(type) => changeLine({ type })}
                  choices={types}
                />
                <div data-field={`lines.${index}.resource`}>
                  <Select
                    label="Resource"
                    value={line.resource}
                    onChange={(resource) => changeLine({ resource })}
                    choices={
                      resources.some(({ value }) => value === line.resource)
                        ? resources
                        : [...resources, { value: line.resource, label: line.resource }]
                    }
                    error={errorAt(`lines.${index}.resource`)}
                  />
                </div>
                {parts
                  .filter(({ key }) => line.type === "Container" || key === "min" || key === "max")
                  .map(({ key, label }) => (
                    <div key={key} data-field={`lines.${index}.${key}`}>
                      <TextField
                        label={label}
                        optional
                        mono
                        value={line[key] ?? ""}
                        onChange={(value) => changeLine({ [key]: value.trim() })}
                        error={errorAt(`lines.${index}.${key}`)}
                      />
                    </div>
                  ))}
              </div>
            )}
          </ListOf>
        </FormSection>
      </>
    ),
  },
};
