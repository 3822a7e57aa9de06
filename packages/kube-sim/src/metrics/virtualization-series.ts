/** What virt-controller tells of machines, instances and migrations, and what KubeVirt's recording rules make of it, by old and new names. */
import { claimKind, migrationKind, podKind, vmiKind, vmKind } from "../controllers/kinds.ts";
import type { VirtualMachine, VirtualMachineInstance } from "../controllers/kubevirt-shapes.ts";
import { parseQuantity } from "../controllers/quantity.ts";
import type { TypedStore } from "../controllers/typed-store.ts";
import type { ClusterUsage } from "./cluster-usage.ts";
import type { Labels, MetricPage } from "./metric-page.ts";
import { rateAt } from "./usage-model.ts";

/** pkg/monitoring/metrics/virt-controller/vmstats_collector.go, getVMStatusGroup */
const STATUS_GROUPS: Readonly<Record<string, string>> = {
  Provisioning: "starting",
  Starting: "starting",
  WaitingForVolumeBinding: "starting",
  Running: "running",
  Migrating: "migrating",
  Stopped: "non_running",
  Paused: "non_running",
  Stopping: "non_running",
  Terminating: "non_running",
  CrashLoopBackOff: "error",
  Unknown: "error",
  ErrorUnschedulable: "error",
  ErrImagePull: "error",
  ImagePullBackOff: "error",
  ErrorPvcNotFound: "error",
  DataVolumeError: "error",
};

const secondsOf = (time: string): number => Date.parse(time) / 1000;

export function addVirtualization(page: MetricPage, store: TypedStore, usage: ClusterUsage): void {
  addMachines(page, store);
  const phases = addInstances(page, store);
  addMigrations(page, store);
  for (const name of ["node:kubevirt_vmi_phase:sum", "kubevirt_vmi_phase_count"]) {
    const series = page.gauge(name, "VMIs by phase and host.");
    for (const { labels, count } of phases.values()) series(labels, count);
  }
  addRulesOfRunning(page, usage);
  addOrphans(page, store);
}

function addMachines(page: MetricPage, store: TypedStore): void {
  const info = page.gauge("kubevirt_vm_info", "A VM, its state and what it was made of.");
  const created = page.gauge("kubevirt_vm_create_date_timestamp_seconds", "When a VM was made.");
  const counts = new Map<string, number>();
  for (const vm of store.list(vmKind)) {
    const { name, namespace = "", creationTimestamp } = vm.metadata;
    const status = vm.status?.printableStatus ?? "";
    info(
      {
        name,
        namespace,
        machine_type: vm.spec.template.spec.domain.machine?.type,
        instance_type: vm.spec.instancetype?.name,
        preference: vm.spec.preference?.name,
        status: status.toLowerCase(),
        status_group: STATUS_GROUPS[status] ?? "<unknown>",
      },
      1,
    );
    created({ name, namespace }, secondsOf(creationTimestamp));
    counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
    addDisks(page, store, vm);
  }
  for (const name of ["namespace:kubevirt_vm:sum", "kubevirt_number_of_vms"]) {
    const series = page.gauge(name, "VMs of a namespace.");
    for (const [namespace, count] of counts) series({ namespace }, count);
  }
}

const claimsOf = (vm: VirtualMachine): { device: string; claim: string }[] =>
  (vm.spec.template.spec.volumes ?? []).flatMap(({ name, dataVolume, persistentVolumeClaim }) => {
    const claim = persistentVolumeClaim?.claimName ?? dataVolume?.name;
    return claim === undefined ? [] : [{ device: name, claim }];
  });

function addDisks(page: MetricPage, store: TypedStore, vm: VirtualMachine): void {
  const { name, namespace } = vm.metadata;
  const series = page.gauge("kubevirt_vm_disk_allocated_size_bytes", "What a VM's disk asked of storage.");
  for (const { device, claim } of claimsOf(vm)) {
    const spec = store.get(claimKind, namespace, claim)?.spec;
    if (spec === undefined) continue;
    series(
      { name, namespace, persistentvolumeclaim: claim, volume_mode: spec.volumeMode ?? "Filesystem", device },
      parseQuantity(spec.resources?.requests?.storage),
    );
  }
}

type Phases = Map<string, { labels: Labels; count: number }>;

function addInstances(page: MetricPage, store: TypedStore): Phases {
  const info = page.gauge("kubevirt_vmi_info", "A VMI, its phase and its guest.");
  const blocked = page.gauge(
    "kubevirt_vmi_non_evictable",
    "1 for a VMI that is to move when its host is emptied, and cannot.",
  );
  const phases: Phases = new Map();
  const migrationNames = new Map(
    store.list(migrationKind).map(({ metadata }) => [metadata.uid, metadata.name] as const),
  );
  for (const vmi of store.list(vmiKind)) {
    const { name, namespace } = vmi.metadata;
    const { phase = "Pending", nodeName, guestOSInfo = {} } = vmi.status ?? {};
    const annotations = vmi.metadata.annotations ?? {};
    const what = {
      node: nodeName,
      phase: phase.toLowerCase(),
      instance_type:
        annotations["kubevirt.io/cluster-instancetype-name"] ?? annotations["kubevirt.io/instancetype-name"],
      preference:
        annotations["kubevirt.io/cluster-preference-name"] ?? annotations["kubevirt.io/preference-name"],
      guest_os_kernel_release: guestOSInfo["kernelRelease"],
      guest_os_machine: guestOSInfo["machine"],
      guest_os_name: guestOSInfo["name"],
      guest_os_version_id: guestOSInfo["versionId"],
    };
    const evictable = isMigratable(vmi);
    info({ ...what, namespace, name, evictable: String(evictable), outdated: "false" }, 1);
    if (nodeName !== undefined)
      blocked(
        { node: nodeName, namespace, name },
        vmi.spec.evictionStrategy === "LiveMigrate" && !evictable ? 1 : 0,
      );
    addMigrationTimes(page, vmi, migrationNames);
    const key = JSON.stringify(what);
    const counted = phases.get(key) ?? { labels: what, count: 0 };
    counted.count += 1;
    phases.set(key, counted);
  }
  return phases;
}

const isMigratable = (vmi: VirtualMachineInstance): boolean =>
  vmi.status?.conditions?.some(({ type, status }) => type === "LiveMigratable" && status === "True") === true;

function addMigrations(page: MetricPage, store: TypedStore): void {
  const migrations = store.list(migrationKind);
  const groups: [name: string, help: string, phases: readonly string[]][] = [
    ["pending", "that wait for their turn", ["Pending"]],
    [
      "scheduling",
      "whose target is being made ready",
      ["Scheduling", "Scheduled", "PreparingTarget", "TargetReady"],
    ],
    ["running", "under way", ["Running"]],
    ["unset", "that nobody has looked at", [""]],
  ];
  for (const [name, help, phases] of groups)
    page.gauge(`kubevirt_vmi_migrations_in_${name}_phase`, `Migrations ${help}.`)(
      {},
      migrations.filter(({ status }) => phases.includes(status?.phase ?? "")).length,
    );
  const ends = { Succeeded: "succeeded", Failed: "failed" } as const;
  for (const { metadata, spec, status } of migrations) {
    const of = { vmi: spec.vmiName, vmim: metadata.name, namespace: metadata.namespace };
    for (const [phase, name] of Object.entries(ends))
      if (status?.phase === phase)
        page.gauge(`kubevirt_vmi_migration_${name}`, `1 for a migration that ${name}.`)(of, 1);
  }
}

/** Of an instance's last migration. */
function addMigrationTimes(
  page: MetricPage,
  vmi: VirtualMachineInstance,
  names: ReadonlyMap<string, string>,
): void {
  const { migrationUid = "", startTimestamp, endTimestamp, failed } = vmi.status?.migrationState ?? {};
  const labels = {
    node: vmi.status?.nodeName,
    namespace: vmi.metadata.namespace,
    name: vmi.metadata.name,
    migration_name: names.get(migrationUid),
  };
  if (startTimestamp !== undefined)
    page.gauge("kubevirt_vmi_migration_start_time_seconds", "When a migration began.")(
      labels,
      secondsOf(startTimestamp),
    );
  if (endTimestamp !== undefined)
    page.gauge("kubevirt_vmi_migration_end_time_seconds", "When a migration ended.")(
      { ...labels, status: failed === true ? "failed" : "succeeded" },
      secondsOf(endTimestamp),
    );
}

function addRulesOfRunning(page: MetricPage, usage: ClusterUsage): void {
  const vcpus = page.gauge("vmi:kubevirt_vmi_vcpu:count", "vCPUs of a VMI.");
  for (const { instance, node, vcpus: count, waves } of usage.machines()) {
    const labels = { namespace: instance.metadata.namespace, name: instance.metadata.name, node };
    vcpus(labels, count);
    for (const name of ["vmi:kubevirt_vmi_memory_used_bytes:sum", "kubevirt_vmi_memory_used_bytes"])
      page.gauge(name, "Memory that the guest uses.")(labels, rateAt(waves.memoryBytes, usage.nowSeconds));
  }
}

/** Claims that neither a pod mounts nor a VM names. */
function addOrphans(page: MetricPage, store: TypedStore): void {
  const used = new Set<string>();
  for (const { metadata, spec } of store.list(podKind))
    for (const { persistentVolumeClaim } of spec.volumes ?? [])
      used.add(`${metadata.namespace ?? ""}/${persistentVolumeClaim?.claimName ?? ""}`);
  for (const vm of store.list(vmKind))
    for (const { claim } of claimsOf(vm)) used.add(`${vm.metadata.namespace ?? ""}/${claim}`);
  const series = page.gauge(
    "pvc:kubevirt_suspected_orphaned_storage_bytes:info",
    "What a claim asked for that nothing seems to use.",
  );
  for (const { metadata, spec } of store.list(claimKind)) {
    if (used.has(`${metadata.namespace ?? ""}/${metadata.name}`)) continue;
    series(
      {
        namespace: metadata.namespace,
        persistentvolumeclaim: metadata.name,
        storageclass: spec.storageClassName,
        volumename: spec.volumeName,
      },
      parseQuantity(spec.resources?.requests?.storage),
    );
  }
}
