/** What is on a host that is to be emptied: what is planned for each thing, and how far it is. */
import type { DrainItem, DrainOutcome, DrainPlanItem } from "@kubev/api-types/host-drain";
import type { Reason } from "@kubev/api-types/reason";
import { AppLink } from "../../components/AppLink.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { formatBytes } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { reasonWithCause } from "../../reasons/reason-text.ts";
import { StatusMark, type StatusTone } from "../../ui/Status.tsx";

const outcomes: Record<DrainOutcome, { word: string; tone: StatusTone }> = {
  migrates: { word: "Moves without a break", tone: "ok" },
  restarts: { word: "Restarts elsewhere", tone: "attention" },
  stops: { word: "Stops", tone: "attention" },
  goes: { word: "Goes", tone: "ok" },
  stays: { word: "Stays", tone: "off" },
  blocked: { word: "Cannot go", tone: "error" },
};

const states: Record<DrainItem["state"], { word: string; tone: StatusTone }> = {
  waiting: { word: "Waits", tone: "working" },
  moving: { word: "Leaves", tone: "working" },
  gone: { word: "Gone", tone: "ok" },
  blocked: { word: "Cannot go", tone: "error" },
  stays: { word: "Stays", tone: "off" },
};

interface Thing {
  kind: "machine" | "pod";
  project: string;
  name: string;
  pod: string;
}

function Name({ thing }: { thing: Thing }) {
  return thing.kind === "machine" ? (
    <AppLink to={paths.vm(thing.project, thing.name)} look="plain" className="font-medium">
      {thing.name}
    </AppLink>
  ) : (
    <span>
      {thing.name} <span className="text-tertiary">pod</span>
    </span>
  );
}

/** Nothing where there is none: on a small screen its name goes too. */
const why = (reason: Reason | undefined) =>
  reason === undefined ? null : (
    <span key="why" className="text-secondary">
      {reasonWithCause(reason)}
    </span>
  );

function Target({ name }: { name: string | null }) {
  return name === null ? (
    "–"
  ) : (
    <AppLink to={paths.host(name)} look="plain">
      {name}
    </AppLink>
  );
}

export function PlanItems({ items }: { items: readonly DrainPlanItem[] }) {
  return (
    <SimpleTable
      label="What becomes of everything on the host"
      columns={["What", "Project", "Outcome", "Expected on", "Memory", "Why"]}
      endAligned={["Memory"]}
      rows={items.map((item) => ({
        key: `${item.project}/${item.pod}`,
        cells: [
          <span key="name" className="block md:min-w-48">
            <Name thing={item} />
          </span>,
          <span key="project" className="whitespace-nowrap">
            {item.project}
          </span>,
          <span key="outcome" className="block min-w-max">
            <StatusMark tone={outcomes[item.outcome].tone}>{outcomes[item.outcome].word}</StatusMark>
          </span>,
          <Target key="target" name={item.target} />,
          formatBytes(item.memoryBytes),
          why(item.reason),
        ],
      }))}
    />
  );
}

export function DrainItems({ items }: { items: readonly DrainItem[] }) {
  const order = ["blocked", "moving", "waiting", "gone", "stays"];
  const sorted = items.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <SimpleTable
      label="How far everything on the host is"
      columns={["What", "Project", "State", "Now on", "Why"]}
      rows={sorted.map((item) => ({
        key: `${item.project}/${item.pod}`,
        cells: [
          <span key="name" className="block md:min-w-48">
            <Name thing={item} />
          </span>,
          <span key="project" className="whitespace-nowrap">
            {item.project}
          </span>,
          <span key="state" className="block min-w-max">
            <StatusMark tone={states[item.state].tone}>{states[item.state].word}</StatusMark>
          </span>,
          <Target key="target" name={item.target} />,
          why(item.reason),
        ],
      }))}
    />
  );
}
