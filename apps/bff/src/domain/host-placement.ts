/**
 * Where loads can go: the filters of the scheduler that a console can know (closed hosts, taints, node selectors, requests),
 * then the emptiest by memory. Pure arithmetic; the cluster's scheduler decides in the end, by more than this.
 */
import type { Reason } from "@kubev/api-types/reason";
import { reasonOf } from "./reasons.ts";

export interface Taint {
  key: string;
  value: string;
  effect: string;
}

export interface Toleration {
  /** '' tolerates every key. */
  key: string;
  operator: string;
  value: string;
  /** '' tolerates every effect. */
  effect: string;
}

/**
 * The hosts from which a volume can be reached: one of the terms must hold, and of a term every label. Labels with other
 * operators than In are left out, so that they never forbid.
 */
export type Reach = readonly (readonly { label: string; values: readonly string[] }[])[];

/** Amounts by resource, in base units: cores, bytes, pieces. `pods` counts as one. */
export type Amounts = Readonly<Record<string, number>>;

/** What one host offers. */
export interface Room {
  host: string;
  /** False where nothing new is put: not ready or cordoned. */
  open: boolean;
  /** False where no machine can run, whatever its size. */
  forMachines: boolean;
  labels: Readonly<Record<string, string>>;
  taints: readonly Taint[];
  allocatable: Amounts;
  requested: Amounts;
  /** Of a host that is cordoned: what it would be if it were not. */
  uncordoned?: Room;
}

/** What wants a place. */
export interface Load {
  key: string;
  isMachine: boolean;
  requests: Amounts;
  nodeSelector: Readonly<Record<string, string>>;
  tolerations: readonly Toleration[];
  /** Of each of its volumes that is not everywhere. */
  volumes: readonly Reach[];
}

/** What a host has too little of, in the resource's base unit. */
export interface Shortage {
  resource: string;
  needed: number;
  free: number;
}

/** Why a host does not take a load: the first taint that repels it, the first label or resource that it lacks. */
export type Misfit =
  | { cause: "closed" | "no-machines" | "volume" }
  | { cause: "taint"; key: string }
  | { cause: "selector"; label: string }
  | ({ cause: "resource" } & Shortage);

export type Placement =
  | { host: string }
  /** `lacking`: what most hosts lack, of the largest group of causes; null where there is no host at all. */
  | {
      host: null;
      lacking: Misfit | null;
      hosts: number;
      /** Those that would take it if they were not cordoned, by name. */
      cordoned: readonly string[];
    };

/** Sums of thousandths of cores must come back to where they were. */
const rounded = (amount: number) => Math.round(amount * 1000) / 1000;

export function plus(a: Amounts, b: Amounts): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [name, amount] of Object.entries(b)) sum[name] = rounded((sum[name] ?? 0) + amount);
  return sum;
}

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== "" && toleration.effect !== taint.effect) return false;
  if (toleration.key !== "" && toleration.key !== taint.key) return false;
  return toleration.operator === "Exists" || toleration.key === "" || toleration.value === taint.value;
}

export function isReached(volume: Reach, room: Pick<Room, "labels">): boolean {
  return (
    volume.length === 0 ||
    volume.some((term) => term.every(({ label, values }) => values.includes(room.labels[label] ?? "")))
  );
}

/** The first resource of which less is left than is asked for; null where all of it fits. */
export function shortageOf(requests: Amounts, allocatable: Amounts, requested: Amounts): Shortage | null {
  for (const [resource, needed] of Object.entries(requests)) {
    if (needed <= 0) continue;
    const free = (allocatable[resource] ?? 0) - (requested[resource] ?? 0);
    if (rounded(free - needed) < 0) return { resource, needed, free: Math.max(0, free) };
  }
  return null;
}

export function misfitOf(load: Load, room: Room): Misfit | null {
  if (!room.open) return { cause: "closed" };
  if (load.isMachine && !room.forMachines) return { cause: "no-machines" };
  const repelling = room.taints.find(
    (taint) =>
      taint.effect !== "PreferNoSchedule" &&
      !load.tolerations.some((toleration) => tolerates(toleration, taint)),
  );
  if (repelling !== undefined) return { cause: "taint", key: repelling.key };
  const lacking = Object.entries(load.nodeSelector).find(([key, value]) => room.labels[key] !== value);
  if (lacking !== undefined) return { cause: "selector", label: lacking.join("=") };
  if (!load.volumes.every((volume) => isReached(volume, room))) return { cause: "volume" };
  const shortage = shortageOf(load.requests, room.allocatable, room.requested);
  return shortage === null ? null : { cause: "resource", ...shortage };
}

const memoryShare = (room: Room): number =>
  (room.requested["memory"] ?? 0) / Math.max(1, room.allocatable["memory"] ?? 0);

const causeKey = (misfit: Misfit): string =>
  misfit.cause === "resource" ? `resource ${misfit.resource}` : misfit.cause;

function mostCommon(misfits: readonly Misfit[]): Misfit | null {
  // a host that is closed says nothing about the load, so it counts only where all are
  const telling = misfits.filter(({ cause }) => cause !== "closed");
  const counts = new Map<string, { misfit: Misfit; count: number }>();
  for (const misfit of telling.length > 0 ? telling : misfits) {
    const known = counts.get(causeKey(misfit)) ?? { misfit, count: 0 };
    known.count += 1;
    counts.set(causeKey(misfit), known);
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)[0]?.misfit ?? null;
}

/** A room while loads are put into it; the one that was given is never changed. */
interface Left {
  room: Room;
  share: number;
}

/**
 * Gives every load a place or the reason why it has none: the largest first, each to the host with the least memory asked for.
 * What one load takes is gone for the next. The order of the arguments does not matter.
 */
export function place(loads: readonly Load[], rooms: readonly Room[]): Map<string, Placement> {
  const left = rooms
    .toSorted((a, b) => (a.host < b.host ? -1 : 1))
    .map((room): Left => ({ room, share: memoryShare(room) }));
  const memory = (load: Load) => load.requests["memory"] ?? 0;
  const ordered = loads.toSorted((a, b) => memory(b) - memory(a) || (a.key < b.key ? -1 : 1));
  const placements = new Map<string, Placement>();
  for (const load of ordered) {
    const best = emptiestFor(load, left);
    if (best === null) {
      const misfits = left.map(({ room }) => misfitOf(load, room)).filter((misfit) => misfit !== null);
      const cordoned = left.flatMap(({ room: { host, uncordoned } }) =>
        uncordoned !== undefined && misfitOf(load, uncordoned) === null ? [host] : [],
      );
      placements.set(load.key, { host: null, lacking: mostCommon(misfits), hosts: left.length, cordoned });
      continue;
    }
    best.room = { ...best.room, requested: plus(best.room.requested, load.requests) };
    best.share = memoryShare(best.room);
    placements.set(load.key, { host: best.room.host });
  }
  return placements;
}

/** What most hosts lack, and which a person could open, in the words that the browser makes a sentence of. */
export function noRoomReason({ hosts, lacking, cordoned }: Extract<Placement, { host: null }>): Reason {
  if (hosts === 0 || lacking === null) return reasonOf("drain-no-other-host");
  const cause = lacking.cause === "resource" ? lacking.resource : lacking.cause;
  const [host] = cordoned;
  return reasonOf("drain-no-room", {
    hosts,
    cause,
    ...(host === undefined ? {} : { cordoned: cordoned.length, host }),
  });
}

/** Of equals the first by name. Those that are fuller than the best so far are not even looked at. */
function emptiestFor(load: Load, left: readonly Left[]): Left | null {
  let best: Left | null = null;
  for (const candidate of left)
    if ((best === null || candidate.share < best.share) && misfitOf(load, candidate.room) === null)
      best = candidate;
  return best;
}
