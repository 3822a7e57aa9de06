/** Machines as people see them: VM, instance, launcher pod and disks joined into one entry, re-joined only when one changes. */
import { isDeepStrictEqual } from "node:util";
import type { VmActions, VmRow, VmState } from "@kubev/api-types/virtual-machines";
import { tone } from "@kubev/api-types/reason";
import { printableStatus, runStrategy } from "@kubev/api-types/virtual-machines";
import { parseQuantity } from "../domain/quantity.ts";
import { vmActionsByState } from "../domain/vm-actions.ts";
import { isMigrationOver } from "../domain/migration-stage.ts";
import type {
  InstanceRecord,
  MigrationRecord,
  PodRecord,
  RecordBase,
  VmCopyRecord,
  VmRecord,
} from "../domain/vm-records.ts";
import { vmState } from "../domain/vm-state.ts";
import { hangs, patienceEndsMs } from "../domain/deletion.ts";
import type { Amounts } from "../domain/host-placement.ts";
import { largestOf } from "../domain/schedulability.ts";
import type { Clock } from "../kube/clock.ts";
import { DirtyKeys } from "./dirty-keys.ts";
import { DueKeys } from "./due-keys.ts";
import { recordKey } from "./feed-table.ts";
import type { Feeds } from "./inventory.ts";
import type { ListEntry } from "./list-index.ts";
import { ListIndex } from "./list-index.ts";
import { naturalKey } from "./sorted-entries.ts";
import type { ListDefinition } from "./list-query.ts";
import { sharedActions } from "./shared-actions.ts";
import { sharedState } from "./shared-state.ts";
import { sharedList, sharedText } from "./shared-text.ts";

export interface VmEntry extends ListEntry {
  vm: VmRecord;
  instance: InstanceRecord | null;
  /** What the network keeps for it while its guest has no address; its record's own list. */
  reservedIps: readonly string[];
  state: VmState;
  cpuCores: number;
  memoryBytes: number;
  nameKey: string;
  projectKey: string;
  hostKey: string;
  osKey: string;
  /** What `status:` matches: the state's word and how it feels. */
  statusWords: readonly string[];
  /** '' sorts last: machines without an address come after those with one. */
  ipKey: string;
  haystack: string;
  actions: Readonly<VmActions>;
}

function ipKey(ip: string | undefined): string {
  return ip === undefined ? "~" : naturalKey(ip);
}

const none: readonly string[] = [];

/** Those of its guest, else those that are kept for it. */
function shownIps({ instance, reservedIps }: Pick<VmEntry, "instance" | "reservedIps">): readonly string[] {
  return instance === null || instance.ips.length === 0 ? reservedIps : instance.ips;
}

/** True when the machine waits for a person: by its state, or because its changes wait for a restart. */
export function needsAttention({ state, vm }: Pick<VmEntry, "state" | "vm">): boolean {
  return state.tone === "error" || state.tone === "attention" || vm.restartRequired;
}

export const vmDefinition: ListDefinition<VmEntry> = {
  defaultSort: "name",
  haystack: (entry) => entry.haystack,
  facet: (entry) => entry.state.status,
  tone: (entry) => entry.state.tone,
  fields: {
    name: { kind: "text", match: "contains", get: (entry) => entry.vm.name },
    project: { kind: "text", match: "equals", get: (entry) => entry.project },
    status: {
      kind: "text",
      match: "equals",
      get: (entry) => entry.statusWords,
      known: [...printableStatus.options, ...tone.options],
    },
    // what the count of a project counts, so that its link shows the same machines
    attention: {
      kind: "text",
      match: "equals",
      get: (entry) => (needsAttention(entry) ? "yes" : "no"),
      known: ["yes", "no"],
    },
    node: { kind: "text", match: "equals", get: (entry) => entry.instance?.host ?? "" },
    host: { kind: "text", match: "equals", get: (entry) => entry.instance?.host ?? "" },
    ip: { kind: "text", match: "prefix", get: shownIps },
    mac: { kind: "text", match: "prefix", get: (entry) => entry.instance?.macs ?? [] },
    os: { kind: "text", match: "contains", get: (entry) => entry.instance?.guestOs ?? "" },
    type: { kind: "text", match: "equals", get: (entry) => entry.vm.instanceType },
    preference: { kind: "text", match: "equals", get: (entry) => entry.vm.preference },
    strategy: { kind: "text", match: "equals", get: (entry) => entry.vm.runStrategy },
    subnet: { kind: "text", match: "equals", get: (entry) => entry.vm.subnet },
    image: { kind: "text", match: "contains", get: (entry) => entry.vm.images },
    disk: { kind: "text", match: "equals", get: (entry) => entry.vm.volumes.map((volume) => volume.claim) },
    label: { kind: "label", get: (entry) => entry.vm.labels },
    cpu: { kind: "number", get: (entry) => entry.cpuCores, parse: (text) => parseQuantity(text) },
    memory: { kind: "bytes", get: (entry) => entry.memoryBytes },
    mem: { kind: "bytes", get: (entry) => entry.memoryBytes },
  },
};

function vmListIndex(): ListIndex<VmEntry> {
  return new ListIndex<VmEntry>({
    name: (entry) => entry.nameKey,
    project: (entry) => entry.projectKey,
    status: (entry) => entry.state.status,
    host: (entry) => entry.hostKey,
    ip: (entry) => entry.ipKey,
    cpu: (entry) => entry.cpuCores,
    memory: (entry) => entry.memoryBytes,
    created: (entry) => entry.vm.createdAt,
    os: (entry) => entry.osKey,
  });
}

/** Keeps the joined entries in step with the feeds they come from. */
export class VmIndex {
  readonly index = vmListIndex();
  readonly #feeds: Feeds;
  readonly #dirty = new DirtyKeys((key) => this.#join(key));
  /** Claim key → VM keys that use it. */
  readonly #users = new Map<string, readonly string[]>();
  /** Instance key → its launcher pods. */
  readonly #pods = new Map<string, readonly PodRecord[]>();
  /** Instance key → names of its migrations that have not ended. */
  readonly #migrations = new Map<string, Set<string>>();

  /** Keys of those for which no host was found: what they wait for changes with the hosts. */
  readonly #unschedulable = new Set<string>();
  /** Null until it is asked for, and again when a host grew or went. */
  #largestHost: Amounts | null = null;

  /** What is deleted waits for a person from some moment on. */
  readonly #hanging: DueKeys;
  readonly #clock: Clock;

  constructor(feeds: Feeds, clock: Clock) {
    this.#feeds = feeds;
    this.#clock = clock;
    this.#hanging = new DueKeys(clock, (key) => this.#dirty.mark(key));
    feeds.vms.table.onChange((before, after) => this.#vmChanged(before, after));
    const byName = (before: RecordBase | undefined, after: RecordBase | undefined) => {
      const record = after ?? before;
      if (record !== undefined) this.#dirty.mark(recordKey(record.namespace, record.name));
    };
    feeds.instances.table.onChange(byName);
    feeds.ips.table.onChange((before, after) => {
      // named MACHINE.PROJECT; pods have theirs too, and a guest's own address goes before
      const name = (after ?? before)?.name ?? "";
      const dot = name.lastIndexOf(".");
      const place = [name.slice(dot + 1), name.slice(0, Math.max(0, dot))] as const;
      if (feeds.vms.table.get(...place) === undefined) return;
      if ((feeds.instances.table.get(...place)?.ips.length ?? 0) === 0) this.#dirty.mark(recordKey(...place));
    });
    const byClaim = (before: RecordBase | undefined, after: RecordBase | undefined) => {
      const record = after ?? before;
      if (record === undefined) return;
      for (const key of this.#users.get(recordKey(record.namespace, record.name)) ?? [])
        this.#dirty.mark(key);
    };
    feeds.claims.table.onChange(byClaim);
    feeds.dataVolumes.table.onChange(byClaim);
    feeds.pods.table.onChange((before, after) => this.#podChanged(before, after));
    feeds.vmSnapshots.table.onChange((before, after) => {
      const record = after ?? before;
      if (record !== undefined && record.vm !== "") this.#dirty.mark(recordKey(record.namespace, record.vm));
    });
    const byCopy = (before: VmCopyRecord | undefined, after: VmCopyRecord | undefined) => {
      const record = after ?? before;
      if (record === undefined) return;
      // what was restored is told on the page of the machine that the snapshot is of, too
      const of = feeds.vmSnapshots.table.get(record.namespace, record.snapshot)?.vm ?? "";
      for (const name of new Set([...record.machines, of]))
        if (name !== "") this.#dirty.mark(recordKey(record.namespace, name));
    };
    feeds.vmRestores.table.onChange(byCopy);
    feeds.vmClones.table.onChange(byCopy);
    feeds.migrations.table.onChange((before, after) => this.#migrationChanged(before, after));
    const byType = (before: RecordBase | undefined, after: RecordBase | undefined) => {
      const name = (after ?? before)?.name;
      for (const vm of feeds.vms.table.values())
        if (vm.instanceType !== "" && vm.instanceType === name)
          this.#dirty.mark(recordKey(vm.namespace, vm.name));
    };
    feeds.clusterInstanceTypes.table.onChange(byType);
    feeds.instanceTypes.table.onChange(byType);
    feeds.hosts.table.onChange((before, after) => {
      // a host reports often, and grows seldom
      if (isDeepStrictEqual(before?.resources.allocatable, after?.resources.allocatable)) return;
      this.#largestHost = null;
      for (const key of this.#unschedulable) this.#dirty.mark(key);
    });
  }

  flush(): void {
    this.#hanging.tell();
    this.#dirty.flush();
  }

  /** VMs that use a claim, by name. */
  usersOfClaim(namespace: string, claim: string): string[] {
    return [...(this.#users.get(recordKey(namespace, claim)) ?? [])].map((key) =>
      key.slice(namespace.length + 1),
    );
  }

  podOf(namespace: string, instance: string): PodRecord | null {
    const pods = this.#pods.get(recordKey(namespace, instance)) ?? [];
    return pods.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0] ?? null;
  }

  #vmChanged(before: VmRecord | undefined, after: VmRecord | undefined): void {
    const record = after ?? before;
    if (record === undefined) return;
    const key = recordKey(record.namespace, record.name);
    for (const { claim } of before?.volumes ?? [])
      if (claim !== "") this.#uses(recordKey(record.namespace, claim), key, false);
    for (const { claim } of after?.volumes ?? []) {
      if (claim !== "") this.#uses(recordKey(record.namespace, claim), key, true);
    }
    this.#dirty.mark(key);
  }

  /** Most claims have one user: a list of one is a fifth of a set. */
  #uses(claimKey: string, vmKey: string, now: boolean): void {
    const others = (this.#users.get(claimKey) ?? []).filter((key) => key !== vmKey);
    if (now) this.#users.set(claimKey, [...others, vmKey]);
    else if (others.length > 0) this.#users.set(claimKey, others);
    else this.#users.delete(claimKey);
  }

  #podChanged(before: PodRecord | undefined, after: PodRecord | undefined): void {
    const record = after ?? before;
    if (record === undefined || record.instance === "") return;
    const key = recordKey(record.namespace, record.instance);
    const others = (this.#pods.get(key) ?? []).filter((pod) => pod.name !== record.name);
    const pods = after === undefined ? others : [...others, after];
    if (pods.length === 0) this.#pods.delete(key);
    else this.#pods.set(key, pods);
    if (before?.waitingReason !== after?.waitingReason) this.#dirty.mark(key);
  }

  #migrationChanged(before: MigrationRecord | undefined, after: MigrationRecord | undefined): void {
    const record = after ?? before;
    if (record === undefined) return;
    const key = recordKey(record.namespace, record.instance);
    const names = this.#migrations.get(key) ?? new Set();
    if (after === undefined || isMigrationOver(after.phase)) names.delete(record.name);
    else names.add(record.name);
    if (names.size === 0) this.#migrations.delete(key);
    else this.#migrations.set(key, names);
    this.#dirty.mark(key);
  }

  #join(key: string): void {
    const vm = this.#feeds.vms.table.at(key);
    if (vm === undefined) {
      this.#unschedulable.delete(key);
      this.#hanging.expect(key, null);
      this.index.delete(key);
      return;
    }
    const entry = this.entryOf(vm, this.#feeds.instances.table.at(key) ?? null);
    if (entry.state.status === "ErrorUnschedulable") this.#unschedulable.add(key);
    else this.#unschedulable.delete(key);
    this.#hanging.expect(key, vm.deletion === null ? null : patienceEndsMs(vm.deletion));
    this.index.set(entry);
  }

  /** The joined entry of a machine, from records that may be newer than the feeds'. */
  entryOf(vm: VmRecord, instance: InstanceRecord | null): VmEntry {
    const { namespace, name } = vm;
    const key = recordKey(namespace, name);
    const state = sharedState(
      vmState({
        vm,
        instance,
        pod: this.podOf(namespace, name),
        dataVolume: (claim) => this.#feeds.dataVolumes.table.get(namespace, claim),
        claim: (claim) => this.#feeds.claims.table.get(namespace, claim),
        hangs: vm.deletion !== null && hangs(vm.deletion, this.#clock.nowMs()),
        largestHost: () => (this.#largestHost ??= largestOf(this.#feeds.hosts.table.values())),
      }),
    );
    const sized = this.#sizeOf(vm, instance);
    const hasIps = instance !== null && instance.ips.length > 0;
    const address = hasIps ? undefined : this.#feeds.ips.table.get("", `${name}.${namespace}`);
    // a pod of that name has its own
    const isMachines = address?.podName === "" || address?.podType === "VirtualMachine";
    const reservedIps = (isMachines ? address?.ips : undefined) ?? none;
    const ips = shownIps({ instance, reservedIps });
    return {
      key,
      uid: vm.uid,
      project: namespace,
      vm,
      instance,
      reservedIps,
      state,
      cpuCores: sized.cpuCores,
      memoryBytes: sized.memoryBytes,
      nameKey: naturalKey(name),
      projectKey: sharedText(naturalKey(namespace)),
      hostKey: sharedText(naturalKey(instance?.host || "~")),
      osKey: sharedText((instance?.guestOs ?? "").toLowerCase()),
      statusWords: sharedList([state.status, state.tone]),
      ipKey: ipKey(ips[0]),
      haystack: [
        name,
        namespace,
        state.status,
        instance?.host ?? "",
        ...ips,
        instance?.guestOs ?? "",
        vm.instanceType,
        ...Object.entries(vm.labels).map(([label, value]) => `${label}=${value}`),
      ]
        .join("\n")
        .toLowerCase(),
      actions: sharedActions(vmActionsByState(vm, instance, this.#migrations.has(key))),
    };
  }

  #sizeOf(vm: VmRecord, instance: InstanceRecord | null): { cpuCores: number; memoryBytes: number } {
    const type =
      vm.instanceType === ""
        ? undefined
        : vm.instanceTypeId !== vm.instanceType
          ? this.#feeds.instanceTypes.table.get(vm.namespace, vm.instanceType)
          : this.#feeds.clusterInstanceTypes.table.get("", vm.instanceType);
    if (type !== undefined) return { cpuCores: type.cpuCores, memoryBytes: type.memoryBytes };
    if (vm.instanceType !== "" && instance !== null)
      return { cpuCores: instance.cpuCores, memoryBytes: instance.memoryBytes };
    return { cpuCores: vm.cpuCores, memoryBytes: vm.memoryBytes };
  }
}

/** A row without what depends on the caller. */
export function vmRowBase(entry: VmEntry, cluster: string): Omit<VmRow, "actions"> {
  const { vm, instance } = entry;
  const strategy = runStrategy.safeParse(vm.runStrategy);
  return {
    ref: { cluster, noun: "virtual-machine", project: vm.namespace, name: vm.name, uid: vm.uid },
    name: vm.name,
    project: vm.namespace,
    state: entry.state,
    runStrategy: strategy.success ? strategy.data : null,
    host: instance?.host ?? "",
    ...(instance !== null && instance.migratingTo !== "" ? { migratingTo: instance.migratingTo } : {}),
    ips: [...(instance?.ips ?? [])],
    ...(entry.reservedIps.length === 0 ? {} : { reservedIps: [...entry.reservedIps] }),
    cpuCores: entry.cpuCores,
    memoryBytes: entry.memoryBytes,
    ...(vm.instanceType === "" ? {} : { instanceType: vm.instanceType }),
    ...(vm.preference === "" ? {} : { preference: vm.preference }),
    guestOs: instance?.guestOs || vm.preference,
    disks: vm.volumes.filter((volume) => volume.claim !== "").length,
    restartRequired: vm.restartRequired,
    createdAt: vm.createdAt,
    ...(instance !== null && instance.startedAt !== "" ? { startedAt: instance.startedAt } : {}),
    labels: { ...vm.labels },
  };
}
