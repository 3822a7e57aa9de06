/**
 * What kube-ovn-controller says of the smaller kinds, as far as it follows from what is stored: whether they are ready, which
 * addresses they got, who uses whom. Nothing is forwarded anywhere. Source: Kube-OVN pkg/controller of v1.16.
 */
import { macOf, takeAddress } from "./external-addresses.ts";
import { countOf, ipToNumber, usableRanges } from "./ipam.ts";
import { ipKind, nodeKind, subnetKind } from "./kinds.ts";
import {
  networkKinds as kinds,
  type NetworkObject,
  specText,
  specTexts,
  statusText,
} from "./network-kinds.ts";
import { securityGroupStatus } from "./security-group-status.ts";
import type { TypedStore } from "./typed-store.ts";

type Status = Record<string, unknown>;
type StatusOf = (store: TypedStore, object: NetworkObject) => Status;

const defaultExternalSubnet = "ovn-vpc-external-network";
const older = (a: NetworkObject, b: NetworkObject) =>
  a.metadata.creationTimestamp < b.metadata.creationTimestamp ||
  (a.metadata.creationTimestamp === b.metadata.creationTimestamp && a.metadata.name < b.metadata.name);

/** Which families of rules name the external address, e.g. `dnat,snat`. */
function usesOf(store: TypedStore, eip: string, field: string, families: Record<string, keyof typeof kinds>) {
  return Object.entries(families)
    .filter(([, kind]) => store.list(kinds[kind]).some((rule) => specText(rule, field) === eip))
    .map(([use]) => use)
    .join(",");
}

const iptablesEip: StatusOf = (store, eip) => {
  const gateway = store.get(kinds.natGateway, undefined, specText(eip, "natGwDp"));
  const subnet =
    specText(eip, "externalSubnet") || specTexts(gateway, "externalSubnets")[0] || defaultExternalSubnet;
  const kept = statusText(eip, "ip");
  const ip = gateway === undefined ? null : kept || takeAddress(store, subnet, specText(eip, "v4ip"));
  if (ip === null) return { ready: false };
  const nat = usesOf(store, eip.metadata.name, "eip", {
    dnat: "iptablesDnat",
    fip: "iptablesFip",
    snat: "iptablesSnat",
  });
  return { ready: true, ip, nat };
};

const iptablesRule: StatusOf = (store, rule) => {
  const eip = store.get(kinds.iptablesEip, undefined, specText(rule, "eip"));
  const ip = statusText(eip, "ip");
  const rival = store
    .list(kinds.iptablesFip)
    .some(
      (fip) =>
        specText(fip, "eip") === eip?.metadata.name &&
        fip.metadata.uid !== rule.metadata.uid &&
        older(fip, rule),
    );
  if (eip === undefined || ip === "" || rival) return { ready: false };
  return { ready: true, v4ip: ip, natGwDp: specText(eip, "natGwDp") };
};

const ovnEip: StatusOf = (store, eip) => {
  const kept = statusText(eip, "v4Ip");
  const ip = kept || takeAddress(store, specText(eip, "externalSubnet"), specText(eip, "v4Ip"));
  if (ip === null) return { ready: false };
  const nat = usesOf(store, eip.metadata.name, "ovnEip", { dnat: "ovnDnat", fip: "ovnFip", snat: "ovnSnat" });
  return { ready: true, v4Ip: ip, macAddress: macOf(ip), type: specText(eip, "type") || "nat", nat };
};

const ovnRule: StatusOf = (store, rule) => {
  const eip = store.get(kinds.ovnEip, undefined, specText(rule, "ovnEip"));
  const v4Eip = statusText(eip, "v4Ip");
  const ip = store.get(ipKind, undefined, specText(rule, "ipName"));
  const whole = store.get(subnetKind, undefined, specText(rule, "vpcSubnet"));
  const subnet = whole ?? store.get(subnetKind, undefined, ip?.spec.subnet ?? "");
  const vpc = specText(rule, "vpc") || (subnet?.spec.vpc ?? "");
  const v4Ip = ip?.spec.v4IpAddress ?? specText(rule, "v4Ip");
  const cidr = whole?.spec.cidrBlock ?? (specText(rule, "v4IpCidr") || v4Ip);
  if (v4Eip === "" || vpc === "" || cidr === "") return { ready: false };
  const own =
    rule.kind === "OvnSnatRule"
      ? { v4IpCidr: cidr }
      : rule.kind === "OvnDnatRule"
        ? {
            v4Ip,
            protocol: specText(rule, "protocol"),
            internalPort: specText(rule, "internalPort"),
            externalPort: specText(rule, "externalPort"),
          }
        : { v4Ip };
  return { ready: true, vpc, v4Eip, ...own };
};

const vip: StatusOf = (store, object) => {
  const kept = statusText(object, "v4ip");
  const ip = kept || takeAddress(store, specText(object, "subnet"), specText(object, "v4ip"));
  return ip === null ? {} : { v4ip: ip, mac: macOf(ip), type: specText(object, "type") };
};

const ipPool: StatusOf = (store, pool) => {
  const ranges = specTexts(pool, "ips").flatMap((text) => {
    if (text.includes(":")) return [];
    if (text.includes("/")) return usableRanges(text, []);
    const [first = "", last = first] = text.split("..");
    return [{ first: ipToNumber(first), last: ipToNumber(last) }];
  });
  const used = store.list(ipKind).filter(({ spec }) => {
    const ip = ipToNumber(spec.v4IpAddress || "0.0.0.0");
    return (
      spec.subnet === specText(pool, "subnet") && ranges.some(({ first, last }) => first <= ip && ip <= last)
    );
  }).length;
  return { v4UsingIPs: used, v4AvailableIPs: countOf(ranges) - used, v6UsingIPs: 0, v6AvailableIPs: 0 };
};

const providerNetwork: StatusOf = (store, network) => {
  const excluded = specTexts(network, "excludeNodes");
  const readyNodes = store
    .list(nodeKind)
    .map((node) => node.metadata.name)
    .filter((node) => !excluded.includes(node));
  const vlans = store.list(kinds.vlan).filter((one) => specText(one, "provider") === network.metadata.name);
  return { ready: true, readyNodes, vlans: vlans.map((one) => one.metadata.name) };
};

const vlan: StatusOf = (store, object) => {
  const conflict = store
    .list(kinds.vlan)
    .some(
      (other) =>
        other.metadata.uid !== object.metadata.uid &&
        specText(other, "provider") === specText(object, "provider") &&
        other.spec?.["id"] === object.spec?.["id"] &&
        older(other, object),
    );
  const subnets = store.list(subnetKind).filter((subnet) => subnet.spec.vlan === object.metadata.name);
  return { conflict, subnets: subnets.map((subnet) => subnet.metadata.name) };
};

const egressGateway: StatusOf = (store, gateway) => {
  const replicas = typeof gateway.spec?.["replicas"] === "number" ? gateway.spec["replicas"] : 1;
  const vpc = specText(gateway, "vpc") || "ovn-cluster";
  const inside =
    specText(gateway, "internalSubnet") ||
    store.list(subnetKind).find((subnet) => subnet.spec.vpc === vpc)?.metadata.name ||
    "";
  const legs = (subnet: string, key: string): string[] | null => {
    const kept = gateway.status?.[key];
    const found = Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, replicas) : [];
    while (found.length < replicas) {
      const ip = takeAddress(store, subnet, "", found);
      if (ip === null) return null;
      found.push(ip);
    }
    return found;
  };
  const internalIPs = legs(inside, "internalIPs");
  const externalIPs = legs(specText(gateway, "externalSubnet"), "externalIPs");
  if (internalIPs === null || externalIPs === null) return { phase: "Pending", ready: false, conditions: [] };
  const hosts = store
    .list(nodeKind)
    .filter((node) => node.spec?.unschedulable !== true)
    .map((node) => node.metadata.name)
    .slice(0, replicas);
  return {
    phase: "Completed",
    ready: true,
    replicas,
    internalIPs,
    externalIPs,
    conditions: [],
    workload: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: `veg-${gateway.metadata.name}`,
      nodes: hosts,
    },
  };
};

export const networkStatuses: ReadonlyMap<(typeof kinds)[keyof typeof kinds], StatusOf> = new Map([
  [kinds.vip, vip],
  [kinds.ipPool, ipPool],
  [kinds.providerNetwork, providerNetwork],
  [kinds.vlan, vlan],
  [kinds.iptablesEip, iptablesEip],
  [kinds.iptablesFip, iptablesRule],
  [kinds.iptablesSnat, iptablesRule],
  [kinds.iptablesDnat, iptablesRule],
  [kinds.ovnEip, ovnEip],
  [kinds.ovnFip, ovnRule],
  [kinds.ovnSnat, ovnRule],
  [kinds.ovnDnat, ovnRule],
  [kinds.egressGateway, egressGateway],
  [kinds.securityGroup, securityGroupStatus],
]);
