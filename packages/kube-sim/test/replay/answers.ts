/** Compares two answers: a Status whole, any other object by its main fields, both without what no two clusters share. */
import type { Json } from "./recording.ts";
import { stemOf } from "./states.ts";

const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const time = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

const plainText = (text: string): string =>
  stemOf(text)
    .replaceAll(uid, "UID")
    .replaceAll(time, "TIME")
    .replaceAll(/(virt-launcher-[a-z0-9.-]+|hp-volume|kubevirt-[a-z-]+)-[a-z0-9]{5}\b/g, "$1-RANDOM")
    .replaceAll(/\b(10\.\d+\.\d+\.\d+|192\.0\.2\.\d+)\b/g, "ADDRESS")
    .replaceAll(/\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, "MAC")
    .replaceAll(/\b(host|node)-\d+\b/g, "NODE");

/** Fields that say when, where or in which version, and what the recorder's hosts were told by annotation. */
const ignored = new Set([
  "managedFields",
  "resourceVersion",
  "creationTimestamp",
  "deletionTimestamp",
  "selfLink",
  "nodeName",
  "sourceNode",
  "targetNode",
  "targetNodeAddress",
  "kubevirt.io/nodeName",
  "kubevirt.io/migrationTargetNodeName",
  "lastProbeTime",
  "lastTransitionTime",
]);

/** Fields whose values tell of the build, of invented guests or of hosts: both have them, or neither. */
const shapesOnly = new Set([
  "gitVersion",
  "gitCommit",
  "gitTreeState",
  "buildDate",
  "goVersion",
  "compiler",
  "config-resource-version",
  "usedBytes",
  "totalBytes",
  "loginTime",
  "fileSystemType",
  "userList",
  "tag",
  "activePods",
  // Disks are filled from what there is.
  "source",
  "targetDirectMigrationNodePorts",
]);

/** What is compared of kinds whose other fields are not KubeVirt's. */
const mainFields: Readonly<Record<string, (object: Json) => Json>> = {
  Pod: ({ kind, metadata, status }) => {
    const { labels, ownerReferences } = metadata as { labels?: Json; ownerReferences?: unknown }; // every object has metadata
    const own = Object.entries(labels ?? {}).filter(([label]) => !label.startsWith("topology."));
    const { phase, conditions } = (status ?? {}) as Json;
    return { kind, labels: Object.fromEntries(own), ownerReferences, phase, conditions };
  },
  KubeVirt: ({ kind, spec }) => {
    const { configuration } = spec as { configuration?: { developerConfiguration?: Json } }; // the CRD's
    return { kind, featureGates: configuration?.developerConfiguration?.["featureGates"] };
  },
  Table: ({ kind, columnDefinitions, rows }) => ({
    kind,
    columns: (columnDefinitions as Json[]).map(({ name, type, priority }) => ({ name, type, priority })), // a Table's
    // Of an age nobody knows how long it took to be asked for.
    rows: (rows as { cells: unknown[] }[]).map(({ cells }) =>
      cells.map((cell) => (/^\d+s$/.test(String(cell)) ? "AGE" : cell)),
    ),
  }),
};

/** What is compared of an answer's body. */
export function comparable(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return plain(body);
  const object = body as Json; // just checked
  const main = mainFields[String(object["kind"])];
  const { generation: _count, ...metadata } = (object["metadata"] ?? {}) as Json; // every object's
  // The generation of a VMI counts every write of its status.
  const counted = object["kind"] === "VirtualMachineInstance" ? { ...object, metadata } : object;
  return plain(main === undefined ? counted : main(object));
}

const emptyBodies = new Set(["{}", "[]"]);

const typed = (list: unknown[]): list is { type: string }[] =>
  list.length > 0 && list.every((one) => typeof (one as { type?: unknown } | null)?.type === "string");

export function plain(value: unknown): unknown {
  if (typeof value === "string") return plainText(value);
  if (Array.isArray(value)) {
    // Conditions are a map by type; their order in the list is the order of writers.
    if (typed(value)) return Object.fromEntries(value.map((one) => [one.type, plain(one)]));
    return value.map(plain);
  }
  if (typeof value !== "object" || value === null) return value;
  const fields: Json = {};
  for (const [name, inner] of Object.entries(value)) {
    if (ignored.has(name) || name.includes("fake-node.io/") || name.includes("kubesim.kubev.io/")) continue;
    if (name === "continue" && inner === "") continue;
    if (shapesOnly.has(name)) {
      if (inner !== undefined && inner !== null) fields[name] = "SHAPE";
      continue;
    }
    const plainInner = plain(inner);
    // Empty is absent.
    if (plainInner === null || plainInner === undefined || emptyBodies.has(JSON.stringify(plainInner)))
      continue;
    fields[plainText(name)] = plainInner;
  }
  return fields;
}

/** Paths at which two plain values differ, with both. */
export function differences(real: unknown, ours: unknown, path = ""): string[] {
  if (real === ours) return [];
  const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;
  if (isObject(real) && isObject(ours) && Array.isArray(real) === Array.isArray(ours)) {
    const names = new Set([...Object.keys(real), ...Object.keys(ours)]);
    return [...names].toSorted().flatMap((name) => differences(real[name], ours[name], `${path}/${name}`));
  }
  const short = (value: unknown) => (value === undefined ? "absent" : JSON.stringify(value).slice(0, 300));
  return [`${path === "" ? "/" : path}: real ${short(real)}, sim ${short(ours)}`];
}
