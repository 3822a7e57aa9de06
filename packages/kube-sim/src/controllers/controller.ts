/** What every simulated controller gets, and how it is started and stopped. */
import type { ExportDoor } from "./export-links.ts";
import type { DiskImages } from "../machines/disk-images.ts";
import type { MachineHost } from "../machines/machine.ts";
import type { KubeObject, NewObject } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimeout(callback: () => void, delayMs: number): { cancel(): void };
}

export interface ControllerContext {
  store: ObjectStore;
  machines: MachineHost;
  images: DiskImages;
  clock: Clock;
  random: () => number;
  log: (message: string, fields?: Record<string, unknown>) => void;
  /** Address range rules, upload URL and the like that controllers put into objects. */
  uploadProxyUrl: string;
  uploadProxyCa: string;
  exportDoor: ExportDoor;
  /** What admission makes of an object that virt-controller creates, or changes where `old` is given; throws its refusal. */
  admit: <Shape extends NewObject>(object: Shape, old?: KubeObject) => Shape;
  /** How long virt-controller takes to notice a change; a busy real one takes 100 ms and more. */
  virtControllerPaceMs?: number;
  /** Whether CDI may fetch images over plain HTTP from this machine itself; from anywhere else it never may. */
  importsFromLoopback?: boolean;
}

export interface RunningControllers {
  close(): Promise<void>;
}
