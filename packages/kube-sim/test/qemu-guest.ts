/** A machine host with real QEMU guests of the demo image, for tests that look into them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { demoDiskImage } from "../src/guest/boot-sector.ts";
import { findOnPath, qemuBinary } from "../src/machines/accelerator.ts";
import type { MachineHost, MachineSpec } from "../src/machines/machine.ts";
import { openMachineHost } from "../src/machines/open-machine-host.ts";

const mebibyte = 1024 ** 2;
export const qemuInstalled = findOnPath(qemuBinary) !== null;

/** What boots the demo image at `path`. */
export const demoGuest = (uid: string, path: string, more: Partial<MachineSpec> = {}): MachineSpec => ({
  uid,
  title: "test/guest",
  cpuCores: 1,
  memoryBytes: 64 * mebibyte,
  firmware: "bios",
  disks: [{ name: "root", path, format: "raw", media: "disk", bus: "virtio", readOnly: false, bootIndex: 1 }],
  nics: [],
  graphics: true,
  serial: true,
  startPaused: false,
  ...more,
});

export interface QemuGuests {
  host: MachineHost;
  runDir: string;
  /** A guest that boots the demo image from a disk of its own. */
  spec(uid: string, more?: Partial<MachineSpec>): MachineSpec;
  /** A blank disk's file. */
  blank(name: string): string;
  /** Command lines of the QEMU processes that this host has now. */
  processes(): string[];
  close(): Promise<void>;
}

export async function openQemuGuests(): Promise<QemuGuests> {
  const dir = mkdtempSync(join(tmpdir(), "qemu-"));
  const runDir = join(dir, "run");
  const host = await openMachineHost({ mode: "qemu", runDir, guestInternet: false, log: () => {} });
  return {
    host,
    runDir,
    spec: (uid, more = {}) => {
      const path = join(dir, `${uid}.img`);
      writeFileSync(path, demoDiskImage());
      return demoGuest(uid, path, more);
    },
    blank: (name) => {
      const path = join(dir, `${name}.img`);
      writeFileSync(path, Buffer.alloc(8 * mebibyte));
      return path;
    },
    processes: () =>
      readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => {
          try {
            return readFileSync(`/proc/${pid}/cmdline`, "utf8");
          } catch {
            return ""; // it ended just now
          }
        })
        .filter((line) => line.includes(runDir) && line.includes(qemuBinary)),
    close: async () => {
      await host.close(0);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Reads until the text has come; the stream's end before that is an error. */
export async function readUntil(stream: Duplex, text: string): Promise<string> {
  let seen = "";
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    seen += String(chunk);
    if (seen.includes(text)) return seen;
  }
  throw new Error(`The stream ended before "${text}"; it said "${seen}".`);
}
