/** The DataVolume that the form of a new disk stands for. Pure; validates against CDI's CRD. */
import type { DiskCreate } from "@kubev/api-types/disk-create";
import { clusterAnnotations } from "./cluster-labels.ts";
import { consoleLabels, managedByValue } from "./console-labels.ts";
import { bytesQuantity } from "./quantity.ts";
import type { Manifest } from "./vm-manifest.ts";

export function sourceOf(source: DiskCreate["source"], project: string): Record<string, unknown> {
  switch (source.kind) {
    case "blank":
      return { source: { blank: {} } };
    case "upload":
      return { source: { upload: {} } };
    case "image":
      return { sourceRef: { kind: "DataSource", name: source.name, namespace: source.project } };
    case "url":
      return {
        source: {
          http: { url: source.url, ...(source.checksum === "" ? {} : { checksum: source.checksum }) },
        },
      };
    case "registry":
      return { source: { registry: { url: source.url } } };
    case "disk":
      return { source: { pvc: { namespace: source.project, name: source.name } } };
    case "snapshot":
      return { source: { snapshot: { namespace: project, name: source.name } } };
  }
}

export function diskManifest(project: string, disk: DiskCreate): Manifest {
  return {
    apiVersion: "cdi.kubevirt.io/v1beta1",
    kind: "DataVolume",
    metadata: {
      name: disk.name,
      namespace: project,
      labels: { [consoleLabels.managedBy]: managedByValue },
      // nothing can be sent to a volume that waits for its first machine
      ...(disk.bindNow || disk.source.kind === "upload"
        ? { annotations: { [clusterAnnotations.bindNow]: "true" } }
        : {}),
    },
    spec: {
      ...sourceOf(disk.source, project),
      storage: {
        resources: { requests: { storage: bytesQuantity(disk.sizeBytes) } },
        ...(disk.storageClass === "" ? {} : { storageClassName: disk.storageClass }),
        ...(disk.accessMode === "" ? {} : { accessModes: [disk.accessMode] }),
        ...(disk.volumeMode === "" ? {} : { volumeMode: disk.volumeMode }),
      },
    },
  };
}

/** Fields of DataVolume to fields of the form. */
export function diskFormField(field: string): string | null {
  if (/storageClassName/.test(field)) return "storageClass";
  if (/accessModes/.test(field)) return "accessMode";
  if (/volumeMode/.test(field)) return "volumeMode";
  if (/resources|size/i.test(field)) return "sizeBytes";
  if (/source/i.test(field)) return "source";
  return /metadata\.name|DataVolume\.Name|^name/.test(field) ? "name" : null;
}
