/** A guest as the rest of kube-sim sees it, whether a QEMU process or the built-in stand-in. */
import type { Duplex } from "node:stream";

export type MachineKind = "kvm" | "tcg" | "stand-in";

export interface MachineDisk {
  /** Name of the volume in the VMI. */
  name: string;
  /** Absolute path of the image file, given by kube-sim itself, never by a user. */
  path: string;
  format: "qcow2" | "raw";
  media: "disk" | "cdrom";
  bus: "virtio" | "sata" | "scsi";
  readOnly: boolean;
  bootIndex: number | null;
}

export interface MachineNic {
  /** What DHCP hands to the guest: its Kube-OVN address. */
  ipv4: string;
  prefixLength: number;
  gateway: string;
  mac: string;
  model: "virtio" | "e1000" | "e1000e" | "rtl8139";
}

export interface MachineSpec {
  /** The VMI's uid: the machine's key. */
  uid: string;
  /** For the window title of the guest, `namespace/name`. */
  title: string;
  cpuCores: number;
  memoryBytes: number;
  firmware: "bios" | "efi";
  disks: MachineDisk[];
  nics: MachineNic[];
  graphics: boolean;
  serial: boolean;
  startPaused: boolean;
  /** Runs on the built-in stand-in even where QEMU is installed: the demo's crowd. */
  standIn?: boolean;
  /** From the power button to the end of a stand-in; absent is at once. */
  shutdownMs?: number;
  /** When a stand-in powers itself off. */
  powersOffAfterMs?: number;
}

/** Why a guest ended: it powered itself off, was told to, or its process failed. */
export type MachineExit = { kind: "powered-off" } | { kind: "stopped" } | { kind: "failed"; message: string };

export interface Machine {
  readonly uid: string;
  readonly kind: MachineKind;
  /** Settles once, when the guest has ended. Never rejects. */
  readonly exited: Promise<MachineExit>;
  /** A byte stream to the guest's RFB server. Throws when the machine has no graphics or has ended. */
  connectVnc(): Promise<Duplex>;
  /** A byte stream to the guest's serial port. Newest wins: the stream before is ended. */
  connectSerial(): Promise<Duplex>;
  /** PNG of the screen. */
  screenshot(): Promise<Buffer>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Hard reset; the process stays. */
  reset(): Promise<void>;
  /** Presses the power button (ACPI); the guest may ignore it. */
  powerButton(): Promise<void>;
  /** Plugs a disk in while it runs; no change when it is there. Rejects in plain words. */
  attachDisk(disk: MachineDisk): Promise<void>;
  /** Takes out a disk that was plugged in. Rejects when the guest does not let go. */
  detachDisk(name: string): Promise<void>;
  /**
   * Grows a disk while the guest runs, by its image's path, and the image with it. False when the guest has no such disk. Rejects
   * in plain words.
   */
  resizeDisk(path: string, sizeBytes: number): Promise<boolean>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

export interface MachineHost {
  readonly kind: MachineKind;
  start(spec: MachineSpec): Promise<Machine>;
  get(uid: string): Machine | undefined;
  /** Powers every guest off (button first, then kill after the grace) and settles when none is left. */
  close(graceMs: number): Promise<void>;
}
