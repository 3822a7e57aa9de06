/** Machine objects to records. Secrets of cloud-init, pull secrets and managedFields end here: nothing below keeps them. */
import { clusterAnnotations, isDeleteProtected, isLauncher } from "../domain/cluster-labels.ts";
import type { InstanceRecord, MigrationRecord, PodRecord, VmRecord } from "../domain/vm-records.ts";
import { securityGroupsOf } from "../domain/nic-annotations.ts";
import { quantityOrZero } from "../domain/quantity.ts";
import { idOfMatcher } from "../domain/type-id.ts";
import type { RawCondition } from "../domain/conditions.ts";
import type { Quantity, RawMeta, RawObject } from "./raw.ts";
import { conditionOf, isTrue, recordBase } from "./record-base.ts";
import { sharedList, sharedText, sharedValues } from "./shared-text.ts";

interface RawDomain {
  cpu?: { sockets?: number; cores?: number; threads?: number };
  memory?: { guest?: Quantity; hugepages?: { pageSize?: string } };
  resources?: { requests?: Record<string, Quantity>; limits?: Record<string, Quantity> };
  devices?: { autoattachGraphicsDevice?: boolean; autoattachSerialConsole?: boolean };
  features?: { acpi?: { enabled?: boolean } };
}

interface RawVolume {
  name?: string;
  dataVolume?: { name?: string };
  persistentVolumeClaim?: { claimName?: string };
}

export interface RawTemplateSpec {
  domain?: RawDomain;
  volumes?: RawVolume[];
  livenessProbe?: { guestAgentPing?: unknown };
}

interface RawVmSpec {
  runStrategy: string;
  running: boolean;
  instancetype: { name?: string; kind?: string };
  preference: { name?: string; kind?: string };
  template: { metadata?: RawMeta; spec?: RawTemplateSpec };
  dataVolumeTemplates: {
    metadata?: RawMeta;
    spec?: { sourceRef?: { kind?: string; name?: string; namespace?: string } };
  }[];
}

interface RawVmStatus {
  printableStatus: string;
  conditions: RawCondition[];
  startFailure: { consecutiveFailCount?: number; retryAfterTimestamp?: string };
  stateChangeRequests: unknown[];
  snapshotInProgress: string;
  restoreInProgress: string;
}

/** vCPUs a spec asks for; KubeVirt's default is one. */
export function cpuCoresOf(domain: RawDomain | undefined): number {
  const cpu = domain?.cpu;
  if (cpu !== undefined && (cpu.sockets ?? cpu.cores ?? cpu.threads) !== undefined)
    return (cpu.sockets ?? 1) * (cpu.cores ?? 1) * (cpu.threads ?? 1);
  return Math.max(1, Math.ceil(quantityOrZero(domain?.resources?.requests?.["cpu"])));
}

export function memoryBytesOf(domain: RawDomain | undefined): number {
  return quantityOrZero(domain?.memory?.guest ?? domain?.resources?.requests?.["memory"]);
}

function strategyOf(spec: Partial<RawVmSpec> | undefined): string {
  if (spec?.runStrategy !== undefined) return spec.runStrategy;
  if (spec?.running === undefined) return "";
  return spec.running ? "Always" : "Halted";
}

export function projectVm(raw: RawObject<RawVmSpec, RawVmStatus>): VmRecord {
  const { spec, status, metadata } = raw;
  const template = spec?.template?.spec;
  const domain = template?.domain;
  const failure = conditionOf(status?.conditions, "Failure");
  const base = recordBase(metadata);
  return {
    namespace: base.namespace,
    name: base.name,
    uid: base.uid,
    createdAt: base.createdAt,
    deletion: base.deletion,
    labels: sharedValues(metadata?.labels ?? {}),
    runStrategy: strategyOf(spec),
    status: status?.printableStatus ?? "",
    failure: failure?.status === "True" ? failure : null,
    restartRequired: isTrue(status?.conditions, "RestartRequired"),
    recoveryRequired: isTrue(status?.conditions, "ManualRecoveryRequired"),
    startFailures: status?.startFailure?.consecutiveFailCount ?? 0,
    retryAfter: status?.startFailure?.retryAfterTimestamp ?? "",
    requestPending: (status?.stateChangeRequests ?? []).length > 0,
    snapshotInProgress: status?.snapshotInProgress ?? "",
    restoreInProgress: (status?.restoreInProgress ?? "") !== "",
    cpuCores: cpuCoresOf(domain),
    memoryBytes: memoryBytesOf(domain),
    instanceType: sharedText(spec?.instancetype?.name ?? ""),
    instanceTypeId: sharedText(idOfMatcher(spec?.instancetype, metadata?.namespace ?? "")),
    preference: sharedText(spec?.preference?.name ?? ""),
    preferenceId: sharedText(idOfMatcher(spec?.preference, metadata?.namespace ?? "")),
    volumes: (template?.volumes ?? []).map((volume) => ({
      name: sharedText(volume.name ?? ""),
      claim: sharedText(volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName ?? ""),
    })),
    dataVolumeTemplates: (spec?.dataVolumeTemplates ?? []).map((entry) =>
      sharedText(entry.metadata?.name ?? ""),
    ),
    images: sharedList(
      (spec?.dataVolumeTemplates ?? []).flatMap((entry) =>
        entry.spec?.sourceRef?.name === undefined
          ? []
          : [`${entry.spec.sourceRef.namespace ?? base.namespace}/${entry.spec.sourceRef.name}`],
      ),
    ),
    graphics: domain?.devices?.autoattachGraphicsDevice !== false,
    serial: domain?.devices?.autoattachSerialConsole !== false,
    acpi: domain?.features?.acpi !== undefined && domain.features.acpi.enabled !== false,
    livenessProbe:
      template?.livenessProbe !== undefined && template.livenessProbe.guestAgentPing === undefined,
    deleteProtected: isDeleteProtected(metadata?.labels),
    subnet: sharedText(spec?.template?.metadata?.annotations?.[clusterAnnotations.logicalSwitch] ?? ""),
    securityGroups: sharedList(securityGroupsOf(spec?.template?.metadata?.annotations)),
  };
}

interface RawInstanceStatus {
  phase: string;
  nodeName: string;
  interfaces: { ipAddress?: string; ipAddresses?: string[]; mac?: string; name?: string }[];
  guestOSInfo: { prettyName?: string; name?: string };
  conditions: RawCondition[];
  phaseTransitionTimestamps: { phase?: string; phaseTransitionTimestamp?: string }[];
  migrationState: { targetNode?: string; completed?: boolean; failed?: boolean; startTimestamp?: string };
  currentCPUTopology: { sockets?: number; cores?: number; threads?: number };
  memory: { guestCurrent?: Quantity };
}

export function projectInstance(raw: RawObject<{ domain: RawDomain }, RawInstanceStatus>): InstanceRecord {
  const { status, metadata } = raw;
  const migration = status?.migrationState;
  const migrating =
    migration?.startTimestamp !== undefined && migration.completed !== true && migration.failed !== true;
  const scheduled = conditionOf(status?.conditions, "PodScheduled");
  const migratable = conditionOf(status?.conditions, "LiveMigratable");
  const topology = status?.currentCPUTopology;
  const base = recordBase(metadata);
  return {
    namespace: base.namespace,
    name: base.name,
    uid: base.uid,
    createdAt: base.createdAt,
    deletion: base.deletion,
    phase: status?.phase ?? "",
    host: sharedText(status?.nodeName ?? ""),
    ips: [
      ...new Set(
        (status?.interfaces ?? []).flatMap(
          (nic) => nic.ipAddresses ?? (nic.ipAddress ? [nic.ipAddress] : []),
        ),
      ),
    ],
    // the list that map makes is as long as it must be, that of flatMap has room for seventeen
    macs: (status?.interfaces ?? []).filter((nic) => nic.mac !== undefined).map((nic) => nic.mac ?? ""),
    guestOs: sharedText(status?.guestOSInfo?.prettyName ?? status?.guestOSInfo?.name ?? ""),
    startedAt: sharedText(
      status?.phaseTransitionTimestamps?.find((entry) => entry.phase === "Running")
        ?.phaseTransitionTimestamp ?? "",
    ),
    paused: isTrue(status?.conditions, "Paused"),
    agentConnected: isTrue(status?.conditions, "AgentConnected"),
    migratingSince: migrating ? (migration.startTimestamp ?? "") : "",
    migratingTo: migrating ? (migration.targetNode ?? "") : "",
    migrationBlock:
      migratable?.status === "False"
        ? migratable.message || migratable.reason || "LiveMigratable is False"
        : "",
    unschedulable:
      scheduled?.status === "False" && scheduled.reason === "Unschedulable" ? scheduled.message : "",
    cpuCores:
      topology === undefined
        ? cpuCoresOf(raw.spec?.domain)
        : (topology.sockets ?? 1) * (topology.cores ?? 1) * (topology.threads ?? 1),
    memoryBytes: quantityOrZero(status?.memory?.guestCurrent) || memoryBytesOf(raw.spec?.domain),
    ownedByVm: (metadata?.ownerReferences ?? []).some((owner) => owner.kind === "VirtualMachine"),
  };
}

interface RawPodSpec {
  nodeName: string;
  containers: { resources?: { requests?: Record<string, Quantity> } }[];
}
/** Launchers ask for the same few things over and over: one object for all that ask alike. */
const sharedRequests = new Map<string, Readonly<Record<string, number>>>();
const mostShared = 1000;

function otherRequestsOf(containers: RawPodSpec["containers"]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const container of containers)
    for (const [name, amount] of Object.entries(container.resources?.requests ?? {}))
      if (name !== "cpu" && name !== "memory") sums[name] = (sums[name] ?? 0) + quantityOrZero(amount);
  const key = JSON.stringify(sums);
  const known = sharedRequests.get(key);
  if (known !== undefined) return known;
  if (sharedRequests.size < mostShared) sharedRequests.set(key, sums);
  return sums;
}

interface RawPodStatus {
  phase: string;
  containerStatuses: { state?: { waiting?: { reason?: string; message?: string } } }[];
  initContainerStatuses: { state?: { waiting?: { reason?: string; message?: string } } }[];
}

export function projectPod(raw: RawObject<RawPodSpec, RawPodStatus>): PodRecord {
  const { spec, status, metadata } = raw;
  let cpuCores = 0;
  let memoryBytes = 0;
  for (const container of spec?.containers ?? []) {
    cpuCores += quantityOrZero(container.resources?.requests?.["cpu"]);
    memoryBytes += quantityOrZero(container.resources?.requests?.["memory"]);
  }
  const waiting = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
    .map((container) => container.state?.waiting)
    .find(
      (entry) =>
        entry?.reason !== undefined &&
        entry.reason !== "ContainerCreating" &&
        entry.reason !== "PodInitializing",
    );
  const launcher = isLauncher(metadata?.labels);
  const owner = metadata?.ownerReferences?.find((reference) => reference.controller === true);
  const base = recordBase(metadata);
  return {
    namespace: base.namespace,
    name: base.name,
    uid: base.uid,
    createdAt: base.createdAt,
    deletion: base.deletion,
    phase: status?.phase ?? "",
    host: sharedText(spec?.nodeName ?? ""),
    cpuCores,
    memoryBytes,
    otherRequests: otherRequestsOf(spec?.containers ?? []),
    ownerKind: sharedText(owner?.kind ?? ""),
    ownerName: sharedText(owner?.name ?? ""),
    instance: launcher
      ? sharedText(
          metadata?.ownerReferences?.find((owner) => owner.kind === "VirtualMachineInstance")?.name ??
            metadata?.annotations?.["kubevirt.io/domain"] ??
            "",
        )
      : "",
    waitingReason: waiting?.reason ?? "",
    waitingMessage: waiting?.message ?? "",
  };
}

export function projectMigration(raw: RawObject<{ vmiName: string }, { phase: string }>): MigrationRecord {
  return {
    ...recordBase(raw.metadata),
    instance: raw.spec?.vmiName ?? "",
    phase: raw.status?.phase ?? "",
  };
}
