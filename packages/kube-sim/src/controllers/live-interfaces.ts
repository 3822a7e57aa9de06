/**
 * Interfaces that join and leave a running machine. Pure. Only secondary networks (Multus) with a bridge or SR-IOV binding do;
 * one leaves by `state: absent`. Source: KubeVirt's pkg/network/vmliveupdate and netvmispec; both arrive with a migration.
 */
import type { Interface, Network, VirtualMachineInstance, VmiSpec } from "./kubevirt-shapes.ts";

const named = <Named extends { name: string }>(list: readonly Named[] | undefined) =>
  new Map((list ?? []).map((one) => [one.name, one]));

function isPluggable(nic: Interface, networks: ReadonlyMap<string, Network>): boolean {
  const multus = networks.get(nic.name)?.multus;
  return (
    multus !== undefined && multus.default !== true && (nic.bridge !== undefined || nic.sriov !== undefined)
  );
}

/** Names of interfaces whose difference between the two specs needs no restart. */
export function liveInterfaces(started: VmiSpec, wanted: VmiSpec, running: VmiSpec): Set<string> {
  const before = named(started.domain.devices.interfaces);
  const after = named(wanted.domain.devices.interfaces);
  const now = named(running.domain.devices.interfaces);
  const networks = named([...(started.networks ?? []), ...(wanted.networks ?? [])]);
  const varying = new Set<string>();
  for (const nic of after.values())
    if (isPluggable(nic, networks) && (!before.has(nic.name) || nic.state === "absent"))
      varying.add(nic.name);
  for (const nic of before.values())
    if (isPluggable(nic, networks) && !after.has(nic.name) && !now.has(nic.name)) varying.add(nic.name);
  return varying;
}

/** The running machine's interfaces and networks with those of `varying` as they are wanted. */
export function withLiveInterfaces(
  running: VmiSpec,
  wanted: VmiSpec,
  varying: ReadonlySet<string>,
): { interfaces: Interface[]; networks: Network[]; changed: boolean } {
  const interfaces = [...(running.domain.devices.interfaces ?? [])];
  const networks = [...(running.networks ?? [])];
  let changed = false;
  for (const nic of wanted.domain.devices.interfaces ?? []) {
    if (!varying.has(nic.name)) continue;
    const at = interfaces.findIndex(({ name }) => name === nic.name);
    const there = interfaces[at];
    const network = wanted.networks?.find(({ name }) => name === nic.name);
    if (nic.state === "absent") {
      if (there === undefined || there.state === "absent") continue;
      interfaces[at] = { ...there, state: "absent" };
    } else {
      if (there !== undefined || network === undefined) continue;
      interfaces.push(nic);
      networks.push(network);
    }
    changed = true;
  }
  return { interfaces, networks, changed };
}

/** A spec without the interfaces that were asked to leave, and without their networks. */
export function withoutAbsent(spec: VmiSpec): VmiSpec {
  const gone = new Set(
    (spec.domain.devices.interfaces ?? []).filter(({ state }) => state === "absent").map(({ name }) => name),
  );
  if (gone.size === 0) return spec;
  const kept = <Named extends { name: string }>(list: readonly Named[] | undefined) =>
    (list ?? []).filter(({ name }) => !gone.has(name));
  return {
    ...spec,
    networks: kept(spec.networks),
    domain: {
      ...spec.domain,
      devices: { ...spec.domain.devices, interfaces: kept(spec.domain.devices.interfaces) },
    },
  };
}

/** What virt-handler reports once the machine has arrived with its new interfaces. */
export function reportedInterfaces(
  spec: VmiSpec,
  known: NonNullable<VirtualMachineInstance["status"]>["interfaces"],
): NonNullable<NonNullable<VirtualMachineInstance["status"]>["interfaces"]> {
  const reported = named(known);
  return (spec.domain.devices.interfaces ?? []).map(
    (nic, index) =>
      reported.get(nic.name) ?? {
        name: nic.name,
        infoSource: "domain, multus-status",
        linkState: "up",
        queueCount: 1,
        podInterfaceName: `net${index}`,
        ...(nic.macAddress !== undefined && { mac: nic.macAddress }),
      },
  );
}
