/**
 * How connections with one credential are made: how the API server is recognised, and the client certificate where there is one.
 * There is one object for each credential for as long as the process lives; when files behind it change it takes what is new, and
 * every connection from then on is made with that. Connections made before end once nothing is under way on them.
 */
import { X509Certificate } from "node:crypto";
import { createSecureContext, type ConnectionOptions, type SecureContextOptions } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import { Agent } from "undici";

export interface TlsMaterial extends Pick<SecureContextOptions, "cert" | "key" | "pfx" | "passphrase"> {
  /** PEM; without one the system's authorities are trusted. */
  ca?: string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** What `tls.connect` is given. */
type Connection = Pick<ConnectionOptions, "secureContext" | "servername" | "rejectUnauthorized">;

/** Watches never starve requests of connections. */
export type Purpose = "request" | "stream";

function agentFor(connection: Connection, purpose: Purpose): Agent {
  return new Agent({
    connect: { ...connection, timeout: 10_000 },
    allowH2: false,
    connections: purpose === "request" ? 128 : null,
    keepAliveTimeout: 30_000,
    bodyTimeout: purpose === "request" ? 60_000 : 0,
    headersTimeout: purpose === "request" ? 60_000 : 0,
  });
}

/** @throws where it cannot be used, e.g. a file that is being written: no certificate in it yet, or not that of the key */
function connectionOf({ servername, rejectUnauthorized, ...material }: TlsMaterial): Connection {
  // what is empty or cut short would trust the system's authorities, or nobody
  if (material.ca !== undefined) void new X509Certificate(material.ca);
  return {
    secureContext: createSecureContext(material), // made once: else each connection parses the certificates again
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}

export class TlsIdentity {
  #material: TlsMaterial;
  #connection: Connection;
  #agents: Record<Purpose, Agent>;
  /** Of earlier material, with something under way. */
  readonly #leaving = new Set<Agent>();

  /** @throws where the material cannot be used */
  constructor(material: TlsMaterial) {
    this.#material = material;
    this.#connection = connectionOf(material);
    this.#agents = this.#newAgents();
  }

  get material(): TlsMaterial {
    return this.#material;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** To be dispatched on at once, without waiting for anything in between: it may be another one then. */
  agent(purpose: Purpose): Agent {
    return this.#agents[purpose];
  }

  /** From now on this material. @throws where it cannot be used; all stays as it was then */
  use(material: TlsMaterial): void {
    if (isDeepStrictEqual(material, this.#material)) return;
    const connection = connectionOf(material);
    const before = Object.values(this.#agents);
    this.#material = material;
    this.#connection = connection;
    this.#agents = this.#newAgents();
    for (const agent of before) this.#letGo(agent);
  }

  async close(): Promise<void> {
    const agents = [...Object.values(this.#agents), ...this.#leaving];
    await Promise.allSettled(agents.map(async (agent) => agent.destroy()));
  }

  #newAgents(): Record<Purpose, Agent> {
    return { request: agentFor(this.#connection, "request"), stream: agentFor(this.#connection, "stream") };
  }

  #letGo(agent: Agent): void {
    this.#leaving.add(agent);
    agent.close().then(
      () => this.#leaving.delete(agent),
      () => this.#leaving.delete(agent), // it was destroyed while it waited
    );
  }
}
