/** A project that holds much of everything, under names as long as the cluster takes them: what breaks a layout. */
import { makeAt, makeObject, pathOf, changeObject } from "../tests/cluster-objects.ts";
import type { PageState } from "../tests/pages.ts";

/** `word` with as much behind it as a name of 63 characters takes. */
const long = (word: string): string =>
  `${word}-${"of-the-customer-database-migration-rehearsal-in-frankfurt-am-main".slice(0, 62 - word.length)}`.replace(
    /-$/,
    "x",
  );
const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, at) => long(`${word}-${String(at + 1).padStart(3, "0")}`));

const project = long("project");
const base = `/projects/${project}`;
const machine = long("vm-001");
const description =
  "Straßenverkehrszulassungsordnungsdatenbankmigrationsgeneralprobe in Frankfurt am Main; 客户数据库迁移演练，由平台团队与应用团队共同负责。";
const annotations = { "console.kubev.io/description": description };
const labels = Object.fromEntries(
  numbered("label", 12).map((key, at) => [`example.com/${key}`, long(`value-${at}`)]),
);
const moments = Array.from({ length: 14 }, (_, at) => ({
  type: `ConditionThatSomeOperatorReports${at}`,
  status: at % 3 === 0 ? "False" : "True",
  reason: "TheCustomerDatabaseMigrationRehearsalIsNotFinished",
  message: `${description} Attempt ${at} of 14.`,
  lastTransitionTime: "2026-01-01T00:00:00Z",
}));

const machineSpec = (disks: number) => ({
  runStrategy: "Halted",
  template: {
    metadata: { labels: { app: "rehearsal" } },
    spec: {
      domain: {
        cpu: { cores: 2 },
        memory: { guest: "4Gi" },
        devices: {
          disks: Array.from({ length: disks }, (_, at) => ({ name: `disk-${at}`, disk: { bus: "virtio" } })),
          interfaces: [{ name: "default", bridge: {} }],
        },
      },
      networks: [{ name: "default", pod: {} }],
      volumes: Array.from({ length: disks }, (_, at) => ({
        name: `disk-${at}`,
        persistentVolumeClaim: { claimName: long(`disk-${String(at + 1).padStart(3, "0")}`) },
      })),
    },
  },
});

/** Makes all of it; throws where the cluster refuses one. */
export async function makeFullProject(): Promise<void> {
  await makeAt("/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: project,
      labels: { "console.kubev.io/project": "true", ...labels },
      annotations: { ...annotations, "console.kubev.io/display-name": description.slice(0, 63) },
    },
  });
  for (const name of numbered("disk", 60))
    await makeAt(`/api/v1/namespaces/${project}/persistentvolumeclaims`, {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, namespace: project, annotations },
      spec: {
        accessModes: ["ReadWriteMany"],
        storageClassName: "fast-block",
        volumeMode: "Block",
        resources: { requests: { storage: "10Gi" } },
      },
    });
  for (const [at, name] of numbered("vm", 60).entries())
    await makeAt(`/apis/kubevirt.io/v1/namespaces/${project}/virtualmachines`, {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name, namespace: project, annotations, ...(at === 0 ? { labels } : {}) },
      spec: machineSpec(at === 0 ? 14 : 1),
    });
  for (const name of numbered("config", 240))
    await makeObject("config-map", project, name, {
      data: Object.fromEntries(numbered("key", 20).map((key) => [key, description])),
    });
  await makeObject("service", project, long("service"), {
    spec: {
      type: "LoadBalancer",
      selector: { app: "rehearsal" },
      ports: Array.from({ length: 30 }, (_, at) => ({
        name: `port-${at}`,
        port: 8000 + at,
        targetPort: 9000 + at,
      })),
    },
  });
  await makeObject("network-policy", project, long("policy"), {
    spec: {
      podSelector: { matchLabels: { app: "rehearsal" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: Array.from({ length: 20 }, (_, at) => ({
        from: [{ ipBlock: { cidr: `10.${at}.0.0/16`, except: [`10.${at}.9.0/24`] } }],
        ports: [{ protocol: "TCP", port: 5000 + at }],
      })),
    },
  });
  await makeObject("deployment", project, long("deployment"), {
    spec: {
      replicas: 24,
      selector: { matchLabels: { app: "many" } },
      template: {
        metadata: { labels: { app: "many" } },
        spec: { containers: [{ name: "web", image: `registry.example.com/${long("image")}:1` }] },
      },
    },
    status: { conditions: moments },
  });
  await makeObject("vpc", project, long("vpc"), {
    spec: {
      namespaces: [project],
      staticRoutes: Array.from({ length: 24 }, (_, at) => ({
        cidr: `fd00:10:${at}::/64`,
        nextHopIP: "fd00:20:300:4000:5000:6000:7000:8000",
        policy: "policyDst",
      })),
    },
  });
  await makeObject("subnet", project, long("subnet"), {
    spec: {
      vpc: long("vpc"),
      protocol: "Dual",
      cidrBlock: "10.222.0.0/16,fd00:10:222:4000::/64",
      gateway: "10.222.0.1,fd00:10:222:4000::1",
      excludeIps: Array.from({ length: 20 }, (_, at) => `10.222.${at}.1..10.222.${at}.40`),
      namespaces: [project],
    },
  });
  await makeObject("security-group", project, long("group"), {
    spec: {
      allowSameGroupTraffic: true,
      ingressRules: Array.from({ length: 30 }, (_, at) => ({
        ipVersion: "ipv4",
        protocol: "tcp",
        priority: at + 1,
        remoteType: "address",
        remoteAddress: `10.${at}.0.0/16`,
        portRangeMin: 1000 + at,
        portRangeMax: 2000 + at,
        policy: "allow",
      })),
    },
  });
  await changeObject(pathOf("deployment", project, long("deployment")), {
    metadata: { labels, annotations },
  });
}

const user = "operator";
export const fullPages: readonly PageState[] = [
  { name: "full-projects", user, path: "/projects", done: /^project-of/ },
  { name: "full-project", user, path: base, done: "Under way" },
  { name: "full-vms", user, path: `${base}/vms`, done: machine },
  { name: "full-vm", user, path: `${base}/vms/${machine}`, done: /Straßenverkehr/ },
  { name: "full-vm-disks", user, path: `${base}/vms/${machine}/disks`, done: /disk-014/ },
  { name: "full-vm-network", user, path: `${base}/vms/${machine}/network`, done: "default" },
  { name: "full-vm-dependencies", user, path: `${base}/vms/${machine}/dependencies`, done: /disk-014/ },
  { name: "full-vm-settings", user, path: `${base}/vms/${machine}/settings`, done: "Boot order" },
  { name: "full-disks", user, path: `${base}/disks`, done: long("disk-001") },
  { name: "full-disk", user, path: `${base}/disks/${long("disk-001")}`, done: machine },
  { name: "full-config-maps", user, path: `${base}/config-maps`, done: long("config-001") },
  { name: "full-config-map", user, path: `${base}/config-maps/${long("config-001")}`, done: long("key-001") },
  { name: "full-pods", user, path: `${base}/pods`, done: /^deployment-of/ },
  { name: "full-deployment", user, path: `${base}/deployments/${long("deployment")}`, done: "Labels" },
  { name: "full-service", user, path: `${base}/services/${long("service")}`, done: "Labels" },
  {
    name: "full-network-policy",
    user,
    path: `${base}/network-policies/${long("policy")}`,
    done: "Labels",
  },
  { name: "full-networks", user, path: `${base}/networks`, done: long("subnet") },
  { name: "full-subnet", user, path: `/platform/subnets/${long("subnet")}`, done: "Labels" },
  { name: "full-vpc", user, path: `/platform/vpcs/${long("vpc")}`, done: long("subnet") },
  { name: "full-edit-vpc", user, path: `/platform/vpcs/${long("vpc")}/edit`, done: "Peerings" },
  { name: "full-security-group", user, path: `/platform/security-groups/${long("group")}`, done: "Labels" },
  { name: "full-topology", user, path: `${base}/topology`, done: long("subnet") },
];
