/** Small builders for the objects of a scenario. */
import type { NewObject } from "../store/kube-object.ts";

/** A cluster-scoped object. */
export function clusterObject(
  apiVersion: string,
  kind: string,
  name: string,
  rest: Record<string, unknown> = {},
): NewObject {
  const { metadata, ...fields } = rest;
  return { apiVersion, kind, metadata: { name, ...(metadata as object | undefined) }, ...fields }; // callers pass metadata parts
}

/** An object in a namespace. */
export function namespacedObject(
  apiVersion: string,
  kind: string,
  namespace: string,
  name: string,
  rest: Record<string, unknown> = {},
): NewObject {
  const { metadata, ...fields } = rest;
  return { apiVersion, kind, metadata: { namespace, name, ...(metadata as object | undefined) }, ...fields }; // as above
}
