/** What the console calls the settings of a machine, and when a change of them reaches the guest. */
import type { ChangeEffect, EvictionStrategy, SettingChange } from "@kubev/api-types/vm-settings";
import type { Tone } from "@kubev/api-types/reason";
import { formatBytes, formatPlural } from "../format/numbers.ts";

const fieldWords: Record<string, string> = {
  description: "Description",
  labels: "Labels",
  deleteProtected: "Delete protection",
  runStrategy: "Run strategy",
  instanceType: "Instance type",
  preference: "Preference",
  sockets: "CPU sockets",
  cores: "Cores per socket",
  threads: "Threads per core",
  memoryBytes: "Memory",
  bootOrder: "Boot order",
  firmware: "Firmware",
  evictionStrategy: "When its host is drained",
  terminationGracePeriodSeconds: "Time to shut down",
  hostname: "Host name",
  subnet: "Subnet",
  ips: "Fixed IP addresses",
  mac: "MAC address",
  securityGroups: "Security groups",
};

/** What may happen to a machine when its host is drained, as a form offers it. */
export const evictionChoices: readonly { value: EvictionStrategy; label: string }[] = [
  { value: "", label: "The cluster's default" },
  { value: "LiveMigrate", label: "LiveMigrate: move it, and wait until it has gone" },
  { value: "LiveMigrateIfPossible", label: "LiveMigrateIfPossible: move it, else stop it" },
  { value: "None", label: "None: stop it" },
  { value: "External", label: "External: leave it to somebody else" },
];

const partWords: Record<string, string> = {
  disk: "Disk",
  device: "Device of the disk",
  interface: "Network interface",
};

/** `memoryBytes` → `Memory`, `disk.data` → `Disk data`; what no form has stays as the path that it is. */
export function settingLabel(field: string): string {
  const known = fieldWords[field.replace(/\.\d+$/, "")];
  if (known !== undefined) return known;
  const dot = field.indexOf(".");
  const part = field.startsWith("/") || dot < 0 ? undefined : partWords[field.slice(0, dot)];
  return part === undefined ? field : `${part} ${field.slice(dot + 1)}`;
}

export function settingValue(field: string, value: SettingChange["from"]): string {
  if (value === null || value === "") return "not set";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (field === "firmware" && value === "default") return "as the preference says";
  if (field === "memoryBytes" && typeof value === "number") return formatBytes(value);
  if (field === "terminationGracePeriodSeconds" && typeof value === "number")
    return formatPlural(value, "second", "seconds");
  return String(value);
}

export const effectWords: Record<ChangeEffect, { word: string; tone: Tone; sentence: string }> = {
  live: { word: "Live", tone: "ok", sentence: "Takes effect at once." },
  migration: {
    word: "By migration",
    tone: "working",
    sentence: "The machine is moved to another host while it runs, and has it then.",
  },
  restart: {
    word: "Needs a restart",
    tone: "attention",
    sentence: "Takes effect when the machine restarts.",
  },
  "next-start": { word: "At the next start", tone: "off", sentence: "The machine does not run now." },
};
