/** Where the cluster is, how its certificate is checked, and the service's own credential, from a kubeconfig or the pod. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { type Clock, systemClock } from "./clock.ts";
import { TlsIdentity, type TlsMaterial } from "./tls-identity.ts";

/** A credential of one request: extra headers, and a client certificate where the kubeconfig has one. */
export interface ServiceCredential {
  authorization: string | null;
  tls: TlsIdentity;
}

/** Files and plugins are asked again at this age, and sooner where they could not be read: a file may be about to be written. */
const credentialLifetimeMs = 30_000;
const readAgainAfterMs = 2000;

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
  readonly #clock: Clock;
  /** How the API server is recognised. */
  #server: TlsIdentity | null = null;
  #serverUntilMs = Number.NEGATIVE_INFINITY;
  /** The same with the service's own client certificate, where it has one. */
  #own: TlsIdentity | null = null;
  #credential: Promise<ServiceCredential> | null = null;
  #last: ServiceCredential | null = null;
  #credentialUntilMs = Number.NEGATIVE_INFINITY;

  constructor(kubeConfig: KubeConfig, clock: Clock = systemClock) {
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
    this.#clock = clock;
  }

  /** Reads a kubeconfig file, or the pod's service account when `file` is ''. */
  static load(file: string, context: string, clock: Clock): ClusterEndpoint {
    const kubeConfig = new KubeConfig();
    if (file === "") kubeConfig.loadFromCluster();
    else kubeConfig.loadFromFile(file);
    if (context !== "") {
      if (kubeConfig.getContextObject(context) === null)
        throw new Error(`KUBE_CONTEXT: the kubeconfig has no context ${context}`);
      kubeConfig.setCurrentContext(context);
    }
    return new ClusterEndpoint(kubeConfig, clock);
  }

  /** The service's credential; rotating tokens and exec plugins are asked again every 30 s. */
  async serviceCredential(): Promise<ServiceCredential> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#credential === null || nowMs > this.#credentialUntilMs) {
      this.#credentialUntilMs = nowMs + credentialLifetimeMs;
      this.#credential = this.#renewedCredential();
      this.#credential.catch(() => {
        this.#credential = null;
      });
    }
    return this.#credential;
  }

  /** What cannot be read now leaves the last one in force: the cluster itself says when that holds no more. */
  async #renewedCredential(): Promise<ServiceCredential> {
    try {
      this.#last = await this.#readCredential();
      return this.#last;
    } catch (error) {
      if (this.#last === null) throw error;
      this.#credentialUntilMs = this.#clock.monotonicMs() + readAgainAfterMs;
      return this.#last;
    }
  }

  async #readCredential(): Promise<ServiceCredential> {
    const options: RequestOptions = {};
    await this.#kubeConfig.applyToHTTPSOptions(options);
    const headers = options.headers as Record<string, string> | undefined; // client-node only sets plain string headers
    const basic = typeof options.auth === "string" ? Buffer.from(options.auth).toString("base64") : null;
    const authorization = headers?.["Authorization"] ?? (basic === null ? null : `Basic ${basic}`);
    const { cert, key, pfx, passphrase } = options;
    const server = this.serverTls();
    this.#credentialUntilMs = Math.min(this.#credentialUntilMs, this.#serverUntilMs);
    if (cert === undefined && key === undefined && pfx === undefined) return { authorization, tls: server };
    const tls: TlsMaterial = { ...server.material };
    if (cert !== undefined) tls.cert = cert;
    if (key !== undefined) tls.key = key;
    if (pfx !== undefined) tls.pfx = pfx;
    if (passphrase !== undefined) tls.passphrase = passphrase;
    if (this.#own === null) this.#own = new TlsIdentity(tls);
    else this.#own.use(tls);
    return { authorization, tls: this.#own };
  }

  /** How the API server is recognised, without any credential of ours. What changes on disk is used within 30 s. */
  serverTls(): TlsIdentity {
    const nowMs = this.#clock.monotonicMs();
    if (this.#server === null) this.#server = new TlsIdentity(this.#readServerTls());
    else if (nowMs <= this.#serverUntilMs) return this.#server;
    else
      try {
        this.#server.use(this.#readServerTls());
      } catch {
        this.#serverUntilMs = nowMs + readAgainAfterMs;
        return this.#server; // the last one that could be read
      }
    this.#serverUntilMs = nowMs + credentialLifetimeMs;
    return this.#server;
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

  async close(): Promise<void> {
    await Promise.allSettled([this.#server?.close(), this.#own?.close()]);
  }
}
