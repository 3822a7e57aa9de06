/** Instance types, the cluster's and a project's own: how large, how special, and which machines name them. */
import type { SpecOf } from "@kubev/api-types/object-shapes";
import { instanceType } from "@kubev/api-types/objects/instance-type";
import { clusterAnnotations } from "../../domain/cluster-labels.ts";
import { bytesQuantityOver } from "../../domain/quantity.ts";
import { allowed, denied } from "../../domain/reasons.ts";
import { typeId } from "../../domain/type-id.ts";
import { projectInstanceType } from "../../inventory/project-platform.ts";
import type { Quantity, RawMeta } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { withSpec } from "../with-spec.ts";
import { machinesNaming } from "./machines-naming.ts";
import { withTexts } from "./type-texts.ts";

interface RawInstanceType {
  metadata?: RawMeta;
  spec?: {
    cpu?: { guest?: number; dedicatedCPUPlacement?: boolean };
    memory?: { guest?: Quantity; overcommitPercent?: number; hugepages?: { pageSize?: string } };
    nodeSelector?: Record<string, string>;
  };
}

/** What the form says of CPU and memory, in what the type has besides. */
function sizeOf(spec: SpecOf<"instance-type">, current: RawInstanceType["spec"]) {
  const { dedicatedCPUPlacement: _dedicated, ...cpu } = current?.cpu ?? {};
  const { overcommitPercent: _percent, hugepages: _pages, ...memory } = current?.memory ?? {};
  return {
    cpu: {
      ...cpu,
      guest: spec.cpuCores,
      ...(spec.dedicatedCpu ? { dedicatedCPUPlacement: true } : {}),
    },
    memory: {
      ...memory,
      guest: bytesQuantityOver(current?.memory?.guest, spec.memoryBytes),
      ...(spec.overcommitPercent > 0 ? { overcommitPercent: spec.overcommitPercent } : {}),
      ...(spec.hugepages === "" ? {} : { hugepages: { pageSize: spec.hugepages } }),
    },
  };
}

const formFields: readonly [RegExp, string][] = [
  [/dedicatedCPUPlacement/, "dedicatedCpu"],
  [/cpu/, "cpuCores"],
  [/overcommitPercent/, "overcommitPercent"],
  [/hugepages/, "hugepages"],
  [/memory/, "memoryBytes"],
  [/name$/, "name"],
];

type InstanceTypeNoun = "instance-type" | "project-instance-type";

/** The two nouns differ in where they lie, and so in how machines name them. */
function typesOf(noun: InstanceTypeNoun): ObjectKind<InstanceTypeNoun, RawInstanceType> {
  return {
    noun,
    read: (raw) => {
      const {
        displayName,
        group,
        cpuCores,
        memoryBytes,
        gpus,
        dedicatedCpu,
        hugepages: pages,
      } = projectInstanceType(raw);
      return {
        state: present,
        facts: { displayName, group, cpuCores, memoryBytes, gpus, dedicatedCpu, hugepages: pages },
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
      const id = typeId(record);
      for (const vm of feeds.vms.table.values()) if (vm.instanceTypeId === id) return denied("type-in-use");
      return allowed;
    },
    detail: async (raw, related, rights) => {
      const id = typeId({ namespace: raw.metadata?.namespace ?? "", name: raw.metadata?.name ?? "" });
      return {
        description: raw.metadata?.annotations?.[clusterAnnotations.typeDescription] ?? "",
        overcommitPercent: raw.spec?.memory?.overcommitPercent ?? 0,
        nodeSelector: raw.spec?.nodeSelector ?? {},
        usedBy: await machinesNaming(related, rights, (vm) => vm.instanceTypeId === id),
      };
    },
    form: {
      manifest: (spec, project, current) =>
        withTexts(withSpec(noun, spec.name, project, current, sizeOf(spec, current?.spec)), {
          [clusterAnnotations.typeName]: spec.displayName,
          [clusterAnnotations.typeDescription]: spec.description,
        }),
      spec: (raw) => {
        const {
          name,
          displayName,
          description,
          cpuCores,
          memoryBytes,
          dedicatedCpu,
          hugepages: pages,
        } = projectInstanceType(raw);
        // what is none of the form's choices can only be changed as text
        const read = instanceType.spec.safeParse({
          name,
          displayName,
          description,
          cpuCores,
          memoryBytes,
          dedicatedCpu,
          hugepages: pages,
          overcommitPercent: raw.spec?.memory?.overcommitPercent ?? 0,
        });
        return read.success ? read.data : null;
      },
      fieldOf: (field) => formFields.find(([of]) => of.test(field))?.[1] ?? null,
    },
  };
}

// as: what both read and write has one shape, and the noun is given
export const instanceTypeKind = typesOf("instance-type") as ObjectKind<"instance-type", RawInstanceType>;
export const projectInstanceTypeKind = typesOf("project-instance-type") as ObjectKind<
  "project-instance-type",
  RawInstanceType
>;
