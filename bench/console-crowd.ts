/** Five hundred screens at once: what each holds while nothing moves, and what first pages take while all of them blink. */
import type { Socket } from "node:net";
import { request } from "undici";
import { scaleVmPlace } from "@kubev/kube-sim/scenarios/scale-machine";
import { machineScale } from "./list-scale.ts";
import { fetchParsed, type MeasuredConsole, signIn } from "./measured-console.ts";
import { openScreen, ticketed } from "./screen-client.ts";
import type { SelfMeasured } from "./self-measuring.ts";
import { type Spread, spread } from "./statistics.ts";
import type { Tenant } from "./tenants.ts";

const consoles = 500;
const pages = 300;
const pauseMs = 10;

export interface CrowdSeen {
  consoles: number;
  /** Resident, after the garbage is collected. */
  bytesEach: number;
  heapBytesEach: number;
  externalBytesEach: number;
  /** Milliseconds of a first page on the clock, without consoles and beside them. */
  before: Spread;
  during: Spread;
}

async function memoryOf(measured: MeasuredConsole): Promise<SelfMeasured> {
  const line = measured.nextLine((text) => text.startsWith('{"selfMeasured"'));
  process.kill(measured.pid, "SIGWINCH");
  return (JSON.parse(await line) as { selfMeasured: SelfMeasured }).selfMeasured; // self-measuring.ts prints it
}

async function pageTimes({ url, cookie }: MeasuredConsole): Promise<Spread> {
  const times: number[] = [];
  for (let round = 0; round < pages; round += 1) {
    times.push((await fetchParsed(`${url}/api/vms?sort=name`, { cookie })).ms);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return spread(times.slice(pages / 10));
}

/** Each person opens as many as he may, on machines of his first project. */
async function openAll(url: string, tenants: readonly Tenant[], cookies: readonly string[], deed: string) {
  const each = consoles / tenants.length;
  const sockets: Socket[] = [];
  for (const [at, { projects }] of tenants.entries())
    for (let turn = 0; turn < each; turn += 1) {
      const place = scaleVmPlace(turn * machineScale.projects + at, machineScale);
      if (place.project !== projects[0]) throw new Error(`${place.name} lies in ${place.project}`);
      const socket = await openScreen(await ticketed(url, cookies[at] ?? "", place), deed);
      socket.on("data", () => {});
      sockets.push(socket);
    }
  return () => {
    for (const socket of sockets) {
      if (socket.destroyed) throw new Error("A screen ended by itself");
      socket.destroy();
    }
  };
}

/** A person may open so many at once, and those that were closed count until the server has heard of it. */
async function untilAllClosed(url: string): Promise<void> {
  for (;;) {
    const answer = await request(`${url}/metrics`);
    if (/^kubev_console_sockets 0$/m.test(await answer.body.text())) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

export async function measureIdle(measured: MeasuredConsole, tenants: readonly Tenant[]): Promise<CrowdSeen> {
  const cookies: string[] = [];
  for (const [at, { token }] of tenants.entries())
    cookies.push(await signIn(measured.url, token, `127.0.1.${at + 1}`));
  // once opened and closed: what is made once, or grows in steps, is no cost of a console
  (await openAll(measured.url, tenants, cookies, "idle"))();
  await untilAllClosed(measured.url);
  await pageTimes(measured);
  const before = await pageTimes(measured);
  const empty = await memoryOf(measured);
  const close = await openAll(measured.url, tenants, cookies, "blink");
  const during = await pageTimes(measured);
  const full = await memoryOf(measured);
  close();
  return {
    consoles,
    bytesEach: ((full.residentMegabytes - empty.residentMegabytes) * 1e6) / consoles,
    heapBytesEach: ((full.heapMegabytes - empty.heapMegabytes) * 1e6) / consoles,
    externalBytesEach: ((full.externalMegabytes - empty.externalMegabytes) * 1e6) / consoles,
    before,
    during,
  };
}
