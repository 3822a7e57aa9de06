/** Network policies: page and form. */
import type { PolicyRule } from "@kubev/api-types/objects/network-policy";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { FormSection } from "../../forms/form-parts.tsx";
import { ListOf } from "../../forms/ListOf.tsx";
import { Section } from "../../ui/Facts.tsx";
import { NumberField } from "../../ui/NumberField.tsx";
import { Select } from "../../ui/Select.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { declaredPage } from "../declared-page.tsx";

const directions = [
  { value: "in", label: "Incoming" },
  { value: "out", label: "Outgoing" },
] as const;
const peers = [
  { value: "anywhere", label: "Anywhere" },
  { value: "project", label: "A whole project" },
  { value: "machine", label: "A machine of this project" },
  { value: "cidr", label: "A range of addresses" },
] as const;
const protocols = [
  { value: "any", label: "All" },
  { value: "TCP", label: "TCP" },
  { value: "UDP", label: "UDP" },
] as const;
const placeholders = { anywhere: "", project: "web-shop", machine: "web-1", cidr: "10.0.0.0/8" } as const;

function whom({ peer, value }: PolicyRule): string {
  if (peer === "anywhere") return "Anywhere";
  return peer === "project" ? `Project ${value}` : peer === "machine" ? `Machine ${value}` : value;
}

const restriction = (restricts: boolean, rules: number) =>
  !restricts ? "Not restricted" : rules === 0 ? "Nothing allowed" : `By rules: ${rules}`;

export const networkPolicyPage = declaredPage<"network-policy">({
  noun: "network-policy",
  placeholder: "Search by name",
  facts: [
    {
      id: "applies",
      header: "Applies to",
      text: ({ appliesTo }) => appliesTo || "Everything in the project",
    },
    {
      id: "in",
      header: "Incoming",
      text: ({ restrictsIn, rulesIn }) => restriction(restrictsIn, rulesIn),
    },
    {
      id: "out",
      header: "Outgoing",
      text: ({ restrictsOut, rulesOut }) => restriction(restrictsOut, rulesOut),
    },
  ],
  empty: "A network policy says what may reach the machines and pods of a project, and what they may reach.",
  deletion: "What only it restricted is open again. What it allowed may be closed by other policies.",
  More: ({ detail: { detail } }) => (
    <Section title="Rules">
      {detail.rules === null ? (
        <p className="text-secondary">It says more than can be listed here. Its YAML has all of it.</p>
      ) : detail.rules.length === 0 ? (
        <p className="text-secondary">None: nothing passes in the directions that it restricts.</p>
      ) : (
        <SimpleTable
          label="Rules"
          columns={["Direction", "From or to", "Protocol", "Port"]}
          rows={detail.rules.map((rule, at) => ({
            key: String(at),
            cells: [
              rule.direction === "in" ? "Incoming" : "Outgoing",
              whom(rule),
              rule.protocol === "any" ? "All" : rule.protocol,
              rule.port ?? "All",
            ],
          }))}
        />
      )}
    </Section>
  ),
  form: {
    lead: "What may reach machines and pods of this project, and what they may reach. Rules only ever allow.",
    namePlaceholder: "db-from-web",
    initial: (_project, search) => ({
      name: "",
      machine: search["machine"] ?? "",
      restrictsIn: true,
      restrictsOut: false,
      rules: [],
    }),
    sections: [
      {
        title: "Network policy",
        fields: [
          {
            field: "machine",
            label: "Machine",
            optional: true,
            hint: "Left empty, every machine and pod of the project.",
            as: { kind: "text", placeholder: "db-1" },
          },
          {
            field: "restrictsIn",
            label: "Only what the rules allow may come in",
            as: { kind: "check" },
          },
          {
            field: "restrictsOut",
            label: "Only what the rules allow may go out",
            hint: "Name resolution too: allow port 53 where it is needed.",
            as: { kind: "check" },
          },
        ],
      },
    ],
    labels: { "rules.*.value": "From or to", "rules.*.port": "Port" },
    More: ({ spec, change, errorAt }) => (
      <FormSection title="Rules">
        <ListOf
          lines={spec.rules ?? []}
          onChange={(rules) => change({ rules })}
          blank={() => ({
            direction: "in" as const,
            peer: "anywhere" as const,
            value: "",
            protocol: "TCP" as const,
            port: 443,
          })}
          add="Add a rule"
          nameOf={(rule, index) => `rule ${index + 1}, ${rule.value || rule.peer}`}
          max={200}
        >
          {(rule, index, changeRule) => (
            <div className="grid gap-3 sm:grid-cols-3">
              <Select
                label="Direction"
                value={rule.direction}
                onChange={(direction) => changeRule({ direction })}
                choices={directions}
              />
              <Select
                label={rule.direction === "in" ? "From" : "To"}
                value={rule.peer}
                onChange={(peer) => changeRule({ peer, value: "" })}
                choices={peers}
              />
              {rule.peer === "anywhere" ? null : (
                <div data-field={`rules.${index}.value`}>
                  <TextField
                    label={peers.find(({ value }) => value === rule.peer)?.label ?? ""}
                    mono
                    value={rule.value ?? ""}
                    onChange={(value) => changeRule({ value: value.trim() })}
                    placeholder={placeholders[rule.peer]}
                    error={errorAt(`rules.${index}.value`)}
                  />
                </div>
              )}
              <Select
                label="Protocol"
                value={rule.protocol ?? "any"}
                onChange={(protocol) =>
                  changeRule(protocol === "any" ? { protocol, port: undefined } : { protocol })
                }
                choices={protocols}
              />
              {rule.protocol === "any" ? null : (
                <div data-field={`rules.${index}.port`}>
                  <NumberField
                    label="Port"
                    unit=""
                    min={1}
                    max={65_535}
                    value={rule.port ?? null}
                    onChange={(port) => changeRule({ port: port ?? undefined })}
                    error={errorAt(`rules.${index}.port`)}
                  />
                </div>
              )}
            </div>
          )}
        </ListOf>
      </FormSection>
    ),
  },
});
