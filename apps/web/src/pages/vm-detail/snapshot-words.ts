/** Words of snapshots and of what is made of them. */
import type { VmCopy, VmSnapshotRow } from "@kubev/api-types/vm-snapshots";
import type { Tone } from "@kubev/api-types/reason";

export const snapshotStates: Record<VmSnapshotRow["state"], { word: string; tone: Tone }> = {
  taking: { word: "Being taken", tone: "working" },
  ready: { word: "Ready", tone: "ok" },
  failed: { word: "Failed", tone: "error" },
  deleting: { word: "Deleting", tone: "working" },
};

export const copyStates: Record<VmCopy["state"], { word: string; tone: Tone }> = {
  running: { word: "Under way", tone: "working" },
  done: { word: "Done", tone: "ok" },
  failed: { word: "Failed", tone: "error" },
};

const indicationWords: Record<string, string> = {
  Online: "while it ran",
  GuestAgent: "the guest's file systems were frozen",
  NoGuestAgent: "without a guest agent: as after a power cut",
  QuiesceTimeout: "the file systems did not freeze in time: as after a power cut",
  Paused: "while it was paused",
  PartialSnapshot: "not every disk could be taken",
};

/** How it was taken, e.g. `while it ran, without a guest agent: as after a power cut`. */
export function howTaken(indications: readonly string[]): string {
  if (indications.length === 0) return "while it was stopped";
  const order = Object.keys(indicationWords);
  return indications
    .toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
    .map((indication) => indicationWords[indication] ?? indication)
    .join(", ");
}

/** `web-2026-11-22-1430`, of a moment in the person's own time zone. */
export function proposedSnapshotName(vm: string, now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${vm.slice(0, 46).replace(/-+$/, "")}-${day}-${two(now.getHours())}${two(now.getMinutes())}`;
}
