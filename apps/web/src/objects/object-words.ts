/** How catalogued nouns are called, where the navigation shows them, and their sign. Small: every page loads it. */
import { objectCatalog, objectNouns, type ObjectNoun } from "@kubev/api-types/object-catalog";
import {
  Bot,
  Box,
  Boxes,
  AtSign,
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
  Network,
  Router,
  Scaling,
  Server,
  ShieldCheck,
  SlidersHorizontal,
  Users,
  Waypoints,
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
  vpc: { one: "VPC", many: "VPCs", group: "network", icon: Waypoints },
  subnet: { one: "Subnet", many: "Subnets", group: "network", icon: Network },
  "security-group": { one: "Security group", many: "Security groups", group: "network", icon: ShieldCheck },
  service: { one: "Service", many: "Services", group: "network", icon: Globe },
  address: { one: "Address", many: "Addresses", group: "network", icon: AtSign },
  vip: { one: "Virtual address", many: "Virtual addresses", group: "network", icon: AtSign },
  "ip-pool": { one: "Address pool", many: "Address pools", group: "network", icon: AtSign },
  "network-policy": { one: "Network policy", many: "Network policies", group: "network", icon: ShieldCheck },
  "network-attachment": {
    one: "Network attachment",
    many: "Network attachments",
    group: "network",
    icon: Plug,
  },
  "vpc-egress-gateway": { one: "Egress gateway", many: "Egress gateways", group: "network", icon: Router },
  "vpc-nat-gateway": { one: "NAT gateway", many: "NAT gateways", group: "network", icon: Router },
  "iptables-eip": { one: "Gateway EIP", many: "Gateway EIPs", group: "network", icon: Globe },
  "iptables-fip": { one: "Gateway floating IP", many: "Gateway floating IPs", group: "network", icon: Globe },
  "iptables-snat": { one: "Gateway source NAT", many: "Gateway source NAT", group: "network", icon: Globe },
  "iptables-dnat": { one: "Gateway port", many: "Gateway ports", group: "network", icon: Globe },
  "ovn-eip": { one: "OVN EIP", many: "OVN EIPs", group: "network", icon: Globe },
  "ovn-fip": { one: "OVN floating IP", many: "OVN floating IPs", group: "network", icon: Globe },
  "ovn-snat": { one: "OVN source NAT", many: "OVN source NAT", group: "network", icon: Globe },
  "ovn-dnat": { one: "OVN port", many: "OVN ports", group: "network", icon: Globe },
  "provider-network": { one: "Provider network", many: "Provider networks", group: "network", icon: Cable },
  vlan: { one: "VLAN", many: "VLANs", group: "network", icon: Layers },
  "storage-class": { one: "Storage class", many: "Storage classes", group: "storage", icon: Database },
  "storage-profile": { one: "Storage profile", many: "Storage profiles", group: "storage", icon: Layers },
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
  "project-instance-type": {
    one: "Project instance type",
    many: "Project instance types",
    group: "compute",
    icon: Scaling,
  },
  "project-preference": {
    one: "Project preference",
    many: "Project preferences",
    group: "compute",
    icon: SlidersHorizontal,
  },
} as const satisfies Record<ObjectNoun, ObjectWords>;

/** Namespaced kinds that lie where the platform's own parts do: no project's page leads to them. */
export const nounsOfPlatform: ReadonlySet<ObjectNoun> = new Set<ObjectNoun>(["storage-capacity"]);

/** Cluster-scoped kinds of which a project's people see what is theirs, beside the project's own. */
export const nounsOfHolders: ReadonlySet<ObjectNoun> = new Set<ObjectNoun>(["address", "vip"]);

/** "Security group" within a sentence; names that are written large stay so. */
export function inSentence(word: string): string {
  return /^[A-Z][A-Z]/.test(word) ? word : word.charAt(0).toLowerCase() + word.slice(1);
}

/** The noun of a segment of the URL. */
export function nounOfPlural(plural: string): ObjectNoun | undefined {
  return objectNouns.find((noun) => objectCatalog[noun].plural === plural);
}
