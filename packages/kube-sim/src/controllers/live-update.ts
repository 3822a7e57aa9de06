/**
 * What of a changed VM template reaches the running machine, and what waits for a restart. Pure.
 * Source: virt-controller's syncRestartRequired and its handlers of CPU, memory and volume changes; words as recorded.
 */
import { isDeepStrictEqual } from "node:util";
import { isTrue } from "./conditions.ts";
import { hasMemoryFailed } from "./guest-growth.ts";
import type { Disk, VirtualMachine, VirtualMachineInstance, VmiSpec, Volume } from "./kubevirt-shapes.ts";
import { liveInterfaces, withLiveInterfaces } from "./live-interfaces.ts";
import { parseQuantity } from "./quantity.ts";

const blockBytes = 2 * 1024 ** 2;
const leastHotplugBytes = 1024 ** 3;

type VmSpec = VirtualMachine["spec"];

export interface LiveUpdate {
  /** Why the rest waits for a restart; null when nothing does. */
  restartMessage: string | null;
  /** The running machine's spec as it should be now. */
  spec: VmiSpec;
  cpuGrows: boolean;
  memoryGrows: boolean;
  /** Interfaces that come or go with the next launcher pod. */
  interfacesChange: boolean;
}

export const isHotplugged = (volume: Volume): boolean =>
  volume.dataVolume?.hotpluggable === true || volume.persistentVolumeClaim?.hotpluggable === true;

/** The template without what may change live, so that what is left can be compared. */
function fixedPart(spec: VmSpec, hot: ReadonlySet<string>, nics: ReadonlySet<string>): unknown {
  const {
    nodeSelector: _n,
    tolerations: _t,
    affinity: _a,
    ...template
  } = spec.template.spec as VmiSpec & {
    affinity?: unknown;
  };
  const { sockets: _sockets, ...cpu } = template.domain.cpu ?? {};
  const { guest: _guest, ...memory } = template.domain.memory ?? {};
  return {
    template: {
      ...template,
      networks: (template.networks ?? []).filter(({ name }) => !nics.has(name)),
      volumes: (template.volumes ?? []).filter((volume) => !hot.has(volume.name)),
      domain: {
        ...template.domain,
        cpu,
        memory,
        devices: {
          ...template.domain.devices,
          // a CD-ROM drive stays when its medium goes
          disks: (template.domain.devices.disks ?? []).filter(
            (disk) => disk.cdrom !== undefined || !hot.has(disk.name),
          ),
          interfaces: (template.domain.devices.interfaces ?? []).filter(({ name }) => !nics.has(name)),
        },
      },
    },
  };
}

/** Sockets that a template leaves out are none, and the defaults may have made one of them (measured). */
function cpuRefusal(wanted: VmiSpec, running: VmiSpec): string | null {
  if (wanted.domain.cpu === undefined) return null;
  const sockets = wanted.domain.cpu.sockets ?? 0;
  const now = running.domain.cpu?.sockets ?? 0;
  if (sockets < now) return "Reduction of CPU socket count requires a restart";
  return sockets > (running.domain.cpu?.maxSockets ?? now)
    ? "CPU sockets updated in template spec to a value higher than what's available"
    : null;
}

function memoryRefusal(wanted: VmiSpec, vmi: VirtualMachineInstance): string | null {
  const guest = wanted.domain.memory?.guest;
  if (hasMemoryFailed(vmi))
    return "memory updated in template spec. Memory-hotplug failed and is not available for this VM configuration";
  if (guest === undefined || guest === vmi.spec.domain.memory?.guest) return null;
  if (!isTrue(vmi.status?.conditions, "LiveMigratable"))
    return "memory updated in template spec. Memory-hotplug is only available for migratable VMs";
  const maxGuest = vmi.spec.domain.memory?.maxGuest;
  if (maxGuest === undefined)
    return "memory updated in template spec. Memory-hotplug is not available for this VM configuration";
  const bytes = parseQuantity(guest);
  const unsupported = hotplugRefusal(bytes, parseQuantity(maxGuest));
  if (unsupported !== null) return `memory hotplug not supported, ${unsupported}`;
  const { memory } = vmi.status ?? {};
  if (bytes < parseQuantity((memory as { guestAtBoot?: string } | undefined)?.guestAtBoot ?? "0"))
    return "memory updated in template spec to a value lower than what the VM started with";
  return null;
}

/** Source: ValidateLiveUpdateMemory in pkg/liveupdate/memory. */
function hotplugRefusal(bytes: number, maxBytes: number): string | null {
  if (bytes > maxBytes) return "Guest memory is greater than the configured maxGuest memory";
  if (bytes % blockBytes !== 0) return "Guest memory must be 2Mi aligned";
  return bytes < leastHotplugBytes
    ? "Memory hotplug is only available for VMs with at least 1Gi of guest memory"
    : null;
}

/** What is hotplugged in the template replaces what was hotplugged before. */
function withHotplugged<Named extends { name: string }>(
  running: readonly Named[] | undefined,
  wanted: readonly Named[] | undefined,
  isHot: (name: string) => boolean,
): Named[] {
  return [
    ...(running ?? []).filter(({ name }) => !isHot(name)),
    ...(wanted ?? []).filter(({ name }) => isHot(name)),
  ];
}

/**
 * `started` is the VM's spec as it was when this instance started; both with their types written out. `declarative`: whether
 * hotplugged volumes follow the template (else each is asked for, volume-requests.ts).
 */
export function planLiveUpdate(
  started: VmSpec,
  wanted: VmSpec,
  vmi: VirtualMachineInstance,
  declarative: boolean,
): LiveUpdate {
  const template = wanted.template.spec as VmiSpec & { affinity?: unknown };
  const running = vmi.spec;
  const hotIn = (spec: VmSpec) => (spec.template.spec.volumes ?? []).filter(isHotplugged);
  const movable = new Set([...hotIn(started), ...hotIn(wanted)].map(({ name }) => name));
  const nics = liveInterfaces(started.template.spec, template, running);
  const sameFixedPart = isDeepStrictEqual(
    fixedPart(started, movable, nics),
    fixedPart(wanted, movable, nics),
  );
  const restartMessage = sameFixedPart
    ? (cpuRefusal(template, running) ?? memoryRefusal(template, vmi))
    : "a non-live-updatable field was changed in the template spec";
  if (restartMessage !== null)
    return {
      restartMessage,
      spec: running,
      cpuGrows: false,
      memoryGrows: false,
      interfacesChange: false,
    };
  const plugged = withLiveInterfaces(running, template, nics);
  const hot = new Set(
    [...(running.volumes ?? []), ...(template.volumes ?? [])].filter(isHotplugged).map(({ name }) => name),
  );
  const isHot = (name: string) => hot.has(name);
  const sockets = template.domain.cpu?.sockets;
  const guest = template.domain.memory?.guest ?? running.domain.memory?.guest;
  const { nodeSelector, tolerations, affinity } = template;
  const { nodeSelector: _n, tolerations: _t, affinity: _a, ...rest } = running as typeof template;
  const disks = declarative
    ? withHotplugged<Disk>(running.domain.devices.disks, template.domain.devices.disks, isHot)
    : (running.domain.devices.disks ?? []);
  const volumes = declarative
    ? withHotplugged<Volume>(running.volumes, template.volumes, isHot)
    : (running.volumes ?? []);
  return {
    restartMessage,
    spec: {
      ...rest,
      ...(nodeSelector && { nodeSelector }),
      ...(tolerations && { tolerations }),
      ...(affinity !== undefined && { affinity }),
      ...(plugged.changed && { networks: plugged.networks }),
      ...((running.volumes !== undefined || volumes.length > 0) && { volumes }),
      domain: {
        ...running.domain,
        cpu: { ...running.domain.cpu, ...(sockets !== undefined && { sockets }) },
        memory: { ...running.domain.memory, ...(guest !== undefined && { guest }) },
        devices: {
          ...running.domain.devices,
          ...(plugged.changed && { interfaces: plugged.interfaces }),
          ...((running.domain.devices.disks !== undefined || disks.length > 0) && { disks }),
        },
      },
    },
    interfacesChange: plugged.changed,
    cpuGrows: sockets !== undefined && sockets > (running.domain.cpu?.sockets ?? 0),
    memoryGrows:
      guest !== undefined && parseQuantity(guest) !== parseQuantity(running.domain.memory?.guest ?? "0"),
  };
}
