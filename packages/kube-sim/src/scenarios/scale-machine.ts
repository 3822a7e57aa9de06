/**
 * One machine of many: the VM, its instance and its launcher pod, made from its number alone. Sizes follow what was measured on
 * real ones (reference: VM 9 kB, VMI 8 kB, launcher pod 8.5 kB, managedFields included).
 */
import type { NewObject } from "../store/kube-object.ts";
import { seededUid } from "./demo-disk.ts";
import { realistic } from "./realistic-object.ts";
import { namespacedObject } from "./scenario-object.ts";

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

/** The ten thousand lie so far apart in time; more of them lie closer, so that none is of the future. */
const apartMs = { most: 2_371_000, together: 23_710_000_000 };

/** Where the machine of this number lies, how it is called and since when it is there. */
export function scaleVmPlace(index: number, scale: Scale) {
  const app = apps[index % apps.length] ?? "web";
  const stage = stages[Math.floor(index / 7) % stages.length] ?? "prod";
  return {
    project: `project-${String(index % scale.projects).padStart(2, "0")}`,
    app,
    stage,
    name: `${app}-${stage}-${String(index).padStart(5, "0")}`,
    createdAt: new Date(
      Date.parse("2026-01-01T00:00:00Z") + index * Math.min(apartMs.most, apartMs.together / scale.vms),
    )
      .toISOString()
      .replace(/\.\d+/, ""),
  };
}

/** What the machine's objects say alike. */
function machineParts(index: number, scale: Scale) {
  const { project, app, stage, name, createdAt } = scaleVmPlace(index, scale);
  const node = `host-${String((index * 7) % scale.hosts).padStart(3, "0")}`;
  const labels = { app, env: stage, team: `team-${index % 12}`, "kubevirt.io/vm": name };
  const cores = 2 ** (index % 5);
  const memory = `${cores * 4}Gi`;
  const ip = `10.${64 + Math.floor(index / 64_000)}.${Math.floor(index / 250) % 256}.${(index % 250) + 2}`;
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
  const podUid = seededUid("pod", project, name);
  return {
    project,
    name,
    createdAt,
    node,
    labels,
    cores,
    memory,
    ip,
    uid,
    vmiUid,
    podUid,
    domain,
    volumes,
    networks,
    conditions,
  };
}

export function scaleVm(index: number, scale: Scale): NewObject {
  const { project, name, createdAt, labels, uid, domain, volumes, networks, conditions } = machineParts(
    index,
    scale,
  );
  const runs = index < scale.running;
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
  return realistic(vm, "virt-controller", targetBytes.vm);
}

const owner = (kind: string, name: string, uid: string) => [
  { apiVersion: "kubevirt.io/v1", kind, name, uid, controller: true, blockOwnerDeletion: true },
];

export function scaleInstance(index: number, scale: Scale): NewObject {
  const {
    project,
    name,
    createdAt,
    node,
    labels,
    ip,
    uid,
    vmiUid,
    podUid,
    domain,
    volumes,
    networks,
    conditions,
  } = machineParts(index, scale);
  const vmi = namespacedObject("kubevirt.io/v1", "VirtualMachineInstance", project, name, {
    metadata: {
      uid: vmiUid,
      labels: { ...labels, "kubevirt.io/nodeName": node },
      creationTimestamp: createdAt,
      ownerReferences: owner("VirtualMachine", name, uid),
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
  return realistic(vmi, "virt-handler", targetBytes.vmi);
}

export function scaleLauncher(index: number, scale: Scale): NewObject {
  const { project, name, createdAt, node, labels, cores, memory, ip, uid, vmiUid, podUid } = machineParts(
    index,
    scale,
  );
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
      ownerReferences: owner("VirtualMachineInstance", name, vmiUid),
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
  return realistic(pod, "kubelet", targetBytes.pod);
}

/** All there is of the machine of this number: beyond those that run, the VM alone. */
export function scaleMachine(index: number, scale: Scale): NewObject[] {
  const vm = scaleVm(index, scale);
  return index < scale.running ? [vm, scaleInstance(index, scale), scaleLauncher(index, scale)] : [vm];
}
