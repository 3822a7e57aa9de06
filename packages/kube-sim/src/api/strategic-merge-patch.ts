/** Strategic merge patch, which only built-in kinds take: how lists merge is said by the kind's type. */
import type { FieldType } from "../schema/field-type.ts";
import { badRequest } from "../store/status-error.ts";
import { isRecord } from "./json-patch.ts";

type Json = Record<string, unknown>;

/** https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md */
export function applyStrategicMergePatch(target: Json, patch: unknown, type: FieldType): Json {
  if (!isRecord(patch))
    throw badRequest(
      "error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}",
    );
  return mergeMaps(target, patch, type);
}

function mergeMaps(target: Json, patch: Json, type: FieldType): Json {
  const directive = patch["$patch"];
  if (directive === "replace") {
    const { $patch: _directive, ...content } = patch;
    return content;
  }
  if (directive === "delete") return {};
  const result: Json = { ...target };
  const retained = patch["$retainKeys"];
  if (Array.isArray(retained)) {
    for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === "$retainKeys" || key === "$patch" || key.startsWith("$setElementOrder/")) continue;
    if (key.startsWith("$deleteFromPrimitiveList/")) {
      const list = key.slice("$deleteFromPrimitiveList/".length);
      const current = result[list];
      const removed = Array.isArray(value) ? (value as unknown[]) : [];
      if (Array.isArray(current)) result[list] = current.filter((item) => !removed.includes(item));
      continue;
    }
    if (value === null) {
      delete result[key];
      continue;
    }
    result[key] = mergeValue(result[key], value, type.field(key));
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith("$setElementOrder/") || !Array.isArray(order)) continue;
    const list = key.slice("$setElementOrder/".length);
    const current = result[list];
    if (Array.isArray(current)) result[list] = inOrder(current, order, type.field(list).patch.key);
  }
  return result;
}

function mergeValue(current: unknown, value: unknown, type: FieldType): unknown {
  const { patch } = type;
  if (isRecord(value)) {
    const replaces = patch.replaces && value["$patch"] === undefined;
    return mergeMaps(isRecord(current) && !replaces ? current : {}, value, type);
  }
  if (!Array.isArray(value) || !patch.merges) return value;
  const existing = Array.isArray(current) ? (current as unknown[]) : [];
  if (patch.key === undefined) return [...new Set([...existing, ...(value as unknown[])])];
  return mergeLists(existing, value as unknown[], patch.key, type.item());
}

function mergeLists(existing: unknown[], patch: unknown[], mergeKey: string, type: FieldType): unknown[] {
  if (patch.some((item) => isRecord(item) && item["$patch"] === "replace")) {
    return patch.filter((item) => !(isRecord(item) && item["$patch"] === "replace"));
  }
  let result = [...existing];
  for (const item of patch) {
    if (!isRecord(item))
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
    const id = item[mergeKey];
    if (id === undefined) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
    }
    const index = result.findIndex((other) => isRecord(other) && other[mergeKey] === id);
    if (item["$patch"] === "delete") {
      result = result.filter((_, position) => position !== index);
    } else if (index === -1) {
      result.push(mergeMaps({}, item, type));
    } else {
      const other = result[index];
      result[index] = mergeMaps(isRecord(other) ? other : {}, item, type);
    }
  }
  return result;
}

/** Items that the order names come in that order; the others keep their place relative to their neighbours. */
function inOrder(list: unknown[], order: unknown[], mergeKey: string | undefined): unknown[] {
  const idOf = (item: unknown): unknown => (mergeKey !== undefined && isRecord(item) ? item[mergeKey] : item);
  const rank = new Map(order.map((item, index) => [idOf(item), index] as const));
  const ordered = list.filter((item) => rank.has(idOf(item)));
  ordered.sort((a, b) => (rank.get(idOf(a)) ?? 0) - (rank.get(idOf(b)) ?? 0));
  let next = 0;
  return list.map((item) => (rank.has(idOf(item)) ? ordered[next++] : item));
}
