/** Wires kube-ovn-controller's own loops: pods' addresses, IP objects, subnets and VPCs. */
import type { KubeObject } from "../store/kube-object.ts";
import { ipKind, type Kind, podKind, subnetKind, vmKind, vpcKind } from "./kinds.ts";
import { KubeOvnController } from "./kube-ovn-controller.ts";
import type { Ip } from "./kube-ovn-shapes.ts";
import type { Wake, Wiring } from "./start-machine-extras.ts";
import { heldBy, holderKinds, subnetLabel } from "./subnet-addresses.ts";

/** Subnets are counted again this long after the first change. */
const sumWithinMs = 50;
const keyOf = (kind: Kind<KubeObject>) => `${kind.group}/${kind.resource}`;
const holders = new Set(holderKinds.map(keyOf));

export function startSubnets({ context, storeOf, eventsOf, indexes, reconciler }: Wiring): Wake {
  const store = storeOf("kube-ovn-controller");
  const controller = new KubeOvnController(
    context,
    store,
    eventsOf("kube-ovn-controller"),
    indexes.addresses,
    (pod, delayMs) => addresses.enqueueObject(pod, delayMs),
  );
  const addresses = reconciler("kube-ovn-controller/pod", (namespace, name) =>
    controller.reconcilePod(namespace, name),
  );
  const ips = reconciler("kube-ovn-controller/ip", (namespace, name) =>
    controller.reconcileIp(namespace, name),
  );
  const subnets = reconciler("kube-ovn-controller/subnet", (namespace, name) =>
    controller.reconcileSubnet(namespace, name),
  );
  const vpcs = reconciler("kube-ovn-controller/vpc", (namespace, name) =>
    controller.reconcileVpc(namespace, name),
  );
  const wakeIpOf = ({ metadata }: KubeObject) =>
    ips.enqueue(undefined, `${metadata.name}.${metadata.namespace}`);
  const handlers = new Map<string, (object: KubeObject, gone: boolean) => void>([
    [keyOf(podKind), (pod, gone) => (gone ? wakeIpOf(pod) : addresses.enqueueObject(pod))],
    [keyOf(vmKind), (vm, gone) => gone && wakeIpOf(vm)],
    [
      keyOf(ipKind),
      (ip, gone) => {
        if (!gone) ips.enqueueObject(ip);
        const { subnet } = (ip as Ip).spec; // stored under ips
        if (subnet !== undefined) subnets.enqueueWithin(undefined, subnet, sumWithinMs);
      },
    ],
    [
      keyOf(subnetKind),
      (subnet, gone) => {
        if (!gone) subnets.enqueueObject(subnet);
        // one that was in conflict with it may do now
        else for (const other of store.list(subnetKind)) subnets.enqueueObject(other);
        for (const vpc of store.list(vpcKind)) vpcs.enqueueObject(vpc);
      },
    ],
    [keyOf(vpcKind), (vpc, gone) => !gone && vpcs.enqueueObject(vpc)],
  ]);
  return (key, object, gone) => {
    handlers.get(key)?.(object, gone);
    if (!holders.has(key)) return;
    const named = [object.metadata.labels?.[subnetLabel], ...heldBy(object).map(({ subnet }) => subnet)];
    for (const subnet of new Set(named)) if (subnet) subnets.enqueueWithin(undefined, subnet, sumWithinMs);
  };
}
