/** What a write makes of a stored object: identity and lifecycle stay the store's, the rest is the writer's. */
import type { Kind } from "../schema/kind.ts";
import { emptyParts } from "./empty-parts.ts";
import { sameJson } from "./json-equality.ts";
import type { KubeObject } from "./kube-object.ts";
import { tidyMetadata } from "./tidy-metadata.ts";

/** Which part of an object a write may change. */
export type WriteScope = "all" | "main" | "status";

/** The object to store when `given` is written over `current`; a changed spec raises the generation. */
export function mergeWrite(
  kind: Kind,
  current: KubeObject,
  given: KubeObject,
  scope: WriteScope,
): KubeObject {
  const { apiVersion: _apiVersion, kind: _kind, metadata: givenMetadata, ...content } = given;
  const keptMetadata = {
    name: current.metadata.name,
    ...(current.metadata.namespace === undefined ? {} : { namespace: current.metadata.namespace }),
    uid: current.metadata.uid,
    resourceVersion: current.metadata.resourceVersion,
    creationTimestamp: current.metadata.creationTimestamp,
  };
  if (scope === "status") {
    const { status: _status, ...rest } = current;
    return {
      ...rest,
      metadata: { ...current.metadata },
      ...(content["status"] === undefined ? {} : { status: content["status"] }),
      ...emptyParts(kind, { ...rest, status: content["status"] }),
    };
  }
  const { deletionTimestamp: _dt, deletionGracePeriodSeconds: _dg, generation: _g, ...open } = givenMetadata;
  const next: KubeObject = {
    apiVersion: current.apiVersion,
    kind: current.kind,
    metadata: tidyMetadata({
      ...open,
      ...keptMetadata,
      ...pick(current.metadata, ["generation", "deletionTimestamp", "deletionGracePeriodSeconds"]),
      ...(open.managedFields === undefined && current.metadata.managedFields !== undefined
        ? { managedFields: current.metadata.managedFields }
        : {}),
    }),
    ...content,
  };
  if (scope === "main") {
    if (current["status"] === undefined) delete next["status"];
    else next["status"] = current["status"];
  }
  Object.assign(next, emptyParts(kind, next));
  if (kind.generation && specChanged(kind, current, next)) {
    next.metadata.generation = (current.metadata.generation ?? 0) + 1;
  }
  return next;
}

function specChanged(kind: Kind, current: KubeObject, next: KubeObject): boolean {
  const strip = ({ metadata: _metadata, ...rest }: KubeObject): Record<string, unknown> => {
    if (!kind.statusSubresource) return rest;
    const { status: _status, ...content } = rest;
    return content;
  };
  return !sameJson(strip(current), strip(next));
}

function pick<T extends object, K extends keyof T>(from: T, keys: K[]): Partial<Pick<T, K>> {
  const picked: Partial<Pick<T, K>> = {};
  for (const key of keys) if (from[key] !== undefined) picked[key] = from[key];
  return picked;
}
