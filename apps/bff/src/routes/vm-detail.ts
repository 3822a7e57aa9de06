/** The detail of one machine from its live objects, with what the inventory knows of its disks and networks. */
import type { ActionDecision } from "@kubev/api-types/reason";
import type { VmDetail, VmDisk, VmNic } from "@kubev/api-types/virtual-machines";
import type { Rights } from "../access/rights.ts";
import { clusterAnnotations } from "../domain/cluster-labels.ts";
import { consoleAnnotations } from "../domain/console-labels.ts";
import { diskState } from "../domain/disk-state.ts";
import { isLivePhase } from "../domain/live-phase.ts";
import { defaultSubnetOf } from "../domain/subnet-choice.ts";
import { denied } from "../domain/reasons.ts";
import type { CloudInitFacts } from "./cloud-init-facts.ts";
import type { Services } from "../services.ts";
import { listClaims } from "../inventory/disks.ts";
import { projectInstance, projectVm } from "../inventory/project-machines.ts";
import { conditionsOf, type RawCondition } from "../domain/conditions.ts";
import type { RawMeta } from "../inventory/raw.ts";
import { hotplugDecisions, mergeVmActions, vmDecisions } from "../inventory/vms.ts";
import { vmRowBase } from "../inventory/vm-index.ts";

interface RawCloudInit {
  userData?: string;
  userDataBase64?: string;
  secretRef?: { name?: string };
}

export interface RawVolume {
  name?: string;
  dataVolume?: { name?: string; hotpluggable?: boolean };
  persistentVolumeClaim?: { claimName?: string; hotpluggable?: boolean };
  containerDisk?: { image?: string };
  cloudInitNoCloud?: RawCloudInit;
  cloudInitConfigDrive?: RawCloudInit;
}

interface RawDevice {
  name?: string;
  bootOrder?: number;
  disk?: { bus?: string };
  cdrom?: { bus?: string };
  lun?: { bus?: string };
}

interface RawInterface {
  name?: string;
  model?: string;
  macAddress?: string;
  state?: string;
  masquerade?: unknown;
  bridge?: unknown;
  sriov?: unknown;
  passt?: unknown;
  binding?: { name?: string };
}

interface RawMachineSpec {
  domain?: {
    cpu?: { sockets?: number; cores?: number; threads?: number; model?: string };
    machine?: { type?: string };
    firmware?: { bootloader?: { efi?: { secureBoot?: boolean }; bios?: unknown } };
    devices?: { disks?: RawDevice[]; interfaces?: RawInterface[] };
  };
  volumes?: RawVolume[];
  networks?: { name?: string; pod?: unknown; multus?: { networkName?: string } }[];
  evictionStrategy?: string;
  terminationGracePeriodSeconds?: number;
  hostname?: string;
}

export interface RawVm {
  apiVersion?: string;
  kind?: string;
  metadata?: RawMeta;
  spec?: {
    template?: { metadata?: RawMeta; spec?: RawMachineSpec };
    dataVolumeTemplates?: { metadata?: RawMeta }[];
  };
  status?: { conditions?: RawCondition[]; startFailure?: { lastFailedVMIUID?: string } };
}

export interface RawInstance {
  metadata?: RawMeta;
  spec?: RawMachineSpec;
  status?: {
    phase?: string;
    interfaces?: {
      name?: string;
      mac?: string;
      ipAddress?: string;
      ipAddresses?: string[];
      infoSource?: string;
      linkState?: string;
    }[];
    conditions?: RawCondition[];
    machine?: { type?: string };
    volumeStatus?: { name?: string; phase?: string; message?: string; hotplugVolume?: object }[];
  };
}

interface DetailParts {
  services: Services;
  rights: Rights;
  vm: RawVm;
  instance: RawInstance | null;
  cloudInit: CloudInitFacts;
}

/** Of a CD-ROM: what can be done with its medium, by right and by state. */
function mediaOf(volume: RawVolume | undefined, mayEdit: ActionDecision, running: boolean) {
  if (!mayEdit.allowed) return { insert: mayEdit, eject: mayEdit };
  if (volume === undefined) return { insert: mayEdit, eject: denied("cdrom-empty") };
  const fixed = running && !isHotplugged(volume);
  return { insert: denied("cdrom-full"), eject: fixed ? denied("disk-of-the-definition") : mayEdit };
}

function emptyDrives({ vm }: DetailParts, mayEdit: ActionDecision): VmDisk[] {
  const spec = vm.spec?.template?.spec;
  const filled = new Set((spec?.volumes ?? []).map(({ name }) => name));
  return (spec?.domain?.devices?.disks ?? [])
    .filter(({ name, cdrom }) => cdrom !== undefined && !filled.has(name))
    .map(({ name = "", bootOrder, cdrom }) => ({
      name,
      kind: "cdrom",
      bus: cdrom?.bus ?? "",
      ...(bootOrder === undefined ? {} : { bootOrder }),
      hotplugged: false,
      media: mediaOf(undefined, mayEdit, false),
      detach: denied("disk-of-the-definition"),
    }));
}

function diskKind(volume: RawVolume, device: RawDevice | undefined): VmDisk["kind"] {
  if (volume.cloudInitNoCloud !== undefined || volume.cloudInitConfigDrive !== undefined) return "cloud-init";
  if (device?.cdrom !== undefined) return "cdrom";
  if (device?.lun !== undefined) return "lun";
  if (volume.containerDisk !== undefined) return "container";
  return device?.disk === undefined &&
    volume.dataVolume === undefined &&
    volume.persistentVolumeClaim === undefined
    ? "other"
    : "disk";
}

function diskOf(
  volume: RawVolume,
  parts: DetailParts,
  maySeeClaims: boolean,
  mayDetach: ActionDecision,
  mayEdit: ActionDecision,
): VmDisk {
  const plugged = isHotplugged(volume);
  const volumeStatus = parts.instance?.status?.volumeStatus?.find((one) => one.name === volume.name);
  const { feeds } = parts.services.inventory;
  const project = parts.vm.metadata?.namespace ?? "";
  const device = parts.vm.spec?.template?.spec?.domain?.devices?.disks?.find(
    (disk) => disk.name === volume.name,
  );
  const claimName = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;
  const claim = claimName === undefined ? undefined : feeds.claims.table.get(project, claimName);
  const dataVolume = claimName === undefined ? undefined : feeds.dataVolumes.table.get(project, claimName);
  const state = diskState(claim, dataVolume);
  const owned = (parts.vm.spec?.dataVolumeTemplates ?? []).some(
    (template) => template.metadata?.name === claimName,
  );
  return {
    name: volume.name ?? "",
    kind: diskKind(volume, device),
    bus: device?.disk?.bus ?? device?.cdrom?.bus ?? device?.lun?.bus ?? "",
    ...(device?.bootOrder === undefined ? {} : { bootOrder: device.bootOrder }),
    ...(claimName === undefined
      ? {}
      : {
          claim: maySeeClaims
            ? {
                name: claimName,
                phase: dataVolume?.phase || claim?.phase || "",
                sizeBytes: claim?.capacityBytes || claim?.requestBytes || dataVolume?.requestBytes || null,
                storageClass: claim?.storageClass || dataVolume?.storageClass || "",
                accessModes: [...(claim?.accessModes ?? [])],
                progressPercent:
                  dataVolume?.phase === "Succeeded" ? null : (dataVolume?.progressPercent ?? null),
                ...(state.reason === undefined ? {} : { reason: state.reason }),
                ownedByVm: owned,
              }
            : {
                name: claimName,
                phase: "",
                sizeBytes: null,
                storageClass: "",
                accessModes: [],
                progressPercent: null,
                ownedByVm: owned,
              },
        }),
    ...(volume.containerDisk?.image === undefined ? {} : { containerImage: volume.containerDisk.image }),
    hotplugged: plugged,
    ...(device?.cdrom === undefined ? {} : { media: mediaOf(volume, mayEdit, parts.instance !== null) }),
    ...(plugged && volumeStatus?.phase !== undefined && volumeStatus.phase !== "Ready"
      ? { attaching: { phase: volumeStatus.phase, message: volumeStatus.message ?? "" } }
      : {}),
    detach: plugged ? mayDetach : denied("disk-of-the-definition"),
  };
}

const isHotplugged = (volume: RawVolume): boolean =>
  volume.dataVolume?.hotpluggable === true || volume.persistentVolumeClaim?.hotpluggable === true;

function bindingOf(nic: RawInterface): string {
  for (const binding of ["masquerade", "bridge", "sriov", "passt"] as const)
    if (nic[binding] !== undefined) return binding;
  return nic.binding?.name ?? "";
}

/** Whether an interface can be taken out now; `live` is that of the running machine. */
function nicDetach(
  nic: RawInterface,
  primary: boolean,
  live: RawInterface | undefined,
  mayEdit: ActionDecision,
): ActionDecision {
  if (!mayEdit.allowed) return mayEdit;
  if (primary) return denied("nic-of-pod-network");
  if (nic.state === "absent") return denied("nic-is-leaving");
  return live !== undefined && nic.bridge === undefined && nic.sriov === undefined
    ? denied("nic-not-pluggable", { binding: bindingOf(nic) })
    : mayEdit;
}

/** Those of the running machine, and those that only its definition has so far. */
function interfacesOf({ vm, instance }: DetailParts): RawInterface[] {
  const wanted = vm.spec?.template?.spec?.domain?.devices?.interfaces;
  const live = instance?.spec?.domain?.devices?.interfaces;
  if (live === undefined) return wanted ?? [{ name: "default" }];
  return [...live, ...(wanted ?? []).filter((nic) => !live.some(({ name }) => name === nic.name))];
}

function nicsOf(parts: DetailParts, mayEdit: ActionDecision): VmNic[] {
  const { services, vm, instance } = parts;
  const { feeds } = services.inventory;
  const project = vm.metadata?.namespace ?? "";
  const name = vm.metadata?.name ?? "";
  const template = vm.spec?.template;
  const networks = [...(instance?.spec?.networks ?? []), ...(template?.spec?.networks ?? [])];
  const annotations = template?.metadata?.annotations ?? {};
  return interfacesOf(parts).map((nic): VmNic => {
    const network = networks.find((one) => one.name === nic.name);
    const live = instance?.spec?.domain?.devices?.interfaces?.find((one) => one.name === nic.name);
    const wanted = template?.spec?.domain?.devices?.interfaces?.find((one) => one.name === nic.name);
    const status = instance?.status?.interfaces?.find((one) => one.name === nic.name);
    const primary = network?.multus === undefined;
    const ip = primary ? feeds.ips.table.get("", `${name}.${project}`) : undefined;
    const subnet = primary
      ? (ip?.subnet ??
        annotations[clusterAnnotations.logicalSwitch] ??
        defaultSubnetOf(feeds.projects.table.get("", project), feeds.subnets.table.values()))
      : undefined;
    const vpc = subnet === undefined ? undefined : feeds.subnets.table.get("", subnet)?.vpc;
    const reported = status?.ipAddresses ?? (status?.ipAddress ? [status.ipAddress] : []);
    return {
      name: nic.name ?? "",
      network: network?.multus?.networkName ?? "pod",
      binding: bindingOf(nic),
      model: nic.model ?? "virtio",
      mac: status?.mac ?? nic.macAddress ?? ip?.mac ?? annotations[clusterAnnotations.macAddress] ?? "",
      ips: reported.length > 0 ? reported : [...(ip?.ips ?? [])],
      ...(subnet === undefined || subnet === "" ? {} : { subnet }),
      ...(vpc === undefined ? {} : { vpc }),
      linkUp: nic.state !== "down" && status?.linkState !== "down",
      plug:
        wanted?.state === "absent"
          ? "leaving"
          : instance !== null && (live === undefined || status === undefined)
            ? "coming"
            : "in",
      detach: nicDetach(wanted ?? nic, primary, live, mayEdit),
      ...(status?.infoSource === undefined ? {} : { infoSource: status.infoSource }),
    };
  });
}

function firmwareOf(spec: RawMachineSpec | undefined): VmDetail["firmware"] {
  const efi = spec?.domain?.firmware?.bootloader?.efi;
  if (efi === undefined) return "bios";
  return efi.secureBoot === false ? "efi" : "efi-secure-boot";
}

export async function vmDetailOf(parts: DetailParts): Promise<VmDetail> {
  const { services, rights, vm, instance, cloudInit } = parts;
  const project = vm.metadata?.namespace ?? "";
  const entry = services.nouns.vmIndex.entryOf(
    projectVm(vm as Parameters<typeof projectVm>[0]), // the same object, read with another set of optional fields
    instance === null ? null : projectInstance(instance as Parameters<typeof projectInstance>[0]), // as above
  );
  const [may, maySeeClaims] = await Promise.all([
    vmDecisions(rights, [{ project, name: entry.vm.name }]),
    rights.can(listClaims, project),
  ]);
  const plug = await hotplugDecisions(rights, entry);
  const spec = vm.spec?.template?.spec;
  const live = instance?.spec ?? spec;
  const running = entry.instance !== null && isLivePhase(entry.instance.phase);
  const actions = mergeVmActions(entry, may(project, entry.vm.name));
  return {
    row: { ...vmRowBase(entry, services.endpoint.id), actions },
    resourceVersion: vm.metadata?.resourceVersion ?? "",
    description:
      vm.metadata?.annotations?.[consoleAnnotations.description] ??
      vm.metadata?.annotations?.["description"] ??
      "",
    annotations: Object.fromEntries(
      Object.entries(vm.metadata?.annotations ?? {}).filter(
        ([key]) => !key.includes("last-applied-configuration"),
      ),
    ),
    machineType: instance?.status?.machine?.type ?? live?.domain?.machine?.type ?? "",
    firmware: firmwareOf(live),
    cpu: {
      sockets: live?.domain?.cpu?.sockets ?? entry.cpuCores,
      cores: live?.domain?.cpu?.cores ?? 1,
      threads: live?.domain?.cpu?.threads ?? 1,
      model: live?.domain?.cpu?.model ?? "",
    },
    evictionStrategy: live?.evictionStrategy ?? "",
    terminationGracePeriodSeconds: live?.terminationGracePeriodSeconds ?? null,
    hostname: live?.hostname ?? vm.metadata?.name ?? "",
    disks: [
      ...(spec?.volumes ?? []).map((volume) =>
        diskOf(volume, parts, maySeeClaims, plug.detach, actions.edit),
      ),
      ...emptyDrives(parts, actions.edit),
    ],
    attachDisk: plug.attach,
    nics: nicsOf(parts, actions.edit),
    attachNic: actions.edit,
    conditions: conditionsOf(vm.status?.conditions),
    instance:
      instance === null
        ? null
        : {
            uid: instance.metadata?.uid ?? "",
            phase: instance.status?.phase ?? "",
            pod: services.nouns.vmIndex.podOf(project, vm.metadata?.name ?? "")?.name ?? "",
            createdAt: instance.metadata?.creationTimestamp ?? "",
          },
    cloudInit,
    guestAgent: !running ? "not-running" : entry.instance?.agentConnected === true ? "connected" : "absent",
    consoles: { vnc: entry.vm.graphics, serial: entry.vm.serial },
  };
}
