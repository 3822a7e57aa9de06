/** Jobs and what starts them by the clock: lists and pages. */
import { AppLink } from "../../components/AppLink.tsx";
import { formatExact } from "../../format/dates.ts";
import { formatCount } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { deletingState, type ObjectPage } from "../object-page.ts";
import { TemplateContainers } from "./workload.tsx";
import { WorkloadDeedButtons } from "./WorkloadDeeds.tsx";

const dateOr = (iso: string, none: string) => (iso === "" ? none : formatExact(iso));

export const jobPage: ObjectPage<"job"> = {
  noun: "job",
  placeholder: "Search by name",
  hints: [
    { word: "status:failed", detail: "By state" },
    { word: "owner:", detail: "Of one schedule" },
  ],
  states: {
    running: { word: "Running", tone: "working" },
    done: { word: "Done", tone: "ok" },
    failed: { word: "Failed", tone: "error" },
    suspended: { word: "Suspended", tone: "off" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "done",
      header: "Done",
      align: "end",
      track: "70px",
      cell: ({ facts }) => `${facts.succeeded}/${facts.completions}`,
      csv: ({ facts }) => `${facts.succeeded}/${facts.completions}`,
    },
    {
      id: "started",
      header: "Started",
      sortKey: "started",
      track: "minmax(150px,1fr)",
      cell: ({ facts }) => dateOr(facts.startedAt, "–"),
      csv: ({ facts }) => facts.startedAt,
    },
    {
      id: "owner",
      header: "Schedule",
      track: "minmax(110px,1fr)",
      cell: ({ facts }) => <span className="truncate">{facts.owner || "–"}</span>,
      csv: ({ facts }) => facts.owner,
    },
  ],
  fromText: true,
  empty: "A job runs pods until they have ended well: for work that is done once, such as moving data.",
  narrow: (facts) => [`${facts.succeeded} of ${facts.completions} done`],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section
        title="Job"
        aside={
          <AppLink to={`${paths.objects("pod", row.project)}?q=${encodeURIComponent(`owner:${row.name}`)}`}>
            Its pods
          </AppLink>
        }
      >
        <Facts
          facts={[
            { name: "Done", value: `${row.facts.succeeded} of ${row.facts.completions}` },
            { name: "Running now", value: formatCount(row.facts.active) },
            { name: "Failed", value: formatCount(row.facts.failed) },
            { name: "Started", value: dateOr(row.facts.startedAt, "Not yet") },
            { name: "Finished", value: dateOr(row.facts.finishedAt, "Not yet") },
            {
              name: "Schedule",
              value:
                row.facts.owner === "" ? (
                  "None"
                ) : (
                  <AppLink
                    to={paths.object({
                      ref: { noun: "cron-job" },
                      project: row.project,
                      name: row.facts.owner,
                    })}
                  >
                    {row.facts.owner}
                  </AppLink>
                ),
            },
          ]}
        />
      </Section>
      <TemplateContainers containers={detail.containers} />
    </>
  ),
  Actions: ({ detail }) => <WorkloadDeedButtons noun="job" detail={detail} />,
  deletion: () => "Its pods go with it, and with them what they wrote.",
};

export const cronJobPage: ObjectPage<"cron-job"> = {
  noun: "cron-job",
  placeholder: "Search by name",
  hints: [{ word: "status:suspended", detail: "By state" }],
  states: {
    ready: { word: "Waiting for its time", tone: "ok" },
    suspended: { word: "Suspended", tone: "off" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "schedule",
      header: "Schedule",
      track: "minmax(120px,1fr)",
      cell: ({ facts }) => <span className="font-mono text-xs">{facts.schedule}</span>,
      csv: ({ facts }) => facts.schedule,
    },
    {
      id: "last",
      header: "Last begun",
      sortKey: "last",
      track: "minmax(150px,1fr)",
      cell: ({ facts }) => dateOr(facts.lastAt, "Never"),
      csv: ({ facts }) => facts.lastAt,
    },
    {
      id: "active",
      header: "Running",
      align: "end",
      track: "80px",
      cell: ({ facts }) => formatCount(facts.active),
      csv: ({ facts }) => facts.active,
    },
  ],
  fromText: true,
  empty: "A schedule begins jobs by the clock, such as a backup every night.",
  narrow: (facts) => [facts.schedule],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section
        title="Schedule"
        aside={
          <AppLink to={`${paths.objects("job", row.project)}?q=${encodeURIComponent(`owner:${row.name}`)}`}>
            Its jobs
          </AppLink>
        }
      >
        <Facts
          facts={[
            { name: "When", value: <span className="font-mono">{row.facts.schedule}</span> },
            { name: "Time zone", value: row.facts.timeZone || "That of the cluster" },
            { name: "While one runs", value: detail.strategy },
            { name: "Last begun", value: dateOr(row.facts.lastAt, "Never") },
          ]}
        />
      </Section>
      <TemplateContainers containers={detail.containers} />
    </>
  ),
  Actions: ({ detail }) => <WorkloadDeedButtons noun="cron-job" detail={detail} />,
  deletion: () => "Jobs that it began go with it.",
};
