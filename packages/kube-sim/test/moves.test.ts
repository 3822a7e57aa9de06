/** A guest's way from one QEMU process into another: its memory, disks and pauses come along, its consoles do not. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoBanner } from "../src/guest/boot-sector.ts";
import type { Machine, MachineMove } from "../src/machines/machine.ts";
import { openMachineHost } from "../src/machines/open-machine-host.ts";
import { isSamePicture } from "./guest-picture.ts";
import { openQemuGuests, type QemuGuests, qemuInstalled, readUntil } from "./qemu-guest.ts";

const mebibyte = 1024 ** 2;
const atOnce = { seconds: 0, breaks: false };

describe.skipIf(!qemuInstalled)("a guest that moves between QEMU processes", () => {
  let guests: QemuGuests;
  /** Booting takes seconds: one guest goes through most of it. */
  let machine: Machine;
  beforeAll(async () => {
    guests = await openQemuGuests();
    machine = await booted("aaaaaaaa-1", "remembered");
  }, 60_000);
  afterAll(() => guests.close());

  /** A guest that has booted and heard `text`, so that its screen shows it. */
  async function booted(uid: string, text: string): Promise<Machine> {
    const guest = await guests.host.start(guests.spec(uid));
    const serial = await guest.connectSerial();
    await readUntil(serial, "> ");
    serial.write(text);
    await readUntil(serial, text);
    return guest;
  }

  async function prepared(guest: Machine): Promise<MachineMove> {
    const move = await guests.host.prepareMove(guest.uid, await guest.size());
    if (move === null) throw new Error("this is no QEMU guest");
    return move;
  }

  it("takes memory and screen along, cuts its consoles, and goes on without a reset; and back", async () => {
    const before = guests.processes();
    expect(before).toHaveLength(1);
    for (const word of ["second", "third"]) {
      const consoles = [await machine.connectVnc(), await machine.connectSerial()];
      const cut = consoles.map((stream) => new Promise((resolve) => stream.resume().once("close", resolve)));
      await machine.pause();
      const picture = await machine.screenshot();
      const move = await prepared(machine);
      expect(guests.processes()).toHaveLength(2);
      await move.begin(atOnce);
      expect(await move.ended).toEqual({ kind: "moved" });
      await Promise.all(cut);
      expect(guests.processes()).toHaveLength(1);
      // still paused, and as it was
      expect(isSamePicture(await machine.screenshot(), picture)).toBe(true);
      await machine.resume();
      const serial = await machine.connectSerial();
      serial.write(word);
      expect(await readUntil(serial, word)).not.toContain(demoBanner.slice(0, 20));
      expect((await readUntil(await machine.connectVnc(), "RFB 003.008")).length).toBeGreaterThan(0);
    }
    expect(guests.processes()).not.toEqual(before);
    expect(guests.host.get(machine.uid)).toBe(machine);
  }, 60_000);

  it("runs while its memory is on the way, tells how much is left, and can be paused meanwhile", async () => {
    const move = await prepared(machine);
    expect(machine.moveProgress).toBeNull();
    await move.begin({ seconds: 2, breaks: false });
    const serial = await machine.connectSerial();
    serial.write("two");
    await readUntil(serial, "two");
    await expect
      .poll(() => {
        const { totalBytes = 0, remainingBytes = 0 } = machine.moveProgress ?? {};
        return remainingBytes > 0 && remainingBytes < totalBytes * 0.8;
      })
      .toBe(true);
    expect(machine.moving).toBe(true);
    await machine.pause();
    const picture = await machine.screenshot();
    expect(await move.ended).toEqual({ kind: "moved" });
    expect(machine.moving).toBe(false);
    expect(isSamePicture(await machine.screenshot(), picture)).toBe(true);
    await machine.resume();
    const after = await machine.connectSerial();
    after.write("three");
    await readUntil(after, "three");
  }, 60_000);

  it("goes on in its old process when it is given up, and when the other one breaks away", async () => {
    const [process] = guests.processes();
    const serial = await machine.connectSerial();
    const unbegun = await prepared(machine);
    expect(await unbegun.cancel()).toEqual({ kind: "cancelled" });
    const cancelled = await prepared(machine);
    await cancelled.begin({ seconds: 600, breaks: false });
    expect(await cancelled.cancel()).toEqual({ kind: "cancelled" });
    const broken = await prepared(machine);
    await broken.begin({ seconds: 0.2, breaks: true });
    expect((await broken.ended).kind).toBe("failed");
    expect(guests.processes()).toEqual([process]);
    serial.write("still");
    await readUntil(serial, "still");
    const move = await prepared(machine);
    await move.begin(atOnce);
    expect(await move.ended).toEqual({ kind: "moved" });
  }, 60_000);

  it("takes disks along that were plugged in since, at their places", async () => {
    const disk = (name: string, bus: "scsi" | "virtio") => ({
      name,
      path: guests.blank(`hot-${name}`),
      format: "raw" as const,
      media: "disk" as const,
      bus,
      readOnly: false,
      bootIndex: null,
    });
    await machine.attachDisk(disk("one", "scsi"));
    await machine.attachDisk(disk("two", "scsi"));
    await machine.attachDisk(disk("three", "virtio"));
    await machine.detachDisk("one");
    const move = await prepared(machine);
    await move.begin(atOnce);
    expect(await move.ended).toEqual({ kind: "moved" });
    const [process = ""] = guests.processes();
    expect(process).toContain('"id":"dev-hot1"');
    expect(process).toContain('"id":"dev-hot2"');
    expect(process).not.toContain('"id":"dev-hot0"');
    await machine.attachDisk(disk("four", "scsi"));
    await machine.detachDisk("two");
  }, 60_000);

  it("grows by vCPUs and memory up to what it was started for, and takes them along", async () => {
    const guest = await guests.host.start(
      guests.spec("cccccccc-3", {
        topology: { cores: 1, threads: 2, maxSockets: 1_000 },
        cpuCores: 2,
        maxMemoryBytes: 2 ** 50,
        graphics: false,
      }),
    );
    expect(await guest.size()).toEqual({ cpuCores: 2, memoryBytes: 64 * mebibyte });
    await expect(guest.growMemory(128 * mebibyte)).rejects.toThrow(/no room/);
    const wanted = { cpuCores: 4, memoryBytes: 192 * mebibyte };
    for (const again of [false, true]) {
      const move = await guests.host.prepareMove(guest.uid, wanted);
      await move?.begin(atOnce);
      expect(await move?.ended).toEqual({ kind: "moved" });
      if (!again) {
        await guest.growMemory(128 * mebibyte);
        await guest.growMemory(192 * mebibyte);
        await guest.growCpus(4);
      }
      expect(await guest.size()).toEqual(wanted);
    }
    await expect(guest.growMemory(64 * mebibyte)).rejects.toThrow(/not taken out/);
    await expect(guest.growCpus(100_000)).rejects.toThrow(/at most/);
    await guest.kill();
  }, 60_000);

  it("restarts when it is asked to, in its process, and obeys the power button afterwards", async () => {
    const [process] = guests.processes();
    const serial = await machine.connectSerial();
    await machine.softReboot();
    await readUntil(serial, demoBanner);
    expect(guests.processes()).toEqual([process]);
  }, 60_000);

  it("ends while it moves: by its power button, and by the end of the host, with nothing left behind", async () => {
    const move = await prepared(machine);
    await move.begin({ seconds: 600, breaks: false });
    await machine.powerButton();
    expect(await machine.exited).toEqual({ kind: "powered-off" });
    expect((await move.ended).kind).toBe("failed");
    expect(guests.processes()).toEqual([]);
    const other = await guests.host.start(guests.spec("bbbbbbbb-2"));
    await (await prepared(other)).begin({ seconds: 600, breaks: false });
    await other.kill();
    expect(await other.exited).toEqual({ kind: "stopped" });
    expect(guests.processes()).toEqual([]);
  }, 60_000);

  it("leaves neither process behind when its simulator was killed in the middle", async () => {
    const guest = await guests.host.start(guests.spec("dddddddd-4"));
    const move = await prepared(guest);
    await move.begin({ seconds: 600, breaks: false });
    expect(guests.processes()).toHaveLength(2);
    const next = await openMachineHost({
      mode: "qemu",
      runDir: guests.runDir,
      guestInternet: false,
      log: () => {},
    });
    expect((await move.ended).kind).toBe("failed");
    await guest.exited;
    expect(guests.processes()).toEqual([]);
    await next.close(0);
  }, 60_000);
});
