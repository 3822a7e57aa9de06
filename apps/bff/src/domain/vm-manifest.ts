/**
 * The objects that a create form stands for: one VirtualMachine with its disks as dataVolumeTemplates, and a Secret for
 * cloud-init, so that no password or key stands in the machine's spec. Pure; every object validates against KubeVirt's CRDs.
 */
import type { VmCreateSpec } from "@kubev/api-types/vm-create";
import { stringify } from "yaml";
import { consoleAnnotations, consoleLabels, managedByValue } from "./console-labels.ts";
import { sourceOf } from "./disk-manifest.ts";
import { bridgedAnnotations, isPlaced, nicPlaceOf, withNicPlace } from "./nic-annotations.ts";
import { matcherOf } from "./type-id.ts";
import { bytesQuantity } from "./quantity.ts";
import { type DeviceSpec, withNic } from "./vm-devices.ts";

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string }[];
  };
  [part: string]: unknown;
}

/** What the form leaves open and the cluster decides. */
export interface ManifestFacts {
  /** Size of the ISO image's disk; 0 unless the source is an ISO. */
  isoBytes: number;
}

export interface VmManifests {
  vm: Manifest;
  /** Null without cloud-init. */
  secret: Manifest | null;
}

/** As a named part of a template, with what KubeVirt wants of it. */
type Disk = { name: string } & Record<string, unknown>;

export const rootDiskName = (vm: string): string => `${vm}-root`;
export const isoDiskName = (vm: string): string => `${vm}-iso`;
const dataDiskName = (vm: string, number: number): string => `${vm}-data-${number}`;
export const cloudInitSecretName = (vm: string): string => `${vm}-cloud-init`;

const keySecretsOf = ({ cloudInit }: VmCreateSpec): readonly string[] =>
  cloudInit.kind === "form" ? cloudInit.sshKeySecrets : [];

/**
 * Keys that the guest's user gets from secrets. By cloud-init's own data, since that needs no agent in the guest
 * (kubevirt pkg/cloud-init/cloud-init.go, resolveNoCloudSecrets).
 */
function accessCredentialsOf(spec: VmCreateSpec) {
  return keySecretsOf(spec).map((secretName) => ({
    sshPublicKey: { source: { secret: { secretName } }, propagationMethod: { noCloud: {} } },
  }));
}

/** The user data that a filled form means; '' for none. */
export function cloudInitUserData(spec: VmCreateSpec): string {
  const { cloudInit } = spec;
  if (cloudInit.kind === "none") return "";
  if (cloudInit.kind === "raw") return cloudInit.userData;
  const { userName, password, sshKeys, hostname } = cloudInit;
  const config: Record<string, unknown> = {};
  if (hostname !== "") config["hostname"] = hostname;
  if (userName !== "") config["user"] = userName;
  if (password !== "") {
    config["password"] = password;
    config["chpasswd"] = { expire: false };
    config["ssh_pwauth"] = true;
  }
  if (sshKeys.length > 0) config["ssh_authorized_keys"] = sshKeys.map((key) => key.trim());
  // KubeVirt puts keys from secrets beside the user data of the machine's own Secret, so there must be one
  if (Object.keys(config).length === 0) return keySecretsOf(spec).length === 0 ? "" : "#cloud-config\n{}\n";
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}

function dataVolumeTemplate(
  name: string,
  source: Record<string, unknown>,
  sizeBytes: number,
  storageClass: string,
): Record<string, unknown> {
  return {
    metadata: { name },
    spec: {
      ...source,
      storage: {
        resources: { requests: { storage: bytesQuantity(sizeBytes) } },
        ...(storageClass === "" ? {} : { storageClassName: storageClass }),
      },
    },
  };
}

function storageOf(
  project: string,
  spec: VmCreateSpec,
  facts: ManifestFacts,
): { disks: Disk[]; volumes: Disk[]; templates: Record<string, unknown>[] } {
  const root = rootDiskName(spec.name);
  const rootDisk = { name: "root", disk: { bus: "virtio" }, bootOrder: 1 };
  const rootVolume = { name: "root", dataVolume: { name: root } };
  const { source, storageClass, diskSizeBytes } = spec;
  switch (source.kind) {
    case "disk":
      return {
        disks: [rootDisk],
        volumes: [{ name: "root", persistentVolumeClaim: { claimName: source.name } }],
        templates: [],
      };
    case "iso": {
      // a copy of the ISO: its claim may be elsewhere, and one claim cannot serve many machines
      const iso = isoDiskName(spec.name);
      return {
        // an empty disk does not boot, so the installer runs; once installed, the disk goes first by itself
        disks: [rootDisk, { name: "installer", cdrom: { bus: "sata" }, bootOrder: 2 }],
        volumes: [rootVolume, { name: "installer", dataVolume: { name: iso } }],
        templates: [
          dataVolumeTemplate(root, { source: { blank: {} } }, diskSizeBytes, storageClass),
          dataVolumeTemplate(
            iso,
            sourceOf({ kind: "image", project: source.project, name: source.name }, project),
            facts.isoBytes,
            storageClass,
          ),
        ],
      };
    }
    default: {
      const from = sourceOf(source.kind === "url" ? { ...source, checksum: "" } : source, project);
      return {
        disks: [rootDisk],
        volumes: [rootVolume],
        templates: [dataVolumeTemplate(root, from, diskSizeBytes, storageClass)],
      };
    }
  }
}

/**
 * With a subnet, address or MAC chosen the guest itself holds Kube-OVN's address (bridge, with the annotation that keeps it
 * migratable); else masquerade, which works on any pod network. See docs/decisions on NIC bindings.
 */
function networkOf({ nic }: VmCreateSpec) {
  const chosen = isPlaced(nic);
  return {
    annotations: withNicPlace(chosen ? bridgedAnnotations : {}, nicPlaceOf({}), nic),
    interfaces: [{ name: "default", model: "virtio", ...(chosen ? { bridge: {} } : { masquerade: {} }) }],
    networks: [{ name: "default", pod: {} }],
  };
}

const withAttachments = ({ attachments }: VmCreateSpec, template: DeviceSpec): DeviceSpec =>
  attachments.reduce((before, attachment) => withNic(before, { attachment, mac: "" }), template);

/** The disks that the machine brings along, by the names that they get. */
export function newDiskNames(spec: VmCreateSpec): string[] {
  return [
    ...(spec.source.kind === "disk" ? [] : [rootDiskName(spec.name)]),
    ...(spec.source.kind === "iso" ? [isoDiskName(spec.name)] : []),
    ...spec.dataDisks.map((_disk, index) => dataDiskName(spec.name, index + 1)),
  ];
}

/** Empty disks beside the first, as `data-1` and so on to the guest. */
function dataDisksOf({ name: vm, dataDisks }: VmCreateSpec) {
  const named = dataDisks.map((disk, index) => ({
    ...disk,
    name: `data-${index + 1}`,
    claim: dataDiskName(vm, index + 1),
  }));
  return {
    disks: named.map(({ name }) => ({ name, disk: { bus: "virtio" } })),
    volumes: named.map(({ name, claim }) => ({ name, dataVolume: { name: claim } })),
    templates: named.map(({ claim, sizeBytes, storageClass }) =>
      dataVolumeTemplate(claim, { source: { blank: {} } }, sizeBytes, storageClass),
    ),
  };
}

function firmwareOf(spec: VmCreateSpec): Record<string, unknown> {
  switch (spec.firmware) {
    case "default":
      return {};
    case "bios":
      return { firmware: { bootloader: { bios: {} } } };
    case "efi":
      return { firmware: { bootloader: { efi: { secureBoot: false } } } };
    case "efi-secure-boot":
      return {
        firmware: { bootloader: { efi: { secureBoot: true } } },
        features: { acpi: {}, smm: { enabled: true } },
      };
  }
}

/** Not started means Halted, but for Manual, which waits for a start by itself. */
export function runStrategyOf(spec: VmCreateSpec): string {
  return spec.startAfterCreate || spec.runStrategy === "Manual" ? spec.runStrategy : "Halted";
}

export function buildVmManifests(project: string, spec: VmCreateSpec, facts: ManifestFacts): VmManifests {
  const storage = storageOf(project, spec, facts);
  const network = networkOf(spec);
  const userData = cloudInitUserData(spec);
  const labels = { ...spec.labels, [consoleLabels.managedBy]: managedByValue };
  const secretName = cloudInitSecretName(spec.name);
  const credentials = accessCredentialsOf(spec);
  const data = dataDisksOf(spec);
  const disks = [...storage.disks, ...data.disks];
  const volumes = [...storage.volumes, ...data.volumes];
  const templates = [...storage.templates, ...data.templates];
  if (userData !== "") {
    disks.push({ name: "cloud-init", disk: { bus: "virtio" } });
    volumes.push({ name: "cloud-init", cloudInitNoCloud: { secretRef: { name: secretName } } });
  }
  const firmware = firmwareOf(spec);
  const custom = spec.sizing.kind === "custom";
  const vm: Manifest = {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: {
      name: spec.name,
      namespace: project,
      labels,
      ...(spec.description === ""
        ? {}
        : { annotations: { [consoleAnnotations.description]: spec.description } }),
    },
    spec: {
      runStrategy: runStrategyOf(spec),
      ...(spec.sizing.kind === "instance-type"
        ? { instancetype: matcherOf(spec.sizing.name, "Instancetype") }
        : {}),
      ...(spec.preference === "" ? {} : { preference: matcherOf(spec.preference, "Preference") }),
      ...(templates.length === 0 ? {} : { dataVolumeTemplates: templates }),
      template: {
        metadata: {
          labels: { ...spec.labels, "kubevirt.io/domain": spec.name },
          ...(Object.keys(network.annotations).length === 0 ? {} : { annotations: network.annotations }),
        },
        spec: withAttachments(spec, {
          domain: {
            // sockets, not cores: only sockets can be added to a running machine
            ...(spec.sizing.kind === "custom"
              ? {
                  cpu: { sockets: spec.sizing.cpuCores, cores: 1, threads: 1 },
                  memory: { guest: bytesQuantity(spec.sizing.memoryBytes) },
                }
              : {}),
            ...firmware,
            ...(custom && firmware["features"] === undefined ? { features: { acpi: {} } } : {}),
            devices: { disks, interfaces: network.interfaces, rng: {} },
          },
          networks: network.networks,
          volumes,
          ...(credentials.length === 0 ? {} : { accessCredentials: credentials }),
          ...(spec.evictionStrategy === "" ? {} : { evictionStrategy: spec.evictionStrategy }),
          terminationGracePeriodSeconds: 180,
        }),
      },
    },
  };
  const secret: Manifest | null =
    userData === ""
      ? null
      : {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: secretName, namespace: project, labels },
          type: "Opaque",
          // data, not stringData: what is sent is what is stored, so a dry run and a later read compare equal
          data: { userdata: Buffer.from(userData, "utf8").toString("base64") },
        };
  return { vm, secret };
}
