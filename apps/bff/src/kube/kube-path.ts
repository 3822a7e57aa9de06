/** Upstream paths are made of validated and escaped segments only, so that no input can leave the path it was meant for. */

declare const brand: unique symbol;
/** A path that `kubePath` made; nothing else may be sent upstream. */
export type KubePath = string & { readonly [brand]: true };

/**
 * What Kubernetes takes as a name (apimachinery's IsValidPathSegmentName) is wider than labels: RBAC's may hold spaces and `@`.
 * Besides `/`, `%` and dots alone, which it refuses, a backslash is refused: some gateways read it as a slash.
 */
const segmentPattern = /^(?!\.+$)[^/%\\\p{Cc}\p{Cs}]{1,253}$/u;

export class BadSegmentError extends Error {
  constructor(segment: string) {
    super(`${JSON.stringify(segment.slice(0, 80))} cannot be part of a cluster path`);
    this.name = "BadSegmentError";
  }
}

/**
 * Joins segments to an absolute path. What stands in no URL as it is, is escaped.
 * @throws BadSegmentError for empty segments, dots alone, slashes, escapes, control characters, half characters or anything longer than 253.
 */
export function kubePath(...segments: readonly string[]): KubePath {
  for (const segment of segments) if (!segmentPattern.test(segment)) throw new BadSegmentError(segment);
  // colons may stand in a path as they are, and kubectl sends them so
  const escaped = segments.map((segment) => encodeURIComponent(segment).replaceAll("%3A", ":"));
  return `/${escaped.join("/")}` as KubePath; // the only place that may: every segment was checked above
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
