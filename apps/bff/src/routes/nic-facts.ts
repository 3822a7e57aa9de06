/** What is known of networks for a machine of a project, as far as the caller may know it. */
import { inScope } from "../access/scope.ts";
import type { NicFacts } from "../domain/nic-problem.ts";
import { defaultSubnetOf } from "../domain/subnet-choice.ts";
import type { Caller } from "../identity/callers.ts";
import type { Services } from "../services.ts";

export async function nicFacts(
  { inventory, nouns }: Services,
  caller: Caller,
  project: string,
): Promise<Omit<NicFacts, "machine">> {
  const { feeds } = inventory;
  const groups = nouns["security-group"];
  const [machines, seesGroups] = await Promise.all([
    nouns.vms.scope(caller.rights),
    groups.scope(caller.rights),
  ]);
  return {
    project,
    seesMachines: inScope(machines, project),
    subnetOf: (name) => feeds.subnets.table.get("", name),
    vpcOf: (name) => feeds.vpcs.table.get("", name),
    defaultSubnet: defaultSubnetOf(feeds.projects.table.get("", project), feeds.subnets.table.values()),
    kubeOvn: feeds.subnets.state !== "absent" && feeds.subnets.state !== "forbidden",
    ips: feeds.ips.table.values(),
    // what is not wholly known yet is no proof that something is not there
    securityGroups:
      inScope(seesGroups, "") && nouns.catalogue["security-group"].feed.complete
        ? new Set([...nouns.catalogue["security-group"].table.values()].map(({ name }) => name))
        : null,
  };
}
