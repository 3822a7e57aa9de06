/** Quotas: what a project may use in all, and how much of it is taken. */
import { QuotaBars } from "../../components/QuotaBars.tsx";
import { quotaAmount, quotaWord } from "../../format/quota.ts";
import { FormSection } from "../../forms/form-parts.tsx";
import { formatPercent } from "../../format/numbers.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectPage } from "../object-page.ts";
import { QuotaLines } from "./QuotaLines.tsx";

interface Line {
  resource: string;
  hard: number;
  used: number;
}

const partOf = ({ hard, used }: Line) => (hard === 0 ? 100 : (used / hard) * 100);
const tightest = (lines: readonly Line[]) => lines.toSorted((a, b) => partOf(b) - partOf(a))[0];

export const resourceQuotaPage: ObjectPage<"resource-quota"> = {
  noun: "resource-quota",
  placeholder: "Search by name",
  hints: [{ word: "status:full,over", detail: "Used up or exceeded" }],
  states: {
    ready: { word: "Room left", tone: "ok" },
    near: { word: "Nearly used up", tone: "attention" },
    full: { word: "Used up", tone: "attention" },
    over: { word: "Exceeded", tone: "attention" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "tightest",
      header: "Nearest limit",
      track: "minmax(200px,2fr)",
      cell: ({ facts }) => {
        const line = tightest(facts.lines);
        return line === undefined ? (
          "–"
        ) : (
          <span className="tabular truncate">
            {quotaWord(line.resource)}: {formatPercent(partOf(line))} of{" "}
            {quotaAmount(line.resource, line.hard)}
          </span>
        );
      },
      csv: ({ facts }) =>
        facts.lines.map(({ resource, used, hard }) => `${resource}=${used}/${hard}`).join(" "),
    },
  ],
  empty: "A quota limits what a project may use in all. Without one it may use whatever the hosts have.",
  narrow: (facts) => {
    const line = tightest(facts.lines);
    return line === undefined ? [] : [`${quotaWord(line.resource)} ${formatPercent(partOf(line))}`];
  },
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Used and left">
        <QuotaBars quota={row.facts.lines} />
      </Section>
      <Section title="Left">
        <Facts
          facts={row.facts.lines.map((line) => ({
            name: quotaWord(line.resource),
            value: quotaAmount(line.resource, Math.max(0, line.hard - line.used)),
          }))}
        />
      </Section>
      {detail.scopes.length === 0 ? null : (
        <p className="text-secondary">It counts only: {detail.scopes.join(", ")}</p>
      )}
    </>
  ),
  deletion: () => "The project may then use whatever its other quotas allow, or without one, anything.",
  form: {
    lead: "What the project may use in all. What runs already stays, also above a lower limit.",
    initial: () => ({
      name: "quota",
      hard: [
        { resource: "requests.cpu", amount: "16" },
        { resource: "requests.memory", amount: "64Gi" },
        { resource: "requests.storage", amount: "500Gi" },
        { resource: "count/virtualmachines.kubevirt.io", amount: "20" },
      ],
    }),
    labels: { name: "Name", hard: "Limits", "hard.*.resource": "Resource", "hard.*.amount": "Amount" },
    Fields: ({ spec, change, errorAt, existing }) => (
      <>
        <FormSection title="Quota">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="quota"
          />
        </FormSection>
        <FormSection title="Limits">
          <QuotaLines
            lines={spec.hard}
            onChange={(hard) => change({ hard })}
            errorAt={(path) => errorAt(`hard.${path}`)}
            fieldOf={(path) => `hard.${path}`}
          />
          {errorAt("hard") === undefined ? null : <p className="text-error">{errorAt("hard")}</p>}
        </FormSection>
      </>
    ),
  },
};
