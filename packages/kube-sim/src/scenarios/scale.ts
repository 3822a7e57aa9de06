/**
 * Many machines of realistic size, for benches and for seeing what ten thousand look like. Nothing moves by itself: their
 * states are stored as they would be on a busy cluster. Sizes follow what was measured on real ones (reference: VM 9 kB,
 * VMI 8 kB, launcher pod 8.5 kB, managedFields included).
 */
import type { NewObject } from "../store/kube-object.ts";
import { seededUid } from "./demo-disk.ts";
import { type Host, hostKinds, hostObjects } from "./hosts.ts";
import { clusterObject, namespacedObject } from "./scenario-object.ts";

export interface Scale {
  vms: number;
  /** How many of them have a VMI and a launcher pod. */
  running: number;
  projects: number;
  hosts: number;
}

const targetBytes = { vm: 9_000, vmi: 8_000, pod: 8_500 } as const;
const apps = ["web", "db", "cache", "queue", "search", "build", "desk", "batch"];
const stages = ["prod", "staging", "test", "dev"];

/** The field set of a value, as server-side apply records it: about as large as the real one. */
function fieldSet(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) return {};
  if (Array.isArray(value)) {
    return Object.fromEntries(
      value.map((item: { name?: string }, index) => [
        item?.name === undefined ? `i:${index}` : `k:{"name":"${item.name}"}`,
        fieldSet(item),
      ]),
    );
  }
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [`f:${key}`, fieldSet(child)]));
}

/** Adds managedFields, and fills an annotation until the object is as large as a real one. */
export function realistic(object: NewObject, manager: string, bytes: number): NewObject {
  const time = "2026-11-01T10:00:00Z";
  const withFields = {
    ...object,
    metadata: {
      ...object.metadata,
      managedFields: ["spec", "status"].map((part) => ({
        manager: part === "spec" ? "kubev-console" : manager,
        operation: "Update",
        apiVersion: object.apiVersion,
        time,
        fieldsType: "FieldsV1",
        fieldsV1: { [`f:${part}`]: fieldSet(object[part]) },
        ...(part === "status" && { subresource: "status" }),
      })),
    },
  };
  const missing = bytes - JSON.stringify(withFields).length - 80;
  if (missing <= 0) return withFields;
  const filler = `{"note":"${"configuration ".repeat(Math.ceil(missing / 14)).slice(0, missing)}"}`;
  return {
    ...withFields,
    metadata: {
      ...withFields.metadata,
      annotations: {
        ...object.metadata.annotations,
        "kubectl.kubernetes.io/last-applied-configuration": filler,
      },
    },
  };
}

/** Where the machine of this number lies, how it is called and since when it is there. */
export function scaleVmPlace(index: number, scale: Scale) {
  const app = apps[index % apps.length] ?? "web";
  const stage = stages[Math.floor(index / 7) % stages.length] ?? "prod";
  return {
    project: `project-${String(index % scale.projects).padStart(2, "0")}`,
    app,
    stage,
    name: `${app}-${stage}-${String(index).padStart(5, "0")}`,
    createdAt: new Date(Date.parse("2026-01-01T00:00:00Z") + index * 2_371_000)
      .toISOString()
      .replace(/\.\d+/, ""),
  };
}

function vmOf(index: number, scale: Scale): NewObject[] {
  const { project, app, stage, name, createdAt } = scaleVmPlace(index, scale);
  const node = `host-${String((index * 7) % scale.hosts).padStart(3, "0")}`;
  const runs = index < scale.running;
  const labels = { app, env: stage, team: `team-${index % 12}`, "kubevirt.io/vm": name };
  const cores = 2 ** (index % 5);
  const memory = `${cores * 4}Gi`;
  const ip = `10.${64 + Math.floor(index / 65_000)}.${Math.floor(index / 250) % 256}.${(index % 250) + 2}`;
  const uid = seededUid("vm", project, name);
  const vmiUid = seededUid("vmi", project, name);
  const domain = {
    cpu: { cores, sockets: 1, threads: 1 },
    memory: { guest: memory },
    machine: { type: "q35" },
    devices: {
      disks: [
        { name: "root", disk: { bus: "virtio" }, bootOrder: 1 },
        { name: "data", disk: { bus: "virtio" } },
        { name: "cloud-init", disk: { bus: "virtio" } },
      ],
      interfaces: [{ name: "default", bridge: {}, model: "virtio" }],
    },
    firmware: { uuid: uid, serial: vmiUid },
    resources: {},
  };
  const volumes = [
    { name: "root", dataVolume: { name: `${name}-root` } },
    { name: "data", persistentVolumeClaim: { claimName: `${name}-data` } },
    { name: "cloud-init", cloudInitNoCloud: { secretRef: { name: `${name}-cloud-init` } } },
  ];
  const networks = [{ name: "default", pod: {} }];
  const conditions = (ready: boolean) => [
    {
      type: "Ready",
      status: ready ? "True" : "False",
      lastTransitionTime: createdAt,
      ...(ready ? {} : { reason: "VMINotExists", message: "VMI does not exist" }),
    },
    { type: "LiveMigratable", status: "True", lastTransitionTime: createdAt },
    { type: "StorageLiveMigratable", status: "True", lastTransitionTime: createdAt },
    ...(ready ? [{ type: "AgentConnected", status: "True", lastTransitionTime: createdAt }] : []),
  ];
  const vm = namespacedObject("kubevirt.io/v1", "VirtualMachine", project, name, {
    metadata: {
      uid,
      labels,
      creationTimestamp: createdAt,
      finalizers: ["kubevirt.io/virtualMachineControllerFinalize"],
    },
    spec: {
      runStrategy: runs ? "Always" : "Halted",
      dataVolumeTemplates: [
        {
          metadata: { name: `${name}-root` },
          spec: {
            sourceRef: { kind: "DataSource", name: "debian-13", namespace: "shared-images" },
            storage: { resources: { requests: { storage: "40Gi" } } },
          },
        },
      ],
      template: {
        metadata: { labels, annotations: { "ovn.kubernetes.io/logical_switch": "ovn-default" } },
        spec: {
          architecture: "amd64",
          domain,
          networks,
          volumes,
          terminationGracePeriodSeconds: 180,
          evictionStrategy: "LiveMigrate",
        },
      },
    },
    status: {
      printableStatus: runs ? "Running" : "Stopped",
      runStrategy: runs ? "Always" : "Halted",
      ...(runs && { created: true, ready: true }),
      conditions: conditions(runs),
      volumeSnapshotStatuses: volumes.map(({ name: volume }) => ({
        name: volume,
        enabled: volume !== "cloud-init",
      })),
    },
  });
  const objects = [realistic(vm, "virt-controller", targetBytes.vm)];
  if (!runs) return objects;
  const owner = (kind: string, ownerUid: string) => [
    { apiVersion: "kubevirt.io/v1", kind, name, uid: ownerUid, controller: true, blockOwnerDeletion: true },
  ];
  const podUid = seededUid("pod", project, name);
  const vmi = namespacedObject("kubevirt.io/v1", "VirtualMachineInstance", project, name, {
    metadata: {
      uid: vmiUid,
      labels: { ...labels, "kubevirt.io/nodeName": node },
      creationTimestamp: createdAt,
      ownerReferences: owner("VirtualMachine", uid),
    },
    spec: { architecture: "amd64", domain, networks, volumes, evictionStrategy: "LiveMigrate" },
    status: {
      phase: "Running",
      nodeName: node,
      activePods: { [podUid]: node },
      conditions: conditions(true),
      guestOSInfo: {
        id: "debian",
        name: "Debian GNU/Linux",
        prettyName: "Debian GNU/Linux 13 (trixie)",
        version: "13",
        versionId: "13",
        kernelRelease: "6.12.41+deb13-amd64",
        machine: "x86_64",
      },
      interfaces: [
        {
          name: "default",
          ipAddress: ip,
          ipAddresses: [ip],
          mac: `02:00:${ip
            .split(".")
            .map((octet) => Number(octet).toString(16).padStart(2, "0"))
            .join(":")}`,
          infoSource: "domain, guest-agent",
          linkState: "up",
        },
      ],
      phaseTransitionTimestamps: ["Pending", "Scheduling", "Scheduled", "Running"].map((phase) => ({
        phase,
        phaseTransitionTimestamp: createdAt,
      })),
      volumeStatus: volumes.map(({ name: volume }, disk) => ({
        name: volume,
        target: `vd${String.fromCharCode(97 + disk)}`,
      })),
      migrationMethod: "LiveMigration",
    },
  });
  const pod = namespacedObject("v1", "Pod", project, `virt-launcher-${name}-${uid.slice(0, 5)}`, {
    metadata: {
      uid: podUid,
      creationTimestamp: createdAt,
      labels: {
        ...labels,
        "kubevirt.io": "virt-launcher",
        "kubevirt.io/created-by": vmiUid,
        "vm.kubevirt.io/name": name,
      },
      annotations: {
        "kubevirt.io/domain": name,
        "ovn.kubernetes.io/allocated": "true",
        "ovn.kubernetes.io/ip_address": ip,
        "ovn.kubernetes.io/logical_switch": "ovn-default",
      },
      ownerReferences: owner("VirtualMachineInstance", vmiUid),
    },
    spec: {
      nodeName: node,
      containers: [
        {
          name: "compute",
          image: "quay.io/kubevirt/virt-launcher:v1.9.0",
          resources: { requests: { cpu: `${cores * 100}m`, memory, "devices.kubevirt.io/kvm": "1" } },
        },
      ],
      volumes: [{ name: "root", persistentVolumeClaim: { claimName: `${name}-root` } }],
    },
    status: {
      phase: "Running",
      podIP: ip,
      hostIP: "192.0.2.11",
      conditions: [
        { type: "PodScheduled", status: "True" },
        { type: "Ready", status: "True" },
      ],
    },
  });
  return [
    ...objects,
    realistic(vmi, "virt-handler", targetBytes.vmi),
    realistic(pod, "kubelet", targetBytes.pod),
  ];
}

export function scaleObjects(scale: Scale, now: string): NewObject[] {
  const hosts: Host[] = Array.from({ length: scale.hosts }, (_, index) => ({
    name: `host-${String(index).padStart(3, "0")}`,
    kind: hostKinds.memory,
    zone: `rack-${index % 8}`,
  }));
  const projects = Array.from({ length: scale.projects }, (_, index) => {
    const name = `project-${String(index).padStart(2, "0")}`;
    return clusterObject("v1", "Namespace", name, {
      metadata: { labels: { "kubernetes.io/metadata.name": name, "console.kubev.io/project": "true" } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  });
  return [
    ...hostObjects(hosts, now),
    ...projects,
    ...Array.from({ length: scale.vms }, (_, index) => vmOf(index, scale)).flat(),
  ];
}
