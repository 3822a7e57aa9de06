/** Runs kube-sim as a process of its own; prints one line of JSON when it is ready. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { readFaults } from "./faults/fault.ts";
import { type KubeSimOptions, startKubeSim } from "./start.ts";

const SCENARIOS = ["demo", "empty", "ten-thousand-vms", "degraded"] as const;

const usage = `kube-sim: a Kubernetes cluster with KubeVirt, CDI and Kube-OVN, in one process.

  --data-dir DIR               where the cluster lives (.kube-sim)
  --host ADDRESS, --port N     where it serves (127.0.0.1, any free port)
  --scenario NAME              what a fresh cluster holds: ${SCENARIOS.join(", ")}
  --machines KIND              auto, qemu or stand-in
  --guest-internet             guests reach what this machine reaches
  --imports-from-loopback      disks are imported over plain HTTP from this machine, and from nowhere else
  --manifest FILE              applied at the start; may be given several times
  --service-account NS/NAME    writes a kubeconfig of it into the data folder; may be given several times
  --oidc-redirect-uri URI      serves an OIDC issuer for it; --oidc-port N says where
  --oidc-logout-uri URI        where that issuer tells of logouts (OpenID Connect Back-Channel Logout)
  --faults FILE                faults in force from the start
  --admin-socket PATH          a Unix socket at which faults are switched on and off
`;

function readArguments() {
  try {
    return parseArgs({
      options: {
        help: { type: "boolean" },
        "imports-from-loopback": { type: "boolean" },
        "data-dir": { type: "string" },
        port: { type: "string" },
        host: { type: "string" },
        scenario: { type: "string" },
        machines: { type: "string" },
        "guest-internet": { type: "boolean" },
        "oidc-port": { type: "string" },
        "oidc-logout-uri": { type: "string" },
        "oidc-redirect-uri": { type: "string", multiple: true },
        manifest: { type: "string", multiple: true },
        faults: { type: "string" },
        "admin-socket": { type: "string" },
        "service-account": { type: "string", multiple: true },
      },
    }).values;
  } catch (error) {
    console.error(
      `kube-sim cannot start: ${error instanceof Error ? error.message : String(error)}\n\n${usage}`,
    );
    process.exit(2);
  }
}

const values = readArguments();
if (values.help === true) {
  process.stdout.write(usage);
  process.exit(0);
}

function readOptions(): KubeSimOptions {
  const scenario = SCENARIOS.find((name) => name === (values.scenario ?? process.env["SCENARIO"] ?? "demo"));
  if (scenario === undefined) throw new Error(`--scenario must be one of: ${SCENARIOS.join(", ")}`);
  const machines = values.machines ?? "auto";
  if (machines !== "auto" && machines !== "qemu" && machines !== "stand-in") {
    throw new Error("--machines must be auto, qemu or stand-in");
  }
  const port = Number(values.port ?? process.env["KUBE_SIM_PORT"] ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error("--port must be between 0 and 65535");
  const redirectUris = values["oidc-redirect-uri"] ?? [];
  return {
    dataDir: values["data-dir"] ?? process.env["DATA_DIR"] ?? ".kube-sim",
    port,
    host: values.host ?? "127.0.0.1",
    scenario,
    machines,
    guestInternet: values["guest-internet"] ?? false,
    importsFromLoopback: values["imports-from-loopback"] ?? false,
    manifests: values.manifest ?? [],
    ...(values.faults === undefined
      ? {}
      : { faults: readFaults(parse(readFileSync(values.faults, "utf8"))) }),
    ...(values["admin-socket"] === undefined ? {} : { adminSocket: values["admin-socket"] }),
    ...(redirectUris.length === 0
      ? {}
      : {
          oidc: {
            redirectUris,
            ...(values["oidc-logout-uri"] === undefined ? {} : { logoutUri: values["oidc-logout-uri"] }),
            ...(values["oidc-port"] === undefined ? {} : { port: Number(values["oidc-port"]) }),
          },
        }),
    log: (message, fields) =>
      console.error(JSON.stringify({ time: new Date().toISOString(), message, ...fields })),
  };
}

try {
  const options = readOptions();
  const sim = await startKubeSim(options);
  for (const account of values["service-account"] ?? []) {
    const [namespace = "", name = ""] = account.split("/");
    const file = join(options.dataDir ?? ".", `${name}.kubeconfig`);
    writeFileSync(file, await sim.serviceAccountKubeconfig(namespace, name), { mode: 0o600 });
  }
  console.log(
    JSON.stringify({
      ready: true,
      url: sim.url,
      kubeconfig: sim.kubeconfigPath,
      machines: sim.machines,
      metricsUrl: sim.metricsUrl,
      oidc: sim.oidc && {
        issuer: sim.oidc.issuer,
        clientId: sim.oidc.clientId,
        clientSecret: sim.oidc.clientSecret,
      },
      users: sim.users.map(({ name, password }) => ({ name, password })),
    }),
  );
  let closing = false;
  const close = (): void => {
    if (closing) return;
    closing = true;
    sim.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(
          `kube-sim did not close cleanly: ${error instanceof Error ? error.message : String(error)}`,
        );
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", close);
  process.on("SIGINT", close);
} catch (error) {
  console.error(`kube-sim cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
