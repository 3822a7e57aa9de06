/** Guests for real: QEMU where it is installed, the stand-in always. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { Readable, type Duplex } from "node:stream";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bootSector, demoBanner, demoDiskImage, demoLetters } from "../src/guest/boot-sector.ts";
import { findOnPath, qemuBinary } from "../src/machines/accelerator.ts";
import { limited, refusalOfGuest } from "../src/machines/guest-limits.ts";
import type { MachineHost } from "../src/machines/machine.ts";
import { openDiskImages } from "../src/machines/open-disk-images.ts";
import { demoGuest } from "./qemu-guest.ts";
import { isSamePicture } from "./guest-picture.ts";
import { openMachineHost } from "../src/machines/open-machine-host.ts";
import { qemuArguments } from "../src/machines/qemu-arguments.ts";

const dir = mkdtempSync(join(tmpdir(), "machines-"));
const log = () => {};
const mebibyte = 1024 ** 2;
const qemuInstalled = findOnPath(qemuBinary) !== null;

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Reads until the text has come; the stream's end before that is an error. */
async function readUntil(stream: Duplex, text: string): Promise<string> {
  let seen = "";
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    seen += String(chunk);
    if (seen.includes(text)) return seen;
  }
  throw new Error(`The stream ended before "${text}"; it said "${seen}".`);
}

/** The painted letters, read back from a screenshot of 80×25 cells. */
function paintedLetters(png: Buffer): string[] {
  const picture = PNG.sync.read(png);
  const cell = { width: picture.width / 80, height: picture.height / 25 };
  return demoLetters.map((bits, row) =>
    Array.from(bits, (_, column) => {
      const x = Math.floor((4 + column + 0.5) * cell.width);
      const y = Math.floor((2 + row + 0.5) * cell.height);
      return (picture.data[(y * picture.width + x) * 4 + 1] ?? 0) > 100 ? "1" : "0";
    }).join(""),
  );
}

async function screenShows(machine: { screenshot(): Promise<Buffer> }): Promise<void> {
  await expect
    .poll(async () => paintedLetters(await machine.screenshot()), { timeout: 30_000, interval: 200 })
    .toEqual(demoLetters);
}

it("the committed boot sector is what nasm makes of its source", (context) => {
  if (findOnPath("nasm") === null) return context.skip("nasm is not installed");
  const out = join(dir, "boot.bin");
  execFileSync("nasm", ["-f", "bin", join(import.meta.dirname, "../src/guest/boot-sector.asm"), "-o", out]);
  expect(bootSector()).toEqual(readFileSync(out));
});

for (const mode of ["stand-in", "qemu"] as const) {
  describe.skipIf(mode === "qemu" && !qemuInstalled)(`the demo guest on ${mode}`, () => {
    let host: MachineHost;
    const image = join(dir, `demo-${mode}.img`);
    beforeAll(async () => {
      writeFileSync(image, demoDiskImage());
      host = await openMachineHost({ mode, runDir: join(dir, mode), guestInternet: false, log });
    }, 30_000);
    afterAll(() => host.close(0));

    it("hears the power button at the host's end though it is paused", async () => {
      const ending = await openMachineHost({
        mode,
        runDir: join(dir, `${mode}-ending`),
        guestInternet: false,
        log,
      });
      const machine = await ending.start(demoGuest("cccccccc-9", image));
      await screenShows(machine);
      await machine.pause();
      await ending.close(60_000);
      expect(await machine.exited).toEqual({ kind: "powered-off" });
    });

    it("paints its letters, echoes on the serial port, restarts, and obeys the power button", async () => {
      const machine = await host.start(demoGuest("aaaaaaaa-1", image));
      await screenShows(machine);
      const serial = await machine.connectSerial();
      serial.write("x7");
      expect(await readUntil(serial, "x7")).toContain("x7");
      await machine.reset();
      expect(await readUntil(serial, demoBanner)).toContain(demoBanner);
      await screenShows(machine);
      await machine.powerButton();
      expect(await machine.exited).toEqual({ kind: "powered-off" });
      expect(host.get("aaaaaaaa-1")).toBeUndefined();
    }, 60_000);

    it("does nothing while paused and goes on where it was", async () => {
      const machine = await host.start(demoGuest("bbbbbbbb-2", image));
      await screenShows(machine);
      const serial = await machine.connectSerial();
      await machine.pause();
      serial.write("later");
      const before = await machine.screenshot();
      expect(isSamePicture(await machine.screenshot(), before)).toBe(true);
      await machine.resume();
      expect(await readUntil(serial, "later")).toContain("later");
      await machine.kill();
      expect(await machine.exited).toEqual({ kind: "stopped" });
    }, 60_000);

    it("speaks RFB 3.8 without a password on its VNC stream, to the newest serial client only", async () => {
      const machine = await host.start(demoGuest("cccccccc-3", image));
      const vnc = await machine.connectVnc();
      expect(await readUntil(vnc, "RFB 003.008\n")).toBe("RFB 003.008\n");
      vnc.destroy();
      const first = await machine.connectSerial();
      const ended = new Promise((resolve) => first.once("close", resolve));
      first.resume();
      await machine.connectSerial();
      await ended;
      await machine.kill();
    }, 60_000);
  });
}

describe.skipIf(!qemuInstalled)("what a hostile guest can reach", () => {
  const nic = {
    ipv4: "10.16.0.9",
    prefixLength: 24,
    gateway: "10.16.0.1",
    mac: "02:00:00:00:00:09",
    model: "virtio" as const,
  };

  /**
   * QEMU's own network boot ROM (iPXE) is a real guest: it asks DHCP and fetches the boot file that the test names, which
   * is a web server on the host's loopback, at the address under which a guest sees its host. Without a screen the
   * firmware talks on the serial port.
   */
  async function bootFromHostLoopback(guestInternet: boolean): Promise<{ requests: number; serial: string }> {
    let requests = 0;
    const served = Promise.withResolvers<void>();
    const server = createServer((_request, response) => {
      requests++;
      response.end();
      served.resolve();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // listening on TCP, so it has an address
    const file = (name: string) => join(dir, `${name}-${guestInternet}`);
    const args = qemuArguments(
      demoGuest("dddddddd-4", "", { disks: [], nics: [nic], graphics: false }),
      { qmp: file("qmp"), vnc: file("vnc"), serial: file("serial") },
      { accelerator: "tcg", efiFirmware: null, guestInternet },
    )
      .map((arg) => (arg.startsWith("q35,") ? `${arg},graphics=off` : arg))
      .map((arg) =>
        arg.includes('"type":"user"')
          ? arg.replace("{", `{"bootfile":"http://10.16.0.1:${port}/probe",`)
          : arg,
      )
      .map((arg) => (arg.includes("virtio-net-pci") ? arg.replace("{", '{"bootindex":1,') : arg))
      .map((arg) => (arg.startsWith("socket,id=serial0") ? "stdio,id=serial0" : arg));
    const child = spawn(qemuBinary, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    let serial = "";
    const tried = Promise.withResolvers<void>();
    child.stdout.on("data", (data: Buffer) => {
      serial += data.toString("latin1");
      if (serial.includes(`:${port}/probe`)) tried.resolve();
    });
    try {
      await tried.promise;
      // The open guest's request comes within a second of its try; the closed one is given ten.
      await Promise.race([served.promise, new Promise((resolve) => setTimeout(resolve, 10_000))]);
      return { requests, serial };
    } finally {
      child.kill("SIGKILL");
      await ended;
      server.close();
    }
  }

  it("reaches the host's loopback only when internet was granted, and gets its Kube-OVN address either way", async () => {
    const [open, closed] = await Promise.all([bootFromHostLoopback(true), bootFromHostLoopback(false)]);
    expect(open.requests).toBeGreaterThan(0);
    expect(closed.requests).toBe(0);
    for (const { serial } of [open, closed]) expect(serial).toContain("net0: 10.16.0.9/255.255.255.0");
  }, 90_000);
});

describe("uploaded images are hostile", () => {
  /** A qcow2 header of version 3, as qemu-img would write it, with chosen mistakes. */
  function qcow2Header(change: (header: Buffer) => void): Buffer {
    const header = Buffer.alloc(64 * 1024);
    header.write("QFI\xfb", 0, "latin1");
    header.writeUInt32BE(3, 4);
    header.writeUInt32BE(16, 20);
    header.writeBigUInt64BE(BigInt(mebibyte), 24);
    header.writeUInt32BE(4, 96);
    header.writeUInt32BE(104, 100);
    change(header);
    return header;
  }
  const receive = async (body: Buffer, capacityBytes = 8 * mebibyte, expectedBytes?: number) => {
    const images = await openDiskImages({ dir: join(dir, "images"), log });
    return images.receiveUpload("pvc-1", Readable.from([body]), {
      capacityBytes,
      ...(expectedBytes && { expectedBytes }),
    });
  };

  it.each([
    [
      "a backing file that names a file of the host",
      (h: Buffer) => (h.writeBigUInt64BE(512n, 8), h.writeUInt32BE(11, 16), h.write("/etc/passwd", 512)),
      "backing-file",
    ],
    [
      "a backing file in json: form",
      (h: Buffer) => (
        h.writeBigUInt64BE(512n, 8),
        h.writeUInt32BE(40, 16),
        h.write('json:{"driver":"nbd","host":"127.0.0.1"}', 512)
      ),
      "backing-file",
    ],
    ["an external data file", (h: Buffer) => h.writeBigUInt64BE(4n, 72), "external-data-file"],
    [
      "the name of an external data file",
      (h: Buffer) => (h.writeUInt32BE(0x44415441, 104), h.writeUInt32BE(8, 108)),
      "external-data-file",
    ],
    ["a huge virtual size", (h: Buffer) => h.writeBigUInt64BE(1n << 50n, 24), "virtual-size-too-large"],
    [
      "a virtual size past every number",
      (h: Buffer) => h.writeBigUInt64BE((1n << 64n) - 1n, 24),
      "virtual-size-too-large",
    ],
    ["the corrupt mark", (h: Buffer) => h.writeBigUInt64BE(2n, 72), "corrupt"],
    ["an impossible cluster size", (h: Buffer) => h.writeUInt32BE(63, 20), "corrupt"],
    ["encryption", (h: Buffer) => h.writeUInt32BE(2, 32), "unsupported-format"],
  ])("refuses a qcow2 with %s", async (_what, change, code) => {
    await expect(receive(qcow2Header((header) => void change(header)))).rejects.toMatchObject({ code });
  });

  it("refuses foreign formats, empty files, files that were cut off and files that do not fit", async () => {
    await expect(receive(Buffer.from("KDMV and so on"))).rejects.toMatchObject({
      code: "unsupported-format",
    });
    await expect(receive(Buffer.alloc(0))).rejects.toMatchObject({ code: "not-an-image" });
    await expect(receive(demoDiskImage(), 8 * mebibyte, 2 * mebibyte)).rejects.toMatchObject({
      code: "cut-off",
    });
    await expect(receive(Buffer.alloc(200 * mebibyte), mebibyte)).rejects.toMatchObject({
      code: "virtual-size-too-large",
    });
  });

  it("takes a raw and a gzipped disk, grows it to the volume, and remembers it", async () => {
    const { gzipSync } = await import("node:zlib");
    for (const body of [demoDiskImage(), gzipSync(demoDiskImage())]) {
      const image = await receive(body);
      expect(image.virtualSizeBytes).toBe(8 * mebibyte);
      const again = await openDiskImages({ dir: join(dir, "images"), log });
      expect(again.get("pvc-1")).toEqual(image);
    }
  });

  it("never lets a volume's name choose a path", async () => {
    const images = await openDiskImages({ dir: join(dir, "images"), log });
    const image = await images.createBlank("../../etc/passwd", mebibyte);
    expect(image.path.startsWith(join(dir, "images/"))).toBe(true);
  });
});

describe("what a guest may take", () => {
  const host = { memoryBytes: 16 * 1024 * mebibyte, cores: 2 };
  it("is bounded by the host's own memory and cores, whatever a tenant asks for", () => {
    expect(refusalOfGuest({ memoryBytes: 8 * 1024 * mebibyte, cpuCores: 4 }, 0, host)).toBeNull();
    expect(
      refusalOfGuest({ memoryBytes: 8 * 1024 * mebibyte, cpuCores: 4 }, 8 * 1024 * mebibyte, host),
    ).toMatch(/memory/);
    expect(refusalOfGuest({ memoryBytes: 400 * 1024 * mebibyte, cpuCores: 1 }, 0, host)).toMatch(
      /wants 400.0 GiB/,
    );
    expect(refusalOfGuest({ memoryBytes: mebibyte, cpuCores: 64 }, 0, host)).toMatch(/32 vCPUs/);
  });

  it("stands in the limits of its process", () => {
    const [command, args] = limited({ addressSpaceBytes: 1234, cpuSeconds: 5 }, "true", ["x"]);
    expect(command).toMatch(/prlimit$/);
    expect(args).toEqual(["--as=1234", "--core=0", "--nofile=1024", "--cpu=5", "true", "x"]);
  });

  it.skipIf(!qemuInstalled)(
    "is counted while QEMU guests run and given back when they end",
    async () => {
      const machines = await openMachineHost({
        mode: "qemu",
        runDir: join(dir, "limits"),
        guestInternet: false,
        log,
      });
      const image = join(dir, "limits.img");
      writeFileSync(image, demoDiskImage());
      const half = Math.floor(totalmem() * 0.5);
      const first = await machines.start(
        demoGuest("eeeeeeee-5", image, { memoryBytes: half, graphics: false }),
      );
      await expect(
        machines.start(demoGuest("ffffffff-6", image, { memoryBytes: half, graphics: false })),
      ).rejects.toThrow(/memory/);
      await first.kill();
      const again = await machines.start(
        demoGuest("abababab-7", image, { memoryBytes: half, graphics: false }),
      );
      await again.kill();
      await machines.close(0);
    },
    60_000,
  );
});
