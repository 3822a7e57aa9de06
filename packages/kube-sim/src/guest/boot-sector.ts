/** The demo guest's bytes, so that nobody needs an assembler: boot-sector.asm assembled (a test keeps both equal). */

const code = Buffer.from(
  [
    "6gV8AAAxwI7YjsCO0LwAfPz7uAMAzRC6+QMwwO66+wOwgO66+AOwAe5CMMDuuvsDsAPuQu66Aga4AAHv5KEMAuahuAC4jsC+",
    "Dn2/SAG6BQC5IABmrWaJw2bR47ggAHMCtDCr4vODx2BKdeW0AjD/ugQIzRC+2XyshMB0BehCAOv2ugAG7fbEAXUtuv0D7KgB",
    "dAa6+APs6w60Ac0WdBYw5M0WhMB02+gYADwNddSwCugPAOvN9OvKugQGuAAg7/Tr9rQOuwcAzRCIxLr9A+yoIHT7uvgDiODu",
    "w0t1YmVWIGRlbW8gZ3Vlc3QgaXMgdXAuIFR5cGUsIGFuZCBpdCBjb21lcyBiYWNrLg0KPiAAiD4vioigKJKIPC/iUKAokiA+",
    "z4k=",
  ].join(""),
  "base64",
);

/** One bootable sector of 512 bytes. */
export function bootSector(): Buffer {
  const sector = Buffer.alloc(512);
  code.copy(sector);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** The demo image: a raw disk of 1 MiB (BIOSes refuse a disk of one sector) that boots the demo guest. */
export function demoDiskImage(): Buffer {
  const disk = Buffer.alloc(1024 * 1024);
  bootSector().copy(disk);
  return disk;
}

/** What the guest says first, on its screen and on its serial port. */
export const demoBanner = "KubeV demo guest is up. Type, and it comes back.";

/** The letters KUBEV that the guest paints in cyan cells from column 4, row 2 of its 80×25 text screen. */
export const demoLetters = [
  "1000101000101111001111101000100",
  "1001001000101000101000001000100",
  "1110001000101111001111001000100",
  "1001001000101000101000000101000",
  "1000100111001111001111100010000",
] as const;
