/** The virt-launcher pod that carries a VMI: labels, requests and node selection as virt-controller makes them. */
import type { Pod } from "./core-shapes.ts";
import { createHash } from "node:crypto";
import { networksAnnotation } from "./attached-networks.ts";
import type { NewObject } from "../store/kube-object.ts";
import type { Migration, VirtualMachineInstance, VmiSpec } from "./kubevirt-shapes.ts";
import { isHotplugged } from "./live-update.ts";
import { binaryQuantity, cpuQuantity } from "./quantity.ts";
import { guestMemoryBytes, vcpus } from "./vmi-builder.ts";
import { unpausedGate } from "./vmi-readiness.ts";

/** What QEMU and the launcher take besides the guest's memory. Source: the recorded traces (status.memory.memoryOverhead). */
export const memoryOverheadBytes = (spec: VmiSpec): number => (280 + 8 * vcpus(spec)) * 1024 ** 2;
/** KubeVirt's default cpuAllocationRatio: a vCPU requests a tenth of a core. */
const cpuAllocationRatio = 10;

/** Of a generated name, as the API server cuts it. */
const longestStem = 58;

const launcherImage = "quay.io/kubevirt/virt-launcher:v1.9.0";
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

function suffix(random: () => number): string {
  return Array.from({ length: 5 }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
}

/** Moves a guest to a host that has no pod of it yet. Source: the recorded traces. */
function migrationPlacement(vmi: VirtualMachineInstance) {
  return {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          labelSelector: { matchLabels: { "kubevirt.io/created-by": vmi.metadata.uid } },
          topologyKey: "kubernetes.io/hostname",
        },
      ],
    },
  };
}

/** What Multus attaches beside the first network. Source: KubeVirt's GenerateMultusCNIAnnotation, its hashed interface names. */
function secondNetworks({ metadata, spec }: VirtualMachineInstance): Record<string, string> {
  const attached = (spec.networks ?? []).flatMap(({ name, multus }) => {
    if (multus === undefined || multus.default === true) return [];
    const [first = "", second] = multus.networkName.split("/");
    const [namespace, definition] = second === undefined ? [metadata.namespace, first] : [first, second];
    const hash = createHash("sha256").update(name).digest("hex").slice(0, 11);
    return [{ name: definition, namespace, interface: `pod${hash}` }];
  });
  return attached.length === 0 ? {} : { [networksAnnotation]: JSON.stringify(attached) };
}

/** `migration` makes it the target of one. */
export function buildLauncherPod(
  vmi: VirtualMachineInstance,
  random: () => number,
  migration?: Migration,
): Omit<NewObject, "apiVersion" | "kind"> {
  const { name, namespace, uid } = vmi.metadata;
  const ownsVm = vmi.metadata.ownerReferences?.find((owner) => owner.kind === "VirtualMachine");
  const guestBytes = guestMemoryBytes(vmi.spec);
  const pageSize = vmi.spec.domain.memory?.hugepages?.pageSize;
  const memory = binaryQuantity(memoryOverheadBytes(vmi.spec) + (pageSize === undefined ? guestBytes : 0));
  const dedicated = vmi.spec.domain.cpu?.dedicatedCpuPlacement === true;
  const cpu =
    vmi.spec.domain.resources?.requests?.["cpu"] ??
    cpuQuantity(vcpus(vmi.spec) / (dedicated ? 1 : cpuAllocationRatio));
  const devices: Record<string, string> = {
    "devices.kubevirt.io/kvm": "1",
    "devices.kubevirt.io/tun": "1",
    "devices.kubevirt.io/vhost-net": "1",
  };
  if (pageSize !== undefined) devices[`hugepages-${pageSize}`] = binaryQuantity(guestBytes);
  const { gpus = [], hostDevices = [] } = vmi.spec.domain.devices;
  for (const { deviceName: device = "" } of [...gpus, ...hostDevices]) {
    devices[device] = String(Number(devices[device] ?? "0") + 1);
  }
  const containerDisks = (vmi.spec.volumes ?? []).filter((volume) => volume.containerDisk);
  return {
    metadata: {
      name: `virt-launcher-${name}-`.slice(0, longestStem) + suffix(random),
      ...(namespace !== undefined && { namespace }),
      labels: {
        ...vmi.metadata.labels,
        "kubevirt.io": "virt-launcher",
        "kubevirt.io/created-by": uid,
        "vmi.kubevirt.io/id": name.slice(0, 63),
        "vm.kubevirt.io/name": name.slice(0, 63),
        ...(migration && { "kubevirt.io/migrationJobUID": migration.metadata.uid }),
      },
      annotations: {
        ...vmi.metadata.annotations,
        "kubevirt.io/domain": name,
        "kubectl.kubernetes.io/default-container": "compute",
        ...(migration && { "kubevirt.io/migrationJobName": migration.metadata.name }),
        // Kube-OVN reads it: the address belongs to the VM, not to this pod.
        ...secondNetworks(vmi),
        ...(ownsVm && { "ovn.kubernetes.io/vm": name }),
      },
      ownerReferences: [
        { apiVersion: vmi.apiVersion, kind: vmi.kind, name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      restartPolicy: "Never",
      readinessGates: [{ conditionType: unpausedGate }],
      terminationGracePeriodSeconds: (vmi.spec.terminationGracePeriodSeconds ?? 30) + 15,
      hostname: vmi.spec.hostname ?? name.slice(0, 63),
      nodeSelector: {
        "kubernetes.io/arch": "amd64",
        "kubevirt.io/schedulable": "true",
        ...(dedicated && { cpumanager: "true" }),
        ...vmi.spec.nodeSelector,
        ...migration?.spec.addedNodeSelector,
      },
      ...(migration && { affinity: migrationPlacement(vmi) }),
      ...(vmi.spec.tolerations && { tolerations: vmi.spec.tolerations }),
      serviceAccountName: "default",
      initContainers: [
        // Follows the serial console; only that it is there is simulated.
        { name: "guest-console-log", image: launcherImage, restartPolicy: "Always" },
        ...containerDisks.map((volume) => ({
          name: `volume${volume.name}`,
          image: volume.containerDisk?.image ?? "",
        })),
      ],
      containers: [
        {
          name: "compute",
          image: launcherImage,
          command: ["/usr/bin/virt-launcher-monitor"],
          resources: {
            requests: { cpu, memory, "ephemeral-storage": "50M", ...devices },
            limits: devices,
          },
        },
      ],
      volumes: (vmi.spec.volumes ?? []).flatMap((volume): NonNullable<Pod["spec"]["volumes"]> => {
        const { name, configMap, secret } = volume;
        const { volumeLabel: _mapLabel, ...map } = configMap ?? {};
        const { volumeLabel: _secretLabel, ...held } = secret ?? {};
        if (configMap) return [{ name, configMap: map }];
        if (secret) return [{ name, secret: held }];
        const claimName =
          volume.dataVolume?.name ??
          (volume.persistentVolumeClaim ?? volume.ephemeral?.persistentVolumeClaim)?.claimName;
        return claimName === undefined || isHotplugged(volume)
          ? []
          : [{ name, persistentVolumeClaim: { claimName } }];
      }),
    },
    status: { phase: "Pending" },
  };
}
