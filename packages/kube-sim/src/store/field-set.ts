/**
 * Sets of fields in the FieldsV1 form of managedFields: `{"f:spec": {"f:replicas": {}}}`. A path is in a set where it has
 * nothing below it, or "." beside what it has. Source: structured-merge-diff's fieldpath and typed packages.
 */
import type { FieldType } from "../schema/field-type.ts";
import { sameJson } from "./json-equality.ts";

export interface FieldSet {
  [key: string]: FieldSet;
}

type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function isEmpty(set: FieldSet): boolean {
  for (const _key in set) return false;
  return true;
}

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

/** Every field of a value that was not there before, itself included where its type owns itself. */
function addedFields(key: string, value: unknown, type: FieldType): FieldSet {
  const children = childrenOf(value, type);
  if (children === undefined) return {};
  const set: FieldSet = key.startsWith("k:") || type.ownsItself ? { ".": {} } : {};
  for (const [name, child] of children) set[name] = addedFields(name, child.value, child.type);
  return set;
}

/** One child by its FieldsV1 key. Objects are looked into as they are: most of every write is objects, and a map of each would be its cost. */
function childFinder(
  value: unknown,
  type: FieldType,
): (key: string) => { value: unknown; type: FieldType } | undefined {
  if (!isRecord(value)) {
    const children = childrenOf(value, type);
    return (key) => children?.get(key);
  }
  return (key) => {
    const name = key.slice(2);
    if (type.atomic || !key.startsWith("f:") || !Object.hasOwn(value, name) || value[name] === undefined)
      return undefined;
    return { value: value[name], type: type.field(name) };
  };
}

/** The fields whose values differ between two values, added and changed ones; removed ones are not in it. */
export function changedFields(before: unknown, after: unknown, type: FieldType): FieldSet {
  if (before === after) return {};
  const next = childrenOf(after, type);
  if (next === undefined) return {};
  const previous = childFinder(before, type);
  const set: FieldSet = {};
  for (const [key, child] of next) {
    const old = previous(key);
    if (old === undefined) {
      set[key] = addedFields(key, child.value, child.type);
      continue;
    }
    if (old.value === child.value || sameJson(old.value, child.value)) continue;
    const below = changedFields(old.value, child.value, child.type);
    if (!isEmpty(below) || childrenOf(child.value, child.type) === undefined) set[key] = below;
  }
  return set;
}

/** Both; `a` itself where `b` adds nothing. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  let result = a;
  for (const [key, below] of Object.entries(b)) {
    const mine = a[key];
    const both = mine === undefined ? below : union(mine, below);
    if (both === mine) continue;
    if (result === a) result = { ...a };
    result[key] = both;
  }
  return result;
}

/** A path that is in the set by "." alone is written without anything below it. */
function settled(set: FieldSet): FieldSet {
  const keys = Object.keys(set);
  return keys.length === 1 && keys[0] === "." ? {} : set;
}

/** What of `a` is not in `b`. A leaf in `b` takes its whole subtree out of `a`. */
export function subtract(a: FieldSet, b: FieldSet): FieldSet {
  const result: FieldSet = {};
  for (const [key, below] of Object.entries(a)) {
    const other = b[key];
    if (other === undefined) result[key] = below;
    else if (isEmpty(other)) continue;
    else if (isEmpty(below)) {
      if (other["."] === undefined) result[key] = below;
    } else {
      const left = subtract(below, other);
      if (!isEmpty(left)) result[key] = settled(left);
    }
  }
  return result;
}

/** What of `set` still exists in a value; `set` itself where all of it does. */
export function existing(set: FieldSet, value: unknown, type: FieldType): FieldSet {
  const childOf = childFinder(value, type);
  const result: FieldSet = {};
  let isWhole = true;
  for (const [key, below] of Object.entries(set)) {
    if (key === ".") {
      result[key] = below;
      continue;
    }
    const child = childOf(key);
    const left = child === undefined || isEmpty(below) ? below : existing(below, child.value, child.type);
    // what was owned below it and is gone leaves nothing behind
    if (child === undefined || (isEmpty(left) && !isEmpty(below))) {
      isWhole = false;
      continue;
    }
    result[key] = settled(left);
    isWhole &&= result[key] === below;
  }
  return isWhole ? set : result;
}

/** The paths that are in a set, as FieldsV1 keys. */
export function pathsOf(set: FieldSet, path: readonly string[] = []): string[][] {
  const keys = Object.keys(set);
  if (keys.length === 0) return path.length === 0 ? [] : [[...path]];
  return keys.flatMap((key) => (key === "." ? [[...path]] : pathsOf(set[key] ?? {}, [...path, key])));
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

/** Of those paths the ones that have nothing below them. */
export function leavesOf(set: FieldSet, path: readonly string[] = []): string[][] {
  const keys = Object.keys(set).filter((key) => key !== ".");
  if (keys.length === 0) return path.length === 0 ? [] : [[...path]];
  return keys.flatMap((key) => leavesOf(set[key] ?? {}, [...path, key]));
}

function nodeAt(set: FieldSet, path: readonly string[]): FieldSet | undefined {
  let current: FieldSet | undefined = set;
  for (const key of path) {
    current = current[key];
    if (current === undefined) return undefined;
  }
  return current;
}

export const contains = (set: FieldSet, path: readonly string[]): boolean => {
  const node = nodeAt(set, path);
  return node !== undefined && (isEmpty(node) || node["."] !== undefined);
};

/** Whether the path itself or anything below it is in the set. */
export const reaches = (set: FieldSet, path: readonly string[]): boolean => nodeAt(set, path) !== undefined;
