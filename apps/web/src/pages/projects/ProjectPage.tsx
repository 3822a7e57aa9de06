/** A project at a glance: what runs, what needs a person, what is left of the quota, what is under way. */
import type { ObjectRow } from "@kubev/api-types/objects";
import type { ProjectRow } from "@kubev/api-types/projects";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { useQuery } from "@tanstack/react-query";
import { Disc3, HardDrive, Monitor, Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useLiveList } from "../../api/live/use-live.ts";
import { read, readList } from "../../api/queries.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { useHangingDeletions } from "../../components/hanging-deletions.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { NeedsAttention } from "../../components/NeedsAttention.tsx";
import { troublesOf } from "../../components/troubles.ts";
import { QuotaBars } from "../../components/QuotaBars.tsx";
import { RecentActivity } from "../../components/RecentActivity.tsx";
import { TopMachines } from "../../components/TopMachines.tsx";
import { UnderWay } from "../../components/UnderWay.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo, useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { VmStatus } from "../../components/VmStatus.tsx";
import { formatCount } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { Section } from "../../ui/Facts.tsx";
import { ProjectMachines } from "./ProjectMachines.tsx";
import { ProjectDelete } from "./ProjectDelete.tsx";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { Badge, StatusShape } from "../../ui/Status.tsx";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

export default function ProjectPage() {
  const { project } = useNamed();
  useTitle(project);
  const { data, error, refetch } = useQuery(read("getProject", { params: { project } }));
  if (data === undefined)
    return error ? (
      <LoadFailed
        error={error}
        what={`The project ${project} could not be loaded.`}
        onRetry={() => void refetch()}
        action={<ButtonLink to={paths.projects()}>Projects</ButtonLink>}
      />
    ) : (
      <div className="px-5 py-6">
        <SkeletonLines label="Loading the project" lines={6} />
      </div>
    );
  return (
    <div className="flex w-full flex-col gap-6 px-3 py-4 md:px-5">
      <header className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <h1 className="text-xl font-semibold tracking-tight break-words">
            {data.displayName === "" ? data.name : data.displayName}
          </h1>
          <p className="text-secondary break-words empty:hidden">
            {data.description === "" && !["", data.name].includes(data.displayName)
              ? `Project ${data.name}`
              : data.description}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <ProjectMenu project={data} />
          <ButtonLink
            to={paths.imageUpload(project)}
            disabledReason={disabledReason(data.actions.uploadImage)}
          >
            Upload image
          </ButtonLink>
          <ButtonLink
            to={paths.vmCreate(project)}
            tone="primary"
            icon={<Plus {...icon} />}
            disabledReason={disabledReason(data.actions.createVirtualMachine)}
          >
            Create VM
          </ButtonLink>
        </div>
      </header>
      <Counts project={data} />
      <div className="grid gap-x-12 gap-y-7 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-7">
          {data.virtualMachines === null ? (
            <Section title="Machines">
              <p className="text-secondary">You may not see the machines of this project.</p>
            </Section>
          ) : data.virtualMachines.total === 0 ? (
            <Beginning />
          ) : (
            <>
              <ProjectTroubles project={project} />
              <ProjectMachines project={project} />
            </>
          )}
          <RecentActivity project={project} />
        </div>
        <div className="flex min-w-0 flex-col gap-7">
          <Section
            title="Quota"
            aside={<AppLink to={paths.objects("resource-quota", project)}>What is left</AppLink>}
          >
            {data.quota === null ? (
              <p className="text-secondary">You may not see the quota of this project.</p>
            ) : data.quota.length === 0 ? (
              <p className="text-secondary">No quota is set: the project may use whatever the hosts have.</p>
            ) : (
              <QuotaBars quota={data.quota} />
            )}
          </Section>
          {data.virtualMachines === null ? null : <TopMachines project={project} />}
          <UnderWay project={project} />
          <Members project={project} />
        </div>
      </div>
    </div>
  );
}

/** In place of what is wrong with its machines, while there are none; the buttons for it stand above. */
function Beginning() {
  return (
    <Section title="Begin here">
      <p className="max-w-prose text-secondary">
        This project has no machines yet. A machine starts from an image: a shared one, or one that you upload
        or import here. What it uses counts against the quota, and members of the project see it.
      </p>
    </Section>
  );
}

/** Who is in it, and what the reader himself may do. */
function Members({ project }: { project: string }) {
  const bindings = useQuery({
    ...readList("listObjects", { params: { noun: "role-binding" }, query: { project, pageSize: 50 } }),
    retry: false,
  }).data?.rows;
  return (
    <Section
      title="Members"
      aside={
        <span className="flex gap-3">
          <AppLink to={paths.objects("role-binding", project)}>All</AppLink>
          <AppLink to={paths.projectRights(project)}>What you can do</AppLink>
        </span>
      }
    >
      {bindings === undefined || bindings.length === 0 ? (
        <p className="text-secondary">You see no memberships of this project.</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {bindings.slice(0, 8).map((row) => {
            const { facts } = row as ObjectRow<"role-binding">; // as: this noun was asked for
            return (
              <li key={row.name} className="flex min-w-0 justify-between gap-3">
                <span className="truncate">{facts.subjects.map(({ name }) => name).join(", ")}</span>
                <AppLink to={paths.object(row)} look="plain" className="shrink-0 text-secondary">
                  {facts.role}
                </AppLink>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}

function ProjectMenu({ project }: { project: ProjectRow }) {
  const [deleting, setDeleting] = useState(false);
  const go = useGo();
  return (
    <>
      <ButtonLink to={paths.projectEdit(project.name)} disabledReason={disabledReason(project.actions.edit)}>
        Edit
      </ButtonLink>
      <ButtonLink to={paths.projectYaml(project.name)}>YAML</ButtonLink>
      <Button disabledReason={disabledReason(project.actions.delete)} onClick={() => setDeleting(true)}>
        Delete
      </Button>
      {deleting ? (
        <ProjectDelete
          project={project.name}
          onClose={() => setDeleting(false)}
          onDeleted={() => go(paths.projects())}
        />
      ) : null}
    </>
  );
}

/** Exactly what the project's count counts: machines in trouble, and those that wait for a restart. */
const troubledQuery = "attention:yes";
const notYours = "You may not see them";

function Counts({ project }: { project: ProjectRow }) {
  const query = { project: project.name, pageSize: 1 };
  const disks = useQuery(readList("listDisks", { query })).data?.total;
  const images = useQuery(readList("listImages", { query })).data?.total;
  const machines = project.virtualMachines;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-stroke bg-stroke sm:grid-cols-4">
      <Count
        icon={<Monitor {...icon} />}
        name="Virtual machines"
        to={paths.vms(project.name)}
        value={machines?.total}
        detail={machines === null ? notYours : `${formatCount(machines.running)} running`}
      />
      <Count
        icon={
          <StatusShape tone={machines === null ? "off" : machines.attention === 0 ? "ok" : "attention"} />
        }
        name="Need attention"
        to={machines?.attention ? `${paths.vms(project.name)}?q=${troubledQuery}` : undefined}
        value={machines?.attention}
        detail={machines === null ? notYours : machines.attention === 0 ? "None in trouble" : "See below"}
      />
      <Count icon={<HardDrive {...icon} />} name="Disks" to={paths.disks(project.name)} value={disks} />
      <Count icon={<Disc3 {...icon} />} name="Images" to={paths.images(project.name)} value={images} />
    </dl>
  );
}

function Count(props: {
  icon: ReactNode;
  name: string;
  /** Where those counted are listed; undefined where there is nothing to list. */
  to: string | undefined;
  value: number | undefined;
  detail?: string;
}) {
  const shown = props.value === undefined ? "–" : formatCount(props.value);
  return (
    <div className="flex flex-col gap-0.5 bg-raised px-4 py-3">
      <dt className="flex items-center gap-2 text-secondary">
        {props.icon}
        <span className="truncate">{props.name}</span>
      </dt>
      <dd className="flex items-baseline gap-2">
        {props.to === undefined ? (
          <span className="tabular text-xl font-semibold">{shown}</span>
        ) : (
          <AppLink to={props.to} look="plain" className="tabular text-xl font-semibold">
            {shown}
          </AppLink>
        )}
        <span className="truncate text-xs text-tertiary">{props.detail}</span>
      </dd>
    </div>
  );
}

function ProjectTroubles({ project }: { project: string }) {
  const query = { project, q: troubledQuery, pageSize: 25 };
  const options = readList("listVms", { query });
  const stalled = useQuery(options);
  useLiveList("vms", query, options.queryKey);
  const deletions = useHangingDeletions(project);
  const asTrouble = (vm: VmRow) => ({
    key: vm.name,
    name: vm.name,
    to: paths.vm(vm.project, vm.name),
    tone: vm.state.tone,
    status: (
      <span className="flex min-w-0 flex-wrap items-center gap-x-3">
        <VmStatus state={vm.state} />
        {vm.restartRequired ? <Badge tone="attention">Restart needed</Badge> : null}
      </span>
    ),
  });
  return (
    <NeedsAttention
      nothing="Nothing. Every machine is as it should be."
      sources={[
        deletions,
        troublesOf(
          "machines",
          stalled,
          asTrouble,
          `${paths.vms(project)}?q=${encodeURIComponent(troubledQuery)}`,
        ),
      ]}
    />
  );
}
