/** Keeps metadata.managedFields: who wrote which fields, how, and through which subresource. */
import { type FieldType, objectType } from "../schema/field-type.ts";
import type { Kind } from "../schema/kind.ts";
import { changedFields, existing, type FieldSet, fieldsOf, isEmpty, subtract, union } from "./field-set.ts";
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
  const changed =
    previous === undefined ? fieldsOf(creatorsPart(kind, after), type) : changedFields(before, after, type);
  const wanted = writer.applied ?? changed;
  const kept: FieldsEntry[] = [];
  let own: FieldsEntry | undefined;
  for (const entry of entriesOf(previous)) {
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
