/** The console's pages that are no catalogued noun's, once for the navigation and for the palette. */
import type { Areas } from "@kubev/api-types/session";
import {
  Activity,
  Boxes,
  Disc3,
  FileCode,
  Gauge,
  Grid3x3,
  HardDrive,
  HeartPulse,
  KeyRound,
  LayoutGrid,
  type LucideIcon,
  Monitor,
  Network,
  Server,
  Workflow,
} from "lucide-react";
import type { NavigationGroup } from "../objects/object-words.ts";
import { paths } from "../paths.ts";

export interface NavigationEntry {
  label: string;
  to: string;
  icon: LucideIcon;
  /** Undefined for what stands above all groups. */
  group: NavigationGroup | undefined;
  /** Current only there, not on the pages below. */
  exact?: boolean;
}

type Line = readonly [group: NavigationGroup | undefined, label: string, to: string, icon: LucideIcon];

const entries = (lines: readonly Line[]): NavigationEntry[] =>
  lines.map(([group, label, to, icon]) => ({ group, label, to, icon }));

/** `secrets`: whether this person may list them there. */
export function projectEntries(project: string, secrets: boolean): NavigationEntry[] {
  const overview = { label: "Overview", to: paths.project(project), icon: LayoutGrid, group: undefined };
  return [
    { ...overview, exact: true },
    ...entries([
      [undefined, "Activity", paths.activity(project), Activity],
      ["compute", "Virtual machines", paths.vms(project), Monitor],
      ["compute", "Images", paths.images(project), Disc3],
      ["storage", "Disks", paths.disks(project), HardDrive],
      ["network", "Networks", paths.subnets(project), Network],
      ["network", "Topology", paths.topology(project), Workflow],
      ["workloads", "Create from YAML", paths.textCreate(project), FileCode],
      ["workloads", "All kinds", paths.kinds(project), Boxes],
    ]),
    ...(secrets ? entries([["access", "Secrets and keys", paths.secrets(project), KeyRound]]) : []),
  ];
}

export function platformEntries({ hosts, activity, networks }: Areas): NavigationEntry[] {
  const where = (may: boolean, lines: readonly Line[]) => (may ? entries(lines) : []);
  return [
    ...where(hosts, [
      [undefined, "Overview", paths.platformOverview(), LayoutGrid],
      [undefined, "Status", paths.platformStatus(), HeartPulse],
      [undefined, "Capacity", paths.capacity(), Gauge],
    ]),
    ...where(activity, [[undefined, "Activity", paths.activity(undefined), Activity]]),
    ...where(hosts, [
      ["compute", "Hosts", paths.hosts(), Server],
      ["compute", "Host map", paths.hostMap(), Grid3x3],
    ]),
    ...entries([
      ["compute", "Virtual machines", paths.vms(undefined), Monitor],
      ["compute", "Images", paths.images(undefined), Disc3],
      ["storage", "Disks", paths.disks(undefined), HardDrive],
    ]),
    ...where(networks, [["network", "Topology", paths.topology(undefined), Workflow]]),
    ...entries([
      ["workloads", "Create from YAML", paths.textCreate(undefined), FileCode],
      ["platform", "All kinds", paths.kinds(undefined), Boxes],
    ]),
  ];
}
