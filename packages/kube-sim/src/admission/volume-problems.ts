/** What is wrong with the volumes of a pod. Source: pkg/apis/core/validation, ValidateVolumes. */
import {
  type Cause,
  duplicate,
  forbiddenField,
  invalidValue,
  required,
  unsupported,
} from "./field-causes.ts";
import { labelProblems } from "./name-formats.ts";

type Json = Record<string, unknown>;

export interface Volume extends Json {
  name?: string;
}

/** In the order in which the server looks for them. */
const SOURCES = [
  "emptyDir",
  "hostPath",
  "gitRepo",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "secret",
  "nfs",
  "iscsi",
  "glusterfs",
  "flocker",
  "persistentVolumeClaim",
  "rbd",
  "cinder",
  "cephfs",
  "quobyte",
  "downwardAPI",
  "fc",
  "flexVolume",
  "configMap",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "storageos",
  "projected",
  "scaleIO",
  "csi",
  "ephemeral",
  "image",
];

/** Where the server's own words name a source otherwise. */
const MISNAMED: Record<string, string> = { cephfs: "cephFS", downwardAPI: "downwarAPI" };

const REQUIRED: Record<string, readonly string[]> = {
  hostPath: ["path"],
  secret: ["secretName"],
  configMap: ["name"],
  persistentVolumeClaim: ["claimName"],
  nfs: ["server", "path"],
  csi: ["driver"],
};

const HOST_PATH_TYPES = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

function contentProblems(source: string, content: Json, at: string): Cause[] {
  const causes = (REQUIRED[source] ?? [])
    .filter((field) => !content[field])
    .map((field) => required(`${at}.${field}`));
  if (source === "hostPath" || source === "nfs") {
    const { path = "" } = content as { path?: string }; // decoded by its type
    if (source === "hostPath" && path.split("/").includes(".."))
      causes.push(invalidValue(`${at}.path`, path, "must not contain '..'"));
    if (source === "nfs" && path !== "" && !path.startsWith("/"))
      causes.push(invalidValue(`${at}.path`, path, "must be an absolute path"));
  }
  const type = content["type"];
  if (source === "hostPath" && typeof type === "string" && !HOST_PATH_TYPES.includes(type))
    causes.push(unsupported(`${at}.type`, type, HOST_PATH_TYPES));
  const items = content["items"];
  if ((source === "secret" || source === "configMap") && Array.isArray(items)) {
    for (const [index, item] of (items as { key?: string; path?: string }[]).entries()) // decoded by its type
      for (const field of ["key", "path"] as const)
        if (!item[field]) causes.push(required(`${at}.items[${index}].${field}`));
  }
  return causes;
}

/** One source, and no more. `sources` in the order in which the server looks. */
export function sourceProblems(
  holder: Json,
  at: string,
  sources: readonly string[],
  problemsOf: typeof contentProblems = contentProblems,
): Cause[] {
  const given = sources.filter((source) => holder[source] !== undefined && holder[source] !== null);
  const [first, ...more] = given;
  if (first === undefined) return [required(at, "must specify a volume type")];
  const content = (holder[first] ?? {}) as Json; // decoded by its type
  return [
    ...problemsOf(first, content, `${at}.${first}`),
    ...more.map((source) =>
      forbiddenField(`${at}.${MISNAMED[source] ?? source}`, "may not specify more than 1 volume type"),
    ),
  ];
}

/** `sound` are the names that can be mounted. */
export function volumesProblems(
  volumes: readonly Volume[],
  at: string,
): { causes: Cause[]; sound: Set<string> } {
  const causes: Cause[] = [];
  const sound = new Set<string>();
  for (const [index, volume] of volumes.entries()) {
    const here = `${at}[${index}]`;
    const { name = "" } = volume;
    const found = sourceProblems(volume, here, SOURCES);
    if (name === "") found.push(required(`${here}.name`));
    else found.push(...labelProblems(name).map((problem) => invalidValue(`${here}.name`, name, problem)));
    if (sound.has(name)) found.push(duplicate(`${here}.name`, name));
    if (found.length === 0) sound.add(name);
    causes.push(...found);
  }
  return { causes, sound };
}
