/** The common settings of a VirtualMachine: read from its object, written into it without touching anything else. Pure. */
import type { VmSettingsForm } from "@kubev/api-types/vm-settings";
import { clusterLabels, isDeleteProtected } from "./cluster-labels.ts";
import { consoleAnnotations } from "./console-labels.ts";
import { jsonDiff } from "./json-diff.ts";
import { nicPlaceOf, withNicPlace } from "./nic-annotations.ts";
import { idOfMatcher, matcherOf } from "./type-id.ts";
import { bytesQuantity, quantityOrZero } from "./quantity.ts";

interface BootDevice {
  name?: string;
  bootOrder?: number;
  cdrom?: unknown;
  [field: string]: unknown;
}

export interface SettingsTemplate {
  domain?: {
    cpu?: { sockets?: number; cores?: number; threads?: number; [field: string]: unknown };
    memory?: { guest?: string; [field: string]: unknown };
    resources?: { requests?: Record<string, string>; [field: string]: unknown };
    firmware?: {
      bootloader?: { efi?: { secureBoot?: boolean }; bios?: unknown };
      [field: string]: unknown;
    };
    features?: { smm?: { enabled?: boolean }; [field: string]: unknown };
    devices?: { disks?: BootDevice[]; interfaces?: BootDevice[]; [field: string]: unknown };
    [field: string]: unknown;
  };
  evictionStrategy?: string;
  terminationGracePeriodSeconds?: number;
  hostname?: string;
  [field: string]: unknown;
}

export interface SettingsSpec {
  running?: boolean;
  runStrategy?: string;
  instancetype?: { name?: string; kind?: string; [field: string]: unknown };
  preference?: { name?: string; kind?: string; [field: string]: unknown };
  template?: {
    metadata?: { annotations?: Record<string, string>; [field: string]: unknown };
    spec?: SettingsTemplate;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

export interface SettingsVm {
  metadata?: {
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  spec?: SettingsSpec;
  [field: string]: unknown;
}

/** Labels that controllers own; the form neither shows nor drops them. */
const isFreeLabel = (key: string) => !/(^|\.)kubevirt\.io\//.test(key) || key.startsWith("app.");

const strategies = ["Always", "Halted", "Manual", "RerunOnFailure", "Once"] as const;
const evictions = ["None", "LiveMigrate", "LiveMigrateIfPossible", "External"] as const;

function firmwareOf(template: SettingsTemplate | undefined): VmSettingsForm["firmware"] {
  const { bios, efi } = template?.domain?.firmware?.bootloader ?? {};
  if (efi !== undefined) return efi.secureBoot === false ? "efi" : "efi-secure-boot";
  return bios === undefined ? "default" : "bios";
}

const bootable = (template: SettingsTemplate | undefined): BootDevice[] => [
  ...(template?.domain?.devices?.disks ?? []),
  ...(template?.domain?.devices?.interfaces ?? []),
];

export function settingsOf({ metadata, spec }: SettingsVm): VmSettingsForm {
  const template = spec?.template?.spec;
  const domain = template?.domain;
  const strategy = spec?.runStrategy ?? (spec?.running === true ? "Always" : "Halted");
  const labels = metadata?.labels ?? {};
  return {
    description:
      metadata?.annotations?.[consoleAnnotations.description] ?? metadata?.annotations?.["description"] ?? "",
    labels: Object.fromEntries(Object.entries(labels).filter(([key]) => isFreeLabel(key))),
    deleteProtected: isDeleteProtected(labels),
    runStrategy: strategies.find((known) => known === strategy) ?? "Manual",
    instanceType: idOfMatcher(spec?.instancetype, metadata?.namespace ?? ""),
    preference: idOfMatcher(spec?.preference, metadata?.namespace ?? ""),
    sockets: domain?.cpu?.sockets ?? 1,
    cores: domain?.cpu?.cores ?? 1,
    threads: domain?.cpu?.threads ?? 1,
    memoryBytes: quantityOrZero(domain?.memory?.guest ?? domain?.resources?.requests?.["memory"]),
    bootOrder: bootable(template)
      .filter((device) => device.bootOrder !== undefined)
      .toSorted((a, b) => (a.bootOrder ?? 0) - (b.bootOrder ?? 0))
      .map((device) => device.name ?? ""),
    firmware: firmwareOf(template),
    evictionStrategy: evictions.find((known) => known === template?.evictionStrategy) ?? "",
    terminationGracePeriodSeconds: template?.terminationGracePeriodSeconds ?? null,
    hostname: template?.hostname ?? "",
    ...nicPlaceOf(spec?.template?.metadata?.annotations),
  };
}

/** `object` with `value` under `key`, or without the key. */
function put<T extends Record<string, unknown>>(object: T, key: string, value: unknown): T {
  const { [key]: _before, ...rest } = object;
  return (value === undefined ? rest : { ...rest, [key]: value }) as T; // the same keys but one
}

function withBootOrder(devices: BootDevice[], order: readonly string[]): BootDevice[] {
  return devices.map((device) => {
    const place = order.indexOf(device.name ?? "");
    return put(device, "bootOrder", place < 0 ? undefined : place + 1);
  });
}

function withFirmware(
  domain: NonNullable<SettingsTemplate["domain"]>,
  firmware: VmSettingsForm["firmware"],
): NonNullable<SettingsTemplate["domain"]> {
  if (firmware === "default") {
    const rest = put({ ...domain.firmware }, "bootloader", undefined);
    return put(domain, "firmware", Object.keys(rest).length === 0 ? undefined : rest);
  }
  const bootloader =
    firmware === "bios" ? { bios: {} } : { efi: { secureBoot: firmware === "efi-secure-boot" } };
  const features =
    firmware === "efi-secure-boot"
      ? { ...domain.features, smm: { enabled: true } } // Secure Boot needs it (webhook)
      : domain.features;
  return {
    ...domain,
    ...(features === undefined ? {} : { features }),
    firmware: { ...domain.firmware, bootloader },
  };
}

function templateWith(
  template: SettingsTemplate,
  was: VmSettingsForm,
  now: VmSettingsForm,
): SettingsTemplate {
  let domain = template.domain ?? {};
  if (now.instanceType === "") {
    // each by itself: a default that is spelled out counts as a change that needs a restart
    for (const part of ["sockets", "cores", "threads"] as const)
      if (was[part] !== now[part]) domain = { ...domain, cpu: { ...domain.cpu, [part]: now[part] } };
    if (was.memoryBytes !== now.memoryBytes)
      domain = { ...domain, memory: { ...domain.memory, guest: bytesQuantity(now.memoryBytes) } };
  }
  if (was.firmware !== now.firmware) domain = withFirmware(domain, now.firmware);
  if (was.bootOrder.join("\n") !== now.bootOrder.join("\n")) {
    const { disks, interfaces } = domain.devices ?? {};
    domain = {
      ...domain,
      devices: {
        ...domain.devices,
        ...(disks === undefined ? {} : { disks: withBootOrder(disks, now.bootOrder) }),
        ...(interfaces === undefined ? {} : { interfaces: withBootOrder(interfaces, now.bootOrder) }),
      },
    };
  }
  let next: SettingsTemplate = domain === template.domain ? template : { ...template, domain };
  if (was.evictionStrategy !== now.evictionStrategy)
    next = put(next, "evictionStrategy", now.evictionStrategy || undefined);
  if (was.terminationGracePeriodSeconds !== now.terminationGracePeriodSeconds)
    next = put(next, "terminationGracePeriodSeconds", now.terminationGracePeriodSeconds ?? undefined);
  if (was.hostname !== now.hostname) next = put(next, "hostname", now.hostname || undefined);
  return next;
}

function labelsWith(labels: Record<string, string>, now: VmSettingsForm): Record<string, string> | undefined {
  const kept = Object.entries(labels).filter(
    ([key]) => !isFreeLabel(key) && key !== clusterLabels.deleteProtection,
  );
  const next = {
    ...Object.fromEntries(kept),
    ...now.labels,
    ...(now.deleteProtected ? { [clusterLabels.deleteProtection]: "True" } : {}),
  };
  return Object.keys(next).length === 0 ? undefined : next;
}

type TemplateMetadata = NonNullable<SettingsSpec["template"]>["metadata"];

function metadataWith(
  metadata: TemplateMetadata,
  was: VmSettingsForm,
  now: VmSettingsForm,
): { metadata?: NonNullable<TemplateMetadata> } {
  const before = metadata?.annotations ?? {};
  const annotations = withNicPlace(before, was, now);
  if (jsonDiff(before, annotations).length === 0) return metadata === undefined ? {} : { metadata };
  return { metadata: { ...metadata, annotations } };
}

/** The object as it would be stored; everything that the form does not name stays as it is. */
export function withSettings(vm: SettingsVm, now: VmSettingsForm): SettingsVm {
  const was = settingsOf(vm);
  const spec = vm.spec ?? {};
  const template = spec.template?.spec ?? {};
  let metadata = put({ ...vm.metadata }, "labels", labelsWith(vm.metadata?.labels ?? {}, now));
  if (was.description !== now.description) {
    const {
      [consoleAnnotations.description]: _ours,
      description: _plain,
      ...others
    } = metadata.annotations ?? {};
    metadata = {
      ...metadata,
      annotations: {
        ...others,
        ...(now.description === "" ? {} : { [consoleAnnotations.description]: now.description }),
      },
    };
  }
  let nextSpec: SettingsSpec = {
    ...spec,
    template: {
      ...spec.template,
      ...metadataWith(spec.template?.metadata, was, now),
      spec: templateWith(template, was, now),
    },
  };
  if (was.runStrategy !== now.runStrategy) {
    const { running: _deprecated, ...others } = nextSpec;
    nextSpec = { ...others, runStrategy: now.runStrategy };
  }
  // a name alone: another type has other revisions
  if (was.instanceType !== now.instanceType && now.instanceType !== "")
    nextSpec = {
      ...nextSpec,
      instancetype: matcherOf(now.instanceType, "Instancetype"),
    };
  if (was.preference !== now.preference)
    nextSpec = put(
      nextSpec,
      "preference",
      now.preference === "" ? undefined : matcherOf(now.preference, "Preference"),
    );
  return { ...vm, metadata, spec: nextSpec };
}
