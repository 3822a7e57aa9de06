/** What `npm start` and `npm run dev` take on the command line and from the environment. The table is in docs/configuration.md. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./paths.ts";

export interface StartOptions {
  port: number;
  host: string;
  /** The console's own state: database and session key. */
  dataDir: string;
  /** The embedded cluster's state; unused with a kubeconfig. */
  simDir: string;
  scenario: string;
  machines: string;
  guestInternet: boolean;
  /** A real cluster instead of the embedded one. */
  kubeconfig: { file: string; context: string } | null;
}

/** Throws with one clear line per mistake. */
export const startUsage = `npm start -- [options]

  --port PORT, --host HOST      where the console listens (8080, 127.0.0.1)
  --kubeconfig FILE             a real cluster instead of the embedded one
  --context NAME                which of its contexts
  --scenario NAME               what a fresh embedded cluster holds: demo, degraded, empty, ten-thousand-vms
  --machines HOW                auto, qemu or stand-in
  --guest-internet              guests may reach the internet

All settings, and those of the environment: docs/configuration.md
`;

export function readStartOptions(argv: string[]): StartOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      kubeconfig: { type: "string" },
      context: { type: "string" },
      scenario: { type: "string" },
      machines: { type: "string" },
      "guest-internet": { type: "boolean" },
      port: { type: "string" },
      host: { type: "string" },
    },
  });
  const env = process.env;
  const port = Number(values.port ?? env["PORT"] ?? "8080");
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`PORT must be a number from 1 to 65535; it is "${values.port ?? env["PORT"]}".`);
  }
  const scenario = values.scenario ?? env["SCENARIO"] ?? "demo";
  if (!["demo", "degraded", "empty", "ten-thousand-vms"].includes(scenario))
    throw new Error(
      `There is no scenario "${scenario}"; there are demo, degraded, empty and ten-thousand-vms.`,
    );
  return {
    port,
    host: values.host ?? env["HOST"] ?? "127.0.0.1",
    // Another cluster, another trail: what was done there is not shown beside the embedded one.
    dataDir: resolve(
      root,
      env["DATA_DIR"] ?? (values.kubeconfig === undefined ? ".kubev" : ".kubev/own-cluster"),
    ),
    simDir: resolve(root, env["KUBE_SIM_DIR"] ?? ".kube-sim"),
    scenario,
    machines: values.machines ?? env["KUBE_SIM_MACHINES"] ?? "auto",
    guestInternet: values["guest-internet"] ?? false,
    kubeconfig:
      values.kubeconfig === undefined
        ? null
        : { file: resolve(process.env["INIT_CWD"] ?? ".", values.kubeconfig), context: values.context ?? "" },
  };
}
