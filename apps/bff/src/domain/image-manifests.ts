/** The objects that an image is made of. Pure; they validate against CDI's CRDs. */
import type { ImageCreate, ImageImport } from "@kubev/api-types/images";
import { clusterAnnotations, clusterLabels } from "./cluster-labels.ts";
import { consoleAnnotations, consoleLabels, managedByValue } from "./console-labels.ts";
import { sourceOf } from "./disk-manifest.ts";
import { bytesQuantity } from "./quantity.ts";
import type { Manifest } from "./vm-manifest.ts";

interface Defaults {
  defaultInstanceType: string;
  defaultPreference: string;
}

function defaultLabels({ defaultInstanceType, defaultPreference }: Defaults): Record<string, string> {
  return {
    ...(defaultInstanceType === "" ? {} : { [clusterLabels.defaultInstanceType]: defaultInstanceType }),
    ...(defaultPreference === "" ? {} : { [clusterLabels.defaultPreference]: defaultPreference }),
  };
}

type ImageWords = Defaults & { displayName: string };

/** What a DataSource says that people may change; a shown name that is the image's own is none. */
export function imageWordsOf(metadata: RawWords): ImageWords {
  const displayName = metadata.annotations?.[consoleAnnotations.displayName] ?? "";
  return {
    displayName: displayName === metadata.name ? "" : displayName,
    defaultInstanceType: metadata.labels?.[clusterLabels.defaultInstanceType] ?? "",
    defaultPreference: metadata.labels?.[clusterLabels.defaultPreference] ?? "",
  };
}

interface RawWords {
  name?: string;
  labels?: Readonly<Record<string, string>>;
  annotations?: Readonly<Record<string, string>>;
}

/** A merge patch of a DataSource with what changed, over the version that was read: what is empty is taken away. */
export function imagePatch(was: ImageWords, now: ImageWords, resourceVersion: string) {
  const put = (label: string, key: keyof ImageWords) =>
    was[key] === now[key] ? {} : { [label]: now[key] || null };
  return {
    metadata: {
      resourceVersion,
      labels: {
        ...put(clusterLabels.defaultInstanceType, "defaultInstanceType"),
        ...put(clusterLabels.defaultPreference, "defaultPreference"),
      },
      annotations: put(consoleAnnotations.displayName, "displayName"),
    },
  };
}

/** The two objects of an image. The DataSource owns the DataVolume, so both go together. */
export function imageManifests(
  project: string,
  image: ImageCreate | ImageImport,
): { dataSource: Manifest; dataVolume: (owner: string) => Manifest } {
  const labels = {
    [consoleLabels.managedBy]: managedByValue,
    [consoleLabels.media]: image.media,
    ...defaultLabels(image),
  };
  return {
    dataSource: {
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataSource",
      metadata: {
        name: image.name,
        namespace: project,
        labels,
        ...(image.displayName === ""
          ? {}
          : { annotations: { [consoleAnnotations.displayName]: image.displayName } }),
      },
      spec: { source: { pvc: { name: image.name, namespace: project } } },
    },
    dataVolume: (owner) => ({
      apiVersion: "cdi.kubevirt.io/v1beta1",
      kind: "DataVolume",
      metadata: {
        name: image.name,
        namespace: project,
        labels: { [consoleLabels.managedBy]: managedByValue, [consoleLabels.image]: image.name },
        annotations: {
          // else a WaitForFirstConsumer class would wait for a machine that cannot be made yet
          [clusterAnnotations.bindNow]: "true",
          ...("source" in image ? {} : { [consoleAnnotations.uploadBytes]: String(image.fileSizeBytes) }),
        },
        ownerReferences: [
          { apiVersion: "cdi.kubevirt.io/v1beta1", kind: "DataSource", name: image.name, uid: owner },
        ],
      },
      spec: {
        contentType: "kubevirt",
        ...("source" in image ? sourceOf(image.source, project) : { source: { upload: {} } }),
        storage: {
          resources: { requests: { storage: bytesQuantity(image.diskSizeBytes) } },
          ...(image.storageClass === "" ? {} : { storageClassName: image.storageClass }),
        },
      },
    }),
  };
}
