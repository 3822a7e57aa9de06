/** Strategic merge patch, which only built-in kinds take. */
import { badRequest } from "../store/status-error.ts";
import { isRecord } from "./json-patch.ts";
import { mergeKeyOf, SET_LISTS } from "../schema/merge-keys.ts";

type Json = Record<string, unknown>;

/** https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md */
export function applyStrategicMergePatch(target: Json, patch: unknown): Json {
  if (!isRecord(patch))
    throw badRequest(
      "error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}",
    );
  return mergeMaps(target, patch, "");
}

function mergeMaps(target: Json, patch: Json, field: string): Json {
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
    if (key === "$retainKeys" || key.startsWith("$setElementOrder/")) continue;
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
    result[key] = mergeValue(result[key], value, key, field);
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith("$setElementOrder/") || !Array.isArray(order)) continue;
    const list = key.slice("$setElementOrder/".length);
    const current = result[list];
    const before = target[list];
    if (Array.isArray(current))
      result[list] = inOrder(current, order, mergeKeyOf(list, field), Array.isArray(before) ? before : []);
  }
  return result;
}

function mergeValue(current: unknown, value: unknown, key: string, field: string): unknown {
  if (isRecord(value)) return mergeMaps(isRecord(current) ? current : {}, value, key);
  if (!Array.isArray(value)) return value;
  const existing = Array.isArray(current) ? (current as unknown[]) : [];
  if (SET_LISTS.has(key))
    return inOrder([...new Set([...existing, ...(value as unknown[])])], value, undefined, existing);
  const mergeKey = mergeKeyOf(key, field);
  if (mergeKey === undefined) return value;
  return mergeLists(existing, value as unknown[], mergeKey, key);
}

function mergeLists(existing: unknown[], patch: unknown[], mergeKey: string, field: string): unknown[] {
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
      result.push(mergeMaps({}, item, field));
    } else {
      const other = result[index];
      result[index] = mergeMaps(isRecord(other) ? other : {}, item, field);
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
