/** Service accounts: list, page and form. */
import { FormSection } from "../../forms/form-parts.tsx";
import { Facts, Section } from "../../ui/Facts.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";
import { roleLabel } from "./role-words.ts";

const rolesText = (roles: readonly string[]) => roles.map(roleLabel).join(", ") || "None";

export const serviceAccountPage: ObjectPage<"service-account"> = {
  noun: "service-account",
  placeholder: "Search by name",
  hints: [],
  states: { ready: readyState, deleting: deletingState },
  columns: [
    {
      id: "roles",
      header: "Roles in its project",
      track: "minmax(180px,2fr)",
      cell: ({ facts }) => <span className="truncate text-secondary">{rolesText(facts.roles)}</span>,
      csv: ({ facts }) => facts.roles.join(" "),
    },
  ],
  empty:
    "A service account is what workloads and scripts act as, with rights of its own and no person's password.",
  narrow: (facts) => [rolesText(facts.roles)],
  Overview: ({ detail: { row, detail } }) => (
    <Section title="Service account">
      <Facts
        facts={[
          {
            name: "The cluster calls it",
            value: <span className="font-mono text-xs break-all">{detail.userName}</span>,
          },
          { name: "Roles in its project", value: rolesText(row.facts.roles) },
          { name: "Token in its pods", value: detail.mountsToken ? "Yes" : "No" },
        ]}
      />
    </Section>
  ),
  deletion: () => "Its tokens end at once. Pods that run as it do not start again without it.",
  form: {
    lead: "What workloads and scripts act as. Give it a role under Members.",
    initial: () => ({ name: "" }),
    labels: { name: "Name" },
    Fields: ({ spec, change, errorAt, existing }) => (
      <FormSection title="Service account">
        <NameField
          name={spec.name}
          change={change}
          error={errorAt("name")}
          existing={existing}
          placeholder="deployer"
        />
      </FormSection>
    ),
  },
};
