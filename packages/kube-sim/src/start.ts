/** The one entry of kube-sim: starts a cluster in this process and tells how to reach it. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Admission } from "./admission/admission.ts";
import { admitWrite } from "./admission/controller-writes.ts";
import { BuiltinRule } from "./admission/builtin-rule.ts";
import { CoreRules } from "./admission/core-rules.ts";
import { DataVolumeRule } from "./admission/data-volume-rule.ts";
import { NamespaceDefaults } from "./admission/namespace-defaults.ts";
import { ObjectNames } from "./admission/object-names.ts";
import { EventRule } from "./admission/event-rule.ts";
import { LimitRangeRule } from "./admission/limit-range-rule.ts";
import { PodRule } from "./admission/pod-rule.ts";
import { QuotaRule } from "./admission/quota-rule.ts";
import { WorkloadDefaults } from "./admission/workload-defaults.ts";
import { WorkloadRule } from "./admission/workload-rule.ts";
import { SchemaRule } from "./admission/schema-rule.ts";
import { ExportRule } from "./admission/vm/export-rule.ts";
import { CloneObjectRule } from "./admission/vm/clone-object-rule.ts";
import { MachineSetsRule } from "./admission/vm/machine-sets-rule.ts";
import { RestoreRule } from "./admission/vm/restore-rule.ts";
import { SnapshotRule } from "./admission/vm/snapshot-rule.ts";
import { VmCloneRule } from "./admission/vm/clone-rule.ts";
import { GuestSizeRule } from "./admission/vm/guest-size-rule.ts";
import { VmAdmission, VmDefaults } from "./admission/vm/vm-admission.ts";
import type { ApiContext } from "./api/api-context.ts";
import { ListPages } from "./api/list-pages.ts";
import { RequestLog, type SeenRequest } from "./api/request-log.ts";
export type { SeenRequest } from "./api/request-log.ts";
import { ApiServer } from "./api/server.ts";
import { Authenticator } from "./auth/authenticator.ts";
import { openDemoUsers } from "./auth/demo-users.ts";
import { ServiceAccountTokens, TOKEN_ISSUER } from "./auth/service-account-tokens.ts";
import { systemClock } from "./clock.ts";
import { startControllers } from "./controllers/start-controllers.ts";
import type { MachineKind } from "./machines/machine.ts";
import { ClusterUsage } from "./metrics/cluster-usage.ts";
import { MetricsApi } from "./metrics/metrics-api.ts";
import { MetricsEndpoint } from "./metrics/metrics-endpoint.ts";
import { PrometheusText } from "./metrics/prometheus-text.ts";
import { openDiskImages } from "./machines/open-disk-images.ts";
import { hostSize } from "./machines/guest-limits.ts";
import { openMachineHost } from "./machines/open-machine-host.ts";
import { ExportProxy } from "./exports/export-proxy.ts";
import { type RunningIssuer, startIssuer } from "./oidc/issuer.ts";
import { openClusterKeys } from "./pki/cluster-keys.ts";
import { kubeconfigText } from "./pki/kubeconfig.ts";
import { Authorizer } from "./rbac/authorizer.ts";
import { RoleAggregation } from "./rbac/role-aggregation.ts";
import { RememberedPorts } from "./remembered-port.ts";
import { scenarioFaults } from "./scenarios/scenario-faults.ts";
import { type ScenarioName, scenarioObjects } from "./scenarios/scenario-objects.ts";
import { openAdminSocket } from "./faults/admin-socket.ts";
import type { Fault } from "./faults/fault.ts";
import { Faults } from "./faults/faults.ts";
import { definitionObjects } from "./schema/definition-objects.ts";
import { systemObjects } from "./seed-objects.ts";
import { DurableObjects } from "./store/durable-objects.ts";
import { manifestObjects } from "./manifests.ts";
import { GarbageCollector } from "./store/garbage-collector.ts";
import type { NewObject } from "./store/kube-object.ts";
import { DefinitionController } from "./custom-resources/definition-controller.ts";
import { DefinitionRule } from "./custom-resources/definition-rule.ts";
import { KubeStore } from "./store/kube-store.ts";
import { NamespaceLifecycle } from "./store/namespace-lifecycle.ts";
import { SubresourceApi } from "./subresources/subresource-api.ts";
import { publishUploadProxy } from "./upload/cdi-config.ts";
import { UploadProxy } from "./upload/upload-proxy.ts";
import { UploadTokens } from "./upload/upload-tokens.ts";

export interface KubeSimOptions {
  /** Where state, disks, keys and the kubeconfig live; null keeps everything in a temporary folder that close() removes. */
  dataDir: string | null;
  /** 0 picks a free port. */
  port?: number;
  /** Address to listen on; 127.0.0.1 unless said otherwise. */
  host?: string;
  scenario?: ScenarioName;
  /** `auto` takes QEMU where it is installed. */
  machines?: "auto" | "qemu" | "stand-in";
  /** Gives guests a way out; off by default. */
  guestInternet?: boolean;
  /** Lets CDI import over plain HTTP from loopback; off by default: whoever makes disks could read this machine's services. */
  importsFromLoopback?: boolean;
  /** The demo's identity provider (plain HTTP on loopback); absent leaves it out. */
  oidc?: { port?: number; redirectUris: string[]; logoutUri?: string };
  /** How long virt-controller takes to notice a change; absent is no time. */
  virtControllerPaceMs?: number;
  /** False leaves every object as it is stored: nothing is scheduled, started or bound. For benches and fixtures. */
  controllers?: boolean;
  /** What goes wrong from the start, beside what the scenario says. */
  faults?: Fault[];
  /** A Unix socket at which faults are switched while it runs. */
  adminSocket?: string;
  /** YAML files whose objects a fresh cluster holds besides its scenario, e.g. the console's own RBAC. */
  manifests?: string[];
  log?: (message: string, fields?: Record<string, unknown>) => void;
}

export interface DemoUser {
  name: string;
  password: string;
  groups: string[];
  /** A bearer token that the API server accepts for this user. */
  token: string;
}

export interface KubeSim {
  /** https://127.0.0.1:PORT */
  url: string;
  caPem: string;
  /** Cluster-admin kubeconfig. */
  kubeconfigPath: string;
  /** kubeconfig text for one demo user. */
  kubeconfigFor(userName: string): string;
  /** kubeconfig text for a service account, with a token of one year. */
  serviceAccountKubeconfig(namespace: string, name: string): Promise<string>;
  users: DemoUser[];
  /** From now on the user's token is one of somebody in these groups. */
  setGroups(userName: string, groups: readonly string[]): void;
  oidc: Pick<RunningIssuer, "issuer" | "clientId" | "clientSecret" | "signOut"> | null;
  machines: MachineKind;
  /** What a Prometheus scrapes, with `honor_labels`. */
  metricsUrl: string;
  /** Stores objects as they are, status included: fixtures for tests and benches. */
  seed(objects: NewObject[]): void;
  /** Tells every request that the API server gets; what it returns ends that. */
  onRequest(listener: (request: SeenRequest) => void): () => void;
  /** What goes wrong on purpose: bad answers, delays, cut watches, forgotten versions. */
  faults: Faults;
  close(): Promise<void>;
}

const SERVICE_ACCOUNT_TOKEN_SECONDS = 365 * 24 * 3600;

/** How long guests get to shut down when the cluster closes. */
const GUEST_GRACE_MS = 5_000;

export async function startKubeSim(options: KubeSimOptions): Promise<KubeSim> {
  const log = options.log ?? (() => {});
  const temporary = options.dataDir === null;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "kube-sim-"));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const failed = (what: string) => (error: unknown) =>
    log(`${what} failed`, { error: error instanceof Error ? error.stack : String(error) });
  const clock = systemClock(failed("a timer"));
  const now = (): number => clock.now();
  const host = options.host ?? "127.0.0.1";
  const loopback = host === "127.0.0.1" || host === "localhost" || host === "0.0.0.0" || host === "::";
  const keys = await openClusterKeys(dataDir, loopback ? [] : [host], clock.now());
  const durable = new DurableObjects(join(dataDir, "objects.sqlite"));
  const store = new KubeStore({
    durable,
    now,
    random: Math.random,
    onListenerError: failed("a listener"),
  });
  const images = await openDiskImages({ dir: join(dataDir, "disks"), log });
  const machines = await openMachineHost({
    mode: options.machines ?? "auto",
    runDir: join(dataDir, "run"),
    guestInternet: options.guestInternet ?? false,
    log,
  });
  const fresh = store.version <= 1;
  if (fresh) {
    // In one transaction: a start that is cut short leaves nothing, and the next one begins anew.
    store.seed([
      ...systemObjects(),
      ...definitionObjects(store.timestamp()),
      ...scenarioObjects(options.scenario ?? "empty", store.timestamp()),
      ...(options.manifests ?? []).flatMap(manifestObjects),
    ]);
  } else {
    // a console that was updated needs other rights than the one that this cluster was made with
    store.apply((options.manifests ?? []).flatMap(manifestObjects), { fieldManager: "kubectl" });
  }
  const definitions = new DefinitionController(store);
  const aggregation = new RoleAggregation(store);
  const garbage = new GarbageCollector(store);
  const namespaces = new NamespaceLifecycle(store, keys.authority.certPem);
  const serviceAccounts = new ServiceAccountTokens(keys.serviceAccountKeyPem, store);
  const authenticator = new Authenticator(serviceAccounts);
  const users: DemoUser[] = openDemoUsers(dataDir);
  for (const user of users) {
    authenticator.addStaticToken(user.token, { name: user.name, groups: user.groups, extra: {} });
  }
  const ports = new RememberedPorts(dataDir);
  const issuer = await openIssuer(options, dataDir, ports, users, log, now);
  if (issuer !== null) authenticator.addChecker((token) => issuer.check(token));
  const authorizer = new Authorizer(store);
  const pages = new ListPages(store, now);
  const faults = new Faults({
    forget: () => {
      store.compact();
      pages.expireAll();
    },
    expireCertificate: (expired) => server.useCertificate(expired ? keys.expiredServer : keys.server),
  });
  for (const fault of [...scenarioFaults(options.scenario ?? "empty"), ...(options.faults ?? [])])
    faults.put(fault);
  const context: ApiContext = {
    store,
    authorizer,
    authenticator,
    serviceAccounts,
    admission: new Admission([
      new NamespaceDefaults(),
      new ObjectNames(store),
      new DefinitionRule(store),
      new WorkloadDefaults(),
      new WorkloadRule(),
      new BuiltinRule(),
      new VmDefaults(store),
      new SchemaRule(),
      new VmAdmission(store),
      new GuestSizeRule(machines.kind === "stand-in" ? null : hostSize()),
      new VmCloneRule(store, authorizer),
      new MachineSetsRule(store),
      new ExportRule(),
      new SnapshotRule(),
      new RestoreRule(store),
      new CloneObjectRule(),
      new DataVolumeRule(store, authorizer),
      new CoreRules(store, authorizer),
      new PodRule(store),
      new EventRule(),
      new LimitRangeRule(store),
      new QuotaRule(store),
    ]),
    pages,
    faults,
    requests: new RequestLog(),
    now,
    log,
  };
  const subresources = new SubresourceApi({
    store,
    machines,
    admission: context.admission,
    authorizer: context.authorizer,
    now,
    log,
  });
  const uploadTokens = new UploadTokens(keys.tokenSecret, now);
  const usage = new ClusterUsage(store, now);
  const metrics = new MetricsApi(usage);
  const server = new ApiServer(keys, context, { subresources, uploadTokens, metrics });
  const metricsEndpoint = new MetricsEndpoint(new PrometheusText(usage, store, machines), log);
  const metricsPort = await metricsEndpoint.listen(await ports.choose("metrics", undefined, "127.0.0.1"));
  ports.remember("metrics", metricsPort);
  const uploadProxy = new UploadProxy({ keys, store, images, tokens: uploadTokens, now, log });
  const uploadPort = await uploadProxy.listen(await ports.choose("upload", undefined, host), host);
  ports.remember("upload", uploadPort);
  const exportProxy = new ExportProxy({ keys, store, images, log });
  const exportPort = await exportProxy.listen(await ports.choose("export", undefined, host), host);
  ports.remember("export", exportPort);
  const port = await server.listen(await ports.choose("api", options.port, host), host);
  ports.remember("api", port);
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const url = `https://${reachable}:${port}`;
  const uploadProxyUrl = `https://${reachable}:${uploadPort}`;
  publishUploadProxy(store, uploadProxyUrl, keys.authority.certPem);
  const simulated = options.controllers ?? options.scenario !== "ten-thousand-vms";
  const controllers = !simulated
    ? null
    : startControllers({
        store,
        machines,
        images,
        clock,
        random: Math.random,
        log,
        seedDir: join(dataDir, "seeds"),
        admit: (object, old) => admitWrite(context.admission, store, object, old),
        uploadProxyUrl,
        uploadProxyCa: keys.authority.certPem,
        exportDoor: { host: `${reachable}:${exportPort}`, caPem: keys.authority.certPem },
        importsFromLoopback: options.importsFromLoopback ?? false,
        virtControllerPaceMs: options.virtControllerPaceMs ?? 0,
      });
  const admin =
    options.adminSocket === undefined ? undefined : await openAdminSocket(options.adminSocket, faults);
  const kubeconfigPath = join(dataDir, "kubeconfig");
  writeFileSync(
    kubeconfigPath,
    kubeconfigText(url, keys.authority.certPem, { name: "kubernetes-admin", credential: keys.admin }),
    { mode: 0o600 },
  );
  chmodSync(kubeconfigPath, 0o600);
  return {
    url,
    caPem: keys.authority.certPem,
    kubeconfigPath,
    kubeconfigFor: (userName) => {
      const user = users.find(({ name }) => name === userName);
      if (user === undefined) throw new Error(`kube-sim has no demo user ${userName}`);
      return kubeconfigText(url, keys.authority.certPem, {
        name: user.name,
        credential: { token: user.token },
      });
    },
    serviceAccountKubeconfig: async (namespace, name) => {
      const account = store.get({ group: "", resource: "serviceaccounts", namespace, name });
      if (account === undefined) throw new Error(`kube-sim has no service account ${namespace}/${name}`);
      const subject = { namespace, name, uid: account.metadata.uid };
      const token = await serviceAccounts.mint(subject, [TOKEN_ISSUER], SERVICE_ACCOUNT_TOKEN_SECONDS);
      return kubeconfigText(url, keys.authority.certPem, { name, credential: { token } });
    },
    users,
    setGroups: (userName, groups) => {
      const user = users.find(({ name }) => name === userName);
      if (user === undefined) throw new Error(`kube-sim has no demo user ${userName}`);
      authenticator.addStaticToken(user.token, { name: user.name, groups, extra: {} });
    },
    oidc: issuer,
    machines: machines.kind,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    seed: (objects) => store.seed(objects),
    onRequest: (listener) => context.requests.onRequest(listener),
    faults,
    close: async () => {
      await admin?.close();
      subresources.close();
      await uploadProxy.close();
      await exportProxy.close();
      await metricsEndpoint.close();
      await server.close();
      await issuer?.close();
      await controllers?.close();
      await machines.close(GUEST_GRACE_MS);
      namespaces.close();
      definitions.close();
      garbage.close();
      aggregation.close();
      durable.close();
      if (temporary) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const DEMO_DESCRIPTIONS: Record<string, string> = {
  operator: "runs the platform",
  alice: "administers two projects",
  bob: "edits one project",
  viewer: "looks at one project",
};

async function openIssuer(
  options: KubeSimOptions,
  dataDir: string,
  ports: RememberedPorts,
  users: DemoUser[],
  log: NonNullable<KubeSimOptions["log"]>,
  now: () => number,
): Promise<RunningIssuer | null> {
  if (options.oidc === undefined) return null;
  const host = "127.0.0.1";
  const issuer = await startIssuer({
    dataDir,
    host,
    port: await ports.choose("oidc", options.oidc.port, host),
    redirectUris: options.oidc.redirectUris,
    logoutUri: options.oidc.logoutUri,
    users: users.map((user) => ({ ...user, description: DEMO_DESCRIPTIONS[user.name] ?? "" })),
    now,
    log,
  });
  ports.remember("oidc", issuer.port);
  return issuer;
}
