/** Where the cluster is, how its certificate is checked, and the service's own credential, from a kubeconfig or the pod. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { KubeConfig } from "@kubernetes/client-node";
import { Agent } from "undici";

export interface TlsMaterial
  extends Pick<SecureContextOptions, "ca" | "cert" | "key" | "pfx" | "passphrase"> {
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** A credential of one request: extra headers, and a client certificate where the kubeconfig has one. */
export interface ServiceCredential {
  authorization: string | null;
  tls: TlsMaterial;
}

const credentialLifetimeMs = 30_000;

export class ClusterEndpoint {
  /** https://host:port, no trailing slash. */
  readonly origin: string;
  /** Path before /api where the server is behind one, else ''. */
  readonly basePath: string;
  /** Stable for one cluster address; part of every resource reference. */
  readonly id: string;
  readonly contextNamespace: string;
  /** The last exchange failed for want of an answer. */
  isSuspect = false;
  readonly #kubeConfig: KubeConfig;
  readonly #agents = new Map<string, Agent>();
  /** Of material that was asked about before: to tell whether it is the same as another takes longer than the rest of a small request. */
  readonly #agentsOf = {
    request: new WeakMap<TlsMaterial, Agent>(),
    stream: new WeakMap<TlsMaterial, Agent>(),
  };
  #serverTls: TlsMaterial | null = null;
  #serverTlsAtMs = 0;
  #credential: Promise<ServiceCredential> | null = null;
  #credentialAtMs = 0;

  constructor(kubeConfig: KubeConfig) {
    const cluster = kubeConfig.getCurrentCluster();
    if (cluster === null) throw new Error("The kubeconfig names no cluster in its current context");
    const url = new URL(cluster.server);
    if (url.protocol !== "https:")
      throw new Error(
        `The cluster's address ${cluster.server} is not https; credentials are not sent in clear`,
      );
    this.origin = url.origin;
    this.basePath = url.pathname.replace(/\/+$/, "");
    this.id = createHash("sha256").update(`${this.origin}${this.basePath}`).digest("hex").slice(0, 12);
    this.contextNamespace = kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace ?? "";
    this.#kubeConfig = kubeConfig;
  }

  /** Reads a kubeconfig file, or the pod's service account when `file` is ''. */
  static load(file: string, context: string): ClusterEndpoint {
    const kubeConfig = new KubeConfig();
    if (file === "") kubeConfig.loadFromCluster();
    else kubeConfig.loadFromFile(file);
    if (context !== "") {
      if (kubeConfig.getContextObject(context) === null)
        throw new Error(`KUBE_CONTEXT: the kubeconfig has no context ${context}`);
      kubeConfig.setCurrentContext(context);
    }
    return new ClusterEndpoint(kubeConfig);
  }

  /** The service's credential; rotating tokens and exec plugins are asked again every 30 s. */
  async serviceCredential(): Promise<ServiceCredential> {
    const nowMs = performance.now();
    if (this.#credential === null || nowMs - this.#credentialAtMs > credentialLifetimeMs) {
      this.#credentialAtMs = nowMs;
      this.#credential = this.#readCredential();
      this.#credential.catch(() => {
        this.#credential = null;
      });
    }
    return this.#credential;
  }

  async #readCredential(): Promise<ServiceCredential> {
    const options: RequestOptions = {};
    await this.#kubeConfig.applyToHTTPSOptions(options);
    const headers = options.headers as Record<string, string> | undefined; // client-node only sets plain string headers
    const basic = typeof options.auth === "string" ? Buffer.from(options.auth).toString("base64") : null;
    const authorization = headers?.["Authorization"] ?? (basic === null ? null : `Basic ${basic}`);
    const tls: TlsMaterial = { ...this.serverTls() };
    if (options.cert !== undefined) tls.cert = options.cert;
    if (options.key !== undefined) tls.key = options.key;
    if (options.pfx !== undefined) tls.pfx = options.pfx;
    if (options.passphrase !== undefined) tls.passphrase = options.passphrase;
    return { authorization, tls };
  }

  /** How the API server is recognised, without any credential of ours. */
  serverTls(): TlsMaterial {
    const nowMs = performance.now();
    if (this.#serverTls === null || nowMs - this.#serverTlsAtMs > credentialLifetimeMs) {
      this.#serverTlsAtMs = nowMs;
      this.#serverTls = this.#readServerTls();
    }
    return this.#serverTls;
  }

  #readServerTls(): TlsMaterial {
    const cluster = this.#kubeConfig.getCurrentCluster();
    const tls: TlsMaterial = {};
    if (cluster?.caData !== undefined && cluster.caData !== "")
      tls.ca = Buffer.from(cluster.caData, "base64").toString("utf8");
    else if (cluster?.caFile !== undefined && cluster.caFile !== "")
      tls.ca = readFileSync(cluster.caFile, "utf8");
    if (cluster?.tlsServerName !== undefined && cluster.tlsServerName !== "")
      tls.servername = cluster.tlsServerName;
    if (cluster?.skipTLSVerify === true) tls.rejectUnauthorized = false; // only where the kubeconfig itself says so
    return tls;
  }

  /** One connection pool per TLS identity and purpose; watches never starve requests of connections. */
  dispatcher(tls: TlsMaterial, purpose: "request" | "stream"): Agent {
    const known = this.#agentsOf[purpose];
    let agent = known.get(tls);
    if (agent === undefined) {
      agent = this.#agentFor(tls, purpose);
      known.set(tls, agent);
    }
    return agent;
  }

  #agentFor(tls: TlsMaterial, purpose: "request" | "stream"): Agent {
    const key = createHash("sha256")
      .update(JSON.stringify([purpose, tls.cert ?? "", tls.key ?? "", tls.pfx ?? ""]))
      .digest("hex");
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      agent = new Agent({
        // made once: else each connection parses the certificates again
        connect: { ...tls, secureContext: createSecureContext(tls), timeout: 10_000 },
        allowH2: false,
        connections: purpose === "request" ? 128 : null,
        keepAliveTimeout: 30_000,
        bodyTimeout: purpose === "request" ? 60_000 : 0,
        headersTimeout: purpose === "request" ? 60_000 : 0,
      });
      this.#agents.set(key, agent);
    }
    return agent;
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#agents.values()].map(async (agent) => agent.destroy()));
  }
}
