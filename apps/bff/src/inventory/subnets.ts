/** Subnets as a noun. */
import { subnetRow, type SubnetRow } from "@kubev/api-types/subnets";
import { inScope } from "../access/scope.ts";
import { subnetDeletion } from "../domain/network-state.ts";
import { denied } from "../domain/reasons.ts";
import { subnetFacts } from "../domain/subnet-choice.ts";
import type { Feeds } from "./inventory.ts";
import type { ListDefinition } from "./list-query.ts";
import type { NetworkIndex, SubnetEntry } from "./network-index.ts";
import { networkRights, networkScope } from "./network-index.ts";
import type { Noun } from "./noun.ts";

/** No field and no word tells which projects use a subnet: a tenant could probe for them. The list's `project` asks rights. */
const definition: ListDefinition<SubnetEntry> = {
  defaultSort: "name",
  haystack: (entry) => entry.haystack,
  facet: (entry) => entry.state.status,
  tone: (entry) => entry.state.tone,
  fields: {
    name: { kind: "text", match: "contains", get: (entry) => entry.subnet.name },
    status: {
      kind: "text",
      match: "equals",
      get: (entry) => entry.state.status,
      known: subnetRow.shape.state.shape.status.options,
    },
    vpc: { kind: "text", match: "equals", get: (entry) => entry.subnet.vpc },
    cidr: { kind: "text", match: "prefix", get: (entry) => entry.subnet.cidrs },
    vlan: { kind: "text", match: "equals", get: (entry) => entry.subnet.vlan },
    used: {
      kind: "number",
      get: (entry) => entry.usedPercent,
      parse: (text) => Number(text.replace(/%$/, "")),
    },
    free: { kind: "number", get: (entry) => Number(entry.subnet.availableIps), parse: Number },
  },
};

export function subnetNoun(
  feeds: Feeds,
  networks: NetworkIndex,
  cluster: string,
): Noun<SubnetEntry, SubnetRow> {
  return {
    name: "subnets",
    index: networks.subnets,
    definition,
    feeds: [feeds.subnets, feeds.vpcs, feeds.ips],
    flush: () => networks.flush(),
    scope: async (rights) => networkScope(rights, networkRights.listSubnets),
    rowMaker: async (rights) => {
      const [scope, mayDelete] = await Promise.all([
        networkScope(rights, networkRights.listSubnets),
        rights.can(networkRights.deleteSubnet, ""),
      ]);
      return ({ subnet, vpc, state, openTo, held, usedPercent }) => ({
        ref: { cluster, noun: "subnet", name: subnet.name, uid: subnet.uid },
        name: subnet.name,
        state,
        vpc: subnet.vpc,
        cidrs: [...subnet.cidrs],
        gateways: [...subnet.gateways],
        usedIps: subnet.usedIps,
        availableIps: subnet.availableIps,
        usedPercent,
        projects: subnet.namespaces.filter((project) => inScope(scope, project)),
        openToAll: openTo === "all",
        isDefault: subnet.isDefault,
        isPrivate: subnet.isPrivate,
        natOutgoing: subnet.natOutgoing,
        vlan: subnet.vlan,
        provider: subnet.provider,
        notes: subnetFacts(subnet, vpc),
        createdAt: subnet.createdAt,
        actions: {
          delete: mayDelete
            ? subnetDeletion(subnet, held)
            : denied("no-permission", { verb: "delete", resource: "subnets" }),
        },
      });
    },
  };
}
