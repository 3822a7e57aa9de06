/** The pod in which CDI imports: what people look at when an import hangs. */
import type { NewObject } from "../store/kube-object.ts";
import type { DataVolume, PersistentVolumeClaim } from "./storage-shapes.ts";

export const importerPodName = (claim: PersistentVolumeClaim): string =>
  `importer-prime-${claim.metadata.uid}`;

export function importerPod(
  dataVolume: DataVolume,
  claim: PersistentVolumeClaim,
  nodeName: string | undefined,
  at: string,
): Omit<NewObject, "apiVersion" | "kind"> {
  const { namespace, name, uid } = dataVolume.metadata;
  return {
    metadata: {
      name: importerPodName(claim),
      ...(namespace !== undefined && { namespace }),
      labels: { app: "containerized-data-importer", "cdi.kubevirt.io": "importer" },
      ownerReferences: [
        { apiVersion: dataVolume.apiVersion, kind: dataVolume.kind, name, uid, controller: true },
      ],
    },
    spec: {
      ...(nodeName !== undefined && { nodeName }),
      restartPolicy: "OnFailure",
      containers: [
        {
          name: "importer",
          image: "quay.io/kubevirt/cdi-importer:v1.66.0",
          resources: { requests: { cpu: "100m", memory: "60M" } },
        },
      ],
    },
    // set here: what runs in it is this process, so no kubelet starts it
    status: {
      phase: "Running",
      startTime: at,
      conditions: [{ type: "PodScheduled", status: nodeName === undefined ? "False" : "True" }],
    },
  };
}
