/** Makes seeded objects as large as real ones: who wrote which field, and what somebody applied last. */
import type { NewObject } from "../store/kube-object.ts";

/** The field set of a value, as server-side apply records it: about as large as the real one. */
function fieldSet(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) return {};
  if (Array.isArray(value)) {
    return Object.fromEntries(
      value.map((item: { name?: string }, index) => [
        item?.name === undefined ? `i:${index}` : `k:{"name":"${item.name}"}`,
        fieldSet(item),
      ]),
    );
  }
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [`f:${key}`, fieldSet(child)]));
}

/** Adds managedFields, and fills an annotation until the object is as large as a real one. */
export function realistic(object: NewObject, manager: string, bytes: number): NewObject {
  const time = "2026-11-01T10:00:00Z";
  const withFields = {
    ...object,
    metadata: {
      ...object.metadata,
      managedFields: ["spec", "status"].map((part) => ({
        manager: part === "spec" ? "kubev-console" : manager,
        operation: "Update",
        apiVersion: object.apiVersion,
        time,
        fieldsType: "FieldsV1",
        fieldsV1: { [`f:${part}`]: fieldSet(object[part]) },
        ...(part === "status" && { subresource: "status" }),
      })),
    },
  };
  const missing = bytes - JSON.stringify(withFields).length - 80;
  if (missing <= 0) return withFields;
  const filler = `{"note":"${"configuration ".repeat(Math.ceil(missing / 14)).slice(0, missing)}"}`;
  return {
    ...withFields,
    metadata: {
      ...withFields.metadata,
      annotations: {
        ...object.metadata.annotations,
        "kubectl.kubernetes.io/last-applied-configuration": filler,
      },
    },
  };
}
