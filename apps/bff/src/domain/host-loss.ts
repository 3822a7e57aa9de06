/** N+1: what becomes of what runs on a host when that host is gone. Pure arithmetic over what hosts offer and what runs there. */
import type { HostLoss } from "@kubev/api-types/capacity";
import type { Load, Room } from "./host-placement.ts";
import { noRoomReason, place } from "./host-placement.ts";

/** Something that runs, with what it asks for. */
export interface Running {
  host: string;
  project: string;
  name: string;
  load: Load;
}

const mostShown = 20;

/** What belongs to a host (DaemonSets) must be left out of `running`: it ends with its host. */
export function lossOf(host: string, running: readonly Running[], rooms: readonly Room[]): HostLoss {
  const lost = running.filter((one) => one.host === host);
  const placements = place(
    lost.map(({ load }) => load),
    rooms.filter((room) => room.host !== host),
  );
  const homeless = lost
    .flatMap((one) => {
      const placement = placements.get(one.load.key);
      return placement?.host === null ? [{ ...one, reason: noRoomReason(placement) }] : [];
    })
    .toSorted((a, b) => (b.load.requests["memory"] ?? 0) - (a.load.requests["memory"] ?? 0));
  return {
    host,
    machines: lost.filter(({ load }) => load.isMachine).length,
    pods: lost.filter(({ load }) => !load.isMachine).length,
    homelessTotal: homeless.length,
    homeless: homeless.slice(0, mostShown).map(({ project, name, load, reason }) => ({
      project,
      name,
      machine: load.isMachine,
      memoryBytes: load.requests["memory"] ?? 0,
      cpuCores: load.requests["cpu"] ?? 0,
      reason,
    })),
  };
}

/** The hosts that are the hardest to lose: those that leave most without a home, then the largest. */
export function losses(running: Iterable<Running>, rooms: readonly Room[], most: number): HostLoss[] {
  const requested = (room: Room) => room.requested["memory"] ?? 0;
  const tried = rooms
    .toSorted((a, b) => requested(b) - requested(a) || (a.host < b.host ? -1 : 1))
    .slice(0, most);
  const byHost = new Map<string, Running[]>();
  for (const one of running) {
    const here = byHost.get(one.host);
    if (here === undefined) byHost.set(one.host, [one]);
    else here.push(one);
  }
  return tried
    .map((room) => lossOf(room.host, byHost.get(room.host) ?? [], rooms))
    .toSorted((a, b) => b.homelessTotal - a.homelessTotal);
}
