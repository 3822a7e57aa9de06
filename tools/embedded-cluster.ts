/** Starts kube-sim as a process of its own and tells how the console reaches it. */
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { otherPaths } from "../packages/api-types/src/endpoint-paths.ts";
import { type Child, firstLine, startChild } from "./child-process.ts";
import { kubeSimCli, root } from "./paths.ts";
import type { StartOptions } from "./start-options.ts";

interface Ready {
  ready: true;
  url: string;
  kubeconfig: string;
  machines: "kvm" | "tcg" | "stand-in";
  metricsUrl: string;
  oidc: { issuer: string; clientId: string; clientSecret: string } | null;
  users: { name: string; password: string }[];
}

export interface EmbeddedCluster extends Ready {
  child: Child;
  /** kubeconfig of the console's own account. */
  consoleKubeconfig: string;
}

function readReady(line: string): Ready | undefined {
  return line.startsWith('{"ready":true') ? (JSON.parse(line) as Ready) : undefined; // kube-sim's cli prints it
}

/** The console answers under every name of loopback; the provider compares the address to come back to letter by letter. */
function originsOf(publicUrl: string): string[] {
  const { protocol, hostname, port } = new URL(publicUrl);
  const names = ["127.0.0.1", "localhost", "[::1]"];
  return names.includes(hostname)
    ? names.map((name) => `${protocol}//${name}${port === "" ? "" : `:${port}`}`)
    : [publicUrl];
}

/** `publicUrl` is the console's origin. Rejects with kube-sim's own words when it cannot start. */
export async function startEmbeddedCluster(
  options: StartOptions,
  publicUrl: string,
): Promise<EmbeddedCluster> {
  mkdirSync(options.simDir, { recursive: true, mode: 0o700 });
  const logFile = join(options.simDir, "kube-sim.log");
  const log = openSync(logFile, "a", 0o600);
  const { child, ready } = firstLine(
    (onLine) =>
      startChild(
        process.execPath,
        [
          "--disable-warning=ExperimentalWarning",
          kubeSimCli,
          "--data-dir",
          options.simDir,
          "--scenario",
          options.scenario,
          "--machines",
          options.machines,
          ...originsOf(publicUrl).flatMap((origin) => [
            "--oidc-redirect-uri",
            `${origin}${otherPaths.oidcCallback}`,
          ]),
          "--oidc-logout-uri",
          `${publicUrl}${otherPaths.oidcLogout}`,
          "--manifest",
          join(root, "deploy/rbac.yaml"),
          "--service-account",
          "kubev-system/kubev-console",
          ...(options.guestInternet ? ["--guest-internet"] : []),
        ],
        { onLine, stderr: log },
      ),
    readReady,
  );
  closeSync(log);
  try {
    return { ...(await ready), child, consoleKubeconfig: join(options.simDir, "kubev-console.kubeconfig") };
  } catch (error) {
    const lastLine = readFileSync(logFile, "utf8").trimEnd().split("\n").at(-1) ?? "";
    const said = lastLine.startsWith("kube-sim cannot start: ")
      ? ` ${lastLine.slice("kube-sim cannot start: ".length)}`
      : "";
    throw new Error(`The embedded cluster could not start.${said} Its log is ${logFile}.`, { cause: error });
  }
}
