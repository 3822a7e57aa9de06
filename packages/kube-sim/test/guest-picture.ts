/** Compares pictures of a guest's text screen. */
import { PNG } from "pngjs";

/** A character cell of VGA text is 9 × 16. */
const cell = { width: 9, height: 16 };

/**
 * Whether two pictures differ in one character cell at most: QEMU itself blinks the cursor, whenever it draws and at least a
 * quarter of a second has passed for the guest, and a new process begins the blinking anew.
 */
export function isSamePicture(one: Buffer, other: Buffer): boolean {
  const [a, b] = [PNG.sync.read(one), PNG.sync.read(other)];
  if (a.width !== b.width || a.height !== b.height) return false;
  let [left, right, top, bottom] = [Infinity, -1, Infinity, -1];
  for (let at = 0; at < a.data.length; at += 4) {
    if (a.data.readUInt32BE(at) === b.data.readUInt32BE(at)) continue;
    const pixel = at / 4;
    const [x, y] = [pixel % a.width, Math.floor(pixel / a.width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return right - left < cell.width && bottom - top < cell.height;
}
