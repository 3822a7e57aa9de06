/** The side navigation: the project's pages, then the platform's, each only for those who may open it. */
import { useRouterState } from "@tanstack/react-router";
import {
  Activity,
  Disc3,
  HardDrive,
  LayoutGrid,
  Monitor,
  Network,
  Server,
  SquareStack,
  Waypoints,
} from "lucide-react";
import type { ReactNode } from "react";
import { AppLink } from "../components/AppLink.tsx";
import { ProjectSwitcher } from "../components/ProjectSwitcher.tsx";
import { useProject } from "../components/use-place.ts";
import { useSession } from "../components/use-session.ts";
import { paths } from "../paths.ts";
import { cx } from "../ui/cx.ts";
import { rememberedProject } from "./remembered-project.ts";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

export function Navigation() {
  const session = useSession();
  const inPath = useProject();
  const project = rememberedProject(inPath);
  return (
    <nav aria-label="Main" className="flex h-full flex-col gap-4 overflow-y-auto px-2 pt-3 pb-4">
      <AppLink to={paths.home()} look="bare" className="flex items-center gap-2.5 px-2">
        <img src="/icon.svg" alt="" className="size-5" />
        <span className="min-w-0 truncate text-base font-semibold tracking-tight">KubeV Console</span>
      </AppLink>
      <div className="flex flex-col gap-2">
        <ProjectSwitcher project={project} />
        {project === undefined ? null : (
          <Group>
            <Item to={paths.project(project)} exact icon={<LayoutGrid {...icon} />}>
              Overview
            </Item>
            <Item to={paths.vms(project)} icon={<Monitor {...icon} />}>
              Virtual machines
            </Item>
            <Item to={paths.disks(project)} icon={<HardDrive {...icon} />}>
              Disks
            </Item>
            <Item to={paths.images(project)} icon={<Disc3 {...icon} />}>
              Images
            </Item>
            <Item to={paths.subnets(project)} icon={<Network {...icon} />}>
              Networks
            </Item>
            <Item to={paths.activity(project)} icon={<Activity {...icon} />}>
              Activity
            </Item>
          </Group>
        )}
        <Group>
          <Item to={paths.projects()} exact icon={<SquareStack {...icon} />}>
            All projects
          </Item>
        </Group>
      </div>
      {session.areas?.platform ? (
        <Group title="Platform">
          <Item to={paths.vms(undefined)} icon={<Monitor {...icon} />}>
            All virtual machines
          </Item>
          {session.areas.hosts ? (
            <Item to={paths.hosts()} icon={<Server {...icon} />}>
              Hosts
            </Item>
          ) : null}
          {session.areas.networks ? (
            <>
              <Item to={paths.vpcs()} icon={<Waypoints {...icon} />}>
                VPCs
              </Item>
              <Item to={paths.subnets(undefined)} icon={<Network {...icon} />}>
                Subnets
              </Item>
            </>
          ) : null}
          <Item to={paths.disks(undefined)} icon={<HardDrive {...icon} />}>
            All disks
          </Item>
          <Item to={paths.images(undefined)} icon={<Disc3 {...icon} />}>
            All images
          </Item>
          {session.areas.activity ? (
            <Item to={paths.activity(undefined)} icon={<Activity {...icon} />}>
              All activity
            </Item>
          ) : null}
        </Group>
      ) : null}
      <p className="mt-auto px-2 pt-4 text-xs break-words text-tertiary">
        {session.cluster.name} · {session.consoleVersion}
      </p>
    </nav>
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
          "flex h-8 items-center gap-2.5 rounded-md px-2",
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
