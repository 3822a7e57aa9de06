/** Cluster-wide instance types: how large, how special, and which machines name them. */
import { projectInstanceType } from "../../inventory/project-platform.ts";
import type { RawMeta } from "../../inventory/raw.ts";
import { denied } from "../../domain/reasons.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { machinesNaming } from "./machines-naming.ts";

interface RawInstanceType {
  metadata?: RawMeta;
  spec?: { memory?: { overcommitPercent?: number }; nodeSelector?: Record<string, string> };
}

/** Kinds of a VM's instancetype matcher that mean a cluster-wide one; left out, it is one. */
const isClusterKind = (kind: string) =>
  kind === "" || kind.toLowerCase() === "virtualmachineclusterinstancetype";

export const instanceTypeKind: ObjectKind<"instance-type", RawInstanceType> = {
  noun: "instance-type",
  read: (raw) => {
    const { displayName, group, cpuCores, memoryBytes, gpus, dedicatedCpu, hugepages } = projectInstanceType(
      raw as Parameters<typeof projectInstanceType>[0], // the same object, read with other optional fields
    );
    return {
      state: present,
      facts: { displayName, group, cpuCores, memoryBytes, gpus, dedicatedCpu, hugepages },
    };
  },
  sort: {
    cpu: (facts) => facts.cpuCores,
    memory: (facts) => facts.memoryBytes,
    group: (facts) => facts.group,
  },
  fields: {
    group: { kind: "text", match: "contains", get: (facts) => facts.group },
    cpu: { kind: "number", get: (facts) => facts.cpuCores, parse: Number },
  },
  words: (facts) => [facts.displayName, facts.group],
  mayDelete: (record, { feeds }) => {
    for (const vm of feeds.vms.table.values())
      if (vm.instanceType === record.name && isClusterKind(vm.instanceTypeKind)) return denied("type-in-use");
    return { allowed: true };
  },
  detail: async (raw, related, rights) => ({
    description: raw.metadata?.annotations?.["instancetype.kubevirt.io/description"] ?? "",
    overcommitPercent: raw.spec?.memory?.overcommitPercent ?? 0,
    nodeSelector: raw.spec?.nodeSelector ?? {},
    usedBy: await machinesNaming(
      related,
      rights,
      (vm) => vm.instanceType === raw.metadata?.name && isClusterKind(vm.instanceTypeKind),
    ),
  }),
};
