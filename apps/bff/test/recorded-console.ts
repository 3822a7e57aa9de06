/** A console that acts for others, by impersonation unless asked for otherwise, with a recorder in front of its cluster and a project that has one of each. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { type ConsoleUnderTest, startConsole, until } from "./console-under-test.ts";
import type { ShiftedClock } from "./shifted-clock.ts";
import { startUpstreamRecorder, type UpstreamRecorder } from "./upstream-recorder.ts";

/** Bob may edit here. */
export const project = "lab";
/** Bob has nothing here. */
export const foreignProject = "vault";
/** The value of the foreign project's secret, in base64 as the cluster stores it. */
export const foreignValue = Buffer.from("canary-of-the-vault").toString("base64");
export const machine = "screen";
export const pod = "shelled";
export const settings = "settings";

export interface RecordedConsole {
  cut: ConsoleUnderTest;
  sim: KubeSim;
  recorder: UpstreamRecorder;
  /** Of the console's own account. */
  serviceToken: string;
  close: () => Promise<void>;
}

const rbac = "rbac.authorization.k8s.io";

const objects = [
  ...[project, foreignProject].flatMap((name) => [
    { apiVersion: "v1", kind: "Namespace", metadata: { name }, status: { phase: "Active" } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: settings, namespace: name }, data: { a: "b" } },
  ]),
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: settings, namespace: foreignProject },
    type: "Opaque",
    data: { a: foreignValue },
  },
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "console", namespace: "default" } },
  {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name: "console" },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", name: "console", namespace: "default" }],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata: { name: "bob", namespace: project },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "admin" },
    subjects: [{ kind: "User", name: "bob", apiGroup: rbac }],
  },
  {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    metadata: { name: machine, namespace: project },
    spec: {
      runStrategy: "Always",
      template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] } },
    },
  },
  {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: pod, namespace: project },
    spec: {
      containers: [{ name: "web", image: "x", resources: { requests: { cpu: "1m", memory: "1Mi" } } }],
    },
  },
];

export async function startRecordedConsole(
  options: { clock?: ShiftedClock; mode?: "impersonate" | "passthrough" } = {},
): Promise<RecordedConsole> {
  const sim = await startKubeSim({ dataDir: null, scenario: "empty", machines: "stand-in" });
  sim.seed(objects);
  const recorder = await startUpstreamRecorder(sim);
  const own = await sim.serviceAccountKubeconfig("default", "console");
  const folder = mkdtempSync(join(tmpdir(), "kubev-recorded-"));
  const kubeconfigFile = join(folder, "config");
  writeFileSync(kubeconfigFile, recorder.kubeconfig(own));
  const cut = await startConsole({
    sim,
    kubeconfigFile,
    env: {
      ACTING_MODE: options.mode ?? "impersonate",
      UPLOAD_PROXY_URL: `https://${recorder.authority}`,
      UPLOAD_PROXY_CA_FILE: join(dirname(sim.kubeconfigPath), "pki", "ca.crt"),
    },
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  await until(
    () => cut.app.services.inventory.feeds.instances.table.get(project, machine)?.phase === "Running",
  );
  const { list } = cut.app.services.nouns.catalogue.pod;
  await until(() => [...list.index.values()].some(({ key }) => key === `${project}/${pod}`));
  return {
    cut,
    sim,
    recorder,
    serviceToken: /token: "?([^"\s]+)/.exec(own)?.[1] ?? "",
    close: async () => {
      await cut.close();
      await recorder.close();
      await sim.close();
      rmSync(folder, { recursive: true });
    },
  };
}
