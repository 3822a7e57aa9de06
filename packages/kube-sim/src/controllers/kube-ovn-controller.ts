/** kube-ovn-controller: an address for every pod's first card, kept per VM; what subnets, VPCs and projects say about themselves. */
import { withFinalizer, withoutFinalizer } from "../store/finalizers.ts";
import type { ControllerContext } from "./controller.ts";
import { sameJson } from "../store/json-equality.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { attachedNetworks } from "./attached-networks.ts";
import { isTrue, withCondition, withoutCondition } from "./conditions.ts";
import type { Condition, Pod } from "./core-shapes.ts";
import type { EventRecorder } from "./events.ts";
import { families, familyOf } from "./ipam.ts";
import { networkKinds, specText } from "./network-kinds.ts";
import { familiesOf, PodAddresses } from "./pod-addresses.ts";
import { addressStatus, completedSpec, subnetRefusal } from "./subnet-status.ts";
import type { SubnetAddresses } from "./subnet-addresses.ts";
import { ipKind, type Kind, namespaceKind, podKind, subnetKind, vmKind, vpcKind } from "./kinds.ts";
import type { Ip, Subnet } from "./kube-ovn-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

const prefix = "ovn.kubernetes.io";
const finalizer = "kubeovn.io/kube-ovn-controller";
const retryMs = 5_000;
export const defaultVpc = "ovn-cluster";
const defaultSubnet = "ovn-default";

/** What a pod's interface was given, under the prefix of its provider. */
const addressAnnotations = (keys: string, ip: Ip, subnet: Subnet): Record<string, string> => ({
  [`${keys}/allocated`]: "true",
  [`${keys}/ip_address`]: ip.spec.ipAddress,
  [`${keys}/mac_address`]: ip.spec.macAddress,
  [`${keys}/cidr`]: subnet.spec.cidrBlock ?? "",
  [`${keys}/gateway`]: subnet.spec.gateway ?? "",
  [`${keys}/logical_switch`]: subnet.metadata.name,
});

export class KubeOvnController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #addresses: SubnetAddresses;
  readonly #pods: PodAddresses;
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
    this.#pods = new PodAddresses(store, addresses);
    this.#requeuePod = requeuePod;
  }

  reconcilePod(namespace: string | undefined, name: string): void {
    const pod = this.#store.get(podKind, namespace, name);
    if (!pod || pod.spec.hostNetwork === true) return;
    const annotations = pod.metadata.annotations ?? {};
    if (pod.metadata.deletionTimestamp !== undefined) return;
    if (annotations[`${prefix}/allocated`] === "true") {
      this.#attach(pod);
      return;
    }
    const subnet = this.#subnetOf(pod);
    if (!subnet || familiesOf(subnet).length === 0) {
      this.#fail(
        pod,
        `failed to acquire address for ${pod.metadata.namespace}/${pod.metadata.name}: no subnet`,
      );
      return;
    }
    const owner = annotations[`${prefix}/vm`] ?? pod.metadata.name;
    const ip = this.#acquire(pod, owner, subnet);
    if (ip === null) return;
    this.#store.modifyObject(podKind, pod, (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        annotations: {
          ...current.metadata.annotations,
          ...addressAnnotations(prefix, ip, subnet),
          [`${prefix}/logical_router`]: subnet.spec.vpc ?? defaultVpc,
          [`${prefix}/routed`]: "true",
        },
      },
    }));
  }

  /** Addresses of the pod's other interfaces, also of those that come later. */
  #attach(pod: Pod): void {
    const owner = pod.metadata.annotations?.[`${prefix}/vm`] ?? pod.metadata.name;
    for (const { provider, subnet } of attachedNetworks(this.#store, pod)) {
      const keys = `${provider}.kubernetes.io`;
      if (pod.metadata.annotations?.[`${keys}/allocated`] === "true") continue;
      const ip = this.#acquire(pod, owner, subnet, provider);
      if (ip === null) return;
      this.#store.modifyObject(podKind, pod, (current) => ({
        ...current,
        metadata: {
          ...current.metadata,
          annotations: {
            ...current.metadata.annotations,
            ...addressAnnotations(keys, ip, subnet),
          },
        },
      }));
    }
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
    this.#store.modifyObject(ipKind, ip, (current) => withoutFinalizer(current, finalizer));
    this.#store.delete(ipKind, ip);
  }

  reconcileSubnet(_namespace: string | undefined, name: string): void {
    const subnet = this.#store.get(subnetKind, undefined, name);
    if (!subnet) return;
    if (subnet.metadata.deletionTimestamp !== undefined) {
      const used = families.flatMap((family) => this.#addresses.used(name, family));
      if (used.length === 0) this.#release(subnetKind, subnet);
      return;
    }
    if (!subnet.spec.cidrBlock) return;
    const spec = completedSpec(subnet.spec, defaultVpc);
    const ready = isTrue(subnet.status?.conditions, "Ready");
    // who came first keeps its range
    const others = ready ? [] : this.#store.list(subnetKind);
    const refusal = subnetRefusal({ ...subnet, spec }, others);
    const now = timestamp(this.#context.clock.now());
    if (refusal !== undefined) {
      this.#refuseSubnet(subnet, refusal);
      return;
    }
    const counted = addressStatus(name, spec, this.#addresses);
    this.#store.modifyObject(subnetKind, subnet, (current) => {
      let conditions = withCondition(
        withoutCondition(current.status?.conditions, "Error"),
        { type: "Validated", status: "True", reason: "ValidateLogicalSwitchSuccess" },
        now,
      );
      conditions = withCondition(
        conditions,
        { type: "Ready", status: "True", reason: "ResetLogicalSwitchAclSuccess" },
        now,
      );
      const next = {
        ...current,
        metadata: withFinalizer(current, finalizer).metadata,
        spec: completedSpec(current.spec, defaultVpc),
        status: { ...current.status, ...counted, conditions },
      };
      return sameJson(next, current) ? current : next;
    });
    for (const namespace of subnet.spec.namespaces ?? []) this.#annotateNamespace(namespace);
  }

  #refuseSubnet(subnet: Subnet, message: string): void {
    const reason = "ValidateLogicalSwitchFailed";
    const now = timestamp(this.#context.clock.now());
    const before = subnet.status?.conditions ?? [];
    const conditions = [
      { type: "Error", status: "True" },
      { type: "Validated", status: "False" },
      { type: "Ready", status: "False" },
    ].reduce<Condition[]>(
      (list, condition) => withCondition(list, { ...condition, reason, message }, now),
      before,
    );
    if (conditions === before) return;
    this.#store.modifyObject(subnetKind, subnet, (current) => ({
      ...current,
      status: { ...current.status, conditions },
    }));
    this.#events.record(subnet, "Warning", reason, message);
  }

  reconcileVpc(_namespace: string | undefined, name: string): void {
    const vpc = this.#store.get(vpcKind, undefined, name);
    if (!vpc) return;
    const subnets = this.#store
      .list(subnetKind)
      .filter((subnet) => (subnet.spec.vpc ?? defaultVpc) === name)
      .map((subnet) => subnet.metadata.name);
    if (vpc.metadata.deletionTimestamp !== undefined) {
      if (subnets.length === 0) this.#release(vpcKind, vpc);
      return;
    }
    this.#store.modifyObject(vpcKind, vpc, (current) => ({
      ...current,
      metadata: withFinalizer(current, finalizer).metadata,
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

  #release<Shape extends KubeObject>(kind: Kind<Shape>, object: Shape): void {
    this.#store.modifyObject(kind, object, (current) => withoutFinalizer(current, finalizer));
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
    const pool = this.#store.get(
      networkKinds.ipPool,
      undefined,
      pod.metadata.annotations?.[`${prefix}/ip_pool`] ?? "",
    );
    if (pool !== undefined) return this.#store.get(subnetKind, undefined, specText(pool, "subnet"));
    const subnets = this.#store.list(subnetKind);
    return (
      subnets.find((subnet) => subnet.spec.namespaces?.includes(pod.metadata.namespace ?? "")) ??
      subnets.find((subnet) => subnet.spec.default === true)
    );
  }

  /** `provider` is of a second interface: it ends the IP object's name. */
  #acquire(pod: Pod, owner: string, subnet: Subnet, provider?: string): Ip | null {
    const namespace = pod.metadata.namespace ?? "";
    const name = `${owner}.${namespace}${provider === undefined ? "" : `.${provider}`}`;
    const keys = provider === undefined ? prefix : `${provider}.kubernetes.io`;
    const annotations = pod.metadata.annotations ?? {};
    const isVm = annotations[`${prefix}/vm`] !== undefined;
    const wanted = annotations[`${keys}/ip_address`];
    const pool = annotations[`${keys}/ip_pool`];
    const kept = this.#store.get(ipKind, undefined, name);
    if (
      kept &&
      kept.spec.subnet === subnet.metadata.name &&
      (wanted === undefined ||
        wanted.split(",").every((ip) => kept.spec.ipAddress.split(",").includes(ip.trim())))
    )
      return kept;
    const found =
      wanted !== undefined
        ? this.#pods.asked(subnet, wanted, name)
        : pool !== undefined
          ? this.#pods.ofPool(subnet, pool, name)
          : this.#pods.free(subnet);
    if ("error" in found) {
      this.#fail(pod, `failed to acquire address for ${namespace}/${owner}: ${found.error}`);
      return null;
    }
    if (kept) this.#store.delete(ipKind, kept);
    const mac = annotations[`${keys}/mac_address`] ?? this.#randomMac();
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
        ...addressFields(found.ips),
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
    const found = subnet && this.#pods.free(subnet);
    if (found === undefined || "error" in found || found.ips.length === 0) return;
    this.#store.modifyObject(ipKind, ip, (current) => ({
      ...current,
      spec: {
        ...current.spec,
        ...addressFields(found.ips),
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

/** An IP object's addresses, of one family or of both. */
function addressFields(ips: readonly string[]) {
  return {
    v4IpAddress: ips.find((ip) => familyOf(ip) === 4) ?? "",
    v6IpAddress: ips.find((ip) => familyOf(ip) === 6) ?? "",
    ipAddress: ips.join(","),
  };
}
