/** The HTTPS server: who is it, may they, and which handler answers. */
import { createServer, type Server } from "node:https";
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { closeServer, listenOn } from "../listening.ts";
import { impersonatedUser } from "../auth/impersonation.ts";
import type { User } from "../auth/user.ts";
import type { KeyAndCertificate } from "../pki/certificates.ts";
import type { ClusterKeys } from "../pki/cluster-keys.ts";
import { METRICS_GROUP, type MetricsApi } from "../metrics/metrics-api.ts";
import { kindInVersion } from "../schema/kind.ts";
import { allKinds } from "../schema/registry.ts";
import {
  badRequest,
  forbidden,
  methodNotAllowed,
  noSuchApi,
  notImplemented,
  pageNotFound,
  PlainError,
  type Status,
  StatusError,
  verbNotSupported,
} from "../store/status-error.ts";
import { type SubresourceApi, SUBRESOURCES_GROUP } from "../subresources/subresource-api.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { EVENTS_GROUP } from "../schema/event-versions.ts";
import { discover } from "./discovery.ts";
import { handleEviction } from "./eviction.ts";
import { handleGet } from "./get.ts";
import { handleList, requestFilter } from "./list.ts";
import { openApiDocument } from "./openapi.ts";
import { handlePatch } from "./patch.ts";
import { PodExec } from "./pod-exec.ts";
import { handlePodLog } from "./pod-log.ts";
import { addWarning, sendBytes, sendError, sendJson, sendText, statusOf } from "./reply.ts";
import { negotiate } from "./representation.ts";
import { readObjectBody } from "./request-body.ts";
import { type RequestInfo, readRequestInfo, type ResourceRequest } from "./request-info.ts";
import { handleScale } from "./scale.ts";
import { answerReview, isReview } from "./reviews.ts";
import { answerUploadTokenRequest, isUploadTokenRequest } from "../upload/upload-token-requests.ts";
import type { UploadTokens } from "../upload/upload-tokens.ts";
import { VERSION } from "./version.ts";
import { handleWatch } from "./watch.ts";
import { handleCreate, handleDelete, handleDeleteCollection, handleUpdate } from "./write.ts";

/** Subresources that a real cluster has and kube-sim does not. */
const UNSERVED = new Set([
  "pods/exec",
  "pods/attach",
  "pods/portforward",
  "pods/proxy",
  "pods/binding",
  "pods/ephemeralcontainers",
  "pods/resize",
  "services/proxy",
  "nodes/proxy",
]);

/** What a real cluster serves by APIService: KubeVirt's and CDI's own API servers, and metrics-server. */
export interface AggregatedApis {
  subresources: SubresourceApi;
  uploadTokens: UploadTokens;
  metrics: MetricsApi;
}

export class ApiServer {
  readonly #server: Server;
  readonly #authorityPem: string;
  readonly #context: ApiContext;
  readonly #subresources: SubresourceApi;
  readonly #uploadTokens: UploadTokens;
  readonly #metrics: MetricsApi;
  readonly #exec: PodExec;

  constructor(keys: ClusterKeys, context: ApiContext, aggregated: AggregatedApis) {
    this.#context = context;
    this.#subresources = aggregated.subresources;
    this.#uploadTokens = aggregated.uploadTokens;
    this.#metrics = aggregated.metrics;
    this.#exec = new PodExec(context);
    this.#authorityPem = keys.authority.certPem;
    this.#server = createServer(
      {
        key: keys.server.keyPem,
        cert: keys.server.certPem,
        ca: keys.authority.certPem,
        requestCert: true,
        rejectUnauthorized: false,
        keepAliveTimeout: 60_000,
        requestTimeout: 60_000,
        maxHeaderSize: 64 * 1024,
      },
      (request, response) => void this.#handle(request, response),
    );
    this.#server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      void this.#upgrade(request, socket, head);
    });
  }

  /** New connections are shown this certificate. */
  useCertificate({ keyPem, certPem }: KeyAndCertificate): void {
    this.#server.setSecureContext({ key: keyPem, cert: certPem, ca: this.#authorityPem });
  }

  /** Resolves with the port. */
  async listen(port: number, host: string): Promise<number> {
    return listenOn(this.#server, port, host);
  }

  async close(): Promise<void> {
    this.#exec.close();
    await closeServer(this.#server);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { faults } = this.#context;
      if (!(await faults.meet(request.method ?? "GET", request.url ?? "/", response))) return;
      const url = new URL(request.url ?? "/", "https://kube-sim");
      const info = readRequestInfo(request.method ?? "GET", url);
      const user = await this.#userOf(request);
      this.#authorize(user, info);
      if (info.kind === "path") this.#answerPath(request, response, url);
      else await this.#answerResource(request, response, url, info, user);
    } catch (error) {
      if (!(error instanceof StatusError) && !(error instanceof PlainError)) {
        this.#context.log("request failed", {
          url: request.url,
          error: String((error as Error).stack ?? error),
        }); // Errors have stacks
      }
      sendError(request, response, error);
    }
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    try {
      const url = new URL(request.url ?? "/", "https://kube-sim");
      const info = readRequestInfo(request.method ?? "GET", url);
      const user = await this.#userOf(request);
      this.#authorize(user, info);
      if (info.kind === "path") throw badRequest("kube-sim upgrades consoles and exec only");
      if (info.group === "" && info.resource === "pods" && info.subresource === "exec") {
        // as of 1.35 an upgrade needs what the same POST would need
        this.#authorize(user, { ...info, verb: "create" });
        if (request.headers.upgrade?.toLowerCase() !== "websocket")
          throw notImplemented(`pods/exec over ${request.headers.upgrade ?? ""}`);
        this.#exec.upgrade(request, socket, head, url, info);
        return;
      }
      if (info.group === "" && UNSERVED.has(`${info.resource}/${info.subresource}`))
        throw notImplemented(`${info.resource}/${info.subresource}`);
      if (info.group !== SUBRESOURCES_GROUP) throw badRequest("kube-sim upgrades consoles and exec only");
      await this.#subresources.upgrade(request, socket, head, url, info);
    } catch (error) {
      refuseUpgrade(socket, statusOf(error));
    }
  }

  /** Whom the request acts as. */
  async #userOf(request: IncomingMessage): Promise<User> {
    const { authenticator, authorizer, requests } = this.#context;
    let name = "";
    try {
      const signedIn = await authenticator.authenticate(request);
      const user = impersonatedUser(signedIn, request.headers, request.rawHeaders, authorizer);
      ({ name } = user);
      return user;
    } finally {
      requests.tell(request, name);
    }
  }

  #authorize(user: User, info: RequestInfo): void {
    if (info.kind === "path") {
      const decision = this.#context.authorizer.authorizePath(user, info);
      if (decision.allowed) return;
      throw new StatusError(
        403,
        "Forbidden",
        `forbidden: User "${user.name}" cannot ${info.verb} path "${info.path}"`,
        {},
      );
    }
    // The API server knows a subresource by its first segment only.
    const [subresource = ""] = info.subresource.split("/");
    const decision = this.#context.authorizer.authorize(user, { ...info, subresource });
    if (decision.allowed) return;
    const shown = subresource === "" ? info.resource : `${info.resource}/${subresource}`;
    const scope = info.namespace === "" ? "at the cluster scope" : `in the namespace "${info.namespace}"`;
    const because = decision.reason === "" ? "" : `: ${decision.reason}`;
    throw forbidden(
      info,
      info.name,
      `User "${user.name}" cannot ${info.verb} resource "${shown}" in API group "${info.group}" ${scope}${because}`,
    );
  }

  #answerPath(request: IncomingMessage, response: ServerResponse, url: URL): void {
    if (request.method !== "GET" && request.method !== "HEAD") throw methodNotAllowed();
    if (/^\/(healthz|livez|readyz)(\/.*)?$/.test(url.pathname)) {
      sendText(response, 200, "ok");
      return;
    }
    if (url.pathname === "/version" || url.pathname === "/version/") {
      sendJson(request, response, 200, VERSION);
      return;
    }
    const { serviceAccounts } = this.#context;
    if (url.pathname === "/.well-known/openid-configuration") {
      sendJson(request, response, 200, serviceAccounts.discovery);
      return;
    }
    if (url.pathname === "/openid/v1/jwks") {
      const bytes = Buffer.from(JSON.stringify(serviceAccounts.keySet));
      sendBytes(request, response, 200, bytes, "application/jwk-set+json");
      return;
    }
    const openApi = openApiDocument(this.#context.store.kinds, url.pathname, request.headers.accept);
    if (openApi !== undefined) {
      sendBytes(request, response, 200, openApi.bytes, openApi.contentType);
      return;
    }
    const found = discover(
      this.#context.store.kinds,
      url.pathname,
      request.headers.accept,
      request.headers.host ?? "",
      this.#context.faults.missingGroups,
    );
    if (found === undefined) throw noSuchApi();
    sendBytes(request, response, 200, Buffer.from(JSON.stringify(found.body)), found.contentType);
  }

  async #answerResource(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    info: ResourceRequest,
    user: User,
  ): Promise<void> {
    if (isReview(info)) {
      const answer = await answerReview(this.#context, info, user, await readObjectBody(request));
      if (answer === undefined) throw pageNotFound();
      sendJson(request, response, 201, answer);
      return;
    }
    if (info.group === SUBRESOURCES_GROUP) {
      if (!["v1", "v1alpha3"].includes(info.version)) throw pageNotFound();
      await this.#subresources.handle(request, response, url, info, user);
      return;
    }
    if (info.group === METRICS_GROUP) {
      sendJson(request, response, 200, this.#metrics.answer(info, url));
      return;
    }
    if (isUploadTokenRequest(info) && info.version === "v1beta1") {
      const body = await readObjectBody(request);
      sendJson(request, response, 200, await answerUploadTokenRequest(this.#uploadTokens, info, body));
      return;
    }
    // events.k8s.io is another door to the core group's events
    const isEvent = info.group === EVENTS_GROUP && info.resource === "events";
    const stored = this.#context.store.kinds.find(isEvent ? "" : info.group, info.resource);
    if (stored === undefined || !stored.versions.includes(info.version)) throw unknownResource(info);
    const kind = kindInVersion(stored, info.version);
    if (kind.deprecation !== undefined) addWarning(response, kind.deprecation);
    if (info.name === "" && (info.verb === "update" || info.verb === "patch"))
      throw kind.custom ? verbNotSupported(kind, info.verb) : methodNotAllowed();
    if (
      kind.namespaced &&
      info.namespace === "" &&
      !["list", "watch", "deletecollection"].includes(info.verb)
    ) {
      throw info.verb === "create" ? methodNotAllowed() : pageNotFound();
    }
    const call: ResourceCall = { request, response, url, info, kind, user };
    await this.#answerStored(call);
  }

  async #answerStored(call: ResourceCall): Promise<void> {
    const { info, kind } = call;
    const context = this.#context;
    if (
      info.subresource === "scale" &&
      kind.scale !== null &&
      ["get", "update", "patch"].includes(info.verb)
    ) {
      await handleScale(context, call);
      return;
    }
    if (kind.resource === "pods" && info.subresource === "eviction" && info.verb === "create") {
      await handleEviction(context, call);
      return;
    }
    if (kind.resource === "pods" && info.subresource === "log" && info.verb === "get") {
      handlePodLog(context, call);
      return;
    }
    if (UNSERVED.has(`${kind.resource}/${info.subresource}`))
      throw notImplemented(`${kind.resource}/${info.subresource}`);
    if (info.subresource !== "" && !(info.subresource === "status" && kind.statusSubresource))
      throw pageNotFound();
    // who can take no answer is told so before anything is written
    negotiate(call.request.headers.accept);
    switch (info.verb) {
      case "get":
        return handleGet(context, call);
      case "list":
        return handleList(context, call);
      case "watch":
        return handleWatch(context, call);
      case "create":
        return handleCreate(context, call);
      case "update":
        return handleUpdate(context, call);
      case "patch":
        return handlePatch(context, call);
      case "delete":
        return handleDelete(context, call);
      case "deletecollection":
        return handleDeleteCollection(context, call, requestFilter(call));
      default:
        throw methodNotAllowed();
    }
  }
}

/** Compiled-in groups have a handler of their own that answers with a Status. */
const unknownResource = ({ group, version }: ResourceRequest): Error =>
  allKinds.some((kind) => !kind.custom && kind.group === group && kind.versions.includes(version))
    ? pageNotFound()
    : noSuchApi();

function refuseUpgrade(socket: Duplex, status: Status): void {
  const body = JSON.stringify(status);
  const code = status.code ?? 500;
  socket.end(
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? "Error"}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
