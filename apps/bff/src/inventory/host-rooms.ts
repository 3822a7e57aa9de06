/** Every host as a room for what wants a place. */
import { hostRefusal, hostState } from "../domain/host-state.ts";
import type { Room } from "../domain/host-placement.ts";
import type { HostEntry } from "./hosts.ts";
import type { ListIndex } from "./list-index.ts";

export function roomsOf(index: ListIndex<HostEntry>, nowMs: number): Room[] {
  return [...index.values()].map(({ host, requestedAll }) => ({
    host: host.name,
    open: hostState(host).status === "ready",
    forMachines: hostRefusal(host, nowMs) === null,
    labels: host.labels,
    taints: host.taintList,
    allocatable: host.resources.allocatable,
    requested: requestedAll,
  }));
}
