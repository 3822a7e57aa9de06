/** Disks that are plugged into and out of a running QEMU, by its machine protocol. Node names are our own numbers, never a user's text. */
import type { MachineDisk } from "./machine.ts";

/** Where hotplugged SCSI disks go, and the PCI slots for virtio ones: q35's own bus takes no hotplug. */
const scsiController = "hotscsi";
const slots = ["hotslot0", "hotslot1", "hotslot2", "hotslot3"] as const;
const unplugTries = 10;
const unplugPauseMs = 100;

export const hotplugArguments: readonly string[] = [
  "-device",
  `virtio-scsi-pci,id=${scsiController}`,
  ...slots.flatMap((id, index) => [
    "-device",
    `pcie-root-port,id=${id},chassis=${index + 20},slot=${index + 20}`,
  ]),
];

export type Execute = (command: string, args?: Record<string, unknown>) => Promise<unknown>;

interface Plugged {
  id: string;
  path: string;
  slot: string | null;
  blockdev: Record<string, unknown>;
  device: Record<string, unknown>;
}

export class QemuHotplug {
  readonly #execute: Execute;
  readonly #plugged = new Map<string, Plugged>();
  #next = 0;

  constructor(execute: Execute) {
    this.#execute = execute;
  }

  /** Nothing happens when this disk is plugged in already. Rejects with QEMU's own words, or where its name has another image. */
  async attach(disk: MachineDisk): Promise<void> {
    const before = this.#plugged.get(disk.name);
    if (before?.path === disk.path) return;
    if (before !== undefined) throw new Error(`The guest still has another image as disk ${disk.name}.`);
    const id = `hot${this.#next++}`;
    const cdrom = disk.media === "cdrom";
    // a CD-ROM of any bus comes as a SCSI one: q35's SATA takes no hotplug
    const scsi = cdrom || disk.bus === "scsi";
    const readOnly = cdrom || disk.readOnly;
    const taken = new Set([...this.#plugged.values()].map(({ slot }) => slot));
    const slot = scsi ? null : slots.find((candidate) => !taken.has(candidate));
    if (slot === undefined)
      throw new Error(`This machine has ${slots.length} slots for hotplugged virtio disks.`);
    const blockdev = {
      driver: disk.format,
      "node-name": id,
      "read-only": readOnly,
      file: { driver: "file", filename: disk.path, "read-only": readOnly, "auto-read-only": false },
    };
    const device = {
      driver: cdrom ? "scsi-cd" : scsi ? "scsi-hd" : "virtio-blk-pci",
      id: `dev-${id}`,
      drive: id,
      // Its address is given, so that a process that takes the guest over has it at the same one.
      ...(scsi ? { bus: `${scsiController}.0`, "scsi-id": this.#freeScsiId() } : { bus: slot }),
    };
    await this.#execute("blockdev-add", blockdev);
    try {
      await this.#execute("device_add", device);
    } catch (error) {
      await this.#execute("blockdev-del", { "node-name": id }).catch(() => undefined);
      throw error;
    }
    this.#plugged.set(disk.name, { id, path: disk.path, slot, blockdev, device });
  }

  /** The block node over an image, if it is plugged in. */
  nodeOf(path: string): string | undefined {
    return [...this.#plugged.values()].find((one) => one.path === path)?.id;
  }

  #freeScsiId(): number {
    const taken = new Set([...this.#plugged.values()].map(({ device }) => device["scsi-id"]));
    for (let id = 0; ; id++) if (!taken.has(id)) return id;
  }

  /** What is plugged in now, for the command line of a process that takes the guest over. */
  arguments(): string[] {
    return [...this.#plugged.values()].flatMap(({ blockdev, device }) => [
      "-blockdev",
      JSON.stringify(blockdev),
      "-device",
      JSON.stringify(device),
    ]);
  }

  /** The guest is asked to let go; one that does not keeps its disk, and this rejects. */
  async detach(name: string): Promise<void> {
    const plugged = this.#plugged.get(name);
    if (plugged === undefined) return;
    // Refused where it was asked before: the guest thinks about it, or has let go by now. What follows shows which.
    await this.#execute("device_del", { id: `dev-${plugged.id}` }).catch(() => undefined);
    for (let attempt = 0; ; attempt++) {
      try {
        // refused while the device still holds the node
        await this.#execute("blockdev-del", { "node-name": plugged.id });
        break;
      } catch (error) {
        if (attempt >= unplugTries)
          throw new Error("The guest does not let go of the disk.", { cause: error });
        await new Promise((resolve) => setTimeout(resolve, unplugPauseMs));
      }
    }
    this.#plugged.delete(name);
  }
}
