/** The projects a person may see, with what runs in each. */
import type { ProjectRow } from "@kubev/api-types/projects";
import { rowKey } from "../../api/live/list-window.ts";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { quotaAmount, quotaWord } from "../../format/quota.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { useSession } from "../../components/use-session.ts";
import { Plus, SquareStack } from "lucide-react";
import { useGo } from "../../components/use-place.ts";
import { formatCount, formatPercent, formatPlural } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import type { Column } from "../../table/column.ts";
import { ListPage } from "../../table/ListPage.tsx";
import { useList } from "../../table/use-list.ts";
import { RoomBar } from "../../ui/Progress.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { Badge, StatusMark } from "../../ui/Status.tsx";
import { NoProjects } from "./NoProjects.tsx";
import { nameColumn } from "../../table/place-columns.tsx";

/** Where the reader may not see what is counted. */
const notKnown = "–";
const countOf = (count: number | undefined) => (count === undefined ? notKnown : formatCount(count));

/** The line of a quota that is nearest to its end. */
function tightest(project: ProjectRow) {
  return project.quota?.toSorted((a, b) => b.used / Math.max(1, b.hard) - a.used / Math.max(1, a.hard))[0];
}

const columns: readonly Column<ProjectRow>[] = [
  nameColumn({
    track: "minmax(180px,2fr)",
    to: (project) => paths.project(project.name),
    beside: (project) => (
      <>
        {project.displayName === "" || project.displayName === project.name ? null : (
          <span className="truncate text-tertiary">{project.displayName}</span>
        )}
        {project.phase === "Terminating" ? <Badge tone="working">Being deleted</Badge> : null}
      </>
    ),
  }),
  {
    id: "vms",
    header: "Machines",
    align: "end",
    track: "100px",
    cell: (project) => (
      <AppLink to={paths.vms(project.name)} look="plain">
        {countOf(project.virtualMachines?.total)}
      </AppLink>
    ),
    glow: (project) => String(project.virtualMachines?.total),
    csv: (project) => project.virtualMachines?.total ?? "",
  },
  {
    id: "running",
    header: "Running",
    align: "end",
    track: "92px",
    cell: (project) => countOf(project.virtualMachines?.running),
    glow: (project) => String(project.virtualMachines?.running),
    csv: (project) => project.virtualMachines?.running ?? "",
  },
  {
    id: "attention",
    header: "Need attention",
    track: "minmax(140px,1fr)",
    cell: (project) => {
      const attention = project.virtualMachines?.attention;
      return attention ? (
        <StatusMark tone="attention">{formatCount(attention)}</StatusMark>
      ) : (
        <span className="text-tertiary">{attention === 0 ? "None" : notKnown}</span>
      );
    },
    csv: (project) => project.virtualMachines?.attention ?? "",
  },
  {
    id: "quota",
    header: "Nearest limit",
    track: "minmax(220px,2fr)",
    cell: (project) => {
      const line = tightest(project);
      if (line === undefined)
        return <span className="text-tertiary">{project.quota === null ? notKnown : "No quota"}</span>;
      const percent = line.hard === 0 ? 100 : (line.used / line.hard) * 100;
      return (
        <span
          className="flex w-full min-w-0 items-center gap-2.5"
          title={`${quotaAmount(line.resource, line.used)} of ${quotaAmount(line.resource, line.hard)}`}
        >
          <span className="w-16 shrink-0">
            <RoomBar percent={percent} label={quotaWord(line.resource)} />
          </span>
          <span className="tabular truncate text-secondary">
            {quotaWord(line.resource)} {formatPercent(percent)}
          </span>
        </span>
      );
    },
    csv: (project) =>
      (project.quota ?? []).map((line) => `${line.resource}=${line.used}/${line.hard}`).join(" "),
  },
  {
    id: "description",
    header: "Description",
    track: "minmax(120px,2fr)",
    optional: "wide",
    cell: (project) => <span className="truncate text-secondary">{project.description}</span>,
    csv: (project) => project.description,
  },
  {
    id: "created",
    header: "Age",
    sortKey: "age",
    align: "end",
    track: "76px",
    cell: (project) => <Age iso={project.createdAt} />,
    csv: (project) => project.createdAt,
  },
];

export default function ProjectListPage() {
  const list = useList("projects");
  const go = useGo();
  const { areas } = useSession();
  const create =
    areas?.createProject === true ? (
      <ButtonLink
        to={paths.projectCreate()}
        tone="primary"
        icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
      >
        Create project
      </ButtonLink>
    ) : undefined;
  return (
    <ListPage<ProjectRow>
      action={create}
      tableId="projects"
      title="Projects"
      failed="The list of projects could not be loaded."
      placeholder="Search by name"
      hints={[{ word: "label:", detail: "By a label" }]}
      columns={columns}
      list={list}
      keyOf={rowKey}
      nameOf={(project) => project.name}
      onOpen={(project) => go(paths.project(project.name))}
      empty={
        create === undefined ? (
          <NoProjects />
        ) : (
          <EmptyState
            title="There are no projects"
            icon={<SquareStack size={28} strokeWidth={1.25} aria-hidden />}
            action={create}
          >
            A project is a room of its own for machines, disks and networks, with its own members and its own
            bounds. Everything that people make lies in one.
          </EmptyState>
        )
      }
      renderNarrow={(project) => (
        <div className="flex min-w-0 flex-col">
          <AppLink to={paths.project(project.name)} look="plain" className="truncate font-medium">
            {project.name}
          </AppLink>
          <MachineCounts machines={project.virtualMachines} />
        </div>
      )}
    />
  );
}

function MachineCounts({ machines }: { machines: ProjectRow["virtualMachines"] }) {
  if (machines === null)
    return <span className="truncate text-xs text-tertiary">You may not see its machines</span>;
  return (
    <span className="flex min-w-0 items-center justify-between gap-2 text-xs">
      <span className="tabular min-w-0 truncate text-tertiary">
        {formatPlural(machines.total, "machine", "machines")}, {formatCount(machines.running)} running
      </span>
      {machines.attention === 0 ? null : (
        <span className="shrink-0">
          <StatusMark tone="attention">
            {formatPlural(machines.attention, "needs attention", "need attention")}
          </StatusMark>
        </span>
      )}
    </span>
  );
}
