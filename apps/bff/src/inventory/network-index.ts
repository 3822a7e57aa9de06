/** Subnets, VPCs and who holds which address, joined: the two nouns of this join share it. */
import type { Rights } from "../access/rights.ts";
import type { Scope } from "../access/scope.ts";
import type { SubnetState, VpcState } from "../domain/network-state.ts";
import { projectsOfSubnet, subnetState, usedPercent, vpcState } from "../domain/network-state.ts";
import { parseCidr } from "../domain/ip-math.ts";
import type { IpRecord, SubnetRecord, VpcRecord } from "../domain/platform-records.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import { DirtyKeys } from "./dirty-keys.ts";
import type { Feeds } from "./inventory.ts";
import type { ListEntry } from "./list-index.ts";
import { ListIndex } from "./list-index.ts";
import { naturalKey } from "./sorted-entries.ts";
import { vmScope } from "./vms.ts";

export interface SubnetEntry extends ListEntry {
  openTo: ReadonlySet<string> | "all";
  subnet: SubnetRecord;
  vpc: VpcRecord | undefined;
  state: SubnetState;
  usedPercent: number;
  /** IP objects that name the subnet. */
  held: number;
  haystack: string;
}

export interface VpcEntry extends ListEntry {
  openTo: ReadonlySet<string> | "all";
  vpc: VpcRecord;
  state: VpcState;
  subnets: SubnetRecord[];
  haystack: string;
}

const right = (verb: string, resource: string): NeededRight => ({
  verb,
  group: "kubeovn.io",
  resource,
  subresource: "",
});
export const networkRights = {
  listSubnets: right("list", "subnets"),
  getSubnet: right("get", "subnets"),
  createSubnet: right("create", "subnets"),
  deleteSubnet: right("delete", "subnets"),
  listVpcs: right("list", "vpcs"),
  getVpc: right("get", "vpcs"),
  createVpc: right("create", "vpcs"),
  deleteVpc: right("delete", "vpcs"),
  listIps: right("list", "ips"),
} as const satisfies Record<string, NeededRight>;

/**
 * Kube-OVN's kinds are cluster-scoped: whoever may not list them sees the networks of the projects whose machines he may see, be
 * it all of them, and none that is open to no project. That he may read a namespace makes him no member of it.
 */
export async function networkScope(rights: Rights, list: NeededRight): Promise<Scope> {
  const listed = await rights.clusterScope(list);
  if (listed.all) return listed;
  return { all: false, projects: rights.projectsOf(await vmScope(rights)), names: listed.names };
}

/** Orders networks as numbers, IPv4 before IPv6. */
function cidrKey(text: string | undefined): string {
  const cidr = text === undefined ? null : parseCidr(text);
  return cidr === null ? "" : `${cidr.bits === 32 ? 4 : 6}${cidr.first.toString(16).padStart(32, "0")}`;
}

export class NetworkIndex {
  readonly subnets = new ListIndex<SubnetEntry>({
    name: (entry) => naturalKey(entry.subnet.name),
    vpc: (entry) => naturalKey(entry.subnet.vpc),
    cidr: (entry) => cidrKey(entry.subnet.cidrs[0]),
    status: (entry) => entry.state.status,
    used: (entry) => entry.usedPercent,
    free: (entry) => Number(entry.subnet.availableIps),
    created: (entry) => entry.subnet.createdAt,
  });
  readonly vpcs = new ListIndex<VpcEntry>({
    name: (entry) => naturalKey(entry.vpc.name),
    status: (entry) => entry.state.status,
    subnets: (entry) => entry.subnets.length,
    created: (entry) => entry.vpc.createdAt,
  });
  readonly #feeds: Feeds;
  readonly #subnetsOfVpc = new Map<string, Set<string>>();
  readonly #ipsOfSubnet = new Map<string, Map<string, IpRecord>>();
  readonly #dirtySubnets = new DirtyKeys((name) => this.#joinSubnet(name));
  readonly #dirtyVpcs = new DirtyKeys((name) => this.#joinVpc(name));

  constructor(feeds: Feeds) {
    this.#feeds = feeds;
    feeds.subnets.table.onChange((before, after) => {
      if (before !== undefined) this.#subnetsOfVpc.get(before.vpc)?.delete(before.name);
      if (after !== undefined) {
        const names = this.#subnetsOfVpc.get(after.vpc) ?? new Set();
        this.#subnetsOfVpc.set(after.vpc, names.add(after.name));
      }
      for (const subnet of [before, after])
        if (subnet !== undefined) {
          this.#dirtySubnets.mark(subnet.name);
          this.#dirtyVpcs.mark(subnet.vpc);
        }
    });
    feeds.vpcs.table.onChange((before, after) => {
      const name = (after ?? before)?.name ?? "";
      this.#dirtyVpcs.mark(name);
      for (const subnet of this.#subnetsOfVpc.get(name) ?? []) this.#dirtySubnets.mark(subnet);
    });
    feeds.ips.table.onChange((before, after) => {
      if (before !== undefined) this.#ipsOfSubnet.get(before.subnet)?.delete(before.name);
      if (after !== undefined) {
        const held = this.#ipsOfSubnet.get(after.subnet) ?? new Map<string, IpRecord>();
        this.#ipsOfSubnet.set(after.subnet, held.set(after.name, after));
      }
      for (const ip of [before, after]) if (ip !== undefined) this.#dirtySubnets.mark(ip.subnet);
    });
  }

  flush(): void {
    this.#dirtySubnets.flush();
    this.#dirtyVpcs.flush();
  }

  addressesOf(subnet: string): IpRecord[] {
    return [...(this.#ipsOfSubnet.get(subnet)?.values() ?? [])];
  }

  #joinSubnet(name: string): void {
    const subnet = this.#feeds.subnets.table.get("", name);
    if (subnet === undefined) {
      this.subnets.delete(name);
      return;
    }
    const vpc = this.#feeds.vpcs.table.get("", subnet.vpc);
    this.subnets.set({
      key: name,
      uid: subnet.uid,
      project: "",
      openTo: projectsOfSubnet(subnet, vpc),
      subnet,
      vpc,
      state: subnetState(subnet),
      usedPercent: usedPercent(subnet.usedIps, subnet.availableIps),
      held: this.#ipsOfSubnet.get(name)?.size ?? 0,
      haystack: `${name}\n${subnet.vpc}\n${subnet.cidrs.join("\n")}`.toLowerCase(),
    });
  }

  #joinVpc(name: string): void {
    const vpc = this.#feeds.vpcs.table.get("", name);
    if (vpc === undefined) {
      this.vpcs.delete(name);
      return;
    }
    const subnets = [...(this.#subnetsOfVpc.get(name) ?? [])]
      .map((subnet) => this.#feeds.subnets.table.get("", subnet))
      .filter((subnet) => subnet !== undefined)
      .toSorted((a, b) => a.name.localeCompare(b.name));
    this.vpcs.set({
      key: name,
      uid: vpc.uid,
      project: "",
      openTo: vpc.isDefault
        ? "all"
        : new Set([...vpc.namespaces, ...subnets.flatMap((subnet) => subnet.namespaces)]),
      vpc,
      state: vpcState(vpc),
      subnets,
      haystack: name.toLowerCase(),
    });
  }
}
