/** Pods: list and page, with what their containers wrote. */
import type { PodContainer } from "@kubev/api-types/objects/pod";
import { AppLink } from "../../components/AppLink.tsx";
import { Conditions } from "../../components/Conditions.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { formatExact } from "../../format/dates.ts";
import { formatCount } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { deletingState, type ObjectPage } from "../object-page.ts";
import { OwnerLink } from "./OwnerLink.tsx";
import { PodLog } from "./PodLog.tsx";
import { PodShell } from "./PodShell.tsx";

const roleWords = { main: "", init: "runs first", sidecar: "beside the others" } as const;

function containerState(one: PodContainer) {
  if (one.state === "running")
    return (
      <StatusMark tone={one.ready ? "ok" : "attention"}>{one.ready ? "Running" : "Not ready"}</StatusMark>
    );
  if (one.state === "terminated")
    return (
      <StatusMark tone={one.exitCode === 0 ? "off" : "error"} detail={one.message || undefined}>
        {one.exitCode === null ? "Ended" : `Ended with ${one.exitCode}`}
      </StatusMark>
    );
  return (
    <StatusMark tone="working" detail={one.message || undefined}>
      {one.stateReason || "Waiting"}
    </StatusMark>
  );
}

export const podPage: ObjectPage<"pod"> = {
  noun: "pod",
  placeholder: "Search by name, address or workload, e.g. host:host-1",
  hints: [
    { word: "status:failing", detail: "By state" },
    { word: "workload:", detail: "Of one workload" },
    { word: "host:", detail: "On one host" },
    { word: "restarts>0", detail: "That began again" },
  ],
  states: {
    running: { word: "Running", tone: "ok" },
    "not-ready": { word: "Not ready", tone: "attention" },
    pending: { word: "Starting", tone: "working" },
    unplaced: { word: "Cannot be scheduled", tone: "attention" },
    failing: { word: "Failing", tone: "error" },
    failed: { word: "Failed", tone: "error" },
    done: { word: "Finished", tone: "off" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "ready",
      header: "Ready",
      align: "end",
      track: "70px",
      cell: ({ facts }) => `${facts.ready}/${facts.containers}`,
      glow: ({ facts }) => String(facts.ready),
      csv: ({ facts }) => `${facts.ready}/${facts.containers}`,
    },
    {
      id: "restarts",
      header: "Restarts",
      sortKey: "restarts",
      align: "end",
      track: "80px",
      cell: ({ facts }) => formatCount(facts.restarts),
      csv: ({ facts }) => facts.restarts,
    },
    {
      id: "workload",
      header: "Belongs to",
      sortKey: "workload",
      track: "minmax(140px,1.2fr)",
      cell: ({ facts, project }) => <OwnerLink facts={facts} project={project} />,
      csv: ({ facts }) => facts.machine || facts.workload,
    },
    {
      id: "host",
      header: "Host",
      sortKey: "host",
      track: "minmax(90px,0.8fr)",
      cell: ({ facts }) => <span className="truncate">{facts.host || "–"}</span>,
      csv: ({ facts }) => facts.host,
    },
    {
      id: "address",
      header: "Address",
      track: "minmax(110px,0.9fr)",
      optional: true,
      cell: ({ facts }) => <span className="tabular truncate">{facts.ip || "–"}</span>,
      csv: ({ facts }) => facts.ip,
    },
  ],
  empty:
    "Pods are the containers that run in a project: those of workloads, and those that carry machines. They come when a machine starts or a workload is made.",
  narrow: (facts) => [`${facts.ready} of ${facts.containers} ready`, facts.host],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Pod">
        <Facts
          facts={[
            { name: "Belongs to", value: <OwnerLink facts={row.facts} project={row.project} /> },
            { name: "Host", value: row.facts.host || "Not placed yet" },
            { name: "Address", value: row.facts.ip || "None yet" },
            { name: "Service account", value: detail.serviceAccount },
            { name: "Begins again", value: detail.restartPolicy },
            { name: "Quality of service", value: detail.qosClass || "–" },
          ]}
        />
      </Section>
      <Section title="Containers" aside={<AppLink to={paths.object(row, "logs")}>What they wrote</AppLink>}>
        <SimpleTable
          label="Containers"
          columns={["Name", "State", "Restarts", "Since", "Image"]}
          endAligned={["Restarts"]}
          rows={detail.containers.map((one) => ({
            key: `${one.role}-${one.name}`,
            cells: [
              <span key="name">
                {one.name} <span className="text-tertiary">{roleWords[one.role]}</span>
              </span>,
              containerState(one),
              formatCount(one.restarts),
              one.startedAt === "" ? "–" : formatExact(one.startedAt),
              <span key="image" className="font-mono text-xs break-all">
                {one.image}
              </span>,
            ],
          }))}
        />
      </Section>
      <Conditions conditions={detail.conditions} />
    </>
  ),
  Logs: PodLog,
  Shell: PodShell,
  deletion: (row) =>
    row.facts.workload === ""
      ? "Nothing makes it again."
      : `${row.facts.workload} makes another in its place.`,
};
