/** What virt-handler tells of a running machine: processors, memory, network, disks, file systems, and its migration. */
import { migrationSecondsAnnotation } from "../controllers/guest-moves.ts";
import type { MoveProgress } from "../machines/machine.ts";
import { parseQuantity } from "../controllers/quantity.ts";
import type { RunningMachine } from "./cluster-usage.ts";
import type { Labels, MetricPage } from "./metric-page.ts";
import { rateAt, totalOf, type Wave, waveOf } from "./usage-model.ts";

/** Bytes of one packet and of one disk request, on the mean. */
const packetBytes = 900;
const requestBytes = 24 * 1024;
const defaultMigrationSeconds = 2;
const gib = 1024 ** 3;

interface Seen {
  page: MetricPage;
  machine: RunningMachine;
  labels: Labels;
  at: number;
}

/** `move` is what QEMU tells of the guest's migration; null where there is none, or where it is simulated. */
export function addMachine(
  page: MetricPage,
  machine: RunningMachine,
  at: number,
  move: MoveProgress | null,
): void {
  const { metadata } = machine.instance;
  const labels = { node: machine.node, namespace: metadata.namespace, name: metadata.name };
  const seen = { page, machine, labels, at };
  addProcessors(seen);
  addMemory(seen);
  addNetwork(seen);
  addDisks(seen);
  addFileSystems(seen);
  addMigration(seen, move ?? simulatedMove(seen));
}

function addProcessors({ page, machine, labels, at }: Seen): void {
  const { waves, startedSeconds: start, vcpus, paused } = machine;
  const used = totalOf(waves.cpuCores, start, at);
  page.counter("kubevirt_vmi_cpu_usage_seconds_total", "Processor time that the machine used.")(labels, used);
  page.counter("kubevirt_vmi_cpu_user_usage_seconds_total", "Processor time used in user mode.")(
    labels,
    used * 0.7,
  );
  page.counter("kubevirt_vmi_cpu_system_usage_seconds_total", "Processor time used in kernel mode.")(
    labels,
    used * 0.3,
  );
  const seconds = page.counter("kubevirt_vmi_vcpu_seconds_total", "Time that a vCPU spent in a state.");
  const delay = page.counter(
    "kubevirt_vmi_vcpu_delay_seconds_total",
    "Time that a vCPU waited for a processor.",
  );
  const wait = page.counter(
    "kubevirt_vmi_vcpu_wait_seconds_total",
    "Time that a vCPU waited for input or output.",
  );
  for (let id = 0; id < vcpus; id += 1) {
    const vcpu = { ...labels, id: String(id) };
    seconds({ ...vcpu, state: paused ? "blocked" : "running" }, used / vcpus);
    delay(vcpu, (used / vcpus) * 0.01);
    wait(vcpu, (used / vcpus) * 0.02);
  }
  const load = rateAt(waves.cpuCores, at);
  page.gauge("kubevirt_vmi_guest_load_1m", "The guest's load over one minute.")(labels, load);
  page.gauge("kubevirt_vmi_guest_load_5m", "The guest's load over five minutes.")(labels, load);
  page.gauge("kubevirt_vmi_guest_load_15m", "The guest's load over fifteen minutes.")(labels, load);
}

function addMemory({ page, machine, labels, at }: Seen): void {
  const { guestBytes, waves, startedSeconds: start } = machine;
  const used = rateAt(waves.memoryBytes, at);
  const gauges: [what: string, help: string, value: number][] = [
    ["domain", "Memory that the machine was given.", guestBytes],
    ["available", "Memory that the guest sees.", guestBytes],
    ["usable", "Memory that the guest can take without swapping.", guestBytes - used],
    ["unused", "Memory that the guest uses for nothing.", (guestBytes - used) * 0.4],
    ["cached", "Memory that the guest's caches hold.", (guestBytes - used) * 0.6],
    ["actual_balloon", "Memory that the balloon leaves the guest.", guestBytes],
    ["resident", "Memory of the machine's process on the host.", used],
    ["swap_in_traffic", "What the guest read back from swap.", 0],
    ["swap_out_traffic", "What the guest wrote to swap.", 0],
  ];
  for (const [what, help, value] of gauges)
    page.gauge(`kubevirt_vmi_memory_${what}_bytes`, help)(labels, value);
  const faults = totalOf(waves.cpuCores, start, at);
  page.counter("kubevirt_vmi_memory_pgmajfault_total", "Page faults that went to a disk.")(
    labels,
    Math.floor(faults * 0.2),
  );
  page.counter("kubevirt_vmi_memory_pgminfault_total", "Page faults that memory answered.")(
    labels,
    Math.floor(faults * 300),
  );
}

/** The first of several has the machine's waves, the others small ones of their own: what one more brings lets none fall. */
function ownWave(seen: Seen, index: number, name: string, wave: Wave): Wave {
  return index === 0 ? wave : waveOf(`${seen.machine.instance.metadata.uid}/${name}`, wave.mean / 20);
}

function addNetwork(seen: Seen): void {
  const { page, machine, labels, at } = seen;
  const { waves, startedSeconds: start, instance } = machine;
  const names = instance.status?.interfaces?.map(({ name }) => name) ?? [];
  for (const [index, name] of (names.length === 0 ? ["default"] : names).entries()) {
    const own = { ...labels, interface: name };
    const ways: [way: string, words: string, wave: Wave][] = [
      ["receive", "received", waves.receiveBytesPerSecond],
      ["transmit", "sent", waves.transmitBytesPerSecond],
    ];
    for (const [way, words, wave] of ways) {
      const bytes = totalOf(ownWave(seen, index, `${name}/${way}`, wave), start, at);
      const counter = (what: string, help: string) =>
        page.counter(`kubevirt_vmi_network_${way}_${what}_total`, help);
      counter("bytes", `Bytes ${words}.`)(own, bytes);
      counter("packets", `Packets ${words}.`)(own, Math.floor(bytes / packetBytes));
      counter("packets_dropped", `Packets dropped that were to be ${words}.`)(own, 0);
      counter("errors", `Packets that could not be ${words}.`)(own, 0);
    }
  }
}

function addDisks(seen: Seen): void {
  const { page, machine, labels, at } = seen;
  const { waves, startedSeconds: start, instance } = machine;
  const targets = (instance.status?.volumeStatus ?? [])
    .map(({ target }) => target)
    .filter((name) => name !== "");
  for (const [index, drive] of (targets.length === 0 ? ["vda"] : targets).entries()) {
    const own = { ...labels, drive };
    const ways: [way: string, words: string, wave: Wave][] = [
      ["read", "read", waves.readBytesPerSecond],
      ["write", "written", waves.writeBytesPerSecond],
    ];
    for (const [way, words, wave] of ways) {
      const bytes = totalOf(ownWave(seen, index, `${drive}/${way}`, wave), start, at);
      const requests = Math.floor(bytes / requestBytes);
      page.counter(`kubevirt_vmi_storage_${way}_traffic_bytes_total`, `Bytes ${words}.`)(own, bytes);
      page.counter(`kubevirt_vmi_storage_iops_${way}_total`, `Requests by which was ${words}.`)(
        own,
        requests,
      );
      page.counter(`kubevirt_vmi_storage_${way}_times_seconds_total`, `Time in which was ${words}.`)(
        own,
        requests * 0.0012,
      );
    }
    const flushes = Math.floor(totalOf(waves.writeBytesPerSecond, start, at) / requestBytes / 50);
    page.counter("kubevirt_vmi_storage_flush_requests_total", "Requests to flush.")(own, flushes);
    page.counter("kubevirt_vmi_storage_flush_times_seconds_total", "Time spent flushing.")(
      own,
      flushes * 0.004,
    );
  }
}

/** As only a guest's agent can tell. */
function addFileSystems({ page, machine, labels, at }: Seen): void {
  const { instance, startedSeconds: start } = machine;
  const hasAgent = instance.status?.conditions?.some(
    ({ type, status }) => type === "AgentConnected" && status === "True",
  );
  if (hasAgent !== true) return;
  const [first] = instance.status?.volumeStatus ?? [];
  const capacity = first?.size ?? sizeOfClaim(first?.persistentVolumeClaimInfo) ?? 10 * gib;
  const own = { ...labels, disk_name: "vda1", mount_point: "/", file_system_type: "ext4" };
  // slowly fuller, and emptied again by whoever looks after it
  const days = (at - start) / 86_400;
  const used = capacity * (0.25 + 0.4 * ((days / 90 + machine.waves.cpuCores.mean) % 1));
  page.gauge("kubevirt_vmi_filesystem_capacity_bytes", "Size of a file system in the guest.")(own, capacity);
  page.gauge("kubevirt_vmi_filesystem_used_bytes", "What a file system in the guest holds.")(own, used);
}

function sizeOfClaim(info: object | undefined): number | undefined {
  const { capacity } = (info ?? {}) as { capacity?: { storage?: string } }; // a PersistentVolumeClaimInfo
  return capacity?.storage === undefined ? undefined : parseQuantity(capacity.storage);
}

/** While it is under way only, as libvirt tells of a job that runs. */
function simulatedMove({ machine, at }: Seen): MoveProgress | null {
  const { instance, guestBytes: totalBytes } = machine;
  const { startTimestamp, endTimestamp } = instance.status?.migrationState ?? {};
  if (startTimestamp === undefined || endTimestamp !== undefined) return null;
  const seconds = Number(
    instance.metadata.annotations?.[migrationSecondsAnnotation] ?? defaultMigrationSeconds,
  );
  const share = Math.min(0.99, Math.max(0, at - Date.parse(startTimestamp) / 1000) / Math.max(1, seconds));
  return {
    totalBytes,
    remainingBytes: totalBytes * (1 - share),
    transferredBytes: totalBytes * share,
    dirtyBytesPerSecond: totalBytes * 0.002,
    sentBytesPerSecond: totalBytes / Math.max(1, seconds),
  };
}

function addMigration({ page, labels }: Seen, move: MoveProgress | null): void {
  if (move === null) return;
  const gauge = (what: string, help: string, value: number) =>
    page.gauge(`kubevirt_vmi_migration_${what}_bytes`, help)(labels, value);
  page.counter("kubevirt_vmi_migration_data_bytes_total", "Memory that is to be moved.")(
    labels,
    move.totalBytes,
  );
  page.counter(
    "kubevirt_vmi_migration_data_total_bytes",
    "The older name of kubevirt_vmi_migration_data_bytes_total.",
  )(labels, move.totalBytes);
  gauge("data_processed", "Memory that has been moved.", move.transferredBytes);
  gauge("data_remaining", "Memory that is still to be moved.", move.remainingBytes);
  gauge("dirty_memory_rate", "Memory that the guest writes anew, per second.", move.dirtyBytesPerSecond);
  gauge("memory_transfer_rate", "Memory that is moved, per second.", move.sentBytesPerSecond);
}
