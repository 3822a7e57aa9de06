/** Which lists of the core kinds merge by key, from the `patchMergeKey` tags of the Kubernetes API types. */

/** Keyed by the field that holds the list; where one name means different lists, by `parent.field`. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  ephemeralContainers: "name",
  volumes: "name",
  env: "name",
  volumeMounts: "mountPath",
  volumeDevices: "devicePath",
  imagePullSecrets: "name",
  hostAliases: "ip",
  topologySpreadConstraints: "topologyKey",
  conditions: "type",
  podIPs: "ip",
  hostIPs: "ip",
  secrets: "name",
  ownerReferences: "uid",
  resourceClaims: "name",
  schedulingGates: "name",
  "status.addresses": "type",
  "container.ports": "containerPort",
  "spec.ports": "port",
};

/** The merge key of a list, undefined for lists that are replaced whole. */
export function mergeKeyOf(field: string, parentField: string): string | undefined {
  if (field === "ports")
    return parentField === "spec" ? MERGE_KEYS["spec.ports"] : MERGE_KEYS["container.ports"];
  return MERGE_KEYS[field] ?? MERGE_KEYS[`${parentField}.${field}`];
}

/** Lists of plain values that merge as sets. */
export const SET_LISTS: ReadonlySet<string> = new Set(["finalizers"]);
