/** Placeholder until the machines arrive: has none. */
import type { MachineHost } from "./machine.ts";

export async function openMachineHost(_options: {
  mode: "auto" | "qemu" | "stand-in";
  runDir: string;
  guestInternet: boolean;
  log: (message: string, fields?: Record<string, unknown>) => void;
}): Promise<MachineHost> {
  return {
    kind: "stand-in",
    start: () => Promise.reject(new Error("no machines in this build")),
    get: () => undefined,
    close: async () => {},
  };
}
