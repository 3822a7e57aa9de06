/** Which addresses of each subnet are taken, by family, kept as the objects that hold them come and go. */
import type { KubeObject } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";
import { type Family, familyOf, ipToNumber, type IpRange, nextFree, numberToIp } from "./ipam.ts";
import { ipKind } from "./kinds.ts";
import type { Ip } from "./kube-ovn-shapes.ts";
import { networkKinds, type NetworkObject, specText } from "./network-kinds.ts";

interface Taken {
  /** Name of the holder, by address. */
  holders: Map<bigint, string>;
  /** No address of `ranges` below this one is free. */
  searchFrom: bigint;
  ranges: string;
}

interface Held {
  subnet: string;
  address: string;
}

const rangesKey = (ranges: readonly IpRange[]): string =>
  ranges.map(({ first, last }) => `${first}-${last}`).join(",");

export const subnetLabel = "ovn.kubernetes.io/subnet";
const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string" && one !== "");

/** Addresses that the statuses of other kinds tell of: those of virtual and external addresses, and of egress gateways. */
export function heldBy(object: NetworkObject): Held[] {
  const { kind, status } = object;
  const of = (subnet: string, ...keys: string[]): Held[] =>
    keys
      .flatMap((key) => texts(status?.[key]))
      .flatMap((each) => each.split(","))
      .map((address) => ({ subnet, address }));
  if (kind === "VpcEgressGateway")
    return [
      ...of(specText(object, "internalSubnet"), "internalIPs"),
      ...of(specText(object, "externalSubnet"), "externalIPs"),
    ];
  return of(object.metadata.labels?.[subnetLabel] ?? "", "ip", "v4ip", "v6ip", "v4Ip", "v6Ip");
}

/** Kinds whose statuses tell of addresses that they hold. */
export const holderKinds = [
  networkKinds.vip,
  networkKinds.iptablesEip,
  networkKinds.ovnEip,
  networkKinds.egressGateway,
];
const isHolder = ({ group, resource }: { group: string; resource: string }) =>
  holderKinds.some((kind) => kind.group === group && kind.resource === resource);

function addressesOf(object: KubeObject): Held[] {
  if (object.kind !== "IP") return heldBy(object);
  const { spec } = object as Ip; // stored under ips
  return [spec.v4IpAddress, spec.v6IpAddress]
    .filter((address) => address !== undefined && address !== "")
    .map((address) => ({ subnet: spec.subnet, address }));
}

export class SubnetAddresses {
  /** By subnet and family. */
  readonly #taken = new Map<string, Taken>();
  readonly #stop: () => void;

  constructor(store: ObjectStore) {
    for (const kind of [ipKind, ...holderKinds]) for (const object of store.list(kind)) this.#add(object);
    this.#stop = store.onChange(({ type, kind, object, previous }) => {
      if (!(kind.resource === ipKind.resource && kind.group === ipKind.group) && !isHolder(kind)) return;
      if (previous) this.#remove(previous);
      if (type !== "DELETED") this.#add(object);
    });
  }

  /** The addresses in use, as numbers, in no particular order. */
  used(subnet: string, family: Family): bigint[] {
    return [...(this.#taken.get(`${subnet}/${family}`)?.holders.keys() ?? [])];
  }

  /** Name of the object that has the address. */
  holder(subnet: string, address: string): string | undefined {
    return this.#taken.get(`${subnet}/${familyOf(address)}`)?.holders.get(ipToNumber(address));
  }

  /** The lowest free address of the ranges; null when there is none. */
  free(subnet: string, family: Family, ranges: readonly IpRange[]): string | null {
    const taken = this.#of(subnet, family);
    const key = rangesKey(ranges);
    if (taken.ranges !== key) {
      taken.ranges = key;
      taken.searchFrom = 0n;
    }
    const found = nextFree(ranges, taken.holders, taken.searchFrom);
    if (found !== null) taken.searchFrom = found;
    return found === null ? null : numberToIp(found, family);
  }

  close(): void {
    this.#stop();
  }

  #of(subnet: string, family: Family): Taken {
    const key = `${subnet}/${family}`;
    let taken = this.#taken.get(key);
    if (!taken) {
      taken = { holders: new Map(), searchFrom: 0n, ranges: "" };
      this.#taken.set(key, taken);
    }
    return taken;
  }

  #add(object: KubeObject): void {
    for (const { subnet, address } of addressesOf(object))
      this.#of(subnet, familyOf(address)).holders.set(ipToNumber(address), object.metadata.name);
  }

  #remove(object: KubeObject): void {
    for (const { subnet, address } of addressesOf(object)) {
      const taken = this.#of(subnet, familyOf(address));
      const number = ipToNumber(address);
      if (taken.holders.get(number) === object.metadata.name) taken.holders.delete(number);
      if (number < taken.searchFrom) taken.searchFrom = number;
    }
  }
}
