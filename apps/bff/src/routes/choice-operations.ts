/** What a create form offers: subnets, machine types, preferences, storage classes. */
import type { InstanceTypeChoice, PreferenceChoice } from "@kubev/api-types/instance-types";
import { inScope } from "../access/scope.ts";
import type { InstanceTypeRecord, PreferenceRecord } from "../domain/platform-records.ts";
import { reasonOf } from "../domain/reasons.ts";
import type { HostFit } from "../domain/schedulability.ts";
import { fitOf } from "../domain/schedulability.ts";
import { subnetChoices } from "../domain/subnet-choice.ts";
import { typeId } from "../domain/type-id.ts";
import { notFound } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { hostFits } from "../inventory/host-fits.ts";
import { vmScope } from "../inventory/vms.ts";
import type { Services } from "../services.ts";
import type { Operations } from "./operation.ts";
import { storageClassChoice } from "./storage-facts.ts";

const fitWords = { ok: "yes", warning: "later", blocking: "no" } as const;

/** What people call the series: KubeVirt's own types have a name for it beside the class. */
const seriesOf = ({ displayName, group }: InstanceTypeRecord): string => displayName || group;

function typeChoice(record: InstanceTypeRecord, hosts: readonly HostFit[] | null): InstanceTypeChoice {
  const fit = hosts === null ? null : fitOf(record, hosts);
  const reason = fit === null ? reasonOf("hosts-not-visible") : fit.result === "ok" ? undefined : fit.reason;
  return {
    name: record.name,
    id: typeId(record),
    scope: record.namespace === "" ? "cluster" : record.namespace,
    displayName: record.displayName || record.name,
    description: record.description,
    group: seriesOf(record),
    cpuCores: record.cpuCores,
    memoryBytes: record.memoryBytes,
    gpus: record.gpus,
    dedicatedCpu: record.dedicatedCpu,
    hugepages: record.hugepages,
    schedulable: fit === null ? "unknown" : fitWords[fit.result],
    ...(reason === undefined ? {} : { reason }),
  };
}

function preferenceChoice(record: PreferenceRecord): PreferenceChoice {
  return {
    name: record.name,
    id: typeId(record),
    scope: record.namespace === "" ? "cluster" : record.namespace,
    displayName: record.displayName || record.name,
    osType: record.osType,
    minCpuCores: record.minCpuCores,
    minMemoryBytes: record.minMemoryBytes,
  };
}

export function choiceOperations(services: Services) {
  const { feeds } = services.inventory;

  const requireProject = async (caller: Caller, project: string) => {
    const scope = await vmScope(caller.rights);
    const record = feeds.projects.table.get("", project);
    if (record === undefined || !inScope(scope, project)) throw notFound();
    return record;
  };

  return {
    listSubnetChoices: {
      access: "session",
      handle: async ({ caller, params: { project } }) => {
        const record = await requireProject(caller, project);
        return {
          subnets: subnetChoices(record, [...feeds.subnets.table.values()], (name) =>
            feeds.vpcs.table.get("", name),
          ),
        };
      },
    },
    listInstanceTypes: {
      access: "session",
      handle: async ({ caller, params: { project } }) => {
        await requireProject(caller, project);
        services.nouns.hosts.flush();
        const hosts =
          feeds.hosts.state === "forbidden"
            ? null
            : hostFits(services.nouns.hosts.index, services.clock.nowMs());
        const own = [...feeds.instanceTypes.table.values()].filter((record) => record.namespace === project);
        return {
          instanceTypes: [...feeds.clusterInstanceTypes.table.values(), ...own]
            .toSorted(
              (a, b) =>
                Number(a.namespace !== "") - Number(b.namespace !== "") ||
                seriesOf(a).localeCompare(seriesOf(b)) ||
                a.cpuCores - b.cpuCores ||
                a.memoryBytes - b.memoryBytes,
            )
            .map((record) => typeChoice(record, hosts)),
        };
      },
    },
    listPreferences: {
      access: "session",
      handle: async ({ caller, params: { project } }) => {
        await requireProject(caller, project);
        const own = [...feeds.preferences.table.values()].filter((record) => record.namespace === project);
        return {
          preferences: [...feeds.clusterPreferences.table.values(), ...own]
            .map(preferenceChoice)
            .toSorted((a, b) => a.displayName.localeCompare(b.displayName)),
        };
      },
    },
    listStorageClasses: {
      access: "session",
      handle: async ({ caller }) => {
        const scope = await vmScope(caller.rights);
        // who has no project makes no disk, and classes are facts of the platform
        if (!scope.all && scope.projects.size === 0) return { storageClasses: [] };
        return {
          storageClasses: [...feeds.storageClasses.table.values()]
            .map((record) => storageClassChoice(services, record))
            .toSorted((a, b) => a.name.localeCompare(b.name)),
        };
      },
    },
  } satisfies Partial<Operations>;
}
