/** VPCs as a noun. */
import { vpcRow, type VpcRow } from "@kubev/api-types/vpcs";
import { inScope } from "../access/scope.ts";
import { projectsOfSubnet, vpcDeletion } from "../domain/network-state.ts";
import { allowed, denied } from "../domain/reasons.ts";
import { vpcFacts } from "../domain/subnet-choice.ts";
import type { Feeds } from "./inventory.ts";
import type { ListDefinition } from "./list-query.ts";
import { isVisible } from "./list-query.ts";
import type { NetworkIndex, VpcEntry } from "./network-index.ts";
import { networkRights, networkScope } from "./network-index.ts";
import type { Noun } from "./noun.ts";

const definition: ListDefinition<VpcEntry> = {
  defaultSort: "name",
  haystack: (entry) => entry.haystack,
  facet: (entry) => entry.state.status,
  tone: (entry) => entry.state.tone,
  fields: {
    name: { kind: "text", match: "contains", get: (entry) => entry.vpc.name },
    status: {
      kind: "text",
      match: "equals",
      get: (entry) => entry.state.status,
      known: vpcRow.shape.state.shape.status.options,
    },
  },
};

export function vpcNoun(feeds: Feeds, networks: NetworkIndex, cluster: string): Noun<VpcEntry, VpcRow> {
  return {
    name: "vpcs",
    index: networks.vpcs,
    definition,
    feeds: [feeds.vpcs, feeds.subnets],
    flush: () => networks.flush(),
    scope: async (rights) => networkScope(rights, networkRights.listVpcs),
    rowMaker: async (rights) => {
      const [scope, subnetScope, mayCreate, mayDelete] = await Promise.all([
        networkScope(rights, networkRights.listVpcs),
        networkScope(rights, networkRights.listSubnets),
        rights.can(networkRights.createSubnet, ""),
        rights.can(networkRights.deleteVpc, ""),
      ]);
      return ({ vpc, state, subnets }) => {
        const seen = subnets.filter((subnet) =>
          isVisible(
            { key: subnet.name, uid: "", project: "", openTo: projectsOfSubnet(subnet, vpc) },
            subnetScope,
          ),
        );
        return {
          ref: { cluster, noun: "vpc", name: vpc.name, uid: vpc.uid },
          name: vpc.name,
          state,
          isDefault: vpc.isDefault,
          projects: vpc.namespaces.filter((project) => inScope(scope, project)),
          subnets: seen.map((subnet) => subnet.name),
          usedIps: String(seen.reduce((sum, subnet) => sum + BigInt(subnet.usedIps), 0n)),
          notes: vpcFacts(vpc),
          createdAt: vpc.createdAt,
          actions: {
            createSubnet: !mayCreate
              ? denied("no-permission", { verb: "create", resource: "subnets" })
              : vpc.deletion !== null
                ? denied("vpc-is-deleting")
                : allowed,
            delete: mayDelete
              ? vpcDeletion(vpc, subnets.length)
              : denied("no-permission", { verb: "delete", resource: "vpcs" }),
          },
        };
      };
    },
  };
}
