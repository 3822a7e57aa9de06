/** Preferences, the cluster's and a project's own: what an operating system likes, and which machines name them. */
import type { SpecOf } from "@kubev/api-types/object-shapes";
import { preference, type PreferredFirmware } from "@kubev/api-types/objects/preference";
import { clusterAnnotations, clusterLabels } from "../../domain/cluster-labels.ts";
import { bytesQuantityOver } from "../../domain/quantity.ts";
import { allowed, denied } from "../../domain/reasons.ts";
import { typeId } from "../../domain/type-id.ts";
import { projectPreference } from "../../inventory/project-platform.ts";
import type { RawMeta } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { withSpec } from "../with-spec.ts";
import { machinesNaming } from "./machines-naming.ts";
import { withTexts } from "./type-texts.ts";

interface RawPreference {
  metadata?: RawMeta;
  spec?: {
    devices?: { preferredDiskBus?: string; preferredInterfaceModel?: string };
    firmware?: {
      preferredUseBios?: boolean;
      preferredUseEfi?: boolean;
      preferredUseSecureBoot?: boolean;
      preferredEfi?: { secureBoot?: boolean };
    };
    features?: { preferredSmm?: { enabled?: boolean } };
    machine?: { preferredMachineType?: string };
    requirements?: { cpu?: { guest?: number }; memory?: { guest?: string } };
  };
}

/** Left out, Secure Boot is on (the CRD's words), with the older fields too; those say nothing without EFI. */
function firmwareOf({ spec }: RawPreference): PreferredFirmware {
  const { preferredEfi, preferredUseEfi, preferredUseSecureBoot } = spec?.firmware ?? {};
  if (preferredEfi !== undefined) return preferredEfi.secureBoot === false ? "efi" : "efi-secure-boot";
  if (preferredUseEfi !== true) return "";
  return preferredUseSecureBoot === false ? "efi" : "efi-secure-boot";
}

/** Another choice is written in today's fields; the one that stands stays as it is spelled. */
function withFirmware(
  firmware: PreferredFirmware,
  current: RawPreference["spec"],
): Pick<NonNullable<RawPreference["spec"]>, "firmware" | "features"> {
  const { features = {}, firmware: before = {} } = current ?? {};
  if (firmware === firmwareOf({ spec: current ?? {} })) return { features, firmware: before };
  const { preferredEfi: _efi, preferredUseEfi: _use, preferredUseSecureBoot: _secure, ...rest } = before;
  if (firmware === "") return { features, firmware: rest };
  const secureBoot = firmware === "efi-secure-boot";
  return {
    // KubeVirt refuses Secure Boot without it
    features: secureBoot ? { ...features, preferredSmm: { enabled: true } } : features,
    firmware: { ...rest, preferredEfi: { secureBoot } },
  };
}

/** The spec with what the form knows put in or taken out; all else stays. */
function specOf(spec: SpecOf<"preference">, current: RawPreference["spec"]) {
  const { preferredDiskBus: _bus, preferredInterfaceModel: _model, ...devices } = current?.devices ?? {};
  const { cpu: _cpu, memory, ...requirements } = current?.requirements ?? {};
  return {
    devices: {
      ...devices,
      ...(spec.diskBus === "" ? {} : { preferredDiskBus: spec.diskBus }),
      ...(spec.interfaceModel === "" ? {} : { preferredInterfaceModel: spec.interfaceModel }),
    },
    ...withFirmware(spec.firmware, current),
    requirements: {
      ...requirements,
      ...(spec.minCpuCores === 0 ? {} : { cpu: { guest: spec.minCpuCores } }),
      ...(spec.minMemoryBytes === 0
        ? {}
        : { memory: { guest: bytesQuantityOver(memory?.guest, spec.minMemoryBytes) } }),
    },
  };
}

/** An empty part says nothing, and an empty firmware is one that KubeVirt refuses to choose by. */
function withoutEmpty(object: Record<string, unknown>): Record<string, unknown> {
  const spec = object["spec"] as Record<string, unknown>; // withSpec has put it there
  const filled = Object.entries(spec).filter(
    ([, part]) => typeof part !== "object" || part === null || Object.keys(part).length > 0,
  );
  return { ...object, spec: Object.fromEntries(filled) };
}

function withOsType(object: Record<string, unknown>, os: string): Record<string, unknown> {
  const metadata = object["metadata"] as RawMeta; // withSpec has put it there
  const { [clusterLabels.osType]: _os, ...labels } = metadata.labels ?? {};
  return {
    ...object,
    metadata: { ...metadata, labels: { ...labels, ...(os === "" ? {} : { [clusterLabels.osType]: os }) } },
  };
}

const formFields: readonly [RegExp, string][] = [
  [/preferredDiskBus/, "diskBus"],
  [/preferredInterfaceModel/, "interfaceModel"],
  [/firmware/, "firmware"],
  [/requirements.cpu/, "minCpuCores"],
  [/requirements.memory/, "minMemoryBytes"],
  [/name$/, "name"],
];

type PreferenceNoun = "preference" | "project-preference";

/** The two nouns differ in where they lie, and so in how machines name them. */
function preferencesOf(noun: PreferenceNoun): ObjectKind<PreferenceNoun, RawPreference> {
  return {
    noun,
    read: (raw) => {
      const { displayName, osType: os, minCpuCores, minMemoryBytes } = projectPreference(raw);
      return { state: present, facts: { displayName, osType: os, minCpuCores, minMemoryBytes } };
    },
    sort: { os: (facts) => facts.osType },
    fields: { os: { kind: "text", match: "equals", get: (facts) => facts.osType } },
    words: (facts) => [facts.displayName, facts.osType],
    mayDelete: (record, { feeds }) => {
      const id = typeId(record);
      for (const vm of feeds.vms.table.values()) if (vm.preferenceId === id) return denied("type-in-use");
      return allowed;
    },
    detail: async (raw, related, rights) => {
      const id = typeId({ namespace: raw.metadata?.namespace ?? "", name: raw.metadata?.name ?? "" });
      return {
        diskBus: raw.spec?.devices?.preferredDiskBus ?? "",
        interfaceModel: raw.spec?.devices?.preferredInterfaceModel ?? "",
        machineType: raw.spec?.machine?.preferredMachineType ?? "",
        firmware: firmwareOf(raw),
        usedBy: await machinesNaming(related, rights, (vm) => vm.preferenceId === id),
      };
    },
    form: {
      manifest: (spec, project, current) =>
        withTexts(
          withOsType(
            withoutEmpty(withSpec(noun, spec.name, project, current, specOf(spec, current?.spec))),
            spec.osType,
          ),
          { [clusterAnnotations.title]: spec.displayName },
        ),
      spec: (raw) => {
        const { name, displayName, osType: os, minCpuCores, minMemoryBytes } = projectPreference(raw);
        // what is none of the form's choices can only be changed as text
        const read = preference.spec.safeParse({
          name,
          displayName,
          osType: os,
          diskBus: raw.spec?.devices?.preferredDiskBus ?? "",
          interfaceModel: raw.spec?.devices?.preferredInterfaceModel ?? "",
          firmware: firmwareOf(raw),
          minCpuCores,
          minMemoryBytes,
        });
        return read.success && raw.spec?.firmware?.preferredUseBios !== true ? read.data : null;
      },
      fieldOf: (field) => formFields.find(([of]) => of.test(field))?.[1] ?? null,
    },
  };
}

// as: what both read and write has one shape, and the noun is given
export const preferenceKind = preferencesOf("preference") as ObjectKind<"preference", RawPreference>;
export const projectPreferenceKind = preferencesOf("project-preference") as ObjectKind<
  "project-preference",
  RawPreference
>;
