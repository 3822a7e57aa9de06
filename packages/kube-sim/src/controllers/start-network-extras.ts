/** Wires the controllers of Kube-OVN's smaller kinds: there are few of them, and each may depend on any other. */
import { sameJson } from "../store/json-equality.ts";
import { configMapKind, ipKind, nodeKind, subnetKind } from "./kinds.ts";
import { networkKinds, type NetworkObject, specText, specTexts, statusText } from "./network-kinds.ts";
import { networkStatuses } from "./network-status.ts";
import type { Wake, Wiring } from "./start-machine-extras.ts";
import { subnetLabel } from "./subnet-addresses.ts";
import type { TypedStore } from "./typed-store.ts";

/** Changes that come together are looked at once. */
const settleMs = 50;
const finalizer = "kubeovn.io/kube-ovn-controller";
/** External addresses stay while a rule uses them. Source: Kube-OVN pkg/controller/ovn_eip.go, vpc_nat_gw_eip.go. */
const held = new Set(["OvnEip", "IptablesEIP"]);

/** The subnet that an address was taken from, which Kube-OVN writes into a label; '' for kinds without. */
function subnetOf(store: TypedStore, object: NetworkObject): string {
  if (object.kind === "Vip") return specText(object, "subnet");
  if (object.kind === "OvnEip") return specText(object, "externalSubnet");
  if (object.kind !== "IptablesEIP") return "";
  const gateway = store.get(networkKinds.natGateway, undefined, specText(object, "natGwDp"));
  return (
    specText(object, "externalSubnet") ||
    specTexts(gateway, "externalSubnets")[0] ||
    "ovn-vpc-external-network"
  );
}

const hasAddress = (object: NetworkObject): boolean =>
  ["ip", "v4ip", "v6ip", "v4Ip", "v6Ip"].some((key) => statusText(object, key) !== "");

/** Label and finalizer of what has got its address. */
function marked(store: TypedStore, object: NetworkObject): NetworkObject {
  const subnet = hasAddress(object) ? subnetOf(store, object) : "";
  const { metadata } = object;
  const { labels = {}, finalizers = [] } = metadata;
  const holdsOn = held.has(object.kind) && subnet !== "";
  if ((subnet === "" || labels[subnetLabel] === subnet) && (!holdsOn || finalizers.includes(finalizer)))
    return object;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(subnet !== "" && { labels: { ...labels, [subnetLabel]: subnet } }),
      ...(holdsOn && { finalizers: [...new Set([...finalizers, finalizer])] }),
    },
  };
}

const released = (object: NetworkObject): NetworkObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    finalizers: (object.metadata.finalizers ?? []).filter((one) => one !== finalizer),
  },
});

export function startNetworkExtras({ storeOf, reconciler }: Wiring): Wake {
  const store = storeOf("kube-ovn-controller");
  const statuses = reconciler("kube-ovn-controller/status", () => {
    for (const [kind, statusOf] of networkStatuses)
      for (const object of store.list(kind)) {
        const leaving = object.metadata.deletionTimestamp !== undefined;
        if (leaving && !object.metadata.finalizers?.includes(finalizer)) continue;
        const status = statusOf(store, object);
        store.modifyObject<NetworkObject>(kind, object, (current) => {
          const next = { ...current.status, ...status };
          const told = sameJson(next, current.status ?? {}) ? current : { ...current, status: next };
          if (!leaving) return marked(store, told);
          return statusText(told, "nat") === "" ? released(told) : told;
        });
      }
  });
  const watched = new Set(
    [...Object.values(networkKinds), subnetKind, nodeKind].map((kind) => `${kind.group}/${kind.resource}`),
  );
  const pools = `${ipKind.group}/${ipKind.resource}`;
  const settings = `${configMapKind.group}/${configMapKind.resource}`;
  return (key, object) => {
    const countsAddresses = key === pools && store.list(networkKinds.ipPool).length > 0;
    const switches = key === settings && object.metadata.name.startsWith("ovn-vpc-nat-");
    if (watched.has(key) || countsAddresses || switches) statuses.enqueueWithin(undefined, "all", settleMs);
  };
}
