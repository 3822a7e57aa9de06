/** Usage of a machine or a host over time, all hosts by one measure, and the room of the cloud. */
import type { CapacityReply, HostHeat } from "@kubev/api-types/capacity";
import type { Reason } from "@kubev/api-types/reason";
import type { UsageRange, UsageReply } from "@kubev/api-types/usage";
import { sees } from "../access/scope.ts";
import { losses } from "../domain/host-loss.ts";
import { hostRefusal } from "../domain/host-state.ts";
import { quantityOrZero } from "../domain/quantity.ts";
import { reasonOf } from "../domain/reasons.ts";
import { topMachinesOf } from "../domain/top-machines.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { roomsOf, runningOn } from "../inventory/host-rooms.ts";
import type { HostEntry } from "../inventory/hosts.ts";
import { visibleEntry } from "../inventory/visible-entry.ts";
import type { Quantity, RawMeta } from "../inventory/raw.ts";
import { vmScope } from "../inventory/vms.ts";
import { beside, clusterWords, isAway } from "../kube/beside.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath } from "../kube/kube-path.ts";
import { resourceLabel, resourceTypes as types } from "../kube/resource-types.ts";
import type { Services } from "../services.ts";
import type { UsageNow, UsageTarget } from "../usage/usage-source.ts";
import type { Operations } from "./operation.ts";

/** Trying every host of a large cloud would take seconds; these are the fullest. */
const lossesTried = 50;
const lossesKeptMs = 5000;
const lossesShown = 10;
const topShown = 5;

interface RawCapacity {
  metadata?: RawMeta;
  storageClassName?: string;
  capacity?: Quantity;
}

/**
 * Free bytes by storage class, where the storage says; one segment (zone or host) each, so they add up. `notes`: why nothing
 * could be learnt.
 */
async function freeStorage(caller: Caller): Promise<{ free: Map<string, number>; notes: Reason[] }> {
  const free = new Map<string, number>();
  const resource = resourceLabel(types.storageCapacity);
  try {
    const list = await caller.client.json<{ items?: RawCapacity[] }>(
      collectionPath(types.storageCapacity),
      beside,
    );
    for (const { storageClassName = "", capacity } of list.items ?? [])
      if (capacity !== undefined)
        free.set(storageClassName, (free.get(storageClassName) ?? 0) + quantityOrZero(capacity));
  } catch (error) {
    if (isAway(error)) return { free, notes: [reasonOf("feed-failing", { resource }, clusterWords(error))] };
    if (!(error instanceof KubeError) || (error.status !== 403 && error.status !== 404)) throw error;
    if (error.status === 404) return { free, notes: [reasonOf("feed-absent", { resource })] };
  }
  return { free, notes: [] };
}

/** Resources that have measures of their own. */
const ownMeasures = new Set(["cpu", "memory", "pods"]);

const share = (amount: number, of: number): number | null => (of > 0 ? amount / of : null);

function heatOf(entry: HostEntry, used: UsageNow | undefined, nowMs: number): HostHeat {
  const { host, state, requested, promised, requestedAll, machines } = entry;
  const { cpuCores, memoryBytes } = host.allocatable;
  const refusal = hostRefusal(host, nowMs);
  return {
    name: host.name,
    zone: host.zone,
    hardware: host.hardware,
    state,
    machines: {
      schedulable: refusal === null,
      ...(refusal === null ? {} : { reason: refusal }),
      count: machines,
    },
    values: {
      cpuUsed: used === undefined ? null : share(used.cpuCores, cpuCores),
      memoryUsed: used === undefined ? null : share(used.memoryBytes, memoryBytes),
      cpuRequested: share(requested.cpuCores, cpuCores),
      memoryRequested: share(requested.memoryBytes, memoryBytes),
      cpuPromised: share(promised.cpuCores, cpuCores),
      memoryPromised: share(promised.memoryBytes, memoryBytes),
      machines,
      pods: requestedAll["pods"] ?? 0,
    },
    resources: Object.fromEntries(
      Object.entries(host.resources.allocatable)
        .filter(([name, amount]) => amount > 0 && !ownMeasures.has(name))
        .map(([name, amount]) => [name, (requestedAll[name] ?? 0) / amount]),
    ),
  };
}

const sum = (amounts: Iterable<number>) => {
  let total = 0;
  for (const amount of amounts) total += amount;
  return Math.round(total * 1000) / 1000;
};

function amountsOf(
  entries: readonly HostEntry[],
  usage: ReadonlyMap<string, UsageNow>,
): CapacityReply["amounts"] {
  const names = new Set(entries.flatMap(({ host }) => Object.keys(host.resources.capacity)));
  const first = ["cpu", "memory", "pods"];
  const rest = [...names].filter((name) => !first.includes(name)).toSorted((a, b) => a.localeCompare(b));
  const measured = entries.filter(({ host }) => usage.has(host.name));
  const used = (name: string): number | null => {
    if (measured.length === 0 || (name !== "cpu" && name !== "memory")) return null;
    const of = (now: UsageNow | undefined) => (name === "cpu" ? now?.cpuCores : now?.memoryBytes) ?? 0;
    return sum(measured.map(({ host }) => of(usage.get(host.name))));
  };
  return [...first, ...rest]
    .map((name) => ({
      name,
      capacity: sum(entries.map(({ host }) => host.resources.capacity[name] ?? 0)),
      allocatable: sum(entries.map(({ host }) => host.resources.allocatable[name] ?? 0)),
      requested: sum(entries.map(({ requestedAll }) => requestedAll[name] ?? 0)),
      used: used(name),
      promised:
        name === "cpu"
          ? sum(entries.map(({ promised }) => promised.cpuCores))
          : name === "memory"
            ? sum(entries.map(({ promised }) => promised.memoryBytes))
            : null,
    }))
    .filter((amount) => amount.capacity > 0 || amount.requested > 0);
}

export function usageOperations(services: Services) {
  const { nouns, inventory, usage, clock } = services;
  const { feeds } = inventory;

  async function reply(
    target: UsageTarget,
    range: UsageRange,
    limits: UsageReply["limits"],
  ): Promise<UsageReply> {
    const { times, values, notes } = await usage.over(target, range);
    const none = notes.some((note) => note.code === "usage-no-source");
    return {
      source: none ? "none" : usage.kind,
      notes,
      times,
      series: Object.entries(values).map(([measure, list]) => ({
        measure: measure as UsageReply["series"][number]["measure"], // keys of the source's own record
        values: list,
      })),
      limits,
    };
  }

  /** All hosts, for those who may list them. */
  async function allHosts(caller: Caller): Promise<HostEntry[]> {
    nouns.hosts.flush();
    if (!(await nouns.hosts.scope(caller.rights)).all)
      throw new ApiProblem("forbidden", {
        reason: reasonOf("no-permission", { verb: "list", resource: "nodes" }),
      });
    return [...nouns.hosts.index.values()].toSorted((a, b) => a.host.name.localeCompare(b.host.name));
  }

  const hostsNow = async (entries: readonly HostEntry[]) =>
    usage.hostsNow(entries.map(({ host }) => ({ name: host.name, ip: host.ip })));

  let known: { atMs: number; losses: CapacityReply["losses"] } | null = null;

  /** The same for everybody who may ask, so it is worked out once for all who ask within a few seconds. */
  function lossesNow(): CapacityReply["losses"] {
    const atMs = clock.monotonicMs();
    if (known === null || atMs - known.atMs > lossesKeptMs)
      known = {
        atMs,
        losses: losses(
          runningOn(feeds.pods.table.values()),
          roomsOf(nouns.hosts.index, clock.nowMs()),
          lossesTried,
        ).slice(0, lossesShown),
      };
    return known.losses;
  }

  const sourceOf = (notes: UsageReply["notes"]): UsageReply["source"] =>
    notes.some((note) => note.code === "usage-no-source") ? "none" : usage.kind;

  return {
    getHostUsage: {
      access: "session",
      handle: async ({ caller, params: { name }, query }) => {
        const entry = await visibleEntry(nouns.hosts, caller.rights, name);
        if (entry === undefined) throw notFound();
        const { host } = entry;
        return reply({ kind: "host", project: "", name, ip: host.ip }, query.range, host.capacity);
      },
    },
    getVmUsage: {
      access: "session",
      handle: async ({ caller, params: { project, name }, query }) => {
        const scope = await vmScope(caller.rights);
        const vm = feeds.vms.table.get(project, name);
        if (vm === undefined || !sees(scope, project, name)) throw notFound();
        const { cpuCores, memoryBytes } = feeds.instances.table.get(project, name) ?? vm;
        return reply({ kind: "machine", project, name, ip: "" }, query.range, {
          cpuCores: cpuCores > 0 ? cpuCores : null,
          memoryBytes: memoryBytes > 0 ? memoryBytes : null,
        });
      },
    },
    getHostHeat: {
      access: "session",
      handle: async ({ caller }) => {
        const entries = await allHosts(caller);
        const now = await hostsNow(entries);
        return {
          source: sourceOf(now.notes),
          notes: now.notes,
          hosts: entries.map((entry) => heatOf(entry, now.usage.get(entry.host.name), clock.nowMs())),
        };
      },
    },
    getTopMachines: {
      access: "session",
      handle: async ({ caller, query: { project } }) => {
        const [scope, { usage: now, notes }] = await Promise.all([
          vmScope(caller.rights),
          usage.machinesNow(),
        ]);
        const isShown = (of: string, name: string) =>
          (project === undefined || of === project) && sees(scope, of, name);
        return { source: sourceOf(notes), notes, ...topMachinesOf(now, isShown, topShown) };
      },
    },
    getCapacity: {
      access: "session",
      handle: async ({ caller }): Promise<CapacityReply> => {
        const entries = await allHosts(caller);
        const [now, { free, notes }] = await Promise.all([hostsNow(entries), freeStorage(caller)]);
        const nowMs = clock.nowMs();
        const classes = new Map<string, { disks: number; provisionedBytes: number }>();
        const mayCount = await caller.rights.can(
          { verb: "list", group: "", resource: "persistentvolumeclaims", subresource: "" },
          "",
        );
        for (const claim of mayCount ? feeds.claims.table.values() : []) {
          const known = classes.get(claim.storageClass) ?? { disks: 0, provisionedBytes: 0 };
          known.disks += 1;
          known.provisionedBytes += claim.capacityBytes || claim.requestBytes;
          classes.set(claim.storageClass, known);
        }
        for (const storageClass of feeds.storageClasses.table.values())
          if (!classes.has(storageClass.name))
            classes.set(storageClass.name, { disks: 0, provisionedBytes: 0 });
        return {
          source: sourceOf(now.notes),
          notes: [...now.notes, ...notes],
          hosts: {
            total: entries.length,
            ready: entries.filter(({ state }) => state.status === "ready").length,
            forMachines: entries.filter(({ host }) => hostRefusal(host, nowMs) === null).length,
            machines: sum(entries.map(({ machines }) => machines)),
          },
          amounts: amountsOf(entries, now.usage),
          storage: [...classes]
            .map(([storageClass, known]) => ({
              storageClass,
              ...known,
              freeBytes: free.get(storageClass) ?? null,
            }))
            .toSorted((a, b) => b.provisionedBytes - a.provisionedBytes),
          losses: lossesNow(),
          lossesTried: Math.min(lossesTried, entries.length),
        };
      },
    },
  } satisfies Partial<Operations>;
}
