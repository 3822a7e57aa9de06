/** meta.k8s.io/v1 Tables: what `kubectl get` prints. */
import { asCoreEvent, NEW_EVENTS } from "../schema/event-versions.ts";
import type { Kind } from "../schema/kind.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { humanDuration } from "./duration.ts";
import { readJsonPath } from "./json-path.ts";
import { builtinTables } from "./builtin-tables.ts";

export interface TableColumn {
  name: string;
  type: string;
  format: string;
  description: string;
  priority: number;
}

export interface TableRow {
  cells: unknown[];
  object: unknown;
}

/** What rows carry besides cells, as `includeObject` asks. */
export type IncludeObject = "None" | "Metadata" | "Object";

export const age = (object: KubeObject, nowMs: number): string =>
  object.metadata.creationTimestamp === ""
    ? "<unknown>"
    : humanDuration(nowMs - Date.parse(object.metadata.creationTimestamp));

export function tableColumns(kind: Kind): TableColumn[] {
  const builtin = builtinTables[`${kind.group}/${kind.resource}`];
  if (builtin !== undefined) {
    return builtin.columns.map(([name, type, priority = 0]) => ({
      name,
      type,
      format: name === "Name" ? "name" : "",
      description: "",
      priority,
    }));
  }
  const name: TableColumn = { name: "Name", type: "string", format: "name", description: "", priority: 0 };
  if (kind.columns.length === 0) {
    return [
      name,
      {
        name: kind.custom ? "Age" : "Age",
        type: kind.custom ? "date" : "string",
        format: "",
        description: "",
        priority: 0,
      },
    ];
  }
  return [
    name,
    ...kind.columns.map(([column, type, , priority = 0, description = "", format = ""]) => ({
      name: column,
      type,
      format,
      description,
      priority,
    })),
  ];
}

function customCells(kind: Kind, object: KubeObject, nowMs: number): unknown[] {
  if (kind.columns.length === 0) return [object.metadata.name, age(object, nowMs)];
  return [
    object.metadata.name,
    ...kind.columns.map(([, type, path]) => {
      const values = readJsonPath(object, path);
      const [value] = values;
      if (value === undefined || value === null) return type === "date" ? "<unknown>" : null;
      if (type === "date") return humanDuration(nowMs - Date.parse(text(value)));
      if (type === "string") return values.length > 1 ? values.map(text).join(",") : text(value);
      return value;
    }),
  ];
}

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

export function partialMetadata(object: KubeObject): unknown {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
}

export function tableRow(kind: Kind, object: KubeObject, include: IncludeObject, nowMs: number): TableRow {
  const builtin = builtinTables[`${kind.group}/${kind.resource}`];
  const printed = object.apiVersion === NEW_EVENTS ? asCoreEvent(object) : object;
  const cells = builtin === undefined ? customCells(kind, object, nowMs) : builtin.cells(printed, nowMs);
  if (include === "Object") return { cells, object };
  return { cells, object: include === "Metadata" ? partialMetadata(object) : null };
}
