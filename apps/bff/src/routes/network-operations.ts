/** VPCs and subnets: one, and what a VPC has free. What is written and deleted: objects/kinds. */
import type { SubnetDetail } from "@kubev/api-types/subnets";
import { maxAddressRows } from "@kubev/api-types/subnets";
import type { VpcDetail } from "@kubev/api-types/vpcs";
import { sees } from "../access/scope.ts";
import { vpcSpace } from "../domain/address-space.ts";
import { parseIp } from "../domain/ip-math.ts";
import type { IpRecord } from "../domain/platform-records.ts";
import { reasonOf } from "../domain/reasons.ts";
import { validCidrs } from "../domain/subnet-rules.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import { visibleEntry } from "../inventory/visible-entry.ts";
import { networkRights } from "../inventory/network-index.ts";
import type { Noun } from "../inventory/noun.ts";
import { conditionsOf, type RawCondition, subnetTone } from "../domain/conditions.ts";
import type { RawObject } from "../inventory/raw.ts";
import { vmScope } from "../inventory/vms.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

type RawSubnet = RawObject<
  {
    excludeIps: string[];
    allowSubnets: string[];
    enableDHCP: boolean;
    gatewayType: string;
    acls: unknown[];
  },
  { conditions: RawCondition[] }
>;

type RawVpc = RawObject<
  {
    defaultSubnet: string;
    enableExternal: boolean;
    staticRoutes: { cidr?: string; nextHopIP?: string; policy?: string }[];
    policyRoutes: { priority?: number; match?: string; action?: string; nextHopIP?: string }[];
    vpcPeerings: { remoteVpc?: string; localConnectIP?: string }[];
  },
  { defaultLogicalSwitch: string }
>;

function subnetSettings({ spec, status }: RawSubnet): SubnetDetail["settings"] {
  return {
    excludeIps: spec?.excludeIps ?? [],
    allowSubnets: spec?.allowSubnets ?? [],
    enableDhcp: spec?.enableDHCP === true,
    gatewayType: spec?.gatewayType ?? "",
    aclCount: spec?.acls?.length ?? 0,
    conditions: conditionsOf(status?.conditions, subnetTone),
  };
}

function vpcSettings({ spec, status }: RawVpc): VpcDetail["settings"] {
  return {
    defaultSubnet: spec?.defaultSubnet || status?.defaultLogicalSwitch || "",
    enableExternal: spec?.enableExternal === true,
    staticRoutes: (spec?.staticRoutes ?? []).map((route) => ({
      cidr: route.cidr ?? "",
      nextHop: route.nextHopIP ?? "",
      by: route.policy === "policySrc" ? "source" : "destination",
    })),
    policyRoutes: (spec?.policyRoutes ?? []).map((route) => ({
      priority: route.priority ?? 0,
      match: route.match ?? "",
      action: route.action ?? "",
      nextHop: route.nextHopIP ?? "",
    })),
    peerings: (spec?.vpcPeerings ?? []).map((peering) => ({
      remoteVpc: peering.remoteVpc ?? "",
      localConnectIp: peering.localConnectIP ?? "",
    })),
  };
}

/** Orders addresses as numbers. */
const addressValue = (ip: IpRecord) => parseIp(ip.ips[0] ?? "")?.value ?? 0n;

export function networkOperations(services: Services) {
  const { nouns, inventory } = services;
  const { feeds } = inventory;

  async function visible<E extends ListEntry, Row>(
    noun: Noun<E, Row>,
    caller: Caller,
    name: string,
  ): Promise<E> {
    const entry = await visibleEntry(noun, caller.rights, name);
    if (entry === undefined) throw notFound();
    return entry;
  }

  async function requireRight(caller: Caller, right: NeededRight): Promise<void> {
    if (!(await caller.rights.can(right, "")))
      throw new ApiProblem("forbidden", {
        reason: reasonOf("no-permission", { verb: right.verb, resource: right.resource }),
      });
  }

  return {
    getVpc: {
      access: "session",
      handle: async ({ caller, params: { name } }) => {
        const { rights, client } = caller;
        const entry = await visible(nouns.vpcs, caller, name);
        const row = (await nouns.vpcs.rowMaker(rights, []))(entry);
        const subnetRow = await nouns.subnets.rowMaker(rights, []);
        const raw = (await rights.can(networkRights.getVpc, ""))
          ? await client.json<RawVpc>(objectPath(types.vpc, name))
          : null;
        return {
          row,
          subnets: row.subnets.flatMap((subnet) => {
            const found = nouns.subnets.index.get(subnet);
            return found === undefined ? [] : [subnetRow(found)];
          }),
          settings: raw === null ? null : vpcSettings(raw),
        };
      },
    },
    getVpcSpace: {
      access: "session",
      handle: async ({ caller, params: { name }, query: { cidrV4, cidrV6, prefix } }) => {
        await visible(nouns.vpcs, caller, name);
        // the whole space is shown, the subnets of others with it: to those who may take of it
        await requireRight(caller, networkRights.createSubnet);
        const isDefault = feeds.vpcs.table.get("", name)?.isDefault === true;
        return vpcSpace(
          [...feeds.subnets.table.values()].filter((one) => one.vpc === name),
          isDefault ? [...feeds.hosts.table.values()].map(({ ip }) => ip) : [],
          validCidrs({ cidrV4, cidrV6 }),
          prefix,
        );
      },
    },
    getSubnet: {
      access: "session",
      handle: async ({ caller, params: { name } }) => {
        const { rights, client } = caller;
        const entry = await visible(nouns.subnets, caller, name);
        const [row, machines, allAddresses, mayRead] = await Promise.all([
          nouns.subnets.rowMaker(rights, []),
          vmScope(rights),
          rights.can(networkRights.listIps, ""),
          rights.can(networkRights.getSubnet, ""),
        ]);
        const held = nouns.networkIndex.addressesOf(name);
        const raw = mayRead ? await client.json<RawSubnet>(objectPath(types.subnet, name)) : null;
        return {
          row: row(entry),
          addresses: held
            .filter((ip) => allAddresses || sees(machines, ip.podNamespace, ip.podName))
            .toSorted((a, b) => (addressValue(a) < addressValue(b) ? -1 : 1))
            .slice(0, maxAddressRows)
            .map((ip) => ({
              ips: [...ip.ips],
              mac: ip.mac,
              name: ip.podName === "" ? ip.name : ip.podName,
              project: ip.podNamespace,
              kind: ip.podName === "" ? "reserved" : ip.podType === "VirtualMachine" ? "machine" : "pod",
            })),
          addressesTotal: held.length,
          settings: raw === null ? null : subnetSettings(raw),
        };
      },
    },
  } satisfies Partial<Operations>;
}
