/** Upstream paths are made of validated segments only, so that no input can leave the path it was meant for. */

declare const brand: unique symbol;
/** A path that `kubePath` made; nothing else may be sent upstream. */
export type KubePath = string & { readonly [brand]: true };

const segmentPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?$/;

export class BadSegmentError extends Error {
  constructor(segment: string) {
    super(`${JSON.stringify(segment.slice(0, 80))} cannot be part of a cluster path`);
    this.name = "BadSegmentError";
  }
}

/**
 * Joins segments to an absolute path.
 * @throws BadSegmentError for empty segments, dots alone, slashes, escapes, control characters or anything longer than 253.
 */
export function kubePath(...segments: readonly string[]): KubePath {
  for (const segment of segments) if (!segmentPattern.test(segment)) throw new BadSegmentError(segment);
  return `/${segments.join("/")}` as KubePath; // the only place that may: every segment was checked above
}

/** How one kind is addressed. `group` is '' for the core group. */
export interface ResourceType {
  group: string;
  version: string;
  plural: string;
  namespaced: boolean;
}

function groupSegments(type: Pick<ResourceType, "group" | "version">): string[] {
  return type.group === "" ? ["api", type.version] : ["apis", type.group, type.version];
}

/** The path of a collection; a namespaced kind without `namespace` spans all of them. */
export function collectionPath(type: ResourceType, namespace?: string): KubePath {
  const scope = type.namespaced && namespace !== undefined ? ["namespaces", namespace] : [];
  return kubePath(...groupSegments(type), ...scope, type.plural);
}

/** The path of one object, or of a subresource of it. */
export function objectPath(
  type: ResourceType,
  name: string,
  namespace?: string,
  ...subresource: string[]
): KubePath {
  const scope = type.namespaced && namespace !== undefined ? ["namespaces", namespace] : [];
  return kubePath(...groupSegments(type), ...scope, type.plural, name, ...subresource);
}
