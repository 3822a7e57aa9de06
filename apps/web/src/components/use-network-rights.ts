/** Why this person may not make networks; undefined when he may. */
import { useSession } from "./use-session.ts";

export function useNetworksRefused(): string | undefined {
  return useSession().areas?.createNetworks === false
    ? "Only operators make VPCs and subnets. Ask one of them."
    : undefined;
}
