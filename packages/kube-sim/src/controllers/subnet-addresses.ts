/** Which IPv4 addresses of each subnet are taken, kept as IP objects come and go. */
import type { KubeObject } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";
import { ipToNumber, type Ipv4Range, nextFree, numberToIp } from "./ipam.ts";
import { ipKind } from "./kinds.ts";
import type { Ip } from "./kube-ovn-shapes.ts";

interface Taken {
  /** Name of the IP object, by address. */
  holders: Map<number, string>;
  /** No address of `ranges` below this one is free. */
  searchFrom: number;
  ranges: string;
}

const rangesKey = (ranges: Ipv4Range[]): string =>
  ranges.map(({ first, last }) => `${first}-${last}`).join(",");

export class SubnetAddresses {
  readonly #bySubnet = new Map<string, Taken>();
  readonly #stop: () => void;

  constructor(store: ObjectStore) {
    for (const ip of store.list(ipKind)) this.#add(ip);
    this.#stop = store.onChange(({ type, kind, object, previous }) => {
      if (kind.resource !== ipKind.resource || kind.group !== ipKind.group) return;
      if (previous) this.#remove(previous);
      if (type !== "DELETED") this.#add(object);
    });
  }

  /** The addresses in use, as numbers, in no particular order. */
  used(subnet: string): number[] {
    return [...(this.#bySubnet.get(subnet)?.holders.keys() ?? [])];
  }

  /** Name of the IP object that has the address. */
  holder(subnet: string, address: string): string | undefined {
    return this.#bySubnet.get(subnet)?.holders.get(ipToNumber(address));
  }

  /** The lowest free address of the ranges; null when there is none. */
  free(subnet: string, ranges: Ipv4Range[]): string | null {
    const taken = this.#of(subnet);
    const key = rangesKey(ranges);
    if (taken.ranges !== key) {
      taken.ranges = key;
      taken.searchFrom = 0;
    }
    const found = nextFree(ranges, taken.holders, taken.searchFrom);
    if (found !== null) taken.searchFrom = found;
    return found === null ? null : numberToIp(found);
  }

  close(): void {
    this.#stop();
  }

  #of(subnet: string): Taken {
    let taken = this.#bySubnet.get(subnet);
    if (!taken) {
      taken = { holders: new Map(), searchFrom: 0, ranges: "" };
      this.#bySubnet.set(subnet, taken);
    }
    return taken;
  }

  #add(object: KubeObject): void {
    const { spec, metadata } = object as Ip; // stored under ips
    if (spec.v4IpAddress === "") return;
    this.#of(spec.subnet).holders.set(ipToNumber(spec.v4IpAddress), metadata.name);
  }

  #remove(object: KubeObject): void {
    const { spec } = object as Ip; // stored under ips
    if (spec.v4IpAddress === "") return;
    const taken = this.#of(spec.subnet);
    const address = ipToNumber(spec.v4IpAddress);
    taken.holders.delete(address);
    taken.searchFrom = Math.min(taken.searchFrom, address);
  }
}
