/** Which Kube-OVN subnets a project's machines may use, and what to know about each first. Pure. */
import type { SubnetChoice } from "@kubev/api-types/networks";
import type { Reason } from "@kubev/api-types/reason";
import type { ProjectRecord, SubnetRecord, VpcRecord } from "./platform-records.ts";
import { reasonOf } from "./reasons.ts";

/** Kube-OVN's own VPC, in which everything is that names no other. */
export const defaultVpc = "ovn-cluster";
/** The subnet between hosts and pods. */
export const joinSubnet = "join";
/** The provider of Kube-OVN's own overlay, also where none is written. */
export const overlayProvider = "ovn";

/** The VPC that Kube-OVN takes a subnet to be in: only one of its own overlay falls to the default VPC; '' where it is in none. */
export function vpcOfSubnet(spec: { vpc?: string; provider?: string } | undefined): string {
  const provider = spec?.provider || overlayProvider;
  return spec?.vpc || (provider === overlayProvider ? defaultVpc : "");
}

/** Whether a VPC is the default one; its name says so before its status does. */
export function isDefaultVpc(raw: { metadata?: { name?: string }; status?: { default?: boolean } }): boolean {
  return raw.status?.default === true || raw.metadata?.name === defaultVpc;
}

/** Why a project's machines cannot use a subnet, or null. Rules: api-surface §5. */
export function subnetRefusal(
  subnet: SubnetRecord,
  vpc: VpcRecord | undefined,
  project: string,
): Reason | null {
  if (subnet.name === joinSubnet) return reasonOf("subnet-of-nodes", { name: subnet.name });
  const bound = subnet.namespaces.length > 0;
  const named = subnet.namespaces.includes(project);
  const ofDefaultVpc = vpc === undefined || vpc.isDefault;
  const open = ofDefaultVpc ? !bound || subnet.isDefault : !bound && vpc.namespaces.includes(project);
  if (subnet.provider !== overlayProvider || subnet.deletion !== null || !(named || open))
    return reasonOf("subnet-not-for-project", { name: subnet.name });
  return null;
}

/** What to know of a VPC first. */
export function vpcFacts(vpc: Pick<VpcRecord, "name" | "isDefault" | "hasDefaultRoute">): Reason[] {
  if (vpc.isDefault) return [];
  return [
    ...(vpc.hasDefaultRoute ? [] : [reasonOf("vpc-no-way-out", { vpc: vpc.name })]),
    reasonOf("vpc-no-cluster-dns", { vpc: vpc.name }),
  ];
}

/** What to know of a subnet first, apart from its state. */
export function subnetFacts(subnet: SubnetRecord, vpc: VpcRecord | undefined): Reason[] {
  const facts = vpc === undefined ? [] : vpcFacts(vpc);
  if (subnet.isPrivate) facts.push(reasonOf("subnet-is-private"));
  if (subnet.vlan !== "") facts.push(reasonOf("subnet-underlay", { vlan: subnet.vlan }));
  return facts;
}

function notesOf(subnet: SubnetRecord, vpc: VpcRecord | undefined): Reason[] {
  const notes: Reason[] = [];
  if (!subnet.ready) notes.push(reasonOf("subnet-not-ready", { name: subnet.name }));
  if (BigInt(subnet.availableIps) === 0n) notes.push(reasonOf("subnet-full", { name: subnet.name }));
  return [...notes, ...subnetFacts(subnet, vpc)];
}

/** The subnet a machine gets when nobody chooses. */
export function defaultSubnetOf(project: ProjectRecord | undefined, subnets: Iterable<SubnetRecord>): string {
  if (project !== undefined && project.logicalSwitch !== "") return project.logicalSwitch.split(",")[0] ?? "";
  const all = [...subnets];
  return (
    all.find((subnet) => project !== undefined && subnet.namespaces.includes(project.name))?.name ??
    all.find((subnet) => subnet.isDefault)?.name ??
    ""
  );
}

export function subnetChoices(
  project: ProjectRecord | undefined,
  subnets: readonly SubnetRecord[],
  vpcOf: (name: string) => VpcRecord | undefined,
): SubnetChoice[] {
  const preferred = defaultSubnetOf(project, subnets);
  return subnets
    .filter((subnet) => subnetRefusal(subnet, vpcOf(subnet.vpc), project?.name ?? "") === null)
    .map((subnet) => ({
      name: subnet.name,
      vpc: subnet.vpc,
      cidrs: [...subnet.cidrs],
      gateways: [...subnet.gateways],
      availableIps: subnet.availableIps,
      usedIps: subnet.usedIps,
      isProjectDefault: subnet.name === preferred,
      ready: subnet.ready,
      notes: notesOf(subnet, vpcOf(subnet.vpc)),
    }))
    .toSorted(
      (a, b) => Number(b.isProjectDefault) - Number(a.isProjectDefault) || a.name.localeCompare(b.name),
    );
}
