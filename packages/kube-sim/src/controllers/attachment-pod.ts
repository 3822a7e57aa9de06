/** The pod that brings a hotplugged claim to the host of a running machine. Shape as in the recorded traces. */
import type { NewObject } from "../store/kube-object.ts";
import type { Pod } from "./core-shapes.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";

const alphabet = "bcdfghjklmnpqrstvwxz2456789";

export const ownerVmiAnnotation = "kubevirt.io/owner-vmi-name";

/** One pod carries one claim here; the real ones carry all claims of a machine together. */
export function buildAttachmentPod(
  vmi: VirtualMachineInstance,
  launcher: Pod,
  volume: { name: string; claimName: string },
  random: () => number,
): Omit<NewObject, "apiVersion" | "kind"> {
  const suffix = Array.from({ length: 5 }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
  const { name, uid, namespace } = launcher.metadata;
  return {
    metadata: {
      name: `hp-volume-${suffix}`,
      ...(namespace !== undefined && { namespace }),
      labels: { "kubevirt.io": "hotplug-disk" },
      annotations: {
        [ownerVmiAnnotation]: vmi.metadata.name,
        "kubevirt.io/owner-vmi-uid": vmi.metadata.uid,
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
      volumes: [{ name: volume.name, persistentVolumeClaim: { claimName: volume.claimName } }],
    },
    status: { phase: "Pending" },
  };
}
