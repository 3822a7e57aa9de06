/** A disk that waits for its file, as CDI has it once its receiver is ready. */
import { namespacedObject } from "@kubev/kube-sim/scenarios/scenario-object";

export const uploadDisk = { project: "project-00", name: "upload" };

export const uploadDiskObjects = () => [
  namespacedObject("cdi.kubevirt.io/v1beta1", "DataVolume", uploadDisk.project, uploadDisk.name, {
    spec: { source: { upload: {} }, storage: { resources: { requests: { storage: "100Gi" } } } },
    status: { phase: "UploadReady", claimName: uploadDisk.name },
  }),
];
