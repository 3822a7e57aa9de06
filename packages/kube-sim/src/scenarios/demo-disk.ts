/** A disk of the demo: DataVolume, claim and volume, filled, with the demo guest on it once somebody starts it. */
import { createHash } from "node:crypto";
import { contentAnnotation } from "../controllers/volume-content.ts";
import type { NewObject } from "../store/kube-object.ts";
import { storageClasses } from "./platform.ts";
import { clusterObject, namespacedObject } from "./scenario-object.ts";

/** A stable uid, so that seeded objects can name each other. */
export function seededUid(kind: string, namespace: string, name: string): string {
  const hex = createHash("sha256").update(`${kind}/${namespace}/${name}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export interface DemoDisk {
  namespace: string;
  name: string;
  size: string;
  /** `lost` leaves the volume without data: a machine on it crashes before it runs. */
  content: "demo-guest" | "blank" | "lost";
  storageClass?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** The VM it comes and goes with. */
  ownerVm?: string;
  source?: object;
  sourceRef?: object;
}

export function demoDiskObjects(disk: DemoDisk): NewObject[] {
  const { namespace, name, size, labels = {}, annotations = {} } = disk;
  const storageClassName = disk.storageClass ?? storageClasses.block;
  const block = storageClassName === storageClasses.block;
  const claimUid = seededUid("pvc", namespace, name);
  const dataVolumeUid = seededUid("dv", namespace, name);
  const volumeName = `pvc-${claimUid}`;
  const claim = {
    accessModes: [block ? "ReadWriteMany" : "ReadWriteOnce"],
    volumeMode: block ? "Block" : "Filesystem",
    storageClassName,
    resources: { requests: { storage: size } },
  };
  const owner = (apiVersion: string, kind: string, ownerName: string, uid: string) => [
    { apiVersion, kind, name: ownerName, uid, controller: true, blockOwnerDeletion: true },
  ];
  return [
    namespacedObject("cdi.kubevirt.io/v1beta1", "DataVolume", namespace, name, {
      metadata: {
        uid: dataVolumeUid,
        labels,
        annotations,
        ...(disk.ownerVm !== undefined && {
          ownerReferences: owner(
            "kubevirt.io/v1",
            "VirtualMachine",
            disk.ownerVm,
            seededUid("vm", namespace, disk.ownerVm),
          ),
        }),
      },
      spec: {
        ...(disk.sourceRef ? { sourceRef: disk.sourceRef } : { source: disk.source ?? { blank: {} } }),
        storage: claim,
      },
      status: {
        phase: "Succeeded",
        progress: "100.0%",
        claimName: name,
        conditions: [
          { type: "Bound", status: "True", reason: "Bound", message: `PVC ${name} Bound` },
          { type: "Running", status: "False", reason: "Completed", message: "Complete" },
          { type: "Ready", status: "True" },
        ],
      },
    }),
    namespacedObject("v1", "PersistentVolumeClaim", namespace, name, {
      metadata: {
        uid: claimUid,
        labels,
        annotations: { ...annotations, "pv.kubernetes.io/bind-completed": "yes" },
        finalizers: ["kubernetes.io/pvc-protection"],
        ownerReferences: owner("cdi.kubevirt.io/v1beta1", "DataVolume", name, dataVolumeUid),
      },
      spec: { ...claim, volumeName },
      status: { phase: "Bound", capacity: { storage: size }, accessModes: claim.accessModes },
    }),
    clusterObject("v1", "PersistentVolume", volumeName, {
      metadata: {
        annotations: {
          [contentAnnotation]: disk.content,
          "pv.kubernetes.io/provisioned-by": block ? "block.csi.kubev.dev" : "file.csi.kubev.dev",
        },
        finalizers: ["kubernetes.io/pv-protection"],
      },
      spec: {
        capacity: { storage: size },
        accessModes: claim.accessModes,
        volumeMode: claim.volumeMode,
        storageClassName,
        persistentVolumeReclaimPolicy: "Delete",
        csi: { driver: block ? "block.csi.kubev.dev" : "file.csi.kubev.dev", volumeHandle: claimUid },
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid: claimUid },
      },
      status: { phase: "Bound" },
    }),
  ];
}

export interface DemoImage {
  namespace: string;
  name: string;
  displayName: string;
  size: string;
  preference: string;
  instanceType: string;
}

/** An image as the console makes them: a DataSource and the disk it points to. */
export function demoImageObjects(image: DemoImage): NewObject[] {
  const { namespace, name } = image;
  const labels = {
    "instancetype.kubevirt.io/default-preference": image.preference,
    "instancetype.kubevirt.io/default-instancetype": image.instanceType,
    "console.kubev.io/media": "disk",
  };
  const annotations = { "console.kubev.io/display-name": image.displayName };
  return [
    ...demoDiskObjects({
      namespace,
      name,
      size: image.size,
      content: "demo-guest",
      source: { upload: {} },
      labels,
      annotations,
    }),
    namespacedObject("cdi.kubevirt.io/v1beta1", "DataSource", namespace, name, {
      metadata: { labels, annotations },
      spec: { source: { pvc: { namespace, name } } },
    }),
  ];
}
