/** Keeps metadata.managedFields: who wrote last, how, and through which subresource. */
import type { KubeObject } from "./kube-object.ts";

export interface FieldsEntry {
  manager: string;
  operation: "Update" | "Apply";
  apiVersion: string;
  time: string;
  fieldsType: "FieldsV1";
  fieldsV1: Record<string, unknown>;
  subresource?: string;
}

export interface Writer {
  manager: string;
  operation: "Update" | "Apply";
  subresource?: string;
}

/** Records that `writer` turned `previous` into `next`. */
export function recordWriter(
  previous: KubeObject | undefined,
  next: KubeObject,
  writer: Writer,
  time: string,
): FieldsEntry[] {
  const entries = (previous?.metadata.managedFields ?? []) as FieldsEntry[]; // written here only
  const others = entries.filter(
    (entry) =>
      entry.manager !== writer.manager ||
      entry.operation !== writer.operation ||
      entry.subresource !== writer.subresource,
  );
  return [
    ...others,
    {
      manager: writer.manager,
      operation: writer.operation,
      apiVersion: next.apiVersion,
      time,
      fieldsType: "FieldsV1",
      fieldsV1: {},
      ...(writer.subresource === undefined ? {} : { subresource: writer.subresource }),
    },
  ];
}
