/** Keeps metadata.managedFields: who wrote which fields, how, and through which subresource. */
import { type FieldType, objectType } from "../schema/field-type.ts";
import type { Kind } from "../schema/kind.ts";
import { changedFields, existing, type FieldSet, isEmpty, subtract, union } from "./field-set.ts";
import type { KubeObject } from "./kube-object.ts";

export interface FieldsEntry {
  manager: string;
  operation: "Update" | "Apply";
  apiVersion: string;
  time: string;
  fieldsType: "FieldsV1";
  fieldsV1: FieldSet;
  subresource?: string;
}

export interface Writer {
  manager: string;
  operation: "Update" | "Apply";
  subresource?: string;
  /** For Apply: exactly what the manager asked for. */
  applied?: FieldSet;
}

/** Metadata that no manager owns. */
const UNOWNED = new Set([
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "generation",
  "managedFields",
  "selfLink",
  "generateName",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
]);

/** The part of an object that has owners. */
export function ownedPart(object: KubeObject): Record<string, unknown> {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...content } = object;
  const owned = Object.entries(metadata).filter(([name]) => !UNOWNED.has(name));
  return owned.length === 0 ? content : { metadata: Object.fromEntries(owned), ...content };
}

export const entriesOf = (object: KubeObject | undefined): FieldsEntry[] =>
  (object?.metadata.managedFields ?? []) as FieldsEntry[]; // written here, or given by seeds in the same form

/** Whether a write asks for the managers to be forgotten: by an empty list, or one empty entry. */
export const isReset = (given: readonly unknown[] | undefined): boolean =>
  given !== undefined &&
  (given.length === 0 || (given.length === 1 && Object.keys(given[0] ?? {}).length === 0));

/** What an applier meets: where nobody was recorded, all that there is counts as written before the first apply. */
export function entriesBeforeApply(kind: Kind, current: KubeObject): FieldsEntry[] {
  const entries = entriesOf(current);
  if (entries.length > 0) return entries;
  return [
    {
      manager: "before-first-apply",
      operation: "Update",
      apiVersion: current.apiVersion,
      time: current.metadata.creationTimestamp,
      fieldsType: "FieldsV1",
      fieldsV1: changedFields({}, creatorsPart(kind, ownedPart(current)), objectType(kind)),
    },
  ];
}

export const sameWriter = (entry: FieldsEntry, writer: Writer): boolean =>
  entry.manager === writer.manager &&
  entry.operation === writer.operation &&
  entry.subresource === writer.subresource;

/** The entries after `writer` has turned `previous` into `next`. */
export function recordWriter(
  kind: Kind,
  previous: KubeObject | undefined,
  next: KubeObject,
  writer: Writer,
  time: string,
): FieldsEntry[] {
  const type = objectType(kind);
  const after = ownedPart(next);
  const before = previous === undefined ? {} : ownedPart(previous);
  const changed = changedFields(before, previous === undefined ? creatorsPart(kind, after) : after, type);
  const recorded = isReset(next.metadata.managedFields) ? [] : entriesOf(next);
  // managers that were forgotten are recorded again from the next apply on: skipnonapplied.go
  if (previous !== undefined && recorded.length === 0 && writer.operation === "Update") return [];
  const entries =
    previous !== undefined && writer.operation === "Apply" ? entriesBeforeApply(kind, previous) : recorded;
  const wanted = writer.applied ?? changed;
  const kept: FieldsEntry[] = [];
  let own: FieldsEntry | undefined;
  for (const entry of previous === undefined ? [] : entries) {
    if (sameWriter(entry, writer)) {
      own = entry;
      continue;
    }
    const left = stillOwned(entry.fieldsV1, changed, after, type);
    if (!isEmpty(left)) kept.push({ ...entry, fieldsV1: left });
  }
  const mine =
    writer.applied ?? union(own === undefined ? {} : stillOwned(own.fieldsV1, {}, after, type), wanted);
  if (isEmpty(mine)) return own === undefined ? kept : [...kept, own];
  return [
    ...kept,
    {
      manager: writer.manager,
      operation: writer.operation,
      apiVersion: next.apiVersion,
      time,
      fieldsType: "FieldsV1",
      fieldsV1: mine,
      ...(writer.subresource === undefined ? {} : { subresource: writer.subresource }),
    },
  ];
}

/** Who creates an object has not written the status that it begins with. */
function creatorsPart(kind: Kind, created: Record<string, unknown>): Record<string, unknown> {
  if (!kind.statusSubresource) return created;
  const { status: _status, ...content } = created;
  return content;
}

const stillOwned = (set: FieldSet, lost: FieldSet, value: unknown, type: FieldType): FieldSet =>
  existing(isEmpty(lost) ? set : subtract(set, lost), value, type);
