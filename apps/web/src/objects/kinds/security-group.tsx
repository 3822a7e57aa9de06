/** Security groups: list, page and form. */
import type { SecurityGroupRule } from "@kubev/api-types/objects/security-group";
import { MachinesNaming } from "./MachinesNaming.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { formatCount } from "../../format/numbers.ts";
import { FormSection } from "../../forms/form-parts.tsx";
import { ListOf } from "../../forms/ListOf.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { Facts, Section } from "../../ui/Facts.tsx";
import { NumberField } from "../../ui/NumberField.tsx";
import { Select } from "../../ui/Select.tsx";
import { Badge } from "../../ui/Status.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";
import { groupRemedies, newRule, type RuleDraft } from "./security-group-draft.ts";

const directions = [
  { value: "in", label: "Incoming" },
  { value: "out", label: "Outgoing" },
] as const;
const protocols = [
  { value: "tcp", label: "TCP" },
  { value: "udp", label: "UDP" },
  { value: "icmp", label: "ICMP" },
  { value: "all", label: "All" },
] as const;
const policies = [
  { value: "allow", label: "Allow" },
  { value: "drop", label: "Drop" },
  { value: "pass", label: "Pass to the next tier" },
] as const;
const tiers = [
  { value: "0", label: "0, looked at first" },
  { value: "1", label: "1, looked at after tier 0" },
] as const;
const remotes = [
  { value: "address", label: "Addresses" },
  { value: "securityGroup", label: "A security group" },
] as const;
const versions = [
  { value: "ipv4", label: "IPv4" },
  { value: "ipv6", label: "IPv6" },
] as const;

const policyWords = { allow: "Allow", drop: "Drop", pass: "Pass" } as const;
const policyTones = { allow: "ok", drop: "error", pass: "off" } as const;
const hasPorts = (rule: Pick<RuleDraft, "protocol">) => rule.protocol === "tcp" || rule.protocol === "udp";

function portsOf({ portMin, portMax }: SecurityGroupRule): string {
  if (portMin === undefined) return "–";
  return portMax === undefined || portMax === portMin ? String(portMin) : `${portMin}–${portMax}`;
}

export const securityGroupPage: ObjectPage<"security-group"> = {
  noun: "security-group",
  placeholder: "Search by name",
  hints: [{ word: "status:failed", detail: "By state" }],
  states: {
    ready: readyState,
    pending: { word: "Being set up", tone: "working" },
    failed: { word: "Not applied", tone: "error" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "rules",
      header: "Rules",
      sortKey: "rules",
      track: "minmax(160px,1fr)",
      cell: ({ facts }) => (
        <span className="tabular">
          {formatCount(facts.rulesIn)} incoming, {formatCount(facts.rulesOut)} outgoing
        </span>
      ),
      csv: ({ facts }) => facts.rulesIn + facts.rulesOut,
    },
    {
      id: "same",
      header: "Within the group",
      track: "minmax(120px,0.7fr)",
      cell: ({ facts }) => (facts.allowSameGroupTraffic ? "Allowed" : "By the rules"),
      csv: ({ facts }) => String(facts.allowSameGroupTraffic),
    },
    {
      id: "tier",
      header: "Tier",
      sortKey: "tier",
      align: "end",
      track: "70px",
      cell: ({ facts }) => facts.tier,
      csv: ({ facts }) => facts.tier,
    },
  ],
  empty: "A security group says what may reach the interfaces it is put on, and what they may reach.",
  narrow: (facts) => [`${facts.rulesIn} in, ${facts.rulesOut} out`],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Security group">
        <Facts
          facts={[
            {
              name: "Between its members",
              value: row.facts.allowSameGroupTraffic ? "Everything is allowed" : "Only what the rules allow",
            },
            {
              name: "Tier",
              value: tiers[row.facts.tier === 0 ? 0 : 1].label,
            },
          ]}
        />
      </Section>
      {directions.map(({ value, label }) => {
        const rules = detail.rules
          .filter((rule) => rule.direction === value)
          .toSorted((a, b) => a.priority - b.priority);
        return (
          <Section key={value} title={`${label} rules`}>
            {rules.length === 0 ? (
              <p className="text-secondary">None: everything {label.toLowerCase()} is dropped.</p>
            ) : (
              <SimpleTable
                label={`${label} rules`}
                columns={["Priority", "Policy", "Protocol", "Ports", value === "in" ? "From" : "To"]}
                rows={rules.map((rule, index) => ({
                  key: String(index),
                  cells: [
                    rule.priority,
                    <Badge key="policy" tone={policyTones[rule.policy]}>
                      {policyWords[rule.policy]}
                    </Badge>,
                    `${rule.protocol.toUpperCase()} ${rule.ipVersion === "ipv6" ? "(IPv6)" : ""}`,
                    portsOf(rule),
                    rule.remoteType === "securityGroup" ? `Group ${rule.remote}` : rule.remote,
                  ],
                }))}
              />
            )}
          </Section>
        );
      })}
      <MachinesNaming usedBy={detail.usedBy} />
    </>
  ),
  deletion: () =>
    "Interfaces that carry it lose its rules. Machines keep naming it until their settings are changed.",
  form: {
    lead: "What may reach the interfaces it is put on, and what they may reach. They drop everything else, so keep their gateway reachable.",
    initial: () => ({ name: "", tier: 0, allowSameGroupTraffic: true, rules: [newRule([])] }),
    labels: {
      name: "Name",
      tier: "Tier",
      "rules.*.policy": "Policy",
      "rules.*.remote": "From or to",
      "rules.*.priority": "Priority",
      "rules.*.portMin": "First port",
      "rules.*.portMax": "Last port",
    },
    remedies: groupRemedies,
    Fields: ({ spec, change, errorAt, existing }) => (
      <>
        <FormSection title="Security group">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="web-front"
          />
          <div data-field="tier">
            <Select<"0" | "1">
              label="Tier"
              value={spec.tier === 1 ? "1" : "0"}
              onChange={(tier) => change({ tier: tier === "1" ? 1 : 0 })}
              choices={tiers}
              hint="All groups of tier 0 decide before those of tier 1."
              error={errorAt("tier")}
            />
          </div>
          <CheckField
            label="Members reach each other"
            hint="Whatever the rules say."
            checked={spec.allowSameGroupTraffic !== false}
            onChange={(allowSameGroupTraffic) => change({ allowSameGroupTraffic })}
          />
        </FormSection>
        <FormSection title="Rules">
          <ListOf<RuleDraft>
            lines={spec.rules ?? []}
            onChange={(rules) => change({ rules })}
            blank={() => newRule(spec.rules ?? [])}
            add="Add a rule"
            nameOf={(rule, index) => `rule ${index + 1}, ${rule.remote}`}
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
                <div data-field={`rules.${index}.policy`}>
                  <Select
                    label="Policy"
                    value={rule.policy}
                    onChange={(policy) => changeRule({ policy })}
                    choices={
                      spec.tier === 1 && rule.policy !== "pass"
                        ? policies.filter(({ value }) => value !== "pass")
                        : policies
                    }
                    error={errorAt(`rules.${index}.policy`)}
                  />
                </div>
                <div data-field={`rules.${index}.priority`}>
                  <NumberField
                    label="Priority"
                    unit=""
                    min={1}
                    max={16_384}
                    value={rule.priority}
                    onChange={(priority) => changeRule({ priority: priority ?? 0 })}
                    error={errorAt(`rules.${index}.priority`)}
                  />
                </div>
                <Select
                  label="Remote"
                  value={rule.remoteType}
                  onChange={(remoteType) => changeRule({ remoteType, remote: "" })}
                  choices={remotes}
                />
                <div data-field={`rules.${index}.remote`}>
                  <TextField
                    label={rule.direction === "in" ? "From" : "To"}
                    mono
                    value={rule.remote}
                    onChange={(remote) => changeRule({ remote: remote.trim() })}
                    placeholder={rule.remoteType === "address" ? "10.0.0.0/8" : "web-front"}
                    error={errorAt(`rules.${index}.remote`)}
                  />
                </div>
                <Select
                  label="Family"
                  value={rule.ipVersion ?? "ipv4"}
                  onChange={(ipVersion) => changeRule({ ipVersion })}
                  choices={versions}
                />
                <Select
                  label="Protocol"
                  value={rule.protocol}
                  onChange={(protocol) =>
                    changeRule(
                      hasPorts({ protocol })
                        ? { protocol }
                        : { protocol, portMin: undefined, portMax: undefined },
                    )
                  }
                  choices={protocols}
                />
                {hasPorts(rule) ? (
                  <>
                    <div data-field={`rules.${index}.portMin`}>
                      <NumberField
                        label="First port"
                        unit=""
                        min={1}
                        max={65_535}
                        value={rule.portMin ?? null}
                        onChange={(portMin) => changeRule({ portMin: portMin ?? undefined })}
                        error={errorAt(`rules.${index}.portMin`)}
                      />
                    </div>
                    <div data-field={`rules.${index}.portMax`}>
                      <NumberField
                        label="Last port"
                        unit=""
                        min={1}
                        max={65_535}
                        value={rule.portMax ?? null}
                        onChange={(portMax) => changeRule({ portMax: portMax ?? undefined })}
                        error={errorAt(`rules.${index}.portMax`)}
                      />
                    </div>
                  </>
                ) : null}
              </div>
            )}
          </ListOf>
        </FormSection>
      </>
    ),
  },
};
