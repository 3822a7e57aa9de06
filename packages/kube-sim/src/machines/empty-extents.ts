/** Where a qcow2 holds nothing: most of a disk, mostly, and not worth being read. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { limited } from "./guest-limits.ts";

const run = promisify(execFile);
const limits = { addressSpaceBytes: 2 * 1024 ** 3, cpuSeconds: 60 };
/** An image in more pieces than fit in is read whole. */
const mostMapBytes = 4 * 1024 ** 2;

interface Extent {
  start: number;
  length: number;
  zero: boolean;
}

/** Whether the bytes from `start` on are known to be zeros; asked with growing starts. */
export type IsEmpty = (start: number, length: number) => boolean;

/** `imageOptions` as QEMU's tools take them. Without qemu-img nothing is known. */
export async function emptyExtents(imageOptions: string): Promise<Extent[]> {
  const [command, args] = limited(limits, "qemu-img", [
    "map",
    "--force-share",
    "--output=json",
    "--image-opts",
    imageOptions,
  ]);
  try {
    const { stdout } = await run(command, args, { maxBuffer: mostMapBytes });
    return (JSON.parse(stdout) as Extent[]).filter(({ zero }) => zero); // qemu-img's own
  } catch {
    return []; // every byte is read then
  }
}

export function emptiness(extents: readonly Extent[]): IsEmpty {
  let next = 0;
  return (start, length) => {
    while (next < extents.length) {
      const extent = extents[next];
      if (extent === undefined || start < extent.start + extent.length)
        return (
          extent !== undefined && extent.start <= start && start + length <= extent.start + extent.length
        );
      next += 1;
    }
    return false;
  };
}
