/** What Kube-OVN's controller, monitor and pingers tell. */
import type { Node } from "../controllers/core-shapes.ts";
import { nodeKind, subnetKind } from "../controllers/kinds.ts";
import type { TypedStore } from "../controllers/typed-store.ts";
import type { Histogram, Labels, MetricPage } from "./metric-page.ts";
import { fractionOf } from "./usage-model.ts";

/** pkg/pinger/metrics.go */
const BOUNDS = [0.25, 0.5, 1, 2, 5, 10, 30, 50];
/** A pinger looks every five seconds. */
const everySeconds = 5;

export function addNetworks(page: MetricPage, store: TypedStore, at: number): void {
  const available = page.gauge("subnet_available_ip_count", "Addresses of a subnet that are free.");
  const used = page.gauge("subnet_used_ip_count", "Addresses of a subnet that are taken.");
  for (const { metadata, spec, status } of store.list(subnetKind)) {
    const { protocol = "IPv4", cidrBlock } = spec;
    const labels = { subnet_name: metadata.name, protocol, subnet_cidr: cidrBlock };
    const { v4usingIPs = 0, v6usingIPs = 0 } = status ?? {};
    const [v4availableIPs, v6availableIPs] = [
      Number(status?.v4availableIPs ?? 0),
      Number(status?.v6availableIPs ?? 0),
    ];
    // of a dual-stack subnet the smaller side tells
    available(
      labels,
      protocol === "IPv6"
        ? v6availableIPs
        : protocol === "Dual"
          ? Math.min(v4availableIPs, v6availableIPs)
          : v4availableIPs,
    );
    used(labels, protocol === "IPv6" ? v6usingIPs : v4usingIPs);
  }
  const nodes = store.list(nodeKind);
  const [first] = nodes;
  if (first === undefined) return;
  const ovn = page.gauge("kube_ovn_ovn_status", "1 for a part of OVN that is healthy, 2 for the leader.");
  const databases = page.gauge("kube_ovn_db_status", "1 for a database of OVN that is healthy.");
  for (const component of ["northbound", "southbound"]) ovn({ hostname: first.metadata.name, component }, 2);
  for (const db_name of ["OVN_Northbound", "OVN_Southbound"])
    databases({ hostname: first.metadata.name, db_name }, 1);
  const ovs = page.gauge("ovs_status", "1 for a part of Open vSwitch that is healthy.");
  const ready = nodes.filter(isReady);
  for (const { metadata } of ready)
    for (const component of ["ovsdb-server", "ovs-vswitchd"]) ovs({ hostname: metadata.name, component }, 1);
  addPings(page, nodes, ready, at);
}

const isReady = (node: Node): boolean =>
  node.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;

/** When it was last heard of, in seconds. */
const silentSince = (node: Node): number =>
  Date.parse(node.status.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime ?? "") / 1000 ||
  0;

const addressOf = (node: Node): string | undefined =>
  node.status.addresses?.find(({ type }) => type === "InternalIP")?.address;

/** Every host that answers asks every host. */
function addPings(page: MetricPage, nodes: readonly Node[], ready: readonly Node[], at: number): void {
  for (const kind of ["pod", "node"]) {
    const latency = page.histogram(`pinger_${kind}_ping_latency_ms`, `How long a ping to a ${kind} took.`);
    const lost = page.counter(`pinger_${kind}_ping_lost_total`, `Pings to a ${kind} that got no answer.`);
    for (const source of ready)
      for (const target of nodes) {
        const since = Math.max(
          Date.parse(source.metadata.creationTimestamp),
          Date.parse(target.metadata.creationTimestamp),
        );
        const count = Math.max(0, Math.floor((at - since / 1000) / everySeconds));
        const labels: Labels = {
          src_node_name: source.metadata.name,
          src_node_ip: addressOf(source),
          target_node_name: target.metadata.name,
          target_node_ip: addressOf(target),
        };
        if (isReady(target)) latency(labels, pings(`${source.metadata.name}/${target.metadata.name}`, count));
        lost(
          labels,
          isReady(target) ? 0 : Math.max(0, Math.floor((at - silentSince(target)) / everySeconds)),
        );
      }
  }
}

/** All of a pair's answers took the same fraction of a millisecond. */
function pings(pair: string, count: number): Histogram {
  const ms = 0.15 + 0.5 * fractionOf(pair);
  return { bounds: BOUNDS, counts: BOUNDS.map((bound) => (ms <= bound ? count : 0)), count, sum: ms * count };
}
