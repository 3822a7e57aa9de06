/** What guests may take of the machine they run on. Their specs come from tenants, so the host's own size is the bound. */
import { statfsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { findOnPath } from "./accelerator.ts";
import type { MachineSpec } from "./machine.ts";

/** Share of the host's memory that all guests together may be given. */
const memoryShare = 0.8;
/** vCPUs of one guest per core of the host. */
const vcpusPerCore = 16;
/** More would want an interrupt remapper. */
const mostVcpusOfQ35 = 255;
/** QEMU's own address space beside the guest's memory: code, video memory, caches, thread stacks. */
const overheadBytes = 6 * 1024 ** 3;
/** Below this much free disk no guest starts and no image is taken. */
export const reservedDiskBytes = 512 * 1024 ** 2;

export interface HostSize {
  memoryBytes: number;
  cores: number;
}

export function hostSize(): HostSize {
  return { memoryBytes: totalmem(), cores: availableParallelism() };
}

/** Why the guest may not start beside those that run, in plain words; null when it may. */
export function refusalOfGuest(
  spec: Pick<MachineSpec, "memoryBytes" | "cpuCores">,
  runningBytes: number,
  host: HostSize,
): string | null {
  const allowedBytes = host.memoryBytes * memoryShare;
  const gibibytes = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
  if (runningBytes + spec.memoryBytes > allowedBytes) {
    const taken = runningBytes === 0 ? "" : ` ${gibibytes(runningBytes)} are taken and`;
    return `The computer below gives QEMU's guests ${gibibytes(allowedBytes)} of memory;${taken} this machine wants ${gibibytes(spec.memoryBytes)}.`;
  }
  const allowedCores = host.cores * vcpusPerCore;
  if (spec.cpuCores > allowedCores) {
    return `The computer below runs QEMU's guests of at most ${allowedCores} vCPUs; this machine wants ${spec.cpuCores}.`;
  }
  return null;
}

/** `spec` with what it may grow to held to what the host gives its guests. */
export function withinHost(spec: MachineSpec, host: HostSize): MachineSpec {
  const { topology, maxMemoryBytes, ...fixed } = spec;
  const perSocket = topology === undefined ? 1 : topology.cores * topology.threads;
  const mostVcpus = Math.min(host.cores * vcpusPerCore, mostVcpusOfQ35);
  const leastSockets = Math.ceil(spec.cpuCores / perSocket);
  return {
    ...fixed,
    ...(topology && {
      topology: {
        ...topology,
        maxSockets: Math.max(leastSockets, Math.min(topology.maxSockets, Math.floor(mostVcpus / perSocket))),
      },
    }),
    ...(maxMemoryBytes !== undefined && {
      maxMemoryBytes: Math.max(spec.memoryBytes, Math.min(maxMemoryBytes, host.memoryBytes * memoryShare)),
    }),
  };
}

/** Why nothing more may be written below a folder, or not so much; null where it may. */
export function refusalOfDisk(folder: string, bytes = 0): string | null {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < reservedDiskBytes + bytes ? "The disk of the embedded cluster is full." : null;
}

/** The command that starts a program under limits. Throws where prlimit is missing: nothing runs unlimited. */
export function limited(
  limits: { addressSpaceBytes: number; cpuSeconds?: number; fileBytes?: number },
  command: string,
  args: string[],
): [command: string, args: string[]] {
  const prlimit = findOnPath("prlimit");
  if (prlimit === null)
    throw new Error("prlimit (Debian: util-linux) is not installed, and guests do not run without limits.");
  return [
    prlimit,
    [
      `--as=${limits.addressSpaceBytes}`,
      "--core=0",
      "--nofile=1024",
      ...(limits.cpuSeconds === undefined ? [] : [`--cpu=${limits.cpuSeconds}`]),
      ...(limits.fileBytes === undefined ? [] : [`--fsize=${limits.fileBytes}`]),
      command,
      ...args,
    ],
  ];
}

/** Address space of a QEMU process with this much guest memory. */
export function qemuAddressSpaceBytes(memoryBytes: number): number {
  return memoryBytes + overheadBytes;
}
