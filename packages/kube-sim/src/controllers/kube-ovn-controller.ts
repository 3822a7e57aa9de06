/** kube-ovn-controller: an address for every pod's first card, kept per VM; what subnets, VPCs and projects say about themselves. */
import type { ControllerContext } from "./controller.ts";
import { withCondition } from "./conditions.ts";
import type { Pod } from "./core-shapes.ts";
import type { EventRecorder } from "./events.ts";
import { cidrRange, countOf, ipToNumber, rangesOf, rangeText, usableRanges } from "./ipam.ts";
import type { SubnetAddresses } from "./subnet-addresses.ts";
import { ipKind, namespaceKind, podKind, subnetKind, vmKind, vpcKind } from "./kinds.ts";
import type { Ip, Subnet } from "./kube-ovn-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

const prefix = "ovn.kubernetes.io";
const retryMs = 5_000;
export const defaultVpc = "ovn-cluster";
const defaultSubnet = "ovn-default";

function ipv4Cidr(subnet: Subnet): string | undefined {
  return subnet.spec.cidrBlock?.split(",").find((cidr) => !cidr.includes(":"));
}

function ipv4Gateway(subnet: Subnet): string | undefined {
  return subnet.spec.gateway?.split(",").find((address) => !address.includes(":"));
}

export class KubeOvnController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #addresses: SubnetAddresses;
  readonly #requeuePod: (pod: Pod, delayMs: number) => void;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    addresses: SubnetAddresses,
    requeuePod: (pod: Pod, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#addresses = addresses;
    this.#requeuePod = requeuePod;
  }

  reconcilePod(namespace: string | undefined, name: string): void {
    const pod = this.#store.get(podKind, namespace, name);
    if (!pod || pod.spec.hostNetwork === true) return;
    const annotations = pod.metadata.annotations ?? {};
    if (pod.metadata.deletionTimestamp !== undefined || annotations[`${prefix}/allocated`] === "true") return;
    const subnet = this.#subnetOf(pod);
    const cidr = subnet && ipv4Cidr(subnet);
    if (!subnet || cidr === undefined) {
      this.#fail(
        pod,
        `failed to acquire address for ${pod.metadata.namespace}/${pod.metadata.name}: no subnet`,
      );
      return;
    }
    const owner = annotations[`${prefix}/vm`] ?? pod.metadata.name;
    const ip = this.#acquire(pod, owner, subnet, cidr);
    if (ip === null) return;
    const gateway = subnet.spec.gateway ?? "";
    this.#store.modifyObject(podKind, pod, (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        annotations: {
          ...current.metadata.annotations,
          [`${prefix}/allocated`]: "true",
          [`${prefix}/ip_address`]: ip.spec.ipAddress,
          [`${prefix}/mac_address`]: ip.spec.macAddress,
          [`${prefix}/cidr`]: subnet.spec.cidrBlock ?? cidr,
          [`${prefix}/gateway`]: gateway,
          [`${prefix}/logical_switch`]: subnet.metadata.name,
          [`${prefix}/logical_router`]: subnet.spec.vpc ?? defaultVpc,
          [`${prefix}/routed`]: "true",
        },
      },
    }));
  }

  /** An address is free when its pod is gone, or, for a VM's, when the VM is gone (`--keep-vm-ip`). */
  reconcileIp(_namespace: string | undefined, name: string): void {
    const ip = this.#store.get(ipKind, undefined, name);
    if (!ip) return;
    if (ip.spec.v4IpAddress === "" && ip.spec.v6IpAddress === "") {
      this.#fillIn(ip);
      return;
    }
    if (ip.spec.podName === "") return;
    const { namespace, podName, podType } = ip.spec;
    const inUse =
      podType === "VirtualMachine"
        ? this.#store.get(vmKind, namespace, podName)
        : this.#store.get(podKind, namespace, podName);
    if (inUse) return;
    // Made before its machine, to hold an address for it: nothing but its deletion ends it.
    if (podType === "VirtualMachine" && (ip.metadata.finalizers ?? []).length === 0) return;
    this.#store.modifyObject(ipKind, ip, (current) => ({
      ...current,
      metadata: { ...current.metadata, finalizers: [] },
    }));
    this.#store.delete(ipKind, ip);
  }

  reconcileSubnet(_namespace: string | undefined, name: string): void {
    const subnet = this.#store.get(subnetKind, undefined, name);
    if (!subnet) return;
    const used = this.#addresses.used(name);
    if (subnet.metadata.deletionTimestamp !== undefined) {
      if (used.length === 0) {
        this.#store.modifyObject(subnetKind, subnet, (current) => ({
          ...current,
          metadata: { ...current.metadata, finalizers: [] },
        }));
      }
      return;
    }
    const cidr = ipv4Cidr(subnet);
    if (cidr === undefined) return;
    const range = cidrRange(cidr);
    const gateway = subnet.spec.gateway ?? (range ? usableRanges(cidr, [])[0]?.first : undefined);
    const gatewayText =
      typeof gateway === "number" ? rangeText([{ first: gateway, last: gateway }]) : (gateway ?? "");
    const excludeIps = subnet.spec.excludeIps?.includes(gatewayText)
      ? subnet.spec.excludeIps
      : [gatewayText, ...(subnet.spec.excludeIps ?? [])];
    const usable = usableRanges(cidr, excludeIps);
    const usedRanges = rangesOf(used);
    const free = usableRanges(cidr, [
      ...excludeIps,
      ...usedRanges.map(({ first, last }) => rangeText([{ first, last }]).replace("-", "..")),
    ]);
    const now = timestamp(this.#context.clock.now());
    this.#store.modifyObject(subnetKind, subnet, (current) => {
      let conditions = withCondition(
        current.status?.conditions,
        { type: "Validated", status: "True", reason: "ValidateLogicalSwitchSuccess" },
        now,
      );
      conditions = withCondition(
        conditions,
        { type: "Ready", status: "True", reason: "ResetLogicalSwitchAclSuccess" },
        now,
      );
      return {
        ...current,
        spec: {
          ...current.spec,
          vpc: current.spec.vpc ?? defaultVpc,
          protocol: current.spec.protocol ?? (current.spec.cidrBlock?.includes(",") ? "Dual" : "IPv4"),
          provider: current.spec.provider ?? "ovn",
          gateway: gatewayText,
          excludeIps,
          gatewayType: current.spec.gatewayType ?? "distributed",
        },
        status: {
          ...current.status,
          v4availableIPs: countOf(usable) - used.length,
          v4usingIPs: used.length,
          v4availableIPrange: rangeText(free),
          v4usingIPrange: rangeText(usedRanges),
          v6availableIPs: current.status?.v6availableIPs ?? 0,
          v6usingIPs: current.status?.v6usingIPs ?? 0,
          conditions,
        },
      };
    });
    for (const namespace of subnet.spec.namespaces ?? []) this.#annotateNamespace(namespace);
  }

  reconcileVpc(_namespace: string | undefined, name: string): void {
    const vpc = this.#store.get(vpcKind, undefined, name);
    if (!vpc) return;
    const subnets = this.#store
      .list(subnetKind)
      .filter((subnet) => (subnet.spec.vpc ?? defaultVpc) === name)
      .map((subnet) => subnet.metadata.name);
    if (vpc.metadata.deletionTimestamp !== undefined) {
      if (subnets.length === 0) {
        this.#store.modifyObject(vpcKind, vpc, (current) => ({
          ...current,
          metadata: { ...current.metadata, finalizers: [] },
        }));
      }
      return;
    }
    this.#store.modifyObject(vpcKind, vpc, (current) => ({
      ...current,
      status: {
        ...current.status,
        standby: true,
        default: name === defaultVpc,
        router: name,
        subnets,
        defaultLogicalSwitch: vpc.spec.defaultSubnet ?? (name === defaultVpc ? defaultSubnet : ""),
      },
    }));
  }

  #annotateNamespace(name: string): void {
    const bound = this.#store.list(subnetKind).filter((subnet) => subnet.spec.namespaces?.includes(name));
    if (bound.length === 0) return;
    this.#store.modify(namespaceKind, undefined, name, (namespace) => ({
      ...namespace,
      metadata: {
        ...namespace.metadata,
        annotations: {
          ...namespace.metadata.annotations,
          [`${prefix}/logical_switch`]: bound.map((subnet) => subnet.metadata.name).join(","),
          [`${prefix}/cidr`]: bound.map((subnet) => subnet.spec.cidrBlock ?? "").join(";"),
        },
      },
    }));
  }

  #subnetOf(pod: Pod): Subnet | undefined {
    const asked = pod.metadata.annotations?.[`${prefix}/logical_switch`];
    if (asked !== undefined) return this.#store.get(subnetKind, undefined, asked);
    const subnets = this.#store.list(subnetKind);
    return (
      subnets.find((subnet) => subnet.spec.namespaces?.includes(pod.metadata.namespace ?? "")) ??
      subnets.find((subnet) => subnet.spec.default === true)
    );
  }

  #acquire(pod: Pod, owner: string, subnet: Subnet, cidr: string): Ip | null {
    const namespace = pod.metadata.namespace ?? "";
    const name = `${owner}.${namespace}`;
    const isVm = pod.metadata.annotations?.[`${prefix}/vm`] !== undefined;
    const wanted = pod.metadata.annotations?.[`${prefix}/ip_address`];
    const kept = this.#store.get(ipKind, undefined, name);
    if (
      kept &&
      kept.spec.subnet === subnet.metadata.name &&
      (wanted === undefined || kept.spec.ipAddress === wanted)
    )
      return kept;
    if (kept) this.#store.delete(ipKind, kept);
    const gateway = ipv4Gateway(subnet);
    const excluded = [...(gateway === undefined ? [] : [gateway]), ...(subnet.spec.excludeIps ?? [])];
    const address = wanted ?? this.#addresses.free(subnet.metadata.name, usableRanges(cidr, excluded));
    if (address === null) {
      this.#fail(
        pod,
        `failed to acquire address for ${namespace}/${owner}: AddressConflict: no available address in subnet ${subnet.metadata.name}`,
      );
      return null;
    }
    if (wanted !== undefined) {
      const holder = this.#addresses.holder(subnet.metadata.name, wanted);
      const range = cidrRange(cidr);
      const inside = range && ipToNumber(wanted) >= range.first && ipToNumber(wanted) <= range.last;
      if (holder || !inside) {
        const why = holder
          ? `AddressConflict: ${wanted} is used by ${holder}`
          : `AddressOutOfRange: ${wanted} is not in ${cidr}`;
        this.#fail(pod, `failed to acquire address for ${namespace}/${owner}: ${why}`);
        return null;
      }
    }
    const mac = pod.metadata.annotations?.[`${prefix}/mac_address`] ?? this.#randomMac();
    return this.#store.create(ipKind, {
      metadata: {
        name,
        finalizers: ["kubeovn.io/kube-ovn-controller"],
        labels: {
          [`${prefix}/subnet`]: subnet.metadata.name,
          [`${prefix}/node-name`]: pod.spec.nodeName ?? "",
        },
      },
      spec: {
        podName: owner,
        namespace,
        subnet: subnet.metadata.name,
        nodeName: pod.spec.nodeName ?? "",
        v4IpAddress: address,
        v6IpAddress: "",
        ipAddress: address,
        macAddress: mac,
        containerID: "",
        podType: isVm ? "VirtualMachine" : "",
        attachIps: [],
        attachMacs: [],
        attachSubnets: [],
      },
    });
  }

  /** An address that was asked for without saying which. */
  #fillIn(ip: Ip): void {
    const subnet = this.#store.get(subnetKind, undefined, ip.spec.subnet);
    const cidr = subnet && ipv4Cidr(subnet);
    if (!subnet || cidr === undefined) return;
    const gateway = ipv4Gateway(subnet);
    const excluded = [...(gateway === undefined ? [] : [gateway]), ...(subnet.spec.excludeIps ?? [])];
    const address = this.#addresses.free(subnet.metadata.name, usableRanges(cidr, excluded));
    if (address === null) return;
    this.#store.modifyObject(ipKind, ip, (current) => ({
      ...current,
      spec: {
        ...current.spec,
        v4IpAddress: address,
        ipAddress: address,
        macAddress: current.spec.macAddress || this.#randomMac(),
      },
    }));
  }

  #randomMac(): string {
    const octets = Array.from({ length: 5 }, () =>
      Math.floor(this.#context.random() * 256)
        .toString(16)
        .padStart(2, "0"),
    );
    return `02:${octets.join(":")}`;
  }

  #fail(pod: Pod, message: string): void {
    this.#events.record(pod, "Warning", "AcquireAddressFailed", message);
    this.#requeuePod(pod, retryMs);
  }
}
