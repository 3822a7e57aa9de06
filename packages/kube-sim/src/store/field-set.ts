/** Sets of fields in the FieldsV1 form of managedFields: `{"f:spec": {"f:replicas": {}}}`. */
import type { FieldType } from "../schema/field-type.ts";
import { sameJson } from "./json-equality.ts";

export interface FieldSet {
  [key: string]: FieldSet;
}

type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isEmpty = (set: FieldSet): boolean => Object.keys(set).length === 0;

/** The children of a value by their FieldsV1 keys; undefined for leaves (scalars, atomic lists and objects, empty maps). */
export function childrenOf(
  value: unknown,
  type: FieldType,
): Map<string, { value: unknown; type: FieldType }> | undefined {
  if (isRecord(value)) {
    if (type.atomic) return undefined;
    const entries = Object.entries(value).filter(([, child]) => child !== undefined);
    if (entries.length === 0) return undefined;
    return new Map(
      entries.map(([name, child]) => [`f:${name}`, { value: child, type: type.field(name) }] as const),
    );
  }
  if (!Array.isArray(value) || type.list.kind === "atomic" || value.length === 0) return undefined;
  const { list } = type;
  return new Map(
    value.map((item: unknown) => {
      if (list.kind === "set")
        return [`v:${JSON.stringify(item)}`, { value: item, type: type.item() }] as const;
      const id = Object.fromEntries(
        list.keys.map((key) => [key, (isRecord(item) ? item[key] : undefined) ?? list.defaults[key]]),
      );
      return [`k:${JSON.stringify(id)}`, { value: item, type: type.item() }] as const;
    }),
  );
}

/** Every field that a value sets. */
export function fieldsOf(value: unknown, type: FieldType): FieldSet {
  const children = childrenOf(value, type);
  if (children === undefined) return {};
  const set: FieldSet = {};
  for (const [key, child] of children) {
    const below = fieldsOf(child.value, child.type);
    set[key] = key.startsWith("k:") ? { ".": {}, ...below } : below;
  }
  return set;
}

/** The fields whose values differ between two values, added and changed ones; removed ones are not in it. */
export function changedFields(before: unknown, after: unknown, type: FieldType): FieldSet {
  if (before === after) return {};
  const next = childrenOf(after, type);
  if (next === undefined) return {};
  const previous = childrenOf(before, type);
  const set: FieldSet = {};
  for (const [key, child] of next) {
    const old = previous?.get(key);
    if (old === undefined) {
      const below = fieldsOf(child.value, child.type);
      set[key] = key.startsWith("k:") ? { ".": {}, ...below } : below;
      continue;
    }
    if (old.value === child.value || sameJson(old.value, child.value)) continue;
    const below = changedFields(old.value, child.value, child.type);
    if (!isEmpty(below) || childrenOf(child.value, child.type) === undefined) set[key] = below;
  }
  return set;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const result: FieldSet = { ...a };
  for (const [key, below] of Object.entries(b)) {
    result[key] = result[key] === undefined ? below : union(result[key], below);
  }
  return result;
}

/** What of `a` is not in `b`. A leaf in `b` takes its whole subtree out of `a`. */
export function subtract(a: FieldSet, b: FieldSet): FieldSet {
  const result: FieldSet = {};
  for (const [key, below] of Object.entries(a)) {
    const other = b[key];
    if (other === undefined) result[key] = below;
    else if (!isEmpty(below) && !isEmpty(other)) {
      const left = subtract(below, other);
      if (!isEmpty(left)) result[key] = left;
    }
  }
  return result;
}

/** What of `set` still exists in a value. */
export function existing(set: FieldSet, value: unknown, type: FieldType): FieldSet {
  if (isEmpty(set)) return set;
  const children = childrenOf(value, type);
  const result: FieldSet = {};
  for (const [key, below] of Object.entries(set)) {
    if (key === ".") {
      result[key] = {};
      continue;
    }
    const child = children?.get(key);
    if (child !== undefined) result[key] = existing(below, child.value, child.type);
  }
  return result;
}

/** The leaves of a set as paths of FieldsV1 keys. */
export function leavesOf(set: FieldSet, path: readonly string[] = []): string[][] {
  const keys = Object.keys(set).filter((key) => key !== ".");
  if (keys.length === 0) return path.length === 0 ? [] : [[...path]];
  return keys.flatMap((key) => leavesOf(set[key] ?? {}, [...path, key]));
}

/** `.spec.template.containers[name="web"].image`, as conflicts name fields. */
export const pathText = (path: readonly string[]): string =>
  path
    .map((key) => {
      const content = key.slice(2);
      if (key.startsWith("f:")) return `.${content}`;
      if (key.startsWith("v:")) return `[=${content}]`;
      const id = JSON.parse(content) as Json; // written by childrenOf
      return `[${Object.entries(id)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(",")}]`;
    })
    .join("");

export const contains = (set: FieldSet, path: readonly string[]): boolean => {
  let current: FieldSet | undefined = set;
  for (const key of path) {
    current = current[key];
    if (current === undefined) return false;
    if (isEmpty(current)) return true;
  }
  return true;
};
