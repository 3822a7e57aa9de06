/** Who did what: in one project, or everywhere. Filters live in the URL. */
import type { ActivityQuery } from "@kubev/api-types/activity";
import type { Noun } from "@kubev/api-types/resource-ref";
import { useMemo } from "react";
import { ActivityFeed } from "../../components/ActivityFeed.tsx";
import { TypedFilter } from "../../components/TypedFilter.tsx";
import { useProject, useSetUrlSearch, useUrlSearch } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { nounWords } from "../../shell/palette-entries.ts";
import { Select } from "../../ui/Select.tsx";

const nounChoices: readonly { value: Noun | ""; label: string }[] = [
  { value: "", label: "Everything" },
  ...(Object.entries(nounWords) as [Noun, string][]) // as: one entry per noun
    .map(([value, label]) => ({ value, label }))
    .toSorted((a, b) => a.label.localeCompare(b.label)),
];

const outcomes = [
  { value: "", label: "Any" },
  { value: "ok", label: "Done" },
  { value: "refused", label: "Refused" },
  { value: "failed", label: "Failed" },
  { value: "running", label: "Under way" },
] as const;
type Outcome = (typeof outcomes)[number]["value"];

const hourMs = 3_600_000;
const spans = [
  { value: "", label: "All time" },
  { value: "1h", label: "The last hour" },
  { value: "24h", label: "The last day" },
  { value: "168h", label: "The last week" },
  { value: "720h", label: "The last 30 days" },
] as const;
type Span = (typeof spans)[number]["value"];

/** Rounded to the minute, so that the query is the same from one render to the next. */
function sinceOf(span: Span): string | undefined {
  const hours = Number.parseInt(span, 10);
  if (Number.isNaN(hours)) return undefined;
  return new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * hourMs).toISOString();
}

export default function ActivityPage() {
  const project = useProject();
  const search = useUrlSearch();
  const setSearch = useSetUrlSearch();
  useTitle("Activity");
  const noun = nounChoices.find((choice) => choice.value === search["noun"])?.value ?? "";
  const outcome: Outcome = outcomes.find((choice) => choice.value === search["outcome"])?.value ?? "";
  const span: Span = spans.find((choice) => choice.value === search["span"])?.value ?? "";
  const since = useMemo(() => sinceOf(span), [span]);
  const user = search["user"] ?? "";
  const text = search["q"] ?? "";
  const query: Partial<ActivityQuery> = {
    ...(project === undefined ? {} : { project }),
    ...(noun === "" ? {} : { noun }),
    ...(user === "" ? {} : { user }),
    ...(text === "" ? {} : { q: text }),
    ...(outcome === "" ? {} : { outcome }),
    ...(since === undefined ? {} : { since }),
  };
  return (
    <div className="flex w-full flex-col gap-4 px-3 py-4 md:px-5">
      <h1 className="text-xl font-semibold tracking-tight">Activity</h1>
      <div className="grid max-w-5xl grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
        <TypedFilter
          label="With"
          placeholder="Name, person or action"
          maxLength={100}
          text={text}
          onChange={(value) => setSearch({ q: value }, true)}
        />
        <Select<Noun | "">
          label="About"
          value={noun}
          onChange={(value) => setSearch({ noun: value })}
          choices={nounChoices}
        />
        <TypedFilter
          label="By"
          placeholder="Anybody"
          maxLength={100}
          text={user}
          onChange={(value) => setSearch({ user: value }, true)}
        />
        <Select<Outcome>
          label="Outcome"
          value={outcome}
          onChange={(value) => setSearch({ outcome: value })}
          choices={outcomes}
        />
        <Select<Span>
          label="When"
          value={span}
          onChange={(value) => setSearch({ span: value })}
          choices={spans}
        />
      </div>
      {text === "" ? null : <p className="text-xs text-tertiary">Looked for in the newest 50,000 entries.</p>}
      <ActivityFeed query={query} narrowed={[text, noun, user, outcome, span].some((part) => part !== "")} />
    </div>
  );
}
