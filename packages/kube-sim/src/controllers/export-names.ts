/**
 * How the objects of an export are called. Source: KubeVirt's pkg/storage/export/export/export.go, and the naming package of
 * OpenShift's library-go that it names by.
 */

const longestLabel = 63;
const exportPrefix = "virt-export";

/** FNV-1a of 32 bits, as eight hexadecimal digits. */
function fnv(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/** `base-suffix`, shortened by a hash where that is longer than a label. */
function joinedName(base: string, suffix: string): string {
  const name = `${base}-${suffix}`;
  if (name.length <= longestLabel) return name;
  const room = longestLabel - 10 - suffix.length;
  if (room < 0) return `${base.slice(0, longestLabel - 9)}-${fnv(name)}`;
  return `${base.slice(0, room)}-${fnv(base)}-${suffix}`;
}

export const exporterPodName = (name: string): string => joinedName(exportPrefix, name);

/** Dots are no part of a service's name; a name that would leave no room for the prefix loses its last letter. */
export function exportServiceName(name: string): string {
  const plain = name.replaceAll(".", "-");
  return joinedName(exportPrefix, plain.length === longestLabel - 10 ? plain.slice(0, -1) : plain);
}

export const defaultTokenSecretName = (name: string): string => joinedName("export-token", name);

/** What the exporter's pod is selected by. */
export const exportLabelValue = (name: string): string =>
  name.length <= longestLabel ? name : joinedName(exportPrefix, name);

/** The name of a claim as a volume of the exporter's pod. */
export function exportVolumeName(claim: string): string {
  const plain = claim.replaceAll(".", "-");
  return plain.length <= longestLabel ? plain : joinedName(exportPrefix, plain);
}

export const manifestConfigMapName = (name: string): string => `exporter-vm-manifest-${name}`;

/** Where the exports of a project are found behind the door. */
export const externalPath = (namespace: string, name: string): string =>
  `/api/export.kubevirt.io/v1/namespaces/${namespace}/virtualmachineexports/${name}`;
