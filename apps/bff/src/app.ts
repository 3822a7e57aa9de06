/** Composition: makes every part once, wires them, and hands out a server that is ready to listen. */
import compress from "@fastify/compress";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import Fastify, { LogController } from "fastify";
import type { FastifyInstance, FastifyReply, FastifyServerOptions } from "fastify";
import type { Logger } from "pino";
import { AccessService } from "./access/access-service.ts";
import { type Config, isLoopback } from "./config.ts";
import { HostDrains } from "./drains/host-drains.ts";
import { Callers } from "./identity/callers.ts";
import { OidcSignIn } from "./identity/oidc.ts";
import { ProviderLogouts } from "./identity/provider-logouts.ts";
import { SessionStore } from "./identity/session-store.ts";
import { Capabilities } from "./inventory/capabilities.ts";
import { Inventory } from "./inventory/inventory.ts";
import { openNouns } from "./inventory/nouns.ts";
import type { Clock } from "./kube/clock.ts";
import { ClusterEndpoint } from "./kube/cluster-endpoint.ts";
import { KubeClient } from "./kube/kube-client.ts";
import { openMetrics } from "./metrics.ts";
import { ApiProblem } from "./http/api-problem.ts";
import { answerHeaders } from "./http/answer-headers.ts";
import { limitBodyTime } from "./http/body-deadline.ts";
import { errorReply, problemOf } from "./http/error-mapping.ts";
import { limitPipelining } from "./http/pipelining.ts";
import type { LetGo } from "./http/reader-watch.ts";
import { countRequests } from "./http/requests-under-way.ts";
import { registerOidcRoutes } from "./routes/oidc-routes.ts";
import { registerProviderLogout } from "./routes/provider-logout-route.ts";
import { allOperations } from "./routes/all-operations.ts";
import { registerOperations } from "./routes/register-operations.ts";
import { registerOperationsRoutes } from "./routes/operations-routes.ts";
import { originRules, requireOriginForm, requireOwnHost } from "./http/request-guards.ts";
import { contentSecurityPolicy, registerWebFiles } from "./routes/web-files.ts";
import { sourceIpBehind } from "./http/source-ip.ts";
import { endStalledAnswers } from "./http/stalled-answers.ts";
import type { Services } from "./services.ts";
import { AuditStore } from "./store/audit-store.ts";
import { openDatabase } from "./store/database.ts";
import { LeaseStore } from "./store/lease-store.ts";
import { PreferenceStore } from "./store/preference-store.ts";
import { serverKey } from "./store/sealing.ts";
import { TicketStore } from "./store/ticket-store.ts";
import { MetricsSampler } from "./usage/metrics-sampler.ts";
import { PrometheusSource } from "./usage/prometheus-source.ts";
import { registerUpgrades } from "./upgrades.ts";
import { consoleVersion } from "./version.ts";

/** Connections at once; far above what people open, far below what file descriptors allow. */
const maxConnections = 10_000;
/** How long a server that goes still takes requests after its readiness turned off. */
const noticeMs = 2000;

export interface AppOptions {
  config: Config;
  log: Logger;
  clock: Clock;
  /** Tests check every reply against its schema. */
  checkReplies?: boolean;
}

export interface App {
  server: FastifyInstance;
  services: Services;
  /** One entry per route: what the generated access tests run over. */
  routes: { method: string; url: string; access: "public" | "session" }[];
  /** Readiness off, sockets told to go, everything closed. */
  drain(): Promise<void>;
}

export async function openServices(options: AppOptions, isDraining: () => boolean): Promise<Services> {
  const { config, log, clock } = options;
  const endpoint = ClusterEndpoint.load(config.kubeconfigFile, config.kubeContext, clock);
  const database = await openDatabase(config.databaseUrl, config.dataDir);
  const key = serverKey(config.sessionKey, config.dataDir);
  const service = new KubeClient(endpoint, () => ({ kind: "service" }));
  const named = new Set([
    ...config.projects,
    ...(endpoint.contextNamespace === "" ? [] : [endpoint.contextNamespace]),
  ]);
  const inventory = new Inventory(
    { client: service, clock, log: (message, fields) => log.debug(fields, message) },
    [...named],
  );
  const { feeds } = inventory;
  const audit = new AuditStore(database, endpoint.id, clock, (entry, lost) =>
    log.warn({ audit: entry, lost }, "audit entry kept in the log"),
  );
  const sessions = new SessionStore(database, key, clock, {
    idleMs: config.sessionIdleMs,
    maxMs: config.sessionMaxMs,
  });
  const drains = new HostDrains({
    feeds,
    clock,
    audit,
    sessionHolds: async (hash) => sessions.stillHolds(hash),
  });
  const nouns = openNouns(inventory, clock, endpoint.id, config.sharedImagesProject, (host) =>
    drains.isRunning(host),
  );
  drains.onChange((host) => nouns.hostIndex.touch(host));
  const access = new AccessService({
    clock,
    roleBindings: feeds.roleBindings.table,
    clusterRoleBindings: feeds.clusterRoleBindings.table,
    roles: feeds.roles.table,
    clusterRoles: feeds.clusterRoles.table,
    bindingsComplete: () => feeds.roleBindings.complete,
    knownProjects: () => [...feeds.projects.table.values()].map((project) => project.name),
    rbacVersion: () => inventory.rbacVersion(),
  });
  const oidc = config.oidc === null ? null : new OidcSignIn(config.oidc, database, key, clock);
  sessions.onEnd((hash) => drains.endOfSession(hash));
  return {
    config,
    clock,
    log,
    database,
    endpoint,
    service,
    inventory,
    nouns,
    drains,
    usage:
      config.prometheus === null
        ? new MetricsSampler(service, feeds, clock)
        : new PrometheusSource(config.prometheus, clock),
    capabilities: new Capabilities(service, inventory, config, clock),
    access,
    sessions,
    callers: new Callers({
      endpoint,
      service,
      access,
      sessions,
      leases: new LeaseStore(database, clock),
      oidc,
      actingMode: config.actingMode,
      clock,
    }),
    oidc,
    providerLogouts: new ProviderLogouts(database, sessions, clock),
    audit,
    preferences: new PreferenceStore(database, endpoint.id),
    tickets: new TicketStore(database, clock),
    origins: originRules(config),
    sourceIp: sourceIpBehind(config.trustedProxies),
    isDraining,
  };
}

function openServer(
  { config, log }: AppOptions,
  headersOf: (requestId: string) => Record<string, string>,
): FastifyInstance {
  const base: FastifyServerOptions = {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    requestIdHeader: false,
    genReqId: () => crypto.randomUUID(),
    requestTimeout: 0,
    bodyLimit: 2 * 1024 * 1024,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 300, caseSensitive: true },
    // a path that cannot be read, or with a name longer than any: no route's hooks see it
    frameworkErrors: (error, request, reply) => {
      const unreadable = error.code === "FST_ERR_BAD_URL";
      const problem = new ApiProblem(unreadable ? "bad-request" : "not-found", {}, error);
      const { status, body } = errorReply(problem, request.id);
      const answer = reply as unknown as FastifyReply; // its type waits for the schema of a route, and there is none
      void answer.code(status).headers(headersOf(request.id)).header("cache-control", "no-store").send(body);
    },
    forceCloseConnections: true,
  };
  const tls = config.tls === null ? {} : { https: { cert: config.tls.certPem, key: config.tls.keyPem } };
  const server: FastifyInstance = Fastify({ ...base, ...tls });
  server.server.maxConnections = maxConnections;
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => JSON.stringify);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch (error) {
      done(new ApiProblem("bad-request", {}, error), undefined);
    }
  });
  server.addContentTypeParser("application/octet-stream", (_request, _payload, done) => done(null));
  return server;
}

/** Collects every route with who may call it; one that does not say it throws while the server is made. */
export function requireDeclaredAccess(server: FastifyInstance, routes: App["routes"]): void {
  server.addHook("onRoute", (route) => {
    const access = route.config?.access;
    if (access === undefined)
      throw new Error(`The route ${String(route.method)} ${route.url} does not say who may call it`);
    for (const method of [route.method].flat()) routes.push({ method, url: route.url, access });
  });
}

const isApi = (path: string | undefined): boolean => path?.startsWith("/api/") === true;

export async function buildApp(options: AppOptions): Promise<App> {
  const { config, log, clock } = options;
  let draining = false;
  const services = await openServices(options, () => draining);
  const metrics = openMetrics();
  const formTargets = config.oidc === null ? [] : [new URL(config.oidc.issuer).origin];
  const headersOf = answerHeaders(config, contentSecurityPolicy(null, formTargets));
  const server = openServer(options, headersOf);
  const routes: App["routes"] = [];

  requireDeclaredAccess(server, routes);
  limitPipelining(server);
  const underWay = countRequests(server);
  const onLetGo: LetGo = (kind, why) => {
    metrics.letGo.inc({ kind, why });
    log.info({ kind, why }, "a client was let go of");
  };
  endStalledAnswers(server, onLetGo);
  server.addHook("onRequest", async (request, reply) => {
    limitBodyTime(request);
    reply.headers(headersOf(request.id));
    requireOriginForm(request.url);
    // by the route that answers, however its path was spelt: `/%61pi/vms` is `/api/vms`, too
    if (isApi(request.routeOptions.url) || isApi(request.url)) {
      reply.header("cache-control", "no-store");
      requireOwnHost(services.origins, request.headers);
    }
  });
  server.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    metrics.requestSeconds.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
    request.log.info(
      {
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ip: request.ip,
      },
      "request",
    );
  });
  server.setErrorHandler(async (error, request, reply) => {
    const problem = problemOf(error);
    if (problem.code === "internal") request.log.error({ err: error }, "unexpected failure");
    const { status, body } = errorReply(problem, request.id);
    if (problem.details.retryAfterSeconds !== undefined)
      reply.header("retry-after", String(Math.ceil(problem.details.retryAfterSeconds)));
    return reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(body));
  });
  server.setNotFoundHandler(async (request, reply) => {
    const { status, body } = errorReply(new ApiProblem("not-found"), request.id);
    return reply.code(status).send(body);
  });

  await server.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, context) =>
      new ApiProblem("rate-limited", {
        reason: { code: "too-many-tries", params: { seconds: Math.ceil(context.ttl / 1000) } },
        retryAfterSeconds: context.ttl / 1000,
      }),
  });
  await server.register(compress, {
    global: true,
    // what is sent to us is read as it came: nothing unfolds behind its content type and its limit of bytes
    globalDecompression: false,
    threshold: 1024,
    encodings: ["gzip"],
    zlibOptions: { level: 4 },
  });
  await server.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: "KubeV Console", version: consoleVersion } },
    hideUntagged: false,
  });

  registerOperations(server, allOperations(services), services, {
    checkReplies: options.checkReplies ?? false,
  });
  registerOidcRoutes(server, services);
  registerProviderLogout(server, services, (outcome) => metrics.providerLogouts.inc({ outcome }));
  registerOperationsRoutes(server, services, metrics.registry);
  registerWebFiles(server, config.webDir, formTargets);
  const upgrades = registerUpgrades(server, services, onLetGo);

  metrics.gauge(
    "kubev_access_reviews_sent",
    "Access reviews sent to the cluster",
    () => services.access.reviews,
  );
  metrics.gauge("kubev_audit_rows_waiting", "Audit rows that only the log has", () => services.audit.waiting);
  metrics.gauge("kubev_live_sockets", "Open live sockets", () => upgrades.liveCount());
  metrics.gauge("kubev_live_buffered_bytes", "Bytes that wait for tabs to read them", () =>
    upgrades.liveBufferedBytes(),
  );
  metrics.gauge("kubev_console_sockets", "Open console sockets", () => upgrades.consoleCount());

  metrics.gauge("kubev_log_buffered_bytes", "Bytes of logs that wait for tabs to read them", () =>
    upgrades.logBufferedBytes(),
  );

  services.inventory.start();
  services.usage.start();
  await server.ready();

  let closing: Promise<void> | null = null;
  const close = async () => {
    draining = true;
    const graceEndsMs = clock.monotonicMs() + config.drainGraceMs;
    // whoever shares the load between replicas has to see first that this one is no longer ready
    const shared = config.trustedProxies.length > 0 || !isLoopback(config.host);
    if (shared) await clock.sleep(Math.min(noticeMs, config.drainGraceMs));
    await upgrades.drain(config.drainGraceMs);
    while (underWay.count > 0 && clock.monotonicMs() < graceEndsMs) await clock.sleep(50);
    await server.close();
    await services.drains.close();
    await services.usage.stop();
    await services.inventory.stop();
    services.access.stop();
    await services.endpoint.close();
    await services.audit.close();
    await services.database.destroy();
    log.info({ at: clock.nowMs() }, "stopped");
  };
  return { server, services, routes, drain: async () => (closing ??= close()) };
}
