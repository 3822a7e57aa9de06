/** Which machines name a thing that machines are given by name (a type, a preference, a security group), of those that the caller may see. */
import type { Rights } from "../../access/rights.ts";
import { sees } from "../../access/scope.ts";
import type { VmRecord } from "../../domain/vm-records.ts";
import { vmScope } from "../../inventory/vms.ts";
import type { Related } from "../object-kind.ts";

const mostShown = 100;

export async function machinesNaming(
  { feeds }: Related,
  rights: Rights,
  names: (vm: VmRecord) => boolean,
): Promise<{ total: number; machines: { project: string; name: string }[] }> {
  const scope = await vmScope(rights);
  const found = [...feeds.vms.table.values()].filter((vm) => names(vm) && sees(scope, vm.namespace, vm.name));
  return {
    total: found.length,
    machines: found
      .map((vm) => ({ project: vm.namespace, name: vm.name }))
      .toSorted((a, b) => a.project.localeCompare(b.project) || a.name.localeCompare(b.name))
      .slice(0, mostShown),
  };
}
