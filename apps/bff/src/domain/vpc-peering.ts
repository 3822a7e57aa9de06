/**
 * A peering works only when both VPCs name each other and both have routes to the other's subnets; Kube-OVN checks neither.
 * What is missing is said here. Source: Kube-OVN docs, guide/vpc-peering; pkg/controller/vpc.go. Pure.
 */
import type { Reason } from "@kubev/api-types/reason";
import type { StaticRoute } from "@kubev/api-types/vpcs";
import { parseCidr, parseIp } from "./ip-math.ts";
import { reasonOf } from "./reasons.ts";

export interface PeeringSide {
  name: string;
  isDefault: boolean;
  peerings: readonly { remoteVpc: string; localConnectIp: string }[];
  staticRoutes: readonly StaticRoute[];
  /** CIDRs of its subnets. */
  cidrs: readonly string[];
}

/** Whether a route by destination covers the whole range, by way of `nextHop`. */
function isRouted(routes: readonly StaticRoute[], cidr: string, nextHop: string): boolean {
  const wanted = parseCidr(cidr);
  const hop = parseIp(nextHop);
  if (wanted === null || hop === null) return false;
  return routes.some((route) => {
    const range = parseCidr(route.cidr);
    const via = parseIp(route.nextHop);
    return (
      route.by === "destination" &&
      range !== null &&
      range.bits === wanted.bits &&
      range.first <= wanted.first &&
      wanted.last <= range.last &&
      via !== null &&
      via.bits === hop.bits &&
      via.value === hop.value
    );
  });
}

/** What keeps the peerings of one VPC from carrying packets, one reason for each lack. */
export function peeringGaps(own: PeeringSide, others: ReadonlyMap<string, PeeringSide>): Reason[] {
  return own.peerings.flatMap(({ remoteVpc, localConnectIp }): Reason[] => {
    const remote = others.get(remoteVpc);
    if (remote === undefined) return [];
    const back = remote.peerings.find((one) => one.remoteVpc === own.name);
    if (back === undefined) return [reasonOf("peering-one-sided", { vpc: own.name, remote: remoteVpc })];
    const unrouted = (from: PeeringSide, to: PeeringSide, nextHop: string): Reason[] =>
      to.cidrs
        .filter((cidr) => !isRouted(from.staticRoutes, cidr, nextHop))
        .map((cidr) => reasonOf("peering-no-route", { vpc: from.name, remote: to.name, cidr, nextHop }));
    const ownAddress = localConnectIp.split("/")[0] ?? "";
    const remoteAddress = back.localConnectIp.split("/")[0] ?? "";
    const link = parseCidr(localConnectIp);
    const address = parseIp(remoteAddress);
    const apart =
      link !== null &&
      address !== null &&
      (link.bits !== address.bits || address.value < link.first || address.value > link.last);
    return [
      ...(apart
        ? [
            reasonOf("peering-link-apart", {
              own: localConnectIp,
              other: back.localConnectIp,
              remote: remoteVpc,
            }),
          ]
        : []),
      ...unrouted(own, remote, remoteAddress),
      ...unrouted(remote, own, ownAddress),
    ];
  });
}
