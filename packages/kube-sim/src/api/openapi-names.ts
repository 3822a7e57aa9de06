/** What the OpenAPI documents call paths and schemas. */
import type { Kind } from "../schema/kind.ts";

/** Path of a group's version, without the leading slash. */
export const pathOf = (group: string, version: string): string =>
  group === "" ? `api/${version}` : `apis/${group}/${version}`;

export const groupVersionKind = (kind: Kind, version: string): Record<string, string> => ({
  group: kind.group,
  kind: kind.kind,
  version,
});

export function schemaName(kind: Kind, version: string): string {
  const reversed = kind.group === "" ? "io.k8s.api.core" : kind.group.split(".").toReversed().join(".");
  return `${reversed}.${version}.${kind.kind}`;
}

export const collectionPath = (kind: Kind, version: string): string =>
  `/${pathOf(kind.group, version)}${kind.namespaced ? "/namespaces/{namespace}" : ""}/${kind.resource}`;
