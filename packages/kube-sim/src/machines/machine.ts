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
  /** vCPUs and memory at boot. */
  cpuCores: number;
  memoryBytes: number;
  /** How the guest sees its vCPUs, and how far they may grow while it runs; absent is just as many as it boots with. */
  topology?: { cores: number; threads: number; maxSockets: number };
  /** How far its memory may grow while it runs. */
  maxMemoryBytes?: number;
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

export type GuestSize = Pick<MachineSpec, "cpuCores" | "memoryBytes">;

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
  /** Plugs vCPUs in until it has so many. Rejects in plain words. */
  growCpus(cpuCores: number): Promise<void>;
  /** Plugs memory in until it has so much. Rejects in plain words, also where that is less than it has. */
  growMemory(bytes: number): Promise<void>;
  /** What QEMU says that the guest has now. */
  size(): Promise<GuestSize>;
  /** Writes its memory as an ELF core into a new file; the guest stands still meanwhile. Rejects in plain words. */
  dumpMemory(path: string): Promise<void>;
  /** Whether its memory is on the way into another process: its devices stay as they are until then. */
  readonly moving: boolean;
  /** Of the move that goes on now; null where none has begun. */
  readonly moveProgress: MoveProgress | null;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** Memory of the guest, as far as it has gone over. */
export interface MoveProgress {
  totalBytes: number;
  remainingBytes: number;
  /** Sent so far; less than went over, as empty pages are only named. */
  transferredBytes: number;
  /** What the guest writes anew, and what is sent, per second. */
  dirtyBytesPerSecond: number;
  sentBytesPerSecond: number;
}

/** How a move ended: the guest runs in its new process, or goes on in its old one. */
export type MoveEnd = { kind: "moved" } | { kind: "cancelled" } | { kind: "failed"; message: string };

/** How fast the memory goes over: all at once, or spread over a time, after which the other process may break away. */
export interface MovePace {
  seconds: number;
  breaks: boolean;
}

/** A guest's way out of its process into another that waits for it. */
export interface MachineMove {
  /** Settles once. Never rejects. */
  readonly ended: Promise<MoveEnd>;
  /** Sends the memory while the guest runs. What hinders it is told as its end. */
  begin(pace: MovePace): Promise<void>;
  /** Gives it up, and tells how it ended: it may have been too late. */
  cancel(): Promise<MoveEnd>;
}

export interface MachineHost {
  readonly kind: MachineKind;
  start(spec: MachineSpec): Promise<Machine>;
  get(uid: string): Machine | undefined;
  /**
   * Starts a second process that can take the guest over, with room for `size`. Null where the guest is simulated: there is nothing to move.
   * Rejects in plain words when the host has no room for it.
   */
  prepareMove(uid: string, size: GuestSize): Promise<MachineMove | null>;
  /** Powers every guest off (button first, then kill after the grace) and settles when none is left. */
  close(graceMs: number): Promise<void>;
}
