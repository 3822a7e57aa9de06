/** What every request handler works with. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authenticator } from "../auth/authenticator.ts";
import type { ServiceAccountTokens } from "../auth/service-account-tokens.ts";
import type { User } from "../auth/user.ts";
import type { Admission } from "../admission/admission.ts";
import type { Authorizer } from "../rbac/authorizer.ts";
import type { Kind } from "../schema/kind.ts";
import type { KubeStore } from "../store/kube-store.ts";
import type { Faults } from "../faults/faults.ts";
import type { ListPages } from "./list-pages.ts";
import type { ResourceRequest } from "./request-info.ts";
import type { RequestLog } from "./request-log.ts";

export interface ApiContext {
  store: KubeStore;
  authorizer: Authorizer;
  authenticator: Authenticator;
  serviceAccounts: ServiceAccountTokens;
  admission: Admission;
  pages: ListPages;
  faults: Faults;
  requests: RequestLog;
  now: () => number;
  log: (message: string, fields?: Record<string, unknown>) => void;
}

/** One authorised request for a stored kind. */
export interface ResourceCall {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  info: ResourceRequest;
  kind: Kind;
  user: User;
}
