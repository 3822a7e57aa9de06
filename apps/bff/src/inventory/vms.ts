/** Machines as a noun. A row joins a VirtualMachine and its instance, so seeing it needs the right to list both. */
import type { ActionDecision } from "@kubev/api-types/reason";
import type { VmActions, VmRow } from "@kubev/api-types/virtual-machines";
import type { Rights } from "../access/rights.ts";
import { type Scope, inBoth } from "../access/scope.ts";
import { denied } from "../domain/reasons.ts";
import type { VmActionKey } from "../domain/vm-actions.ts";
import { hotplugByState, hotplugRights, vmActionRights } from "../domain/vm-actions.ts";
import type { Feeds } from "./inventory.ts";
import { KeptRows } from "./kept-rows.ts";
import type { Noun } from "./noun.ts";
import type { VmEntry, VmIndex } from "./vm-index.ts";
import { vmDefinition, vmRowBase } from "./vm-index.ts";

export const listVms = { verb: "list", group: "kubevirt.io", resource: "virtualmachines", subresource: "" };
const listInstances = { ...listVms, resource: "virtualmachineinstances" };

const rowRights = { ...vmActionRights, ...hotplugRights };

export async function vmScope(rights: Rights): Promise<Scope> {
  const [vms, instances] = await Promise.all([rights.scope(listVms), rights.scope(listInstances)]);
  return inBoth(vms, instances);
}

/** What may be done with machines: a role may name one, and its migrations have names of their own. */
export async function vmDecisions(rights: Rights, machines: readonly { project: string; name: string }[]) {
  return rights.decisions(rowRights, machines, (right) =>
    ["virtualmachines", "virtualmachineinstances"].includes(right.resource),
  );
}

/** The state's rules and the caller's rights in one; a missing right is the more lasting reason, so it goes first. */
export function mergeVmActions(
  entry: VmEntry,
  may: Readonly<Record<VmActionKey, boolean>> | undefined,
): Readonly<VmActions> {
  const keys = Object.keys(vmActionRights) as VmActionKey[]; // by declaration
  if (keys.every((key) => may?.[key] === true)) return entry.actions;
  const merged = { ...entry.actions };
  for (const key of keys) {
    if (may?.[key] === true) continue;
    const right = vmActionRights[key];
    merged[key] = denied("no-permission", {
      verb: right.verb,
      resource: right.subresource === "" ? right.resource : `${right.resource}/${right.subresource}`,
      project: entry.project,
    });
  }
  return merged;
}

/** May disks be plugged in and out now, by state and by right? */
export async function hotplugDecisions(
  rights: Rights,
  entry: VmEntry,
): Promise<{ attach: ActionDecision; detach: ActionDecision }> {
  const place = { project: entry.project, name: entry.vm.name };
  const may = (await vmDecisions(rights, [place]))(place.project, place.name);
  const byState = hotplugByState(entry.vm, entry.actions.cancelMigration.allowed);
  const decide = (key: keyof typeof hotplugRights) =>
    may?.[key] === true
      ? byState
      : denied("no-permission", {
          verb: hotplugRights[key].verb,
          resource: `${hotplugRights[key].resource}/${hotplugRights[key].subresource}`,
          project: entry.project,
        });
  return { attach: decide("attach"), detach: decide("detach") };
}

type Decided = Readonly<Record<string, boolean>>;
const keysOfDecided = new WeakMap<Decided, string>();

/** The same for all who may do the same; the rows of a project share what was decided for them. */
function keyOf(may: Decided | undefined): string {
  if (may === undefined) return "";
  let key = keysOfDecided.get(may);
  if (key === undefined) {
    key = Object.values(may).join();
    keysOfDecided.set(may, key);
  }
  return key;
}

export function vmNoun(feeds: Feeds, vmIndex: VmIndex, cluster: string): Noun<VmEntry, VmRow> {
  const kept = new KeptRows<VmEntry, VmRow>();
  return {
    name: "vms",
    index: vmIndex.index,
    definition: vmDefinition,
    feeds: [feeds.vms, feeds.instances],
    flush: () => vmIndex.flush(),
    scope: vmScope,
    sharesRows: true,
    rowMaker: async (rights, entries) => {
      const mayDo = await vmDecisions(
        rights,
        entries.map(({ project, vm }) => ({ project, name: vm.name })),
      );
      return (entry) => {
        const may = mayDo(entry.project, entry.vm.name);
        return kept.rowOf(entry, keyOf(may), () => ({
          ...vmRowBase(entry, cluster),
          actions: mergeVmActions(entry, may),
        }));
      };
    },
  };
}
