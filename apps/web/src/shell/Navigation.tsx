/** The side navigation: the project's pages, then the platform's, each only for those who may open it. */
import { useRouterState } from "@tanstack/react-router";
import { SquareStack } from "lucide-react";
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
import { type NavigationEntry, platformEntries, projectEntries } from "./navigation-entries.tsx";
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
        <div className="flex flex-col gap-2">
          <Pages project={undefined} fixed={platformEntries(platform)} nouns={offered.platform} />
        </div>
      ) : (
        <div className="flex flex-col gap-2">
          <ProjectSwitcher project={project} />
          {project === undefined ? null : (
            <Pages
              project={project}
              fixed={projectEntries(project, offered.secrets)}
              nouns={offered.project}
            />
          )}
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

interface PagesProps {
  /** Pages that are no noun's; each group begins with its own. */
  fixed: readonly NavigationEntry[];
  nouns: readonly ObjectNoun[];
  project: string | undefined;
}

function Pages({ fixed, nouns, project }: PagesProps) {
  const ofNouns = nouns.map((noun): NavigationEntry => {
    const { many, icon: sign, group } = objectWords[noun];
    return { label: many, to: paths.objects(noun, project), icon: sign, group };
  });
  const all = [...fixed, ...ofNouns];
  return (
    <>
      {[{ id: undefined, title: undefined }, ...groups].map(({ id, title }) => {
        const own = all.filter(({ group }) => group === id);
        return own.length === 0 ? null : (
          <Group key={id ?? "top"} title={title}>
            {own.map(({ label, to, icon: Sign, exact }) => (
              <Item key={to} to={to} exact={exact} icon={<Sign {...icon} />}>
                {label}
              </Item>
            ))}
          </Group>
        );
      })}
    </>
  );
}

function Group({ title, children }: { title?: string | undefined; children: ReactNode }) {
  return (
    <div>
      {title === undefined ? null : <h2 className="px-2 pb-1 text-xs text-tertiary">{title}</h2>}
      <ul className="flex flex-col gap-px">{children}</ul>
    </div>
  );
}

function Item(props: { to: string; exact?: boolean | undefined; icon: ReactNode; children: ReactNode }) {
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
