/** Everything a route may use, made once by app.ts. */
import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";
import type { AccessService } from "./access/access-service.ts";
import type { Config } from "./config.ts";
import type { HostDrains } from "./drains/host-drains.ts";
import type { Callers } from "./identity/callers.ts";
import type { OidcSignIn } from "./identity/oidc.ts";
import type { ProviderLogouts } from "./identity/provider-logouts.ts";
import type { SessionStore } from "./identity/session-store.ts";
import type { Capabilities } from "./inventory/capabilities.ts";
import type { Inventory } from "./inventory/inventory.ts";
import type { Nouns } from "./inventory/nouns.ts";
import type { Clock } from "./kube/clock.ts";
import type { ClusterEndpoint } from "./kube/cluster-endpoint.ts";
import type { KubeClient } from "./kube/kube-client.ts";
import type { OriginRules } from "./http/request-guards.ts";
import type { AuditStore } from "./store/audit-store.ts";
import type { Database } from "./store/database.ts";
import type { PreferenceStore } from "./store/preference-store.ts";
import type { UsageSource } from "./usage/usage-source.ts";
import type { TicketStore } from "./store/ticket-store.ts";

export interface Services {
  config: Config;
  clock: Clock;
  log: Logger;
  database: Database;
  endpoint: ClusterEndpoint;
  /** Acts under the service's own identity; never with a caller's input but through access reviews. */
  service: KubeClient;
  inventory: Inventory;
  nouns: Nouns;
  drains: HostDrains;
  usage: UsageSource;
  capabilities: Capabilities;
  access: AccessService;
  sessions: SessionStore;
  callers: Callers;
  oidc: OidcSignIn | null;
  providerLogouts: ProviderLogouts;
  audit: AuditStore;
  preferences: PreferenceStore;
  tickets: TicketStore;
  origins: OriginRules;
  /** Whose address a request came from: the last one that no trusted proxy stands for. */
  sourceIp: (request: IncomingMessage) => string;
  /** True once the server is told to stop. */
  isDraining: () => boolean;
}
