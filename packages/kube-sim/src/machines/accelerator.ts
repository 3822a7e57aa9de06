/** Finds out how guests can run here by trying it: a QEMU that starts is worth more than a device file that opens. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { MachineKind } from "./machine.ts";

export const qemuBinary = "qemu-system-x86_64";

const efiFirmwareFiles = [
  "/usr/share/ovmf/OVMF.fd",
  "/usr/share/qemu/OVMF.fd",
  "/usr/share/edk2/ovmf/OVMF_CODE.fd",
];

/** First UEFI firmware that is installed, or null. */
export function findEfiFirmware(): string | null {
  return efiFirmwareFiles.find((path) => existsSync(path)) ?? null;
}

/** The first executable of that name on the PATH, or null. */
export function findOnPath(name: string): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** Starts a guest with nothing in it, asks it to quit at once, and says whether that went well. */
function startsWith(accelerator: "kvm" | "tcg", cpu: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(
      qemuBinary,
      [
        "-nodefaults",
        "-no-user-config",
        "-machine",
        `q35,accel=${accelerator}`,
        "-cpu",
        cpu,
        "-m",
        "16M",
        "-display",
        "none",
        "-qmp",
        "stdio",
      ],
      { stdio: ["pipe", "ignore", "ignore"], timeout: 10_000, killSignal: "SIGKILL" },
    );
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
    child.stdin.on("error", () => resolve(false)); // it died before reading
    child.stdin.end('{"execute":"qmp_capabilities"}\n{"execute":"quit"}\n');
  });
}

/** `kvm` where a KVM guest really starts, else `tcg` where QEMU is installed, else `stand-in`. */
export async function probeMachineKind(): Promise<MachineKind> {
  if (findOnPath(qemuBinary) === null || findOnPath("qemu-img") === null || findOnPath("prlimit") === null)
    return "stand-in";
  const kvm = await access("/dev/kvm", constants.R_OK | constants.W_OK).then(
    () => startsWith("kvm", "host,arch-capabilities=off"),
    () => false,
  );
  if (kvm) return "kvm";
  return (await startsWith("tcg", "max")) ? "tcg" : "stand-in";
}
