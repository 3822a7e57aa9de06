/** Turns a scheduled VMI into the guest to start: its disks' image files, its cloud-init seed, its cards and addresses. */
import type { GuestSize, MachineDisk, MachineNic, MachineSpec } from "../machines/machine.ts";
import type { Pod } from "./core-shapes.ts";
import { powersOffAfterMs, shutdownMs } from "./guest-knobs.ts";
import type { Disk, VirtualMachineInstance, Volume } from "./kubevirt-shapes.ts";
import { isHotplugged } from "./live-update.ts";
import { parseQuantity } from "./quantity.ts";
import { type SpecSources, volumeFile } from "./volume-file.ts";
import { guestMemoryBytes, vcpus } from "./vmi-builder.ts";

/** Marks a VM whose guest is the stand-in even where QEMU is installed: the crowd of the demo. */
export const standInAnnotation = "kubesim.kubev.io/stand-in";

const smallestGuestBytes = 16 * 1024 ** 2;

function busOf(disk: Disk): MachineDisk["bus"] {
  const bus = disk.disk?.bus ?? disk.cdrom?.bus ?? disk.lun?.bus;
  return bus === "scsi" || bus === "virtio" ? bus : disk.cdrom || bus === "sata" ? "sata" : "virtio";
}

async function disksOf(vmi: VirtualMachineInstance, sources: SpecSources): Promise<MachineDisk[]> {
  const disks: MachineDisk[] = [];
  const devices = vmi.spec.domain.devices.disks ?? [];
  const anyBootOrder = devices.some((disk) => disk.bootOrder !== undefined);
  for (const [index, disk] of devices.entries()) {
    const volume = vmi.spec.volumes?.find((candidate) => candidate.name === disk.name);
    if (volume === undefined || isHotplugged(volume)) continue; // hotplug-controller.ts plugs it in once the guest runs
    const made = await machineDisk(disk, volume, vmi, sources, anyBootOrder ? null : index + 1);
    if (made) disks.push(made);
  }
  return disks;
}

/** One disk of a guest, or null where its volume is no disk. Throws, in plain words, when it has no image. */
export async function machineDisk(
  disk: Disk,
  volume: Volume,
  vmi: VirtualMachineInstance,
  sources: SpecSources,
  bootIndex: number | null,
): Promise<MachineDisk | null> {
  const file = await volumeFile(volume, vmi, sources);
  if (!file) return null;
  return {
    name: disk.name,
    path: file.path,
    format: file.format,
    media: disk.cdrom ? "cdrom" : "disk",
    bus: busOf(disk),
    readOnly: file.made || disk.disk?.readonly === true,
    bootIndex: disk.bootOrder ?? (file.made ? null : bootIndex),
  };
}

function nicModel(model: string | undefined): MachineNic["model"] {
  return model === "e1000" || model === "e1000e" || model === "rtl8139" ? model : "virtio";
}

/** The first card has the pod's Kube-OVN address; further networks stay unplugged. */
function nicsOf(vmi: VirtualMachineInstance, pod: Pod): MachineNic[] {
  const annotations = pod.metadata.annotations ?? {};
  const ipv4 = annotations["ovn.kubernetes.io/ip_address"]
    ?.split(",")
    .find((address) => !address.includes(":"));
  const cidr = annotations["ovn.kubernetes.io/cidr"]?.split(",").find((range) => !range.includes(":"));
  const gateway = annotations["ovn.kubernetes.io/gateway"]
    ?.split(",")
    .find((address) => !address.includes(":"));
  const [nic] = vmi.spec.domain.devices.interfaces ?? [];
  if (!nic || !ipv4 || !cidr || !gateway) return [];
  return [
    {
      ipv4,
      prefixLength: Number(cidr.split("/")[1]),
      gateway,
      mac: nic.macAddress ?? annotations["ovn.kubernetes.io/mac_address"] ?? "02:00:00:00:00:01",
      model: nicModel(nic.model),
    },
  ];
}

/** What the guest should have now. */
export function guestSize(vmi: VirtualMachineInstance): GuestSize {
  return {
    cpuCores: vcpus(vmi.spec),
    memoryBytes: Math.max(smallestGuestBytes, guestMemoryBytes(vmi.spec)),
  };
}

/** Throws, in plain words, when a disk has no image or a secret is missing. */
export async function machineSpec(
  vmi: VirtualMachineInstance,
  pod: Pod,
  sources: SpecSources,
): Promise<MachineSpec> {
  const { cpu, devices, firmware, memory } = vmi.spec.domain;
  const { cores = 1, sockets = 1, threads = 1 } = cpu ?? {};
  const endsAfterMs = powersOffAfterMs(vmi);
  return {
    uid: vmi.metadata.uid,
    title: `${vmi.metadata.namespace}/${vmi.metadata.name}`,
    ...guestSize(vmi),
    topology: { cores, threads, maxSockets: Math.max(sockets, cpu?.maxSockets ?? sockets) },
    ...(memory?.maxGuest !== undefined && { maxMemoryBytes: parseQuantity(memory.maxGuest) }),
    firmware: firmware?.bootloader?.efi ? "efi" : "bios",
    disks: await disksOf(vmi, sources),
    nics: nicsOf(vmi, pod),
    graphics: devices.autoattachGraphicsDevice !== false,
    serial: devices.autoattachSerialConsole !== false,
    startPaused:
      vmi.spec.startStrategy === "Paused" ||
      (vmi.status?.conditions ?? []).some((condition) => condition.type === "Paused"),
    standIn: vmi.metadata.annotations?.[standInAnnotation] === "true",
    shutdownMs: shutdownMs(vmi),
    ...(endsAfterMs !== undefined && { powersOffAfterMs: endsAfterMs }),
  };
}
