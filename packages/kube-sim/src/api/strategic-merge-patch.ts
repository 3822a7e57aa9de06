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
    const before = target[list];
    if (Array.isArray(current))
      result[list] = inOrder(current, order, type.field(list).patch.key, Array.isArray(before) ? before : []);
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
  if (patch.key === undefined)
    return inOrder([...new Set([...existing, ...(value as unknown[])])], value, undefined, existing);
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
  const named = patch.filter((item) => !(isRecord(item) && item["$patch"] !== undefined));
  return inOrder(result, named, mergeKey, existing);
}

/**
 * Items that the patch names come in its order, the others in the order they had; where both meet, one that stood before
 * stays before, and what is new goes ahead (strategicpatch's normalizeElementOrder and mergeSortedSlice).
 */
function inOrder(
  list: unknown[],
  order: unknown[],
  mergeKey: string | undefined,
  before: unknown[],
): unknown[] {
  const idOf = (item: unknown): unknown => (mergeKey !== undefined && isRecord(item) ? item[mergeKey] : item);
  const ranks = (items: unknown[]) => new Map(items.map((item, index) => [idOf(item), index] as const));
  const named = ranks(order);
  const stood = ranks(before);
  const rankIn = (rank: typeof named, item: unknown): number => rank.get(idOf(item)) ?? -1;
  const patched = list
    .filter((item) => named.has(idOf(item)))
    .toSorted((a, b) => rankIn(named, a) - rankIn(named, b));
  const others = list.filter((item) => !named.has(idOf(item)));
  const result: unknown[] = [];
  for (const item of patched) {
    const place = rankIn(stood, item);
    const ahead = others.findIndex((other) => rankIn(stood, other) < 0 || rankIn(stood, other) >= place);
    if (place >= 0) result.push(...others.splice(0, ahead === -1 ? others.length : ahead));
    result.push(item);
  }
  return [...result, ...others];
}
