/** Pages on a platform that has a bad day: without snapshots and metrics, with slow networks and requests that fail now and then. */
import type { PageState } from "../tests/pages.ts";

const shop = "/projects/web-shop";

export const degradedPages: readonly PageState[] = (
  [
    ["operator", "overview", "/platform/overview", "Needs attention"],
    ["operator", "status", "/platform/status", "Parts"],
    ["operator", "capacity", "/platform/capacity", "Everything that hosts offer"],
    ["operator", "host-map", "/platform/host-map", "host-1"],
    ["operator", "hosts", "/platform/hosts", "host-1"],
    ["operator", "host-usage", "/platform/hosts/host-3/usage", /CPU|nothing to show|not/],
    ["operator", "vms", "/platform/vms", "badge-reader"],
    ["operator", "topology", "/platform/topology", /Topology/],
    ["operator", "subnets", "/platform/subnets", /Subnets/],
    ["operator", "volume-snapshots", "/platform/volume-snapshots", /[Ss]napshot/],
    ["operator", "drain", "/platform/hosts/host-3/drain", "Drain host"],
    ["alice", "project", shop, "Needs attention"],
    ["alice", "project-vms", `${shop}/vms`, "shop-db-1"],
    ["alice", "networks", `${shop}/networks`, "Networks"],
    ["alice", "disks", `${shop}/disks`, "Disks"],
    ["alice", "vm", `${shop}/vms/shop-db-1`, "shop-db-1"],
    ["alice", "vm-usage", `${shop}/vms/shop-db-1/usage`, /CPU|not/],
    ["alice", "vm-snapshots", `${shop}/vms/shop-db-1/snapshots`, /[Ss]napshot/],
    ["alice", "vm-network", `${shop}/vms/shop-db-1/network`, /[Nn]etwork/],
    ["alice", "create-vm", `${shop}/create-vm`, "Create a virtual machine"],
    ["alice", "create-disk", `${shop}/create-disk`, "Make the volume now"],
  ] as const
).map(([user, name, path, done]) => ({ name: `degraded-${name}`, user, path, done }));
