/** Pages of nouns whose facts and forms are plain lists of values: they are declared, not written. */
import type { FactsOf, SpecInputOf } from "@kubev/api-types/object-shapes";
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectDetail } from "@kubev/api-types/objects";
import type { ReactNode } from "react";
import { AppLink } from "../components/AppLink.tsx";
import { ProjectsField } from "../components/ProjectsField.tsx";
import { FormSection } from "../forms/form-parts.tsx";
import { LinesField } from "../forms/LinesField.tsx";
import { paths } from "../paths.ts";
import type { Search } from "../query-string.ts";
import { CheckField } from "../ui/Checkbox.tsx";
import { Facts, Section } from "../ui/Facts.tsx";
import { NumberField } from "../ui/NumberField.tsx";
import { Select } from "../ui/Select.tsx";
import { TextField } from "../ui/TextField.tsx";
import { NameField } from "./NameField.tsx";
import { NounField } from "./NounField.tsx";
import { objectWords } from "./object-words.ts";
import { deletingState, type ObjectFormProps, type ObjectPage, readyState } from "./object-page.ts";

/** A value of a row: a column of the list and a line of the page. */
interface DeclaredFact<Facts> {
  id: string;
  header: string;
  /** Words; '' shows as a dash. */
  text: (facts: Facts) => string;
  sortKey?: string;
  track?: string;
  /** The value names an object of this noun, which is linked. */
  noun?: ObjectNoun;
  /** Only on the object's own page. */
  pageOnly?: boolean;
}

interface DeclaredField {
  /** Of the form's spec. */
  field: string;
  label: string;
  hint?: string;
  optional?: boolean;
  as:
    | { kind: "text"; placeholder?: string }
    | { kind: "number"; min: number; max: number }
    | { kind: "choice"; choices: readonly { value: string; label: string }[] }
    | { kind: "noun"; noun: ObjectNoun; where?: string }
    | { kind: "lines"; placeholder?: string }
    | { kind: "projects" }
    | { kind: "check" };
}

interface DeclaredPage<N extends ObjectNoun> {
  noun: N;
  placeholder: string;
  hints?: ObjectPage<N>["hints"];
  /** Beside ready, being set up and being deleted. */
  states?: ObjectPage<N>["states"];
  facts: readonly DeclaredFact<FactsOf<N>>[];
  empty: string;
  deletion: string;
  /** What the page has below its facts. */
  More?: (props: { detail: ObjectDetail<N> }) => ReactNode;
  form: {
    lead: string;
    namePlaceholder: string;
    initial: (project: string | undefined, search: Search) => SpecInputOf<N>;
    sections: readonly { title: string; note?: string; fields: readonly DeclaredField[] }[];
    /** Parts that are no plain values. */
    More?: (props: ObjectFormProps<SpecInputOf<N>>) => ReactNode;
    labels?: Readonly<Record<string, string>>;
  };
}

const settling = { word: "Being set up", tone: "working" } as const;

/** Several addresses or names in one cell. */
export const listed = (values: readonly string[]): string => values.join(", ");

export function declaredPage<N extends ObjectNoun>(page: DeclaredPage<N>): ObjectPage<N> {
  const { form } = page;
  const fields = form.sections.flatMap((section) => section.fields);
  return {
    noun: page.noun,
    placeholder: page.placeholder,
    hints: page.hints ?? [],
    states: { ready: readyState, pending: settling, deleting: deletingState, ...page.states },
    columns: page.facts
      .filter((fact) => fact.pageOnly !== true)
      .map((fact) => ({
        id: fact.id,
        header: fact.header,
        ...(fact.sortKey === undefined ? {} : { sortKey: fact.sortKey }),
        track: fact.track ?? "minmax(120px,1fr)",
        cell: ({ facts }) => <FactValue fact={fact} facts={facts} />,
        csv: ({ facts }) => fact.text(facts),
      })),
    empty: page.empty,
    narrow: (facts) =>
      page.facts
        .slice(0, 3)
        .map((fact) => fact.text(facts))
        .filter((text) => text !== ""),
    Overview: ({ detail }) => (
      <>
        <Section title={objectWords[page.noun].one}>
          <Facts
            facts={page.facts.map((fact) => ({
              name: fact.header,
              value: <FactValue fact={fact} facts={detail.row.facts} />,
            }))}
          />
        </Section>
        {page.More === undefined ? null : <page.More detail={detail} />}
      </>
    ),
    deletion: () => page.deletion,
    form: {
      lead: form.lead,
      initial: form.initial,
      labels: {
        name: "Name",
        ...Object.fromEntries(fields.map(({ field, label }) => [field, label])),
        ...form.labels,
      },
      Fields: (props) => {
        const { spec, change, errorAt, existing } = props;
        const values = spec as Record<string, unknown>; // as: a spec of this noun, read by its declared fields
        const set = (field: string, value: unknown) => change({ [field]: value } as Partial<SpecInputOf<N>>); // as: a declared field of this noun
        const name = values["name"];
        return (
          <>
            {form.sections.map((section, at) => (
              <FormSection key={section.title} title={section.title}>
                {section.note === undefined ? null : <p className="text-secondary">{section.note}</p>}
                {at === 0 ? (
                  <NameField
                    name={typeof name === "string" ? name : ""}
                    change={(part) => set("name", part.name)}
                    error={errorAt("name")}
                    existing={existing}
                    placeholder={form.namePlaceholder}
                  />
                ) : null}
                {section.fields.map((field) => (
                  <DeclaredInput
                    key={field.field}
                    declared={field}
                    value={values[field.field]}
                    set={(value) => set(field.field, value)}
                    error={errorAt(field.field)}
                  />
                ))}
              </FormSection>
            ))}
            {form.More === undefined ? null : <form.More {...props} />}
          </>
        );
      },
    },
  };
}

function FactValue<F>({ fact, facts }: { fact: DeclaredFact<F>; facts: F }) {
  const text = fact.text(facts);
  if (text === "") return <span className="text-tertiary">–</span>;
  return fact.noun === undefined ? (
    <span className="tabular min-w-0 truncate">{text}</span>
  ) : (
    <AppLink
      to={paths.object({ ref: { noun: fact.noun }, name: text })}
      look="plain"
      className="min-w-0 truncate"
    >
      {text}
    </AppLink>
  );
}

interface DeclaredInputProps {
  declared: DeclaredField;
  value: unknown;
  set: (value: unknown) => void;
  error: string | undefined;
}

function DeclaredInput({ declared, value, set, error }: DeclaredInputProps) {
  const { field, as, ...words } = declared;
  const text = typeof value === "string" ? value : "";
  const list: string[] = Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  switch (as.kind) {
    case "noun":
      return <NounField {...words} {...as} field={field} value={text} onChange={set} error={error} />;
    case "lines":
      return (
        <LinesField
          {...words}
          placeholder={as.placeholder}
          field={field}
          value={list}
          onChange={set}
          error={error}
        />
      );
    case "projects":
      return (
        <ProjectsField
          label={words.label}
          hint={words.hint ?? ""}
          value={list}
          onChange={set}
          error={error}
        />
      );
    case "check":
      return <CheckField label={words.label} hint={words.hint} checked={value === true} onChange={set} />;
    case "choice":
      return (
        <div data-field={field}>
          <Select {...words} value={text} onChange={set} choices={as.choices} error={error} />
        </div>
      );
    case "number":
      return (
        <div data-field={field}>
          <NumberField
            {...words}
            unit=""
            min={as.min}
            max={as.max}
            value={typeof value === "number" ? value : null}
            onChange={(next) => set(next ?? undefined)}
            error={error}
          />
        </div>
      );
    case "text":
      return (
        <div data-field={field}>
          <TextField
            {...words}
            mono
            value={text}
            onChange={(next) => set(next.trim())}
            placeholder={as.placeholder}
            error={error}
          />
        </div>
      );
  }
}
