/** The side navigation: the project's pages, then the platform's, each only for those who may open it. */
import { useRouterState } from "@tanstack/react-router";
import {
  Activity,
  Disc3,
  FileCode,
  Gauge,
  Grid3x3,
  HardDrive,
  HeartPulse,
  LayoutGrid,
  Monitor,
  Network,
  Server,
  SquareStack,
  Workflow,
} from "lucide-react";
import type { ReactNode } from "react";
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import type { Areas } from "@kubev/api-types/session";
import { AppLink } from "../components/AppLink.tsx";
import { ProjectSwitcher } from "../components/ProjectSwitcher.tsx";
import { useProject } from "../components/use-place.ts";
import { useSession } from "../components/use-session.ts";
import { type NavigationGroup, objectWords } from "../objects/object-words.ts";
import { paths } from "../paths.ts";
import { cx } from "../ui/cx.ts";
import { rememberedProject } from "./remembered-project.ts";
import { type Area, useArea } from "./use-area.ts";
import { useObjectNouns } from "./use-object-nouns.ts";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

/** The groups of one area's nouns, in the order in which they are shown. */
const groups: readonly { id: NavigationGroup; title: string }[] = [
  { id: "compute", title: "Compute" },
  { id: "storage", title: "Storage" },
  { id: "network", title: "Network" },
  { id: "workloads", title: "Workloads" },
  { id: "access", title: "Access" },
  { id: "platform", title: "Cluster" },
];

interface Entry {
  label: string;
  to: string;
  icon: ReactNode;
}

type Grouped = Partial<Record<NavigationGroup, readonly Entry[]>>;

export function Navigation() {
  const session = useSession();
  const inPath = useProject();
  const project = rememberedProject(inPath);
  const { areas } = session;
  const offered = useObjectNouns(project);
  const shown = useArea();
  const platform = areas?.platform ? areas : null;
  return (
    <nav aria-label="Main" className="flex h-full flex-col gap-3 overflow-y-auto px-2 pt-3 pb-4">
      <AppLink to={paths.home()} look="bare" className="flex items-center gap-2.5 px-2">
        <img src="/icon.svg" alt="" className="size-5" />
        <span className="min-w-0 truncate text-base font-semibold tracking-tight">KubeV Console</span>
      </AppLink>
      {platform === null ? null : <AreaSwitch shown={shown} areas={platform} project={project} />}
      {platform !== null && shown === "platform" ? (
        <PlatformArea areas={platform} nouns={offered.platform} />
      ) : (
        <div className="flex flex-col gap-2">
          <ProjectSwitcher project={project} />
          {project === undefined ? null : <ProjectArea project={project} nouns={offered.project} />}
          <Group>
            <Item to={paths.projects()} exact icon={<SquareStack {...icon} />}>
              All projects
            </Item>
          </Group>
        </div>
      )}
      <p className="mt-auto px-2 pt-4 text-xs break-words text-tertiary">
        {session.cluster.name} · {session.consoleVersion}
      </p>
    </nav>
  );
}

interface AreaSwitchProps {
  shown: Area;
  areas: Areas;
  project: string | undefined;
}

/** Operators go to and fro between one project and the platform; each half keeps its own list of pages. */
function AreaSwitch({ shown, areas, project }: AreaSwitchProps) {
  const halves = [
    {
      area: "project",
      label: "Projects",
      to: project === undefined ? paths.projects() : paths.vms(project),
    },
    {
      area: "platform",
      label: "Platform",
      to: areas.hosts ? paths.platformOverview() : paths.vms(undefined),
    },
  ] as const;
  return (
    <ul aria-label="Part of the console" className="grid grid-cols-2 gap-0.5 rounded-md bg-sunken p-0.5">
      {halves.map(({ area, label, to }) => (
        <li key={area}>
          <AppLink
            to={to}
            look="bare"
            aria-current={shown === area ? "true" : undefined}
            className={cx(
              "flex h-7 items-center justify-center rounded-sm text-xs",
              shown === area
                ? "bg-raised font-medium text-content shadow-sm"
                : "text-secondary hover:text-content",
            )}
          >
            {label}
          </AppLink>
        </li>
      ))}
    </ul>
  );
}

function objectEntries(
  nouns: readonly ObjectNoun[],
  project: string | undefined,
  group: NavigationGroup,
): Entry[] {
  return nouns
    .filter((noun) => objectWords[noun].group === group)
    .map((noun) => {
      const { many, icon: Icon } = objectWords[noun];
      return { label: many, to: paths.objects(noun, project), icon: <Icon {...icon} /> };
    });
}

interface GroupsProps {
  fixed: Grouped;
  nouns: readonly ObjectNoun[];
  project: string | undefined;
}

function Groups({ fixed, nouns, project }: GroupsProps) {
  return groups.map(({ id, title }) => {
    const entries = [...(fixed[id] ?? []), ...objectEntries(nouns, project, id)];
    return entries.length === 0 ? null : (
      <Group key={id} title={title}>
        {entries.map(({ label, to, icon: sign }) => (
          <Item key={to} to={to} icon={sign}>
            {label}
          </Item>
        ))}
      </Group>
    );
  });
}

function ProjectArea({ project, nouns }: { project: string; nouns: readonly ObjectNoun[] }) {
  return (
    <>
      <Group>
        <Item to={paths.project(project)} exact icon={<LayoutGrid {...icon} />}>
          Overview
        </Item>
        <Item to={paths.activity(project)} icon={<Activity {...icon} />}>
          Activity
        </Item>
      </Group>
      <Groups
        project={project}
        nouns={nouns}
        fixed={{
          compute: [
            { label: "Virtual machines", to: paths.vms(project), icon: <Monitor {...icon} /> },
            { label: "Images", to: paths.images(project), icon: <Disc3 {...icon} /> },
          ],
          storage: [{ label: "Disks", to: paths.disks(project), icon: <HardDrive {...icon} /> }],
          network: [
            { label: "Networks", to: paths.subnets(project), icon: <Network {...icon} /> },
            { label: "Topology", to: paths.topology(project), icon: <Workflow {...icon} /> },
          ],
          workloads: [
            { label: "Create from YAML", to: paths.textCreate(project), icon: <FileCode {...icon} /> },
          ],
        }}
      />
    </>
  );
}

function PlatformArea({ areas, nouns }: { areas: Areas; nouns: readonly ObjectNoun[] }) {
  const hostMap = { label: "Host map", to: paths.hostMap(), icon: <Grid3x3 {...icon} /> };
  const hosts = { label: "Hosts", to: paths.hosts(), icon: <Server {...icon} /> };
  return (
    <div className="flex flex-col gap-2">
      {areas.activity || areas.hosts ? (
        <Group>
          {areas.hosts ? (
            <>
              <Item to={paths.platformOverview()} icon={<LayoutGrid {...icon} />}>
                Overview
              </Item>
              <Item to={paths.platformStatus()} icon={<HeartPulse {...icon} />}>
                Status
              </Item>
              <Item to={paths.capacity()} icon={<Gauge {...icon} />}>
                Capacity
              </Item>
            </>
          ) : null}
          {areas.activity ? (
            <Item to={paths.activity(undefined)} icon={<Activity {...icon} />}>
              Activity
            </Item>
          ) : null}
        </Group>
      ) : null}
      <Groups
        project={undefined}
        nouns={nouns}
        fixed={{
          compute: [
            ...(areas.hosts ? [hosts, hostMap] : []),
            { label: "Virtual machines", to: paths.vms(undefined), icon: <Monitor {...icon} /> },
            { label: "Images", to: paths.images(undefined), icon: <Disc3 {...icon} /> },
          ],
          storage: [{ label: "Disks", to: paths.disks(undefined), icon: <HardDrive {...icon} /> }],
          network: areas.networks
            ? [{ label: "Topology", to: paths.topology(undefined), icon: <Workflow {...icon} /> }]
            : [],
          workloads: [
            { label: "Create from YAML", to: paths.textCreate(undefined), icon: <FileCode {...icon} /> },
          ],
        }}
      />
    </div>
  );
}

function Group({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <div>
      {title === undefined ? null : <h2 className="px-2 pb-1 text-xs text-tertiary">{title}</h2>}
      <ul className="flex flex-col gap-px">{children}</ul>
    </div>
  );
}

function Item(props: { to: string; exact?: boolean; icon: ReactNode; children: ReactNode }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const current = path === props.to || (props.exact !== true && path.startsWith(`${props.to}/`));
  return (
    <li>
      <AppLink
        to={props.to}
        look="bare"
        aria-current={current ? "page" : undefined}
        className={cx(
          "flex h-[30px] items-center gap-2.5 rounded-md px-2",
          current
            ? "bg-selected font-medium text-content"
            : "text-secondary hover:bg-hover hover:text-content",
        )}
      >
        <span className={current ? "text-accent" : "text-tertiary"}>{props.icon}</span>
        <span className="truncate">{props.children}</span>
      </AppLink>
    </li>
  );
}
