/** What is wrong with volumes of the cluster, and with what attaches them. Source: pkg/apis/{core,storage}/validation. */
import type { KubeObject } from "../store/kube-object.ts";
import { sameJson } from "../store/json-equality.ts";
import { parseQuantity } from "../controllers/quantity.ts";
import {
  type Cause,
  forbiddenField,
  immutable,
  invalidValue,
  required,
  unsupported,
} from "./field-causes.ts";
import { subdomainProblems } from "./name-formats.ts";
import { sourceProblems } from "./volume-problems.ts";

type Json = Record<string, unknown>;

interface VolumeSpec extends Json {
  accessModes?: string[];
  capacity?: Record<string, string | number>;
  persistentVolumeReclaimPolicy?: string;
  storageClassName?: string;
  volumeMode?: string;
  nodeAffinity?: object;
  csi?: Json;
}

const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/** In the order in which the server looks for them. */
const SOURCES = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "flocker",
  "nfs",
  "rbd",
  "quobyte",
  "cephfs",
  "iscsi",
  "cinder",
  "fc",
  "flexVolume",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "scaleIO",
  "local",
  "storageos",
  "csi",
];

const NEEDED: Record<string, readonly string[]> = {
  hostPath: ["path"],
  local: ["path"],
  nfs: ["server", "path"],
  csi: ["driver", "volumeHandle"],
};

export function persistentVolumeProblems(volume: KubeObject, old: KubeObject | undefined): Cause[] {
  const spec = (volume["spec"] ?? {}) as VolumeSpec; // decoded by its type
  const { accessModes = [], capacity = {}, volumeMode = "Filesystem", storageClassName = "" } = spec;
  const policy = spec.persistentVolumeReclaimPolicy ?? "Retain";
  const causes: Cause[] = [];
  if (accessModes.length === 0) causes.push(required("spec.accessModes"));
  for (const mode of accessModes)
    if (!ACCESS_MODES.includes(mode)) causes.push(unsupported("spec.accessModes", mode, ACCESS_MODES));
  const names = Object.keys(capacity);
  if (names.length === 0) causes.push(required("spec.capacity"));
  if (names.length !== 1 || names[0] !== "storage")
    causes.push(unsupported("spec.capacity", names.length === 0 ? null : capacity, ["storage"]));
  for (const [name, amount] of Object.entries(capacity))
    if (parseQuantity(amount) <= 0)
      causes.push(invalidValue(`spec.capacity[${name}]`, String(amount), "must be greater than zero"));
  if (!["Delete", "Recycle", "Retain"].includes(policy))
    causes.push(unsupported("spec.persistentVolumeReclaimPolicy", policy, ["Delete", "Recycle", "Retain"]));
  causes.push(
    ...sourceProblems(spec, "spec", SOURCES, (source, content, at) =>
      (NEEDED[source] ?? []).filter((field) => !content[field]).map((field) => required(`${at}.${field}`)),
    ),
  );
  if (spec["local"] !== undefined && spec.nodeAffinity === undefined)
    causes.push(required("spec.nodeAffinity", "Local volume requires node affinity"));
  if (storageClassName !== "")
    causes.push(
      ...subdomainProblems(storageClassName).map((problem) =>
        invalidValue("spec.storageClassName", storageClassName, problem),
      ),
    );
  if (!["Block", "Filesystem"].includes(volumeMode))
    causes.push(unsupported("spec.volumeMode", volumeMode, ["Block", "Filesystem"]));
  return old === undefined ? causes : [...causes, ...volumeChanges(spec, (old["spec"] ?? {}) as VolumeSpec)]; // as above
}

/** A secret for growing may come later. */
const sourceOf = (spec: VolumeSpec): object[] =>
  SOURCES.map((source) => {
    if (source !== "csi" || spec.csi === undefined) return spec[source] ?? {};
    const { controllerExpandSecretRef: _growth, nodeExpandSecretRef: _onNode, ...rest } = spec.csi;
    return rest;
  });

function volumeChanges(spec: VolumeSpec, before: VolumeSpec): Cause[] {
  const causes: Cause[] = [];
  if (!sameJson(sourceOf(spec), sourceOf(before)))
    causes.push(
      forbiddenField(
        "spec.persistentvolumesource",
        "spec.persistentvolumesource is immutable after creation",
      ),
    );
  if ((spec.volumeMode ?? "Filesystem") !== (before.volumeMode ?? "Filesystem"))
    causes.push(immutable("volumeMode", spec.volumeMode));
  if (before.nodeAffinity !== undefined && !sameJson(spec.nodeAffinity, before.nodeAffinity)) {
    const text = "field is immutable, except for updating from beta label to GA";
    causes.push(invalidValue("nodeAffinity", spec.nodeAffinity ?? null, text));
  }
  return causes;
}

interface AttachmentSpec {
  attacher?: string;
  nodeName?: string;
  source?: { persistentVolumeName?: string; inlineVolumeSpec?: object };
}

export function volumeAttachmentProblems(attachment: KubeObject, old: KubeObject | undefined): Cause[] {
  const spec = (attachment["spec"] ?? {}) as AttachmentSpec; // decoded by its type
  const { attacher = "", nodeName = "", source = {} } = spec;
  const { persistentVolumeName, inlineVolumeSpec } = source;
  const causes: Cause[] = [];
  const one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (attacher === "") causes.push(required("spec.attacher"));
  if (inlineVolumeSpec === undefined && persistentVolumeName === undefined)
    causes.push(required("spec.source", one));
  else if (inlineVolumeSpec !== undefined && persistentVolumeName !== undefined)
    causes.push(forbiddenField("spec.source", one));
  else if (persistentVolumeName === "")
    causes.push(required("spec.source.persistentVolumeName", "must specify non empty persistentVolumeName"));
  causes.push(
    ...subdomainProblems(nodeName).map((problem) => invalidValue("spec.nodeName", nodeName, problem)),
  );
  if (old !== undefined && !sameJson(spec, old["spec"])) {
    const shown = {
      Attacher: attacher,
      Source: {
        PersistentVolumeName: persistentVolumeName ?? null,
        InlineVolumeSpec: inlineVolumeSpec ?? null,
      },
      NodeName: nodeName,
    };
    causes.push(immutable("spec", shown));
  }
  return causes;
}
