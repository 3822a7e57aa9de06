/** How catalogued nouns are called, where the navigation shows them, and their sign. Small: every page loads it. */
import { objectCatalog, objectNouns, type ObjectNoun } from "@kubev/api-types/object-catalog";
import {
  Bot,
  Box,
  Boxes,
  Cable,
  CalendarClock,
  Camera,
  Database,
  FileText,
  Gauge,
  Globe,
  Layers,
  type LucideIcon,
  Play,
  Plug,
  Ruler,
  Scaling,
  Server,
  ShieldCheck,
  SlidersHorizontal,
  Users,
} from "lucide-react";

export type NavigationGroup = "compute" | "storage" | "network" | "workloads" | "access" | "platform";

interface ObjectWords {
  /** As a heading begins: "Security group". */
  one: string;
  many: string;
  group: NavigationGroup;
  icon: LucideIcon;
}

export const objectWords = {
  "security-group": { one: "Security group", many: "Security groups", group: "network", icon: ShieldCheck },
  service: { one: "Service", many: "Services", group: "network", icon: Globe },
  "storage-class": { one: "Storage class", many: "Storage classes", group: "storage", icon: Database },
  "volume-snapshot": { one: "Snapshot", many: "Snapshots", group: "storage", icon: Camera },
  "snapshot-class": { one: "Snapshot class", many: "Snapshot classes", group: "storage", icon: Layers },
  "csi-driver": { one: "Storage driver", many: "Storage drivers", group: "storage", icon: Plug },
  "csi-node": { one: "Host's storage", many: "Storage of hosts", group: "storage", icon: Server },
  "storage-capacity": { one: "Storage capacity", many: "Storage capacity", group: "storage", icon: Gauge },
  "volume-attachment": { one: "Attached volume", many: "Attached volumes", group: "storage", icon: Cable },
  "data-import-cron": {
    one: "Scheduled import",
    many: "Scheduled imports",
    group: "storage",
    icon: CalendarClock,
  },
  pod: { one: "Pod", many: "Pods", group: "workloads", icon: Box },
  deployment: { one: "Deployment", many: "Deployments", group: "workloads", icon: Boxes },
  "stateful-set": { one: "Stateful set", many: "Stateful sets", group: "workloads", icon: Boxes },
  "daemon-set": { one: "Daemon set", many: "Daemon sets", group: "workloads", icon: Boxes },
  job: { one: "Job", many: "Jobs", group: "workloads", icon: Play },
  "cron-job": { one: "Schedule", many: "Schedules", group: "workloads", icon: CalendarClock },
  "config-map": { one: "Config map", many: "Config maps", group: "workloads", icon: FileText },
  "role-binding": { one: "Membership", many: "Members", group: "access", icon: Users },
  "service-account": { one: "Service account", many: "Service accounts", group: "access", icon: Bot },
  "resource-quota": { one: "Quota", many: "Quotas", group: "access", icon: Gauge },
  "limit-range": { one: "Limit range", many: "Limit ranges", group: "access", icon: Ruler },
  "instance-type": { one: "Instance type", many: "Instance types", group: "compute", icon: Scaling },
  preference: { one: "Preference", many: "Preferences", group: "compute", icon: SlidersHorizontal },
} as const satisfies Record<ObjectNoun, ObjectWords>;

/** Namespaced kinds that lie where the platform's own parts do: no project's page leads to them. */
export const nounsOfPlatform: ReadonlySet<ObjectNoun> = new Set<ObjectNoun>(["storage-capacity"]);

/** "Security group" within a sentence; names that are written large stay so. */
export function inSentence(word: string): string {
  return /^[A-Z][A-Z]/.test(word) ? word : word.charAt(0).toLowerCase() + word.slice(1);
}

/** The noun of a segment of the URL. */
export function nounOfPlural(plural: string): ObjectNoun | undefined {
  return objectNouns.find((noun) => objectCatalog[noun].plural === plural);
}
