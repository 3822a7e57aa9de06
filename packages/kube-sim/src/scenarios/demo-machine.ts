/** A machine of the demo: the VirtualMachine and its disk, as the console's own form would have made them. */
import { standInAnnotation } from "../controllers/machine-spec.ts";
import { guestOsAnnotation } from "../controllers/virt-handler.ts";
import { migrationSecondsAnnotation } from "../controllers/guest-moves.ts";
import type { NewObject } from "../store/kube-object.ts";
import { demoDiskObjects, seededUid } from "./demo-disk.ts";
import { namespacedObject } from "./scenario-object.ts";

export const guests = {
  fedora: "fedora;Fedora Linux;42 (Cloud Edition);6.14.0-63.fc42.x86_64",
  debian: "debian;Debian GNU/Linux;13 (trixie);6.12.41+deb13-amd64",
  ubuntu: "ubuntu;Ubuntu;24.04.3 LTS;6.8.0-71-generic",
  windows: "mswindows;Microsoft Windows Server;2022 Standard;20348",
} as const;

export interface DemoMachine {
  namespace: string;
  name: string;
  description?: string;
  /** Runs on QEMU where there is QEMU; every other machine of the demo is a stand-in. */
  real?: boolean;
  runStrategy?: "Always" | "Halted" | "Manual" | "RerunOnFailure";
  instanceType?: string;
  cpus?: number;
  memory?: string;
  preference?: string;
  guest?: keyof typeof guests;
  labels?: Record<string, string>;
  subnet?: string;
  ip?: string;
  diskSize?: string;
  image?: { namespace: string; name: string };
  extraDisks?: { name: string; size: string }[];
  paused?: boolean;
  /** It is on its way to another host, and takes this long. */
  migrationSeconds?: number;
  /** Replaces the root disk's volume. */
  rootVolume?: Record<string, unknown>;
  /** Objects that take the place of the root disk's. */
  withoutDisk?: boolean;
  template?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** A stable age between an hour and a year, so that the demo looks lived in. */
function createdAt(machine: DemoMachine, nowMs: number): string {
  const share = Number.parseInt(seededUid("age", machine.namespace, machine.name).slice(0, 6), 16) / 0xffffff;
  const ageHours = 1 + Math.round(share ** 3 * 365 * 24);
  return `${new Date(nowMs - ageHours * 3_600_000).toISOString().slice(0, 19)}Z`;
}

/** `nowMs` is milliseconds since the epoch. */
function migrationOf(namespace: string, vm: string): NewObject {
  return namespacedObject(
    "kubevirt.io/v1",
    "VirtualMachineInstanceMigration",
    namespace,
    `${vm}-to-new-host`,
    {
      metadata: { labels: { "kubevirt.io/vmi-name": vm }, finalizers: ["kubevirt.io/migrationJobFinalize"] },
      spec: { vmiName: vm },
    },
  );
}

export function demoMachineObjects(machine: DemoMachine, nowMs: number): NewObject[] {
  const { namespace, name } = machine;
  const rootName = `${name}-root`;
  const image = machine.image ?? { namespace: "shared-images", name: "kubev-demo" };
  const sourceRef = { kind: "DataSource", name: image.name, namespace: image.namespace };
  const size = machine.diskSize ?? "20Gi";
  const custom = machine.instanceType === undefined;
  const extraDisks = machine.extraDisks ?? [];
  const ownDisk = machine.withoutDisk !== true && machine.rootVolume === undefined;
  const annotations = {
    ...(machine.real !== true && { [standInAnnotation]: "true" }),
    ...(machine.guest && { [guestOsAnnotation]: guests[machine.guest] }),
    ...(machine.migrationSeconds !== undefined && {
      [migrationSecondsAnnotation]: String(machine.migrationSeconds),
    }),
    ...(machine.subnet && { "ovn.kubernetes.io/logical_switch": machine.subnet }),
    ...(machine.ip && { "ovn.kubernetes.io/ip_address": machine.ip }),
  };
  const vm = namespacedObject("kubevirt.io/v1", "VirtualMachine", namespace, name, {
    metadata: {
      uid: seededUid("vm", namespace, name),
      creationTimestamp: createdAt(machine, nowMs),
      labels: machine.labels ?? {},
      ...(machine.description !== undefined && { annotations: { description: machine.description } }),
      ...machine.metadata,
    },
    spec: {
      runStrategy: machine.runStrategy ?? "Always",
      ...(machine.instanceType !== undefined && {
        instancetype: { kind: "VirtualMachineClusterInstancetype", name: machine.instanceType },
      }),
      ...(machine.preference !== undefined && {
        preference: { kind: "VirtualMachineClusterPreference", name: machine.preference },
      }),
      ...(ownDisk && {
        dataVolumeTemplates: [
          {
            metadata: { name: rootName },
            spec: { sourceRef, storage: { resources: { requests: { storage: size } } } },
          },
        ],
      }),
      template: {
        metadata: { labels: { ...machine.labels, "kubevirt.io/vm": name }, annotations },
        spec: {
          architecture: "amd64",
          domain: {
            ...(custom && {
              cpu: { cores: machine.cpus ?? 1, sockets: 1, threads: 1 },
              memory: { guest: machine.memory ?? "1Gi" },
            }),
            devices: {
              disks: [
                { name: "root", disk: { bus: "virtio" }, bootOrder: 1 },
                ...extraDisks.map((disk) => ({ name: disk.name, disk: { bus: "virtio" } })),
              ],
              interfaces: [{ name: "default", bridge: {} }],
            },
            machine: { type: "q35" },
            firmware: {
              uuid: seededUid("firmware", namespace, name),
              serial: seededUid("serial", namespace, name),
            },
            resources: {},
          },
          networks: [{ name: "default", pod: {} }],
          terminationGracePeriodSeconds: 30,
          // Runners of builds are made anew sooner than moved.
          evictionStrategy: namespace === "build-farm" ? "None" : "LiveMigrate",
          ...(machine.paused === true && { startStrategy: "Paused" }),
          volumes: [
            machine.rootVolume ?? { name: "root", dataVolume: { name: rootName } },
            ...extraDisks.map((disk) => ({
              name: disk.name,
              persistentVolumeClaim: { claimName: disk.name },
            })),
          ],
          ...machine.template,
        },
      },
    },
    ...(machine.status && { status: machine.status }),
  });
  return [
    vm,
    ...(machine.migrationSeconds === undefined ? [] : [migrationOf(namespace, name)]),
    ...(ownDisk
      ? demoDiskObjects({ namespace, name: rootName, size, content: "demo-guest", ownerVm: name, sourceRef })
      : []),
    ...extraDisks.flatMap((disk) =>
      demoDiskObjects({ namespace, name: disk.name, size: disk.size, content: "blank" }),
    ),
  ];
}
