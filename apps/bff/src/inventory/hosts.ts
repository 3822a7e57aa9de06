/** Hosts as a noun: a node, what runs on it and what that asks for. */
import { hostRow, type HostRow } from "@kubev/api-types/hosts";
import type { HostState } from "../domain/host-state.ts";
import { isLivePhase } from "../domain/live-phase.ts";
import type { Amounts } from "../domain/host-placement.ts";
import { hostActions, hostRefusal, hostRights, hostState, silentFromMs } from "../domain/host-state.ts";
import type { HostRecord } from "../domain/platform-records.ts";
import { parseQuantity } from "../domain/quantity.ts";
import type { InstanceRecord, PodRecord } from "../domain/vm-records.ts";
import type { Clock } from "../kube/clock.ts";
import { DirtyKeys } from "./dirty-keys.ts";
import { DueKeys } from "./due-keys.ts";
import type { Feeds } from "./inventory.ts";
import type { ListEntry } from "./list-index.ts";
import { ListIndex } from "./list-index.ts";
import { naturalKey } from "./sorted-entries.ts";
import type { ListDefinition } from "./list-query.ts";
import type { Noun } from "./noun.ts";

export interface HostEntry extends ListEntry {
  host: HostRecord;
  state: HostState;
  requested: { cpuCores: number; memoryBytes: number };
  /** By resource, in base units, `pods` too. */
  requestedAll: Amounts;
  /** Virtual processors and memory of the machines that run here. */
  promised: { cpuCores: number; memoryBytes: number };
  /** Instances that run or start here: of one that migrates hither only the pod is here yet. */
  machines: number;
  /** Pods of machines, those included whose instance is not here yet or no more. */
  launchers: number;
  /** Whether a machine can be placed here: also a host that only fell silent is another entry than before. */
  takesMachines: boolean;
  haystack: string;
}

const definition: ListDefinition<HostEntry> = {
  defaultSort: "name",
  haystack: (entry) => entry.haystack,
  facet: (entry) => entry.state.status,
  tone: (entry) => entry.state.tone,
  fields: {
    name: { kind: "text", match: "contains", get: (entry) => entry.host.name },
    status: {
      kind: "text",
      match: "equals",
      get: (entry) => entry.state.status,
      known: hostRow.shape.state.shape.status.options,
    },
    schedulable: {
      kind: "text",
      match: "equals",
      get: (entry) => (entry.takesMachines ? "yes" : "no"),
      known: ["yes", "no"],
    },
    zone: { kind: "text", match: "equals", get: (entry) => entry.host.zone },
    ip: { kind: "text", match: "prefix", get: (entry) => entry.host.ip },
    hardware: { kind: "text", match: "contains", get: (entry) => entry.host.hardware },
    vms: { kind: "number", get: (entry) => entry.machines, parse: Number },
    cpu: {
      kind: "number",
      get: (entry) => entry.host.capacity.cpuCores,
      parse: (text) => parseQuantity(text),
    },
    memory: { kind: "bytes", get: (entry) => entry.host.capacity.memoryBytes },
  },
};

interface Sum {
  cpuCores: number;
  memoryBytes: number;
  pods: number;
  launchers: number;
  other: Record<string, number>;
}

const emptySum = (): Sum => ({ cpuCores: 0, memoryBytes: 0, pods: 0, launchers: 0, other: {} });
const emptyPromise = () => ({ cpuCores: 0, memoryBytes: 0, machines: 0 });
const thousandths = (amount: number) => Math.round(amount * 1000) / 1000;

export class HostIndex {
  readonly index = new ListIndex<HostEntry>({
    name: (entry) => naturalKey(entry.host.name),
    status: (entry) => entry.state.status,
    cpu: (entry) => entry.requested.cpuCores / Math.max(entry.host.allocatable.cpuCores, 1e-9),
    memory: (entry) => entry.requested.memoryBytes / Math.max(entry.host.allocatable.memoryBytes, 1),
    vms: (entry) => entry.machines,
    created: (entry) => entry.host.createdAt,
  });
  readonly #feeds: Feeds;
  readonly #clock: Clock;
  /** Hosts that take machines fall silent without any object changing. */
  readonly #silent: DueKeys;
  readonly #requested = new Map<string, Sum>();
  readonly #promised = new Map<string, { cpuCores: number; memoryBytes: number; machines: number }>();
  readonly #dirty = new DirtyKeys((name) => this.#join(name));

  constructor(feeds: Feeds, clock: Clock) {
    this.#feeds = feeds;
    this.#clock = clock;
    this.#silent = new DueKeys(clock, (name) => this.#dirty.mark(name));
    feeds.hosts.table.onChange((before, after) => this.#dirty.mark((after ?? before)?.name ?? ""));
    feeds.pods.table.onChange((before, after) => {
      if (before !== undefined) this.#add(before, -1);
      if (after !== undefined) this.#add(after, 1);
    });
    feeds.instances.table.onChange((before, after) => {
      if (before !== undefined) this.#promise(before, -1);
      if (after !== undefined) this.#promise(after, 1);
    });
  }

  #promise(instance: InstanceRecord, by: 1 | -1): void {
    if (instance.host === "" || !isLivePhase(instance.phase)) return;
    const sum = this.#promised.get(instance.host) ?? emptyPromise();
    sum.cpuCores += by * instance.cpuCores;
    sum.memoryBytes += by * instance.memoryBytes;
    sum.machines += by;
    this.#promised.set(instance.host, sum);
    this.#dirty.mark(instance.host);
  }

  #add(pod: PodRecord, by: 1 | -1): void {
    if (pod.host === "" || !isLivePhase(pod.phase)) return;
    const sum = this.#requested.get(pod.host) ?? emptySum();
    sum.cpuCores += by * pod.cpuCores;
    sum.memoryBytes += by * pod.memoryBytes;
    sum.pods += by;
    if (pod.instance !== "") sum.launchers += by;
    for (const [name, amount] of Object.entries(pod.otherRequests))
      sum.other[name] = (sum.other[name] ?? 0) + by * amount;
    this.#requested.set(pod.host, sum);
    this.#dirty.mark(pod.host);
  }

  /** Makes the row anew though no object changed: a drain of it began or ended. */
  touch(name: string): void {
    this.#dirty.mark(name);
  }

  flush(): void {
    this.#silent.tell();
    this.#dirty.flush();
  }

  #join(name: string): void {
    const host = this.#feeds.hosts.table.get("", name);
    if (host === undefined) {
      this.index.delete(name);
      this.#silent.expect(name, null);
      return;
    }
    const sum = this.#requested.get(name) ?? emptySum();
    const promised = this.#promised.get(name) ?? emptyPromise();
    const cpuCores = thousandths(sum.cpuCores);
    const takesMachines = hostRefusal(host, this.#clock.nowMs()) === null;
    this.#silent.expect(name, takesMachines ? silentFromMs(host) : null);
    this.index.set({
      key: name,
      uid: host.uid,
      project: "",
      host,
      state: hostState(host),
      requested: { cpuCores, memoryBytes: sum.memoryBytes },
      requestedAll: {
        ...sum.other,
        cpu: cpuCores,
        memory: sum.memoryBytes,
        pods: sum.pods,
      },
      promised: { cpuCores: promised.cpuCores, memoryBytes: promised.memoryBytes },
      machines: promised.machines,
      launchers: sum.launchers,
      takesMachines,
      haystack: `${name}\n${host.ip}\n${host.zone}\n${host.hardware}\n${host.os}`.toLowerCase(),
    });
  }
}

export function hostNoun(
  feeds: Feeds,
  hosts: HostIndex,
  clock: Clock,
  cluster: string,
  isDraining: (host: string) => boolean,
): Noun<HostEntry, HostRow> {
  return {
    name: "hosts",
    index: hosts.index,
    definition,
    feeds: [feeds.hosts, feeds.pods, feeds.instances],
    flush: () => hosts.flush(),
    scope: async (rights) => rights.clusterScope(hostRights.list),
    rowMaker: async (rights) => {
      const [update, patch, evict, remove] = await Promise.all([
        rights.can(hostRights.update, ""),
        rights.can(hostRights.patch, ""),
        rights.can(hostRights.evict, ""),
        rights.can(hostRights.delete, ""),
      ]);
      return (entry) => {
        const { host } = entry;
        const refusal = hostRefusal(host, clock.nowMs());
        const amount = (key: "cpuCores" | "memoryBytes") => ({
          capacity: host.capacity[key],
          allocatable: host.allocatable[key],
          requested: entry.requested[key],
        });
        return {
          ref: { cluster, noun: "host", name: host.name, uid: host.uid },
          name: host.name,
          state: entry.state,
          machines: {
            schedulable: refusal === null,
            ...(refusal === null ? {} : { reason: refusal }),
            count: entry.machines,
          },
          cpuCores: amount("cpuCores"),
          memoryBytes: amount("memoryBytes"),
          ip: host.ip,
          os: host.os,
          kernel: host.kernel,
          kubelet: host.kubelet,
          zone: host.zone,
          hardware: host.hardware,
          createdAt: host.createdAt,
          actions: hostActions(
            host,
            { update, patch, evict, delete: remove },
            isDraining(host.name),
            Math.max(entry.machines, entry.launchers),
          ),
        };
      };
    },
  };
}
