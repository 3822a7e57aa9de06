/** Members of a project: who has which role. */
import type { SpecInputOf } from "@kubev/api-types/object-shapes";
import { FormSection } from "../../forms/form-parts.tsx";
import { ListOf } from "../../forms/ListOf.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { formatPlural } from "../../format/numbers.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { Combobox } from "../../ui/Combobox.tsx";
import { Select } from "../../ui/Select.tsx";
import { Notice } from "../../ui/States.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectFormProps, type ObjectPage, readyState } from "../object-page.ts";
import { roleLabel, roleWords } from "./role-words.ts";

type SubjectDraft = SpecInputOf<"role-binding">["subjects"][number];

const kindWords: Readonly<Record<string, string>> = {
  User: "Person",
  Group: "Group",
  ServiceAccount: "Service account",
};
const kinds = [
  { value: "User", label: "Person" },
  { value: "Group", label: "Group" },
  { value: "ServiceAccount", label: "Service account" },
] as const;

export const roleBindingPage: ObjectPage<"role-binding"> = {
  noun: "role-binding",
  placeholder: "Search by person, group or role, e.g. member:bob",
  hints: [
    { word: "member:", detail: "Of one person or group" },
    { word: "role:admin", detail: "By role" },
  ],
  states: {
    ready: { ...readyState, word: "In force" },
    empty: { word: "Nobody", tone: "off" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "members",
      header: "Who",
      sortKey: "member",
      track: "minmax(160px,1.5fr)",
      cell: ({ facts }) => (
        <span className="truncate">{facts.subjects.map(({ name }) => name).join(", ") || "Nobody"}</span>
      ),
      csv: ({ facts }) => facts.subjects.map(({ kind, name }) => `${kind}:${name}`).join(" "),
    },
    {
      id: "role",
      header: "Role",
      sortKey: "role",
      track: "minmax(160px,1.3fr)",
      cell: ({ facts }) => <span className="truncate">{roleLabel(facts.role)}</span>,
      csv: ({ facts }) => facts.role,
    },
  ],
  empty: "Members are people and groups that hold a role in a project. Without any, only operators see it.",
  narrow: (facts) => [facts.subjects.map(({ name }) => name).join(", "), roleLabel(facts.role)],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Role">
        {detail.roleKnown ? null : (
          <Notice tone="attention">There is no such role, so that nobody has anything by it.</Notice>
        )}
        <Facts
          facts={[
            { name: "Role", value: roleLabel(row.facts.role) },
            {
              name: "It lets them",
              value: roleWords[row.facts.role]?.says ?? "What its rules say; no words for it are known here.",
            },
            {
              name: "Defined",
              value: row.facts.roleKind === "ClusterRole" ? "By the platform" : "In this project",
            },
          ]}
        />
      </Section>
      <Section title="Who has it">
        <SimpleTable
          label="Who has it"
          columns={["Name", "Kind", "Project"]}
          rows={row.facts.subjects.map((one) => ({
            key: `${one.kind}/${one.project}/${one.name}`,
            cells: [one.name, kindWords[one.kind] ?? one.kind, one.project || "–"],
          }))}
        />
      </Section>
    </>
  ),
  deletion: (row) =>
    `${formatPlural(row.facts.subjects.length, "member loses", "members lose")} the role ${roleLabel(row.facts.role)} in this project, unless another membership gives it.`,
  form: {
    lead: "You can give only what you hold yourself; the cluster refuses more.",
    initial: () => ({ name: "", role: "view", subjects: [{ kind: "User", name: "" }] }),
    labels: { name: "Name", role: "Role", subjects: "Members", "subjects.*.name": "Name of the member" },
    Fields: MemberFields,
  },
};

function MemberFields(props: ObjectFormProps<SpecInputOf<"role-binding">>) {
  const { spec, change, errorAt, existing } = props;
  const known = Object.keys(roleWords);
  const roles = known.includes(spec.role) ? known : [spec.role, ...known];
  const subjects = (next: SubjectDraft[]) => {
    const first = next[0]?.name ?? "";
    // a name nobody typed follows who and what it is about
    const follows = spec.name === "" || spec.name === suggested(spec.subjects[0]?.name ?? "", spec.role);
    change({ subjects: next, ...(existing || !follows ? {} : { name: suggested(first, spec.role) }) });
  };
  return (
    <>
      <FormSection title="Who">
        <ListOf<SubjectDraft>
          lines={spec.subjects}
          onChange={subjects}
          blank={() => ({ kind: "User", name: "" })}
          add="Add another"
          nameOf={(line, index) => line.name || `member ${index + 1}`}
          inLines
          max={100}
        >
          {(line, index, changeLine) => (
            <div className="grid gap-3 sm:grid-cols-[160px_1fr]">
              <Select
                label="Kind"
                value={line.kind}
                onChange={(kind) => changeLine({ kind })}
                choices={kinds}
              />
              <div data-field={`subjects.${index}.name`}>
                <TextField
                  label="Name"
                  value={line.name}
                  onChange={(name) => changeLine({ name: name.trim() })}
                  error={errorAt(`subjects.${index}.name`)}
                  autoComplete="off"
                  placeholder={line.kind === "Group" ? "web-team" : "bob"}
                  hint={line.kind === "User" ? "As the sign-in calls the person." : undefined}
                />
              </div>
            </div>
          )}
        </ListOf>
      </FormSection>
      <FormSection title="Role">
        <div data-field="role">
          <Combobox
            label="Role"
            value={spec.role}
            onChange={(role) =>
              change({
                role,
                ...(!existing && spec.name === suggested(spec.subjects[0]?.name ?? "", spec.role)
                  ? { name: suggested(spec.subjects[0]?.name ?? "", role) }
                  : {}),
              })
            }
            items={roles.map((role) => ({
              value: role,
              label: roleLabel(role),
              detail: roleWords[role]?.says ?? "",
              disabledReason:
                existing && role !== spec.role ? "The role of a membership cannot be changed." : undefined,
            }))}
            emptyText="No role is called so."
            error={errorAt("role")}
            hint={roleWords[spec.role]?.says}
          />
        </div>
        <NameField
          name={spec.name}
          change={change}
          error={errorAt("name")}
          existing={existing}
          placeholder="bob-view"
        />
      </FormSection>
    </>
  );
}

function suggested(member: string, role: string): string {
  if (member === "") return "";
  return `${member}-${role}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 63);
}
