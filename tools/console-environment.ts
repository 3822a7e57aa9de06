/** The console's environment, for the embedded cluster and for a real one. */
import type { EmbeddedCluster } from "./embedded-cluster.ts";
import { webDist } from "./paths.ts";
import type { StartOptions } from "./start-options.ts";

function common(options: StartOptions): Record<string, string> {
  return {
    PORT: String(options.port),
    HOST: options.host,
    DATA_DIR: options.dataDir,
    WEB_DIR: webDist,
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "warn",
  };
}

export function embeddedEnvironment(options: StartOptions, cluster: EmbeddedCluster): Record<string, string> {
  return {
    ...common(options),
    KUBECONFIG_FILE: cluster.consoleKubeconfig,
    CLUSTER_NAME: "Embedded cluster",
    DEMO: "true",
    MACHINES: cluster.machines,
    ACTING_MODE: "passthrough",
    SHARED_IMAGES_PROJECT: "shared-images",
    ...(cluster.oidc && {
      SIGN_IN_MODES: "oidc,token",
      OIDC_ISSUER: cluster.oidc.issuer,
      OIDC_CLIENT_ID: cluster.oidc.clientId,
      OIDC_CLIENT_SECRET: cluster.oidc.clientSecret,
      OIDC_LABEL: "Sign in with the demo's accounts",
    }),
  };
}

export function kubeconfigEnvironment(
  options: StartOptions,
  kubeconfig: { file: string; context: string },
): Record<string, string> {
  return {
    ...common(options),
    SIGN_IN_MODES: "kubeconfig",
    KUBECONFIG_FILE: kubeconfig.file,
    KUBE_CONTEXT: kubeconfig.context,
  };
}
