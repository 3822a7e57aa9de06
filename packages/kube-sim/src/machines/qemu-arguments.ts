/**
 * QEMU's command line for one guest. Guests are hostile: no option is built from user text (names are our own uids),
 * formats are given and never probed, the process may neither spawn nor raise its privileges, and the network card is
 * QEMU's restricted user network, which gives the guest its address and leads nowhere.
 */
import { hotplugArguments } from "./qemu-hotplug.ts";
import { sizeArguments } from "./qemu-size.ts";
import type { MachineDisk, MachineNic, MachineSpec } from "./machine.ts";

export interface QemuSockets {
  qmp: string;
  vnc: string;
  serial: string;
}

export interface QemuEnvironment {
  accelerator: "kvm" | "tcg";
  /** The UEFI firmware file (read-only), where one is installed. */
  efiFirmware: string | null;
  guestInternet: boolean;
}

/** Ports of q35's SATA controller. */
const sataPorts = 6;

/** QEMU reads JSON for these options, so that no character of a path is special. */
function json(value: Record<string, unknown>): string {
  return JSON.stringify(value);
}

/** The block node of a disk, by its place among the machine's. */
export const bootNodeName = (index: number): string => `disk${index}`;

/** `port` is the disk's place among those on the SATA controller. */
function diskArguments(disk: MachineDisk, index: number, port: number): string[] {
  const fileNode = `file${index}`;
  const diskNode = bootNodeName(index);
  const cdrom = disk.media === "cdrom";
  const readOnly = disk.readOnly || cdrom;
  const device: Record<string, unknown> = {
    driver: cdrom
      ? "ide-cd"
      : disk.bus === "virtio"
        ? "virtio-blk-pci"
        : disk.bus === "scsi"
          ? "scsi-hd"
          : "ide-hd",
    drive: diskNode,
    id: `dev${index}`,
  };
  if (cdrom || disk.bus === "sata") device["bus"] = `ide.${port}`;
  if (disk.bus === "scsi" && !cdrom) device["bus"] = "scsi0.0";
  if (disk.bootIndex !== null) device["bootindex"] = disk.bootIndex;
  return [
    "-blockdev",
    json({
      driver: "file",
      "node-name": fileNode,
      filename: disk.path,
      "read-only": readOnly,
      "auto-read-only": false,
    }),
    "-blockdev",
    json({ driver: disk.format, "node-name": diskNode, file: fileNode, "read-only": readOnly }),
    "-device",
    json(device),
  ];
}

const nicDrivers = {
  virtio: "virtio-net-pci",
  e1000: "e1000",
  e1000e: "e1000e",
  rtl8139: "rtl8139",
} as const;

function toNumber(ipv4: string): number {
  return ipv4.split(".").reduce((bits, octet) => bits * 256 + Number(octet), 0);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** The network's first address, and one for QEMU's name server, which it wants apart from guest and gateway. */
function userNetwork(nic: MachineNic): { net: string; dns: string } {
  const size = 2 ** (32 - nic.prefixLength);
  const first = Math.floor(toNumber(nic.ipv4) / size) * size;
  const taken = [nic.ipv4, nic.gateway];
  const dns = [2, 3, 4]
    .map((back) => toText(first + size - back))
    .find((address) => !taken.includes(address));
  return { net: `${toText(first)}/${nic.prefixLength}`, dns: dns ?? toText(first + 1) };
}

function nicArguments(nic: MachineNic, index: number, guestInternet: boolean): string[] {
  return [
    "-netdev",
    json({
      type: "user",
      id: `net${index}`,
      // Without a way out: QEMU answers DHCP and drops everything else, the host's loopback included.
      restrict: !guestInternet,
      ...userNetwork(nic),
      host: nic.gateway,
      dhcpstart: nic.ipv4,
      ipv6: false,
    }),
    "-device",
    json({ driver: nicDrivers[nic.model], netdev: `net${index}`, mac: nic.mac }),
  ];
}

/** What a process gets that takes a running guest over: it waits for its memory, and has what was plugged in since. */
export interface Incoming {
  pluggedArguments: string[];
}

export function qemuArguments(
  spec: MachineSpec,
  sockets: QemuSockets,
  environment: QemuEnvironment,
  incoming: Incoming | null = null,
): string[] {
  const args = [
    "-nodefaults",
    "-no-user-config",
    "-name",
    `vmi-${spec.uid}`,
    "-machine",
    `q35,accel=${environment.accelerator},vmport=off`,
    "-cpu",
    // Nested KVM often cannot pass on this register (IA32_ARCH_CAPABILITIES); guests here do not need it.
    environment.accelerator === "kvm" ? "host,arch-capabilities=off" : "max",
    ...sizeArguments(spec),
    "-display",
    "none",
    "-rtc",
    "base=utc",
    "-boot",
    "menu=off,strict=on",
    "-sandbox",
    "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
    "-chardev",
    `socket,id=qmp,path=${sockets.qmp},server=on,wait=off`,
    "-mon",
    "chardev=qmp,mode=control",
  ];
  if (spec.firmware === "efi" && environment.efiFirmware !== null)
    args.push("-bios", environment.efiFirmware);
  if (spec.graphics) {
    args.push("-vga", "std", "-vnc", `unix:${sockets.vnc}`, "-device", "qemu-xhci", "-device", "usb-tablet");
  }
  if (spec.serial) {
    args.push(
      "-chardev",
      `socket,id=serial0,path=${sockets.serial},server=on,wait=off`,
      "-device",
      "isa-serial,chardev=serial0",
    );
  }
  if (spec.disks.some((disk) => disk.bus === "scsi" && disk.media === "disk")) {
    args.push("-device", "virtio-scsi-pci,id=scsi0");
  }
  args.push(...hotplugArguments);
  let port = 0;
  for (const [index, disk] of spec.disks.entries()) {
    const sata = disk.media === "cdrom" || disk.bus === "sata";
    if (sata && port >= sataPorts)
      throw new Error(`A machine has ${sataPorts} SATA ports; this one wants more.`);
    args.push(...diskArguments(disk, index, port));
    if (sata) port++;
  }
  spec.nics.forEach((nic, index) => args.push(...nicArguments(nic, index, environment.guestInternet)));
  if (incoming !== null) args.push(...incoming.pluggedArguments, "-incoming", "defer");
  else if (spec.startPaused) args.push("-S");
  return args;
}
