/** The demo: four projects, about forty machines in every state that a user meets, on six hosts of three kinds. */
import type { NewObject } from "../store/kube-object.ts";
import { demoDiskObjects, demoImageObjects } from "./demo-disk.ts";
import { demoMachineObjects } from "./demo-machine.ts";
import { demoMachines } from "./demo-machines.ts";
import { type Host, hostAddress, hostKinds, hostObjects } from "./hosts.ts";
import { projectTypeObjects } from "./instance-types.ts";
import { systemWorkloadObjects } from "./system-workloads.ts";
import { demoNetworks } from "./demo-networks.ts";
import { clusterObject, namespacedObject } from "./scenario-object.ts";

const hosts: Host[] = [
  { name: "host-1", kind: hostKinds.general, zone: "rack-a" },
  { name: "host-2", kind: hostKinds.general, zone: "rack-b" },
  { name: "host-3", kind: hostKinds.memory, zone: "rack-a" },
  { name: "host-4", kind: hostKinds.memory, zone: "rack-b" },
  { name: "host-5", kind: hostKinds.gpu, zone: "rack-a" },
  { name: "host-6", kind: hostKinds.gpu, zone: "rack-b", cordoned: true },
];

interface Project {
  name: string;
  displayName: string;
  description: string;
  quota: Record<string, string>;
  members: { role: string; users: string[] }[];
}

const projects: Project[] = [
  {
    name: "web-shop",
    displayName: "Web shop",
    description: "The shop that customers see: front ends, database, search.",
    quota: {
      "requests.cpu": "16",
      "requests.memory": "96Gi",
      "requests.storage": "2Ti",
      "count/virtualmachines.kubevirt.io": "40",
    },
    members: [
      { role: "admin", users: ["alice"] },
      { role: "view", users: ["viewer"] },
    ],
  },
  {
    name: "data-platform",
    displayName: "Data platform",
    description: "Warehouses, notebooks and the machines that feed them.",
    quota: { "requests.cpu": "32", "requests.memory": "1536Gi", "requests.storage": "8Ti" },
    members: [{ role: "admin", users: ["alice"] }],
  },
  {
    name: "build-farm",
    displayName: "Build farm",
    description: "Runners that build and test everything else.",
    quota: { "requests.cpu": "8", "requests.memory": "48Gi", "requests.storage": "1Ti" },
    members: [{ role: "edit", users: ["bob"] }],
  },
  {
    name: "office-it",
    displayName: "Office IT",
    description: "Directory, files and the old telephone system.",
    quota: { "requests.memory": "64Gi", "requests.storage": "1Ti" },
    members: [],
  },
];

function projectObjects(project: Project): NewObject[] {
  return [
    clusterObject("v1", "Namespace", project.name, {
      metadata: {
        labels: { "kubernetes.io/metadata.name": project.name, "console.kubev.io/project": "true" },
        annotations: {
          "console.kubev.io/display-name": project.displayName,
          "console.kubev.io/description": project.description,
        },
      },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    }),
    namespacedObject("v1", "ResourceQuota", project.name, "project", { spec: { hard: project.quota } }),
    ...project.members.flatMap(({ role, users }) => [
      namespacedObject("rbac.authorization.k8s.io/v1", "RoleBinding", project.name, `project-${role}`, {
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: users.map((name) => ({ kind: "User", apiGroup: "rbac.authorization.k8s.io", name })),
      }),
    ]),
  ];
}

/** Everybody who is signed in may clone the shared images. Source: CDI's `datavolumes/source` permission. */
const sharedImages: NewObject[] = [
  clusterObject("v1", "Namespace", "shared-images", {
    metadata: {
      labels: { "kubernetes.io/metadata.name": "shared-images", "console.kubev.io/project": "true" },
      annotations: {
        "console.kubev.io/display-name": "Shared images",
        "console.kubev.io/description": "Images that every project may start from.",
      },
    },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  }),
  namespacedObject("rbac.authorization.k8s.io/v1", "Role", "shared-images", "image-user", {
    rules: [
      {
        apiGroups: ["cdi.kubevirt.io"],
        resources: ["datasources", "datavolumes"],
        verbs: ["get", "list", "watch"],
      },
      { apiGroups: ["cdi.kubevirt.io"], resources: ["datavolumes/source"], verbs: ["create"] },
    ],
  }),
  namespacedObject("rbac.authorization.k8s.io/v1", "RoleBinding", "shared-images", "image-users", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "image-user" },
    subjects: [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "system:authenticated" }],
  }),
  ...demoImageObjects({
    namespace: "shared-images",
    name: "kubev-demo",
    displayName: "KubeV demo guest",
    size: "1Gi",
    preference: "linux",
    instanceType: "u1.nano",
  }),
  ...demoImageObjects({
    namespace: "shared-images",
    name: "rescue",
    displayName: "Rescue system",
    size: "1Gi",
    preference: "linux",
    instanceType: "u1.micro",
  }),
];

/** An image that a scheduled import keeps up to date. */
const scheduledImage: NewObject[] = [
  ...demoDiskObjects({
    namespace: "shared-images",
    name: "debian-stream-1f0c22aa93d1",
    size: "2Gi",
    content: "demo-guest",
    source: { registry: { url: "docker://quay.io/containerdisks/debian:13" } },
    labels: { "cdi.kubevirt.io/dataImportCron": "debian-stream" },
  }),
  namespacedObject("cdi.kubevirt.io/v1beta1", "DataSource", "shared-images", "debian-stream", {
    metadata: {
      labels: {
        "cdi.kubevirt.io/dataImportCron": "debian-stream",
        "instancetype.kubevirt.io/default-preference": "linux",
        "instancetype.kubevirt.io/default-instancetype": "u1.small",
      },
      annotations: { "console.kubev.io/display-name": "Debian 13, always current" },
    },
    spec: { source: { pvc: { namespace: "shared-images", name: "debian-stream-1f0c22aa93d1" } } },
  }),
  namespacedObject("cdi.kubevirt.io/v1beta1", "DataImportCron", "shared-images", "debian-stream", {
    spec: {
      schedule: "0 3 * * *",
      managedDataSource: "debian-stream",
      importsToKeep: 2,
      garbageCollect: "Outdated",
      template: {
        spec: {
          source: { registry: { url: "docker://quay.io/containerdisks/debian:13" } },
          storage: { resources: { requests: { storage: "2Gi" } } },
        },
      },
    },
    status: {
      lastExecutionTimestamp: "2026-11-22T03:00:00Z",
      lastImportTimestamp: "2026-11-19T03:01:20Z",
      lastImportedPVC: { namespace: "shared-images", name: "debian-stream-1f0c22aa93d1" },
      sourceFormat: "pvc",
      currentImports: [{ DataVolumeName: "debian-stream-1f0c22aa93d1", Digest: "sha256:1f0c22aa93d10b6c" }],
      conditions: [
        { type: "Progressing", status: "False", reason: "NoImport", message: "No current import" },
        { type: "UpToDate", status: "True", reason: "UpToDate", message: "Latest import is up to date" },
      ],
    },
  }),
];

const shop = "web-shop";
const data = "data-platform";
const build = "build-farm";
const office = "office-it";

/** Public keys for machines; nobody has the private half. */
const shopSecrets: NewObject[] = [
  namespacedObject("v1", "Secret", shop, "shop-admins", {
    type: "Opaque",
    data: {
      alice: Buffer.from(
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP174q9JSvv7hJ+LJxmDd6gds9F2dbJUhWs16cCDLxb7 alice@web-shop",
      ).toString("base64"),
    },
  }),
];

const troubledDisks: NewObject[] = [
  namespacedObject("cdi.kubevirt.io/v1beta1", "DataVolume", office, "scanner-import", {
    spec: {
      source: { http: { url: "https://images.example.com/scanner.qcow2" } },
      storage: { storageClassName: "fast-block", resources: { requests: { storage: "10Gi" } } },
    },
  }),
  namespacedObject("cdi.kubevirt.io/v1beta1", "DataVolume", office, "payroll-upload", {
    spec: {
      source: { upload: {} },
      storage: { storageClassName: "fast-block", resources: { requests: { storage: "40Gi" } } },
    },
  }),
  namespacedObject("v1", "PersistentVolumeClaim", office, "badge-reader-root", {
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "gone-san",
      resources: { requests: { storage: "8Gi" } },
    },
    status: { phase: "Pending" },
  }),
  ...demoDiskObjects({ namespace: office, name: "door-camera-root", size: "4Gi", content: "lost" }),
  ...demoDiskObjects({
    namespace: shop,
    name: "old-catalogue",
    size: "80Gi",
    content: "blank",
    storageClass: "archive",
  }),
  ...demoDiskObjects({ namespace: data, name: "spare-scratch", size: "250Gi", content: "blank" }),
];

function snapshot(namespace: string, name: string, claim: string, size: string, at: string): NewObject {
  return namespacedObject("snapshot.storage.k8s.io/v1", "VolumeSnapshot", namespace, name, {
    spec: { volumeSnapshotClassName: "fast-block-snapshots", source: { persistentVolumeClaimName: claim } },
    status: { readyToUse: true, restoreSize: size, creationTime: at },
  });
}

/** Taken when a fresh cluster starts, so that it can be restored. */
function machineSnapshot(namespace: string, vm: string, name: string): NewObject {
  return namespacedObject("snapshot.kubevirt.io/v1beta1", "VirtualMachineSnapshot", namespace, name, {
    spec: { source: { apiGroup: "kubevirt.io", kind: "VirtualMachine", name: vm } },
  });
}

const snapshots: NewObject[] = [
  snapshot(shop, "shop-db-1-data-monday", "shop-db-1-data", "500Gi", "2026-11-16T02:00:00Z"),
  snapshot(shop, "shop-db-1-data-friday", "shop-db-1-data", "500Gi", "2026-11-20T02:00:00Z"),
  machineSnapshot(shop, "shop-db-1", "shop-db-1-before-upgrade"),
  machineSnapshot(build, "runner-2", "runner-2-clean"),
];

/** The snapshotter gives nobody rights; here the operators let those who edit a project snapshot its disks. */
const snapshotRoles: NewObject[] = [
  { name: "project-snapshots-edit", to: ["admin", "edit"], verbs: ["*"] },
  { name: "project-snapshots-view", to: ["view"], verbs: ["get", "list", "watch"] },
].map(({ name, to, verbs }) =>
  clusterObject("rbac.authorization.k8s.io/v1", "ClusterRole", name, {
    metadata: {
      labels: Object.fromEntries(
        to.map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, "true"]),
      ),
    },
    rules: [{ apiGroups: ["snapshot.storage.k8s.io"], resources: ["volumesnapshots"], verbs }],
  }),
);

export function demoObjects(now: string): NewObject[] {
  return [
    ...hostObjects(hosts, now),
    ...systemWorkloadObjects(
      hosts.map(({ name }, index) => ({ name, address: hostAddress(index) })),
      hosts.flatMap(({ name, cordoned }, index) =>
        cordoned === true ? [] : [{ name, address: hostAddress(index) }],
      ),
      now,
    ),
    ...projects.flatMap(projectObjects),
    ...sharedImages,
    ...shopSecrets,
    ...snapshotRoles,
    ...scheduledImage,
    ...demoNetworks,
    ...troubledDisks,
    ...demoMachines.flatMap((machine) => demoMachineObjects(machine, Date.parse(now))),
    ...snapshots,
    ...projectTypeObjects("web-shop"),
  ];
}
