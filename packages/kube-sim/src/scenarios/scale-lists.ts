/** Disks, their attachments and addresses for a cluster of scale.ts's machines, for benches of lists other than machines. */
import type { NewObject } from "../store/kube-object.ts";
import { seededUid } from "./demo-disk.ts";
import { storageClasses } from "./platform.ts";
import { realistic } from "./realistic-object.ts";
import { scaleVmPlace, type Scale } from "./scale-machine.ts";
import { clusterObject, namespacedObject } from "./scenario-object.ts";

const targetBytes = { claim: 2_600, dataVolume: 2_400, ip: 1_500 } as const;
const classes = Object.values(storageClasses);

/** Two disks for each machine: a root with its DataVolume, and a claim for data. Every 40th DataVolume still imports. */
export function scaleDisks(scale: Scale): NewObject[] {
  return Array.from({ length: scale.vms }, (_, index) => {
    const { project, name, createdAt } = scaleVmPlace(index, scale);
    const storageClassName = classes[index % classes.length] ?? storageClasses.block;
    const block = storageClassName === storageClasses.block;
    const filling = index % 40 === 39;
    const claim = (suffix: string, size: string) => {
      const spec = {
        accessModes: [block ? "ReadWriteMany" : "ReadWriteOnce"],
        volumeMode: block ? "Block" : "Filesystem",
        storageClassName,
        resources: { requests: { storage: size } },
        volumeName: `pvc-${seededUid("pvc", project, `${name}-${suffix}`)}`,
      };
      return realistic(
        namespacedObject("v1", "PersistentVolumeClaim", project, `${name}-${suffix}`, {
          metadata: {
            uid: seededUid("pvc", project, `${name}-${suffix}`),
            creationTimestamp: createdAt,
            finalizers: ["kubernetes.io/pvc-protection"],
            annotations: { "pv.kubernetes.io/bind-completed": "yes" },
          },
          spec,
          status: { phase: "Bound", capacity: { storage: size }, accessModes: spec.accessModes },
        }),
        "kube-controller-manager",
        targetBytes.claim,
      );
    };
    const dataVolume = namespacedObject("cdi.kubevirt.io/v1beta1", "DataVolume", project, `${name}-root`, {
      metadata: { uid: seededUid("dv", project, `${name}-root`), creationTimestamp: createdAt },
      spec: {
        sourceRef: { kind: "DataSource", name: "debian-13", namespace: "shared-images" },
        storage: { storageClassName, resources: { requests: { storage: "40Gi" } } },
      },
      status: {
        phase: filling ? "ImportInProgress" : "Succeeded",
        progress: filling ? "45.20%" : "100.0%",
        claimName: `${name}-root`,
        conditions: [
          { type: "Bound", status: "True", reason: "Bound", message: `PVC ${name}-root Bound` },
          { type: "Running", status: filling ? "True" : "False" },
          { type: "Ready", status: filling ? "False" : "True" },
        ],
      },
    });
    return [
      claim("root", "40Gi"),
      claim("data", `${50 * (1 + (index % 10))}Gi`),
      realistic(dataVolume, "cdi-controller", targetBytes.dataVolume),
    ];
  }).flat();
}

/** Addresses: of machines first, then of pods. */
export function scaleAddresses(count: number, scale: Scale): NewObject[] {
  return Array.from({ length: count }, (_, index) => {
    const machine = index < scale.vms;
    const { project, name, createdAt } = scaleVmPlace(index % scale.vms, scale);
    const pod = machine ? name : `${name}-${Math.floor(index / scale.vms)}`;
    const ip = `10.${64 + Math.floor(index / 62_500)}.${Math.floor(index / 250) % 256}.${(index % 250) + 2}`;
    const object = clusterObject("kubeovn.io/v1", "IP", `${pod}.${project}`, {
      metadata: {
        uid: seededUid("ip", project, pod),
        creationTimestamp: createdAt,
        labels: { "ovn.kubernetes.io/subnet": "ovn-default" },
      },
      spec: {
        podName: pod,
        namespace: project,
        subnet: "ovn-default",
        nodeName: `host-${String(index % scale.hosts).padStart(3, "0")}`,
        v4IpAddress: ip,
        v6IpAddress: "",
        ipAddress: ip,
        macAddress: `02:00:00:${[index >> 16, index >> 8, index].map((part) => (part & 255).toString(16).padStart(2, "0")).join(":")}`,
        containerID: "",
        podType: machine ? "VirtualMachine" : "",
        attachIps: [],
        attachMacs: [],
        attachSubnets: [],
      },
    });
    return realistic(object, "kube-ovn-controller", targetBytes.ip);
  });
}
