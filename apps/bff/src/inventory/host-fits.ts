/** Every host with what it refuses and what is asked of it already. */
import { hostRefusal } from "../domain/host-state.ts";
import type { HostFit } from "../domain/schedulability.ts";
import type { HostEntry } from "./hosts.ts";
import type { ListIndex } from "./list-index.ts";

export function hostFits(index: ListIndex<HostEntry>, nowMs: number): (HostFit & { machines: number })[] {
  return [...index.values()].map(({ host, requested, machines }) => ({
    host,
    refusal: hostRefusal(host, nowMs),
    requested,
    machines,
  }));
}
