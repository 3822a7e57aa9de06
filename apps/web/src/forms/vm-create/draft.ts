/** The create form as a person fills it in, and how it becomes what the API takes. */
import { longestVmName } from "@kubev/api-types/vm-name";
import type { NicPlace, VmCreateInput } from "@kubev/api-types/vm-create";
import type { EvictionStrategy } from "@kubev/api-types/vm-settings";

export type SourceKind =
  | "image"
  | "iso"
  | "disk"
  | "blank"
  | "upload"
  | "url"
  | "registry"
  | "snapshot"
  | "machine";
export type SizingKind = "instance-type" | "custom";
export type CloudInitKind = "form" | "raw" | "none";
export type Firmware = "default" | "bios" | "efi" | "efi-secure-boot";
export type RunStrategyChoice = "Always" | "RerunOnFailure" | "Manual" | "Once" | "Halted";

export interface DataDiskDraft {
  sizeBytes: number | null;
  storageClass: string;
}

export interface VmDraft {
  name: string;
  description: string;
  source: SourceKind;
  /** `project/name` of an image or ISO. */
  image: string;
  /** The image whose defaults were taken over, so that they are taken once. */
  defaultsOfImage: string;
  iso: string;
  disk: string;
  /** Kept while another kind is looked at. */
  url: string;
  registry: string;
  /** A volume snapshot of the project. */
  snapshot: string;
  /** The snapshot whose size was taken over already. */
  sizedFor: string;
  /** The machine to copy, for the way to its own page. */
  machine: string;
  diskSizeBytes: number | null;
  storageClass: string;
  sizing: SizingKind;
  instanceType: string;
  cpuCores: number | null;
  memoryBytes: number | null;
  preference: string;
  firmware: Firmware;
  dataDisks: DataDiskDraft[];
  nic: NicPlace;
  attachments: string[];
  cloudInit: CloudInitKind;
  userName: string;
  password: string;
  /** One key per line. */
  sshKeys: string;
  /** Names. */
  sshKeySecrets: string[];
  hostname: string;
  userData: string;
  /** One `key=value` per line or separated by commas. */
  labels: string;
  startAfterCreate: boolean;
  runStrategy: RunStrategyChoice;
  evictionStrategy: EvictionStrategy;
}

const gibibyte = 1024 ** 3;

export const emptyDraft: VmDraft = {
  name: "",
  description: "",
  source: "image",
  image: "",
  defaultsOfImage: "",
  iso: "",
  disk: "",
  url: "",
  registry: "",
  snapshot: "",
  sizedFor: "",
  machine: "",
  diskSizeBytes: 20 * gibibyte,
  storageClass: "",
  sizing: "instance-type",
  instanceType: "",
  cpuCores: 2,
  memoryBytes: 4 * gibibyte,
  preference: "",
  firmware: "default",
  dataDisks: [],
  nic: { subnet: "", ips: [], mac: "", securityGroups: [] },
  attachments: [],
  cloudInit: "form",
  userName: "",
  password: "",
  sshKeys: "",
  sshKeySecrets: [],
  hostname: "",
  userData: "",
  labels: "",
  startAfterCreate: true,
  runStrategy: "RerunOnFailure",
  evictionStrategy: "LiveMigrateIfPossible",
};

export interface DraftError {
  /** Of the API's field. */
  path: string;
  text: string;
  /** There is something, and it cannot be right; otherwise something is missing. */
  misspelt: boolean;
}

/** Errors that need no server: what is missing or plainly misspelt. */
export function draftErrors(draft: VmDraft): DraftError[] {
  const errors: DraftError[] = [];
  const add = (path: string, text: string, misspelt = false) => errors.push({ path, text, misspelt });
  if (draft.name === "") add("name", "Give the machine a name.");
  else if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(draft.name) || draft.name.length > longestVmName)
    add(
      "name",
      `Use at most ${longestVmName} lower-case letters, digits and hyphens; begin and end with a letter or digit.`,
      true,
    );
  if (draft.source === "upload") add("source.name", "Upload an image first, or choose another source.");
  if (draft.source === "machine")
    add("source.name", "Go to the machine to copy it, or choose another source.");
  if (draft.source === "url" && draft.url === "") add("source.url", "Give an address.");
  if (draft.source === "registry" && draft.registry === "") add("source.url", "Give an image.");
  if (draft.source === "snapshot" && draft.snapshot === "") add("source.name", "Choose a snapshot.");
  if (draft.source === "image" && draft.image === "") add("source.name", "Choose an image.");
  if (draft.source === "iso" && draft.iso === "") add("source.name", "Choose an installer ISO.");
  if (draft.source === "disk" && draft.disk === "") add("source.name", "Choose a disk.");
  if (draft.source !== "disk" && draft.diskSizeBytes === null)
    add("diskSizeBytes", "Enter the size of the disk.");
  if (draft.sizing === "instance-type" && draft.instanceType === "")
    add("sizing.name", "Choose an instance type.");
  if (draft.sizing === "custom" && draft.cpuCores === null)
    add("sizing.cpuCores", "Enter the number of vCPUs.");
  if (draft.sizing === "custom" && draft.memoryBytes === null) add("sizing.memoryBytes", "Enter the memory.");
  for (const [index, { sizeBytes }] of draft.dataDisks.entries())
    if (sizeBytes === null) add(`dataDisks.${index}.sizeBytes`, "Enter the size of the disk.");
  for (const [index, name] of draft.attachments.entries())
    if (name === "") add(`attachments.${index}`, "Choose a network attachment, or remove the line.");
  for (const [index, name] of draft.nic.securityGroups.entries())
    if (name === "") add(`nic.securityGroups.${index}`, "Choose a security group, or remove the line.");
  const badLabel = labelPairs(draft.labels).find(([key, value]) => key === "" || value === undefined);
  if (badLabel) add("labels", "Write each label as key=value.", true);
  return errors;
}

function labelPairs(text: string): [string, string | undefined][] {
  return text
    .split(/[\n,]+/)
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const at = line.indexOf("=");
      return at === -1 ? [line, undefined] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
}

function sourceOf(draft: VmDraft): VmCreateInput["source"] {
  switch (draft.source) {
    case "disk":
      return { kind: "disk", name: draft.disk };
    case "url":
      return { kind: "url", url: draft.url };
    case "registry":
      return { kind: "registry", url: draft.registry };
    case "snapshot":
      return { kind: "snapshot", name: draft.snapshot };
    case "image":
    case "iso": {
      const [project = "", name = ""] = (draft.source === "iso" ? draft.iso : draft.image).split("/");
      return { kind: draft.source, project, name };
    }
    default:
      return { kind: "blank" };
  }
}

function cloudInitOf(draft: VmDraft): VmCreateInput["cloudInit"] {
  if (draft.cloudInit === "raw")
    return draft.userData.trim() === "" ? { kind: "none" } : { kind: "raw", userData: draft.userData };
  const sshKeys = draft.sshKeys
    .split("\n")
    .map((key) => key.trim())
    .filter(Boolean);
  const { userName, password, hostname, sshKeySecrets } = draft;
  const keys = sshKeys.length + sshKeySecrets.length;
  if (draft.cloudInit === "none" || (userName + password + hostname === "" && keys === 0))
    return { kind: "none" };
  return { kind: "form", userName, password, sshKeys, sshKeySecrets, hostname };
}

/** The request of a draft without errors. */
export function specOf(draft: VmDraft): VmCreateInput {
  return {
    name: draft.name,
    description: draft.description,
    labels: Object.fromEntries(labelPairs(draft.labels).map(([key, value]) => [key, value ?? ""])),
    source: sourceOf(draft),
    diskSizeBytes: draft.diskSizeBytes ?? gibibyte,
    storageClass: draft.storageClass,
    sizing:
      draft.sizing === "custom"
        ? { kind: "custom", cpuCores: draft.cpuCores ?? 1, memoryBytes: draft.memoryBytes ?? gibibyte }
        : { kind: "instance-type", name: draft.instanceType },
    preference: draft.preference,
    firmware: draft.firmware,
    dataDisks: draft.dataDisks.map((disk) => ({ ...disk, sizeBytes: disk.sizeBytes ?? gibibyte })),
    nic: draft.nic,
    attachments: draft.attachments,
    cloudInit: cloudInitOf(draft),
    startAfterCreate: draft.startAfterCreate,
    runStrategy: draft.runStrategy,
    evictionStrategy: draft.evictionStrategy,
  };
}
