/** Server-side apply: merges what a manager wants, refuses what others own, removes what it wants no more. */
import { type FieldType, objectType } from "../schema/field-type.ts";
import type { Kind } from "../schema/kind.ts";
import {
  childrenOf,
  contains,
  type FieldSet,
  fieldsOf,
  leavesOf,
  pathsOf,
  pathText,
  reaches,
} from "../store/field-set.ts";
import { sameJson } from "../store/json-equality.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { entriesBeforeApply, type FieldsEntry, ownedPart } from "../store/managed-fields.ts";
import { type StatusCause, StatusError } from "../store/status-error.ts";
import { isRecord } from "./json-patch.ts";

export interface Applied {
  object: KubeObject;
  /** What the manager owns from now on. */
  fields: FieldSet;
}

export const appliedFields = (kind: Kind, wanted: KubeObject): FieldSet =>
  fieldsOf(ownedPart(wanted), objectType(kind));

export function applyOnto(
  kind: Kind,
  current: KubeObject,
  wanted: KubeObject,
  manager: string,
  subresource: string,
  force: boolean,
): Applied {
  const type = objectType(kind);
  const fields = appliedFields(kind, wanted);
  const entries = entriesBeforeApply(kind, current);
  const isOwn = (entry: FieldsEntry): boolean =>
    entry.manager === manager && entry.operation === "Apply" && (entry.subresource ?? "") === subresource;
  if (!force)
    refuseConflicts(
      type,
      current,
      wanted,
      fields,
      entries.filter((entry) => !isOwn(entry)),
    );
  const previous = entries.find(isOwn)?.fieldsV1 ?? {};
  const others = entries.filter((entry) => !isOwn(entry)).map((entry) => entry.fieldsV1);
  const isWanted = (path: readonly string[]): boolean =>
    reaches(fields, path) || others.some((set) => reaches(set, path));
  const dropped = new Map<string, readonly string[]>();
  for (const path of pathsOf(previous)) {
    if (isWanted(path)) continue;
    const top = droppedEntry(path, isWanted);
    dropped.set(JSON.stringify(top), top);
  }
  let merged: unknown = current;
  for (const path of dropped.values()) merged = without(merged, path, type);
  const { apiVersion: _apiVersion, kind: _kind, ...content } = wanted;
  return { object: merge(merged, content, type) as KubeObject, fields }; // merging objects gives an object
}

/** The outermost entry of a list that nobody wants any more goes as a whole; without one the leaf itself goes. */
function droppedEntry(
  path: readonly string[],
  isWanted: (path: readonly string[]) => boolean,
): readonly string[] {
  for (let length = 1; length < path.length; length += 1) {
    const top = path.slice(0, length);
    if (!(top.at(-1) ?? "").startsWith("f:") && !isWanted(top)) return top;
  }
  return path;
}

function valueAt(value: unknown, path: readonly string[], type: FieldType): unknown {
  let current: { value: unknown; type: FieldType } | undefined = { value, type };
  for (const key of path) {
    current = childrenOf(current.value, current.type)?.get(key);
    if (current === undefined) return undefined;
  }
  return current.value;
}

function refuseConflicts(
  type: FieldType,
  current: KubeObject,
  wanted: KubeObject,
  fields: FieldSet,
  others: FieldsEntry[],
): void {
  const causes: StatusCause[] = [];
  const lines: string[] = [];
  for (const entry of others.toSorted((a, b) => (identifierOf(a) < identifierOf(b) ? -1 : 1))) {
    const paths = leavesOf(fields).filter(
      (path) =>
        contains(entry.fieldsV1, path) &&
        !sameJson(valueAt(current, path, type), valueAt(wanted, path, type)),
    );
    if (paths.length === 0) continue;
    const who = shownManager(entry);
    lines.push(`conflicts with ${who}:`, ...paths.map((path) => `- ${pathText(path)}`));
    for (const path of paths)
      causes.push({ reason: "FieldManagerConflict", message: `conflict with ${who}`, field: pathText(path) });
  }
  const [first] = causes;
  if (first === undefined) return;
  const text =
    causes.length === 1
      ? `1 conflict: ${first.message ?? ""}: ${first.field ?? ""}`
      : `${causes.length} conflicts: ${lines.join("\n")}`;
  throw new StatusError(409, "Conflict", `Apply failed with ${text}`, { causes });
}

const identifierOf = ({ manager, operation, apiVersion, subresource }: FieldsEntry): string =>
  JSON.stringify({ manager, operation, ...(operation === "Update" ? { apiVersion } : {}), subresource });

/** Source: apimachinery's pkg/util/managedfields/internal/conflict.go, printManager. */
function shownManager({ manager, operation, apiVersion, subresource }: FieldsEntry): string {
  const path = subresource === undefined ? "" : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${path}${operation === "Update" ? ` using ${apiVersion}` : ""}`;
}

/** A copy of `value` without the field at `path`; maps that become empty stay. */
function without(value: unknown, path: readonly string[], type: FieldType): unknown {
  const [key = "", ...rest] = path;
  if (isRecord(value)) {
    const name = key.slice(2);
    if (value[name] === undefined) return value;
    if (rest.length > 0) return { ...value, [name]: without(value[name], rest, type.field(name)) };
    const { [name]: _dropped, ...others } = value;
    return others;
  }
  if (!Array.isArray(value)) return value;
  const keys = [...(childrenOf(value, type)?.keys() ?? [])];
  const index = keys.indexOf(key);
  if (index === -1) return value;
  const list = value as unknown[];
  if (rest.length === 0) return list.filter((_, position) => position !== index);
  return list.map((item, position) => (position === index ? without(item, rest, type.item()) : item));
}

function merge(current: unknown, wanted: unknown, type: FieldType): unknown {
  if (isRecord(wanted)) {
    if (type.atomic) return wanted;
    const result: Record<string, unknown> = isRecord(current) ? { ...current } : {};
    for (const [name, value] of Object.entries(wanted)) {
      if (value === null) continue;
      result[name] = merge(result[name], value, type.field(name));
    }
    return result;
  }
  if (!Array.isArray(wanted) || type.list.kind === "atomic" || !Array.isArray(current)) return wanted;
  const list = current as unknown[];
  const have = [...(childrenOf(list, type)?.keys() ?? [])];
  const result = [...list];
  for (const [key, child] of childrenOf(wanted, type) ?? []) {
    const index = have.indexOf(key);
    if (index === -1) result.push(child.value);
    else result[index] = merge(list[index], child.value, type.item());
  }
  return result;
}
