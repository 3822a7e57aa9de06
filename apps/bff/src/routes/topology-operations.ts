/** The networks as one picture: what the caller may see of VPCs, subnets, machines on them, and the ways out. */
import type { TopologyVpc } from "@kubev/api-types/topology";
import { maxDrawnMachines } from "@kubev/api-types/topology";
import { inScope, sees } from "../access/scope.ts";
import { projectsOfSubnet } from "../domain/network-state.ts";
import type { Caller } from "../identity/callers.ts";
import { isVisible } from "../inventory/list-query.ts";
import { networkRights, networkScope } from "../inventory/network-index.ts";
import { vmScope } from "../inventory/vms.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";

type WayOut = TopologyVpc["waysOut"][number];

export function topologyOperations({ nouns }: Services) {
  const { catalogue, networkIndex } = nouns;
  const { related } = catalogue;

  async function waysOutFor(caller: Caller): Promise<{ of: (vpc: string) => WayOut[]; all: boolean }> {
    const may = async (noun: "vpc-nat-gateway" | "iptables-eip" | "ovn-eip") =>
      caller.rights.can(catalogue[noun].rights.list, "");
    const [gateways, eips, ovnEips, egress] = await Promise.all([
      may("vpc-nat-gateway"),
      may("iptables-eip"),
      may("ovn-eip"),
      caller.rights.scope(catalogue["vpc-egress-gateway"].rights.list),
    ]);
    const out = new Map<string, WayOut[]>();
    const put = (vpc: string, way: WayOut) => out.set(vpc, [...(out.get(vpc) ?? []), way]);
    const vpcOfGateway = new Map<string, string>();
    for (const { name, facts } of related.objects("vpc-nat-gateway")) {
      vpcOfGateway.set(name, facts.vpc);
      if (gateways) put(facts.vpc, { kind: "nat-gateway", name, project: "", addresses: [facts.lanIp] });
    }
    if (eips)
      for (const { name, facts } of related.objects("iptables-eip"))
        put(vpcOfGateway.get(facts.gateway) ?? "", {
          kind: "eip",
          name,
          project: "",
          addresses: facts.ip === "" ? [] : [facts.ip],
        });
    if (ovnEips) {
      const users = (["ovn-fip", "ovn-snat", "ovn-dnat"] as const).flatMap((noun) => [
        ...related.objects(noun),
      ]);
      for (const { name, facts } of related.objects("ovn-eip")) {
        const vpc = users.find((rule) => rule.facts.eip === name)?.facts.vpc ?? "";
        put(vpc, { kind: "ovn-eip", name, project: "", addresses: facts.ips });
      }
    }
    for (const { name, namespace, facts } of related.objects("vpc-egress-gateway"))
      if (sees(egress, namespace, name))
        put(facts.vpc, {
          kind: "egress-gateway",
          name,
          project: namespace,
          addresses: facts.externalIps,
        });
    return { of: (vpc) => out.get(vpc) ?? [], all: gateways && eips && ovnEips && egress.all };
  }

  return {
    getTopology: {
      access: "session",
      handle: async ({ caller, query }) => {
        const { rights } = caller;
        nouns.vpcs.flush();
        const [vpcScope, subnetScope, machines, waysOut] = await Promise.all([
          networkScope(rights, networkRights.listVpcs),
          networkScope(rights, networkRights.listSubnets),
          vmScope(rights),
          waysOutFor(caller),
        ]);
        const asked = query.project;
        const ofProject = (openTo: ReadonlySet<string> | "all") =>
          asked === undefined || openTo === "all" || openTo.has(asked);
        const hidden = asked !== undefined && !inScope(vpcScope, asked);
        const seen = [...nouns.vpcs.index.values()].filter(
          (entry) =>
            !hidden &&
            isVisible(entry, vpcScope) &&
            ofProject(entry.openTo) &&
            (query.vpc === undefined || entry.vpc.name === query.vpc),
        );
        const names = new Set(seen.map(({ vpc }) => vpc.name));
        const peerings = new Map(
          [...related.objects("vpc")].map(({ name, facts }) => [name, facts.peerings]),
        );
        const vpcs = seen
          .map(
            ({ vpc, state, subnets }): TopologyVpc => ({
              name: vpc.name,
              tone: state.tone,
              subnets: subnets
                .filter((subnet) => {
                  const openTo = projectsOfSubnet(subnet, vpc);
                  const entry = { key: subnet.name, uid: "", project: "", openTo };
                  return isVisible(entry, subnetScope) && ofProject(openTo);
                })
                .map((subnet) => {
                  const held = networkIndex
                    .addressesOf(subnet.name)
                    .filter(
                      (ip) =>
                        ip.podType === "VirtualMachine" &&
                        sees(machines, ip.podNamespace, ip.podName) &&
                        (asked === undefined || ip.podNamespace === asked),
                    );
                  return {
                    name: subnet.name,
                    tone: nouns.subnets.index.get(subnet.name)?.state.tone ?? "off",
                    cidrs: [...subnet.cidrs],
                    usedIps: subnet.usedIps,
                    machineCount: held.length,
                    machines:
                      held.length > maxDrawnMachines
                        ? []
                        : held
                            .map((ip) => ({ project: ip.podNamespace, name: ip.podName, ips: [...ip.ips] }))
                            .toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })),
                  };
                }),
              waysOut: [
                ...waysOut.of(vpc.name),
                ...(peerings.get(vpc.name) ?? [])
                  .filter((peering) => names.has(peering.remoteVpc) || vpcScope.all)
                  .map((peering) => ({
                    kind: "peering" as const,
                    name: peering.remoteVpc,
                    project: "",
                    addresses: [peering.localConnectIp],
                  })),
              ],
            }),
          )
          .toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
        return { vpcs, allWaysOut: waysOut.all && vpcScope.all };
      },
    },
  } satisfies Partial<Operations>;
}
