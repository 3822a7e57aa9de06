/**
 * Which addresses a pod gets: those that its annotations ask for, those of a pool, or the lowest free ones of its subnet, one of
 * each family that the subnet has. Source: acquireAddress in Kube-OVN's pkg/controller/pod.go.
 */
import { isIP } from "node:net";
import {
  families,
  type Family,
  familyOf,
  holds,
  type IpRange,
  ipToNumber,
  ofFamily,
  rangeOf,
  usableRanges,
  withoutRanges,
} from "./ipam.ts";
import type { Subnet } from "./kube-ovn-shapes.ts";
import { networkKinds, specText, specTexts } from "./network-kinds.ts";
import type { SubnetAddresses } from "./subnet-addresses.ts";
import type { TypedStore } from "./typed-store.ts";

/** The addresses, v4 before v6; or why there are none. */
export type Addresses = { ips: string[] } | { error: string };

export const familiesOf = (subnet: Subnet): Family[] =>
  families.filter((family) => ofFamily(subnet.spec.cidrBlock, family) !== undefined);

/** Ranges of an IPPool in one family. */
export const poolRanges = (ips: readonly string[], family: Family): IpRange[] =>
  ips.filter((text) => familyOf(text) === family).map(rangeOf);

export class PodAddresses {
  readonly #store: TypedStore;
  readonly #addresses: SubnetAddresses;

  constructor(store: TypedStore, addresses: SubnetAddresses) {
    this.#store = store;
    this.#addresses = addresses;
  }

  /** The lowest free address of each family, of the named pool or else of no pool at all. */
  free(subnet: Subnet, pool?: string): Addresses {
    const { name } = subnet.metadata;
    const ips: string[] = [];
    for (const family of familiesOf(subnet)) {
      const ip = this.#addresses.free(name, family, this.#ranges(subnet, family, pool));
      if (ip === null)
        return {
          error: `NoAvailableAddress: AddressConflict: no available address in ${pool === undefined ? `subnet ${name}` : `ippool ${pool}`}`,
        };
      ips.push(ip);
    }
    return { ips };
  }

  /** The very addresses of an `ip_address` annotation, if they are of the subnet and nobody else's. `own` may have them already. */
  asked(subnet: Subnet, text: string, own: string): Addresses {
    const ips = text.split(",").map((ip) => ip.trim());
    for (const ip of ips) {
      const cidr = isIP(ip) === 0 ? undefined : ofFamily(subnet.spec.cidrBlock, familyOf(ip));
      if (cidr === undefined || !holds([rangeOf(cidr)], ipToNumber(ip)))
        return { error: `AddressOutOfRange: ${ip} is not in ${subnet.spec.cidrBlock ?? ""}` };
      const holder = this.#addresses.holder(subnet.metadata.name, ip);
      if (holder !== undefined && holder !== own)
        return { error: `AddressConflict: ${ip} is used by ${holder}` };
    }
    // whoever asks for one family gets the other as it comes
    const rest = familiesOf(subnet).filter((family) => ofFamily(text, family) === undefined);
    for (const family of rest) {
      const ip = this.#addresses.free(subnet.metadata.name, family, this.#ranges(subnet, family, undefined));
      if (ip !== null) ips.push(ip);
    }
    return { ips: ips.toSorted((a, b) => familyOf(a) - familyOf(b)) };
  }

  /** An `ip_pool` annotation: the name of an IPPool, or addresses of which the first free is taken. */
  ofPool(subnet: Subnet, text: string, own: string): Addresses {
    const choices = text.split(text.includes(";") ? ";" : ",").map((part) => part.trim());
    const [name = ""] = choices;
    if (choices.length === 1 && isIP(name.split(",")[0] ?? "") === 0) {
      const pool = this.#store.get(networkKinds.ipPool, undefined, name);
      if (pool === undefined) return { error: `ippool.kubeovn.io "${name}" not found` };
      return specText(pool, "subnet") === subnet.metadata.name
        ? this.free(subnet, name)
        : { error: `NoAvailableAddress: ippool ${name} is not of subnet ${subnet.metadata.name}` };
    }
    for (const choice of choices) {
      const found = this.asked(subnet, choice, own);
      if ("ips" in found) return found;
    }
    return { error: `NoAvailableAddress: AddressConflict: every address of ${text} is used` };
  }

  #ranges(subnet: Subnet, family: Family, pool: string | undefined): IpRange[] {
    const cidr = ofFamily(subnet.spec.cidrBlock, family) ?? "";
    const gateway = ofFamily(subnet.spec.gateway, family);
    const excluded = [...(gateway === undefined ? [] : [gateway]), ...(subnet.spec.excludeIps ?? [])];
    const usable = usableRanges(cidr, excluded);
    const pools = this.#store
      .list(networkKinds.ipPool)
      .filter((one) => specText(one, "subnet") === subnet.metadata.name);
    if (pool === undefined)
      return withoutRanges(
        usable,
        pools.flatMap((one) => poolRanges(specTexts(one, "ips"), family)),
      );
    const own = pools.find(({ metadata }) => metadata.name === pool);
    const wanted = poolRanges(specTexts(own, "ips"), family);
    return withoutRanges(usable, withoutRanges(usable, wanted));
  }
}
