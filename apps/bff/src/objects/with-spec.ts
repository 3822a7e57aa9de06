/** A form's part of a spec, put into the object as it is stored. */
import { objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { RawMeta } from "../inventory/raw.ts";

interface Stored {
  metadata?: RawMeta;
  spec?: object;
}

/** The object with the form's part of the spec in it, and everything that it had besides. */
export function withSpec(
  noun: ObjectNoun,
  name: string,
  project: string,
  current: Stored | null,
  spec: Record<string, unknown>,
): Record<string, unknown> {
  const { group, version, kind, namespaced } = objectCatalog[noun];
  return {
    ...current,
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { ...current?.metadata, name, ...(namespaced ? { namespace: project } : {}) },
    spec: { ...current?.spec, ...spec },
  };
}
