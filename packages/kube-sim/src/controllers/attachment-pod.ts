/** The pod that brings all hotplugged claims to the host of a running machine. Shape as in the recorded traces. */
import { randomSuffix } from "../store/random-suffix.ts";
import type { NewObject } from "../store/kube-object.ts";
import type { Pod } from "./core-shapes.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";

export const ownerVmiAnnotation = "kubevirt.io/owner-vmi-name";
export const ownerUidAnnotation = "kubevirt.io/owner-vmi-uid";
/** Marks the pod of a memory dump, whose claim is apart here (docs/sim-differences.md). */
const dumpAnnotation = "kubesim.kubev.io/memory-dump";

export const attachesDisks = (pod: Pod): boolean =>
  pod.metadata.labels?.["kubevirt.io"] === "hotplug-disk" &&
  pod.metadata.annotations?.[dumpAnnotation] === undefined;

export function buildAttachmentPod(
  vmi: VirtualMachineInstance,
  launcher: Pod,
  volumes: readonly { name: string; claimName: string }[],
  random: () => number,
  isForDump = false,
): Omit<NewObject, "apiVersion" | "kind"> {
  const { name, uid, namespace } = launcher.metadata;
  return {
    metadata: {
      name: `hp-volume-${randomSuffix(random)}`,
      ...(namespace !== undefined && { namespace }),
      labels: { "kubevirt.io": "hotplug-disk" },
      annotations: {
        [ownerVmiAnnotation]: vmi.metadata.name,
        [ownerUidAnnotation]: vmi.metadata.uid,
        ...(isForDump && { [dumpAnnotation]: "true" }),
      },
      ownerReferences: [
        { apiVersion: "v1", kind: "Pod", name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 0,
      serviceAccountName: "default",
      nodeSelector: { "kubernetes.io/hostname": vmi.status?.nodeName ?? "" },
      tolerations: [{ operator: "Exists" }],
      containers: [
        {
          name: "hotplug-disk",
          image: "quay.io/kubevirt/virt-launcher:v1.9.0",
          command: ["/bin/sh", "-c", "/usr/bin/container-disk --copy-path /path/hp"],
          resources: { requests: { cpu: "10m", memory: "2M" }, limits: { cpu: "100m", memory: "80M" } },
        },
      ],
      volumes: volumes.map(({ name: volume, claimName }) => ({
        name: volume,
        persistentVolumeClaim: { claimName },
      })),
    },
    status: { phase: "Pending" },
  };
}
