/** What the OpenAPI documents call paths and schemas. */
import { builtinModelName } from "../schema/builtin-schema.ts";
import type { Kind } from "../schema/kind.ts";

/** Path of a group's version, without the leading slash. */
export const pathOf = (group: string, version: string): string =>
  group === "" ? `api/${version}` : `apis/${group}/${version}`;

export const groupVersionKind = (kind: Kind, version: string): Record<string, string> => ({
  group: kind.group,
  kind: kind.kind,
  version,
});

export const schemaName = (kind: Kind, version: string): string =>
  kind.custom
    ? `${kind.group.split(".").toReversed().join(".")}.${version}.${kind.kind}`
    : builtinModelName(kind, version);

export const collectionPath = (kind: Kind, version: string): string =>
  `/${pathOf(kind.group, version)}${kind.namespaced ? "/namespaces/{namespace}" : ""}/${kind.resource}`;
