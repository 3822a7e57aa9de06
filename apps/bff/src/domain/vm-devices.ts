/** CD-ROM media and secondary interfaces in a machine's definition, as KubeVirt takes them live. Pure: spec in, spec out. */
import type { VmNicEffect } from "@kubev/api-types/virtual-machines";

interface Named {
  name?: string;
  [field: string]: unknown;
}

export interface DeviceNic extends Named {
  state?: string;
  masquerade?: unknown;
  bridge?: unknown;
  sriov?: unknown;
}

export interface DeviceSpec {
  domain?: { devices?: { disks?: Named[]; interfaces?: DeviceNic[] } & Record<string, unknown> } & Record<
    string,
    unknown
  >;
  networks?: (Named & { multus?: { networkName?: string }; pod?: unknown })[];
  volumes?: (Named & {
    dataVolume?: { name?: string; hotpluggable?: boolean };
    persistentVolumeClaim?: { claimName?: string; hotpluggable?: boolean };
  })[];
  [field: string]: unknown;
}

/** What KubeVirt makes of a machine that names no interface. */
const defaultNic = { name: "default", masquerade: {} };
const defaultNetwork = { name: "default", pod: {} };

export function withMedium(
  spec: DeviceSpec,
  drive: string,
  source: { dataVolume: { name: string } } | { persistentVolumeClaim: { claimName: string } },
): DeviceSpec {
  const volume =
    "dataVolume" in source
      ? { name: drive, dataVolume: { ...source.dataVolume, hotpluggable: true } }
      : { name: drive, persistentVolumeClaim: { ...source.persistentVolumeClaim, hotpluggable: true } };
  return { ...spec, volumes: [...(spec.volumes ?? []), volume] };
}

/** The drive stays, empty. */
export function withoutMedium(spec: DeviceSpec, drive: string): DeviceSpec {
  return { ...spec, volumes: (spec.volumes ?? []).filter(({ name }) => name !== drive) };
}

const withInterfaces = (
  spec: DeviceSpec,
  interfaces: DeviceNic[],
  networks: DeviceSpec["networks"],
): DeviceSpec => ({
  ...spec,
  ...(networks === undefined ? {} : { networks }),
  domain: { ...spec.domain, devices: { ...spec.domain?.devices, interfaces } },
});

/** A name for the interface: that of its network, made a label, and another one where that is taken. */
export function nicName(spec: DeviceSpec, attachment: string): string {
  const taken = new Set([
    "default",
    ...(spec.networks ?? []).map(({ name }) => name),
    ...(spec.domain?.devices?.interfaces ?? []).map(({ name }) => name),
  ]);
  const base = attachment.replaceAll(".", "-").slice(0, 60).replace(/-+$/, "");
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
  return name;
}

/** An interface on a secondary network, with the one binding that KubeVirt plugs without special hardware. */
export function withNic(spec: DeviceSpec, nic: { attachment: string; mac: string }): DeviceSpec {
  const name = nicName(spec, nic.attachment);
  const made: DeviceNic = {
    name,
    model: "virtio",
    bridge: {},
    ...(nic.mac === "" ? {} : { macAddress: nic.mac.toLowerCase() }),
  };
  return withInterfaces(
    spec,
    [...(spec.domain?.devices?.interfaces ?? [defaultNic]), made],
    [...(spec.networks ?? [defaultNetwork]), { name, multus: { networkName: nic.attachment } }],
  );
}

/** From a running machine an interface leaves by being marked; from a stopped one at once. */
export function withoutNic(spec: DeviceSpec, name: string, running: boolean): DeviceSpec {
  const interfaces = spec.domain?.devices?.interfaces ?? [];
  if (running)
    return withInterfaces(
      spec,
      interfaces.map((nic) => (nic.name === name ? { ...nic, state: "absent" } : nic)),
      spec.networks,
    );
  return withInterfaces(
    spec,
    interfaces.filter((nic) => nic.name !== name),
    (spec.networks ?? []).filter((network) => network.name !== name),
  );
}

/** `migratable` is null while the machine does not run. A machine that names no interface needs a restart to name one. */
export function nicEffect(spec: DeviceSpec, migratable: boolean | null): VmNicEffect {
  if (migratable === null) return "start";
  return migratable && spec.domain?.devices?.interfaces !== undefined ? "migration" : "restart";
}
