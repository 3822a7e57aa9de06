/** Cluster-wide preferences: what an operating system likes, and which machines name them. */
import { projectPreference } from "../../inventory/project-platform.ts";
import type { RawMeta } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { machinesNaming } from "./machines-naming.ts";

interface RawPreference {
  metadata?: RawMeta;
  spec?: {
    devices?: { preferredDiskBus?: string; preferredInterfaceModel?: string };
    firmware?: { preferredUseEfi?: boolean; preferredEfi?: { secureBoot?: boolean } };
    machine?: { preferredMachineType?: string };
  };
}

function firmwareOf({ spec }: RawPreference): "" | "efi" | "efi-secure-boot" {
  const { preferredEfi, preferredUseEfi } = spec?.firmware ?? {};
  if (preferredEfi?.secureBoot === true) return "efi-secure-boot";
  return preferredEfi !== undefined || preferredUseEfi === true ? "efi" : "";
}

export const preferenceKind: ObjectKind<"preference", RawPreference> = {
  noun: "preference",
  read: (raw) => {
    const { displayName, osType, minCpuCores, minMemoryBytes } = projectPreference(
      raw as Parameters<typeof projectPreference>[0], // the same object, read with other optional fields
    );
    return { state: present, facts: { displayName, osType, minCpuCores, minMemoryBytes } };
  },
  sort: { os: (facts) => facts.osType },
  fields: { os: { kind: "text", match: "equals", get: (facts) => facts.osType } },
  words: (facts) => [facts.displayName, facts.osType],
  detail: async (raw, related, rights) => ({
    diskBus: raw.spec?.devices?.preferredDiskBus ?? "",
    interfaceModel: raw.spec?.devices?.preferredInterfaceModel ?? "",
    machineType: raw.spec?.machine?.preferredMachineType ?? "",
    firmware: firmwareOf(raw),
    usedBy: await machinesNaming(related, rights, (vm) => vm.preference === raw.metadata?.name),
  }),
};
