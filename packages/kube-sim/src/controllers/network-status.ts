/**
 * What kube-ovn-controller says of the smaller kinds, as far as it follows from what is stored: whether they are ready, which
 * addresses they got, who uses whom. Nothing is forwarded anywhere. Source: Kube-OVN pkg/controller of v1.16.
 */
import { exactNumber } from "../store/exact-numbers.ts";
import { macOf, takeAddresses } from "./external-addresses.ts";
import {
  countOf,
  type Family,
  families,
  holds,
  ipToNumber,
  rangeText,
  rangesOf,
  withoutRanges,
} from "./ipam.ts";
import { isTrue, withCondition } from "./conditions.ts";
import type { Condition } from "./core-shapes.ts";
import { configMapKind, ipKind, nodeKind, subnetKind } from "./kinds.ts";
import {
  networkKinds as kinds,
  type NetworkObject,
  specText,
  specTexts,
  statusText,
} from "./network-kinds.ts";
import { poolRanges } from "./pod-addresses.ts";
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

/** Where the pod gateways are not switched on, upstream only logs that. Source: Kube-OVN pkg/controller/vpc_nat_gateway.go. */
function natEnabled(store: TypedStore): boolean {
  const dataOf = (name: string): Record<string, string> =>
    store.get(configMapKind, "kube-system", name)?.data ?? {};
  return (
    dataOf("ovn-vpc-nat-gw-config")["enable-vpc-nat-gw"] === "true" &&
    (dataOf("ovn-vpc-nat-config")["image"] ?? "") !== ""
  );
}

const iptablesEip: StatusOf = (store, eip) => {
  const gateway = store.get(kinds.natGateway, undefined, specText(eip, "natGwDp"));
  const subnet =
    specText(eip, "externalSubnet") || specTexts(gateway, "externalSubnets")[0] || defaultExternalSubnet;
  const kept = statusText(eip, "ip");
  const ip =
    gateway === undefined || !natEnabled(store)
      ? null
      : kept || takeAddresses(store, subnet, { v4: specText(eip, "v4ip"), v6: "" })?.v4;
  if (!ip) return { ready: false };
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
  if (eip === undefined || ip === "" || rival || !natEnabled(store)) return { ready: false };
  return { ready: true, v4ip: ip, natGwDp: specText(eip, "natGwDp") };
};

const ovnEip: StatusOf = (store, eip) => {
  const kept = { v4: statusText(eip, "v4Ip"), v6: statusText(eip, "v6Ip") };
  const wanted = { v4: specText(eip, "v4Ip"), v6: specText(eip, "v6Ip") };
  const found = kept.v4 || kept.v6 ? kept : takeAddresses(store, specText(eip, "externalSubnet"), wanted);
  if (found === null) return { ready: false };
  const { v4, v6 } = found;
  const nat = usesOf(store, eip.metadata.name, "ovnEip", { dnat: "ovnDnat", fip: "ovnFip", snat: "ovnSnat" });
  return {
    ready: true,
    v4Ip: v4,
    ...(v6 !== "" && { v6Ip: v6 }),
    macAddress: macOf(v4 || v6),
    type: specText(eip, "type") || "nat",
    nat,
  };
};

const ovnRule: StatusOf = (store, rule) => {
  // `not support change` is only logged upstream: what was set up stays as it is
  if (rule.status?.["ready"] === true) return {};
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
  const kept = { v4: statusText(object, "v4ip"), v6: statusText(object, "v6ip") };
  const wanted = { v4: specText(object, "v4ip"), v6: specText(object, "v6ip") };
  const found = kept.v4 || kept.v6 ? kept : takeAddresses(store, specText(object, "subnet"), wanted);
  if (found === null) return {};
  const { v4, v6 } = found;
  return { v4ip: v4, ...(v6 !== "" && { v6ip: v6 }), mac: macOf(v4 || v6), type: specText(object, "type") };
};

/** Who came first keeps its addresses. */
const isReady = (pool: NetworkObject) => isTrue(conditionsOf(pool), "Ready");

const ipPool: StatusOf = (store, pool) => {
  const subnet = specText(pool, "subnet");
  const ips = specTexts(pool, "ips");
  const rival = store.list(kinds.ipPool).find(
    (other) =>
      other.metadata.uid !== pool.metadata.uid &&
      !isReady(pool) &&
      isReady(other) &&
      specText(other, "subnet") === subnet &&
      families.some((family) => {
        const own = poolRanges(ips, family);
        return countOf(withoutRanges(own, poolRanges(specTexts(other, "ips"), family))) < countOf(own);
      }),
  );
  const refusal =
    store.get(subnetKind, undefined, subnet) === undefined
      ? `subnet ${subnet} does not exist in IPAM`
      : rival && `ippool ${pool.metadata.name} has conflict IPs with ippool ${rival.metadata.name}`;
  if (refusal !== undefined) return { conditions: poolConditions(pool, "UpdateIPAMFailed", refusal) };
  const used = store.list(ipKind).filter(({ spec }) => spec.subnet === subnet);
  const of = (family: Family) => {
    const ranges = poolRanges(ips, family);
    const taken = used
      .map(({ spec }) => (family === 4 ? spec.v4IpAddress : spec.v6IpAddress))
      .filter((ip) => ip !== undefined && ip !== "" && holds(ranges, ipToNumber(ip)));
    const using = rangesOf(taken.map(ipToNumber));
    return {
      [`v${family}UsingIPs`]: taken.length,
      [`v${family}AvailableIPs`]: exactNumber(countOf(ranges) - BigInt(taken.length)),
      [`v${family}UsingIPRange`]: rangeText(using, family),
      [`v${family}AvailableIPRange`]: rangeText(withoutRanges(ranges, using), family),
    };
  };
  return { ...of(4), ...of(6), conditions: poolConditions(pool, "UpdateIPAMSucceeded", "") };
};

function conditionsOf(pool: NetworkObject): Condition[] {
  const conditions = pool.status?.["conditions"];
  return Array.isArray(conditions) ? (conditions as Condition[]) : []; // written by this module
}

/** Kube-OVN keeps `Error` where it was once set, and turns `Ready` about. */
function poolConditions(pool: NetworkObject, reason: string, message: string): Condition[] {
  const known = conditionsOf(pool);
  const now = pool.metadata.creationTimestamp;
  const ready = { type: "Ready", status: message === "" ? "True" : "False", reason, message };
  const told = withCondition(known, ready, now);
  return message === "" ? told : withCondition(told, { type: "Error", status: "True", reason, message }, now);
}

const providerNetwork: StatusOf = (store, network) => {
  const excluded = specTexts(network, "excludeNodes");
  const readyNodes = store
    .list(nodeKind)
    .map((node) => node.metadata.name)
    .filter((node) => !excluded.includes(node));
  const vlans = store
    .list(kinds.vlan)
    .filter(
      (one) => specText(one, "provider") === network.metadata.name && one.status?.["conflict"] !== true,
    );
  return { ready: true, readyNodes, vlans: vlans.map((one) => one.metadata.name) };
};

const vlan: StatusOf = (store, object) => {
  // untagged ones may share. Source: checkVlanConflict in pkg/controller/vlan.go
  const tagged = object.spec?.["id"] !== 0 && object.spec?.["id"] !== undefined;
  const conflict =
    tagged &&
    store
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
      const ip = takeAddresses(
        store,
        subnet,
        { v4: "", v6: "" },
        found.flatMap((one) => one.split(",")),
      );
      if (ip === null) return null;
      found.push([ip.v4, ip.v6].filter((one) => one !== "").join(","));
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
