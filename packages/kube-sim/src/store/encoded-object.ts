/**
 * JSON of stored objects, encoded once per version: the disk, every watch and the lists soon after share the bytes. Of a
 * cluster's objects only the latest written or read ones keep theirs, for all of them together would take as much memory as the objects.
 */
import { asNewEvent, NEW_EVENTS } from "../schema/event-versions.ts";
import { pruneObject } from "../schema/pruning.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { sameJson } from "./json-equality.ts";
import type { KubeObject } from "./kube-object.ts";

const MOST_KEPT_BYTES = 64 * 1024 ** 2;

/** Oldest first. */
const kept = new Map<KubeObject, Buffer>();
let keptBytes = 0;

/** The object's JSON. Objects are immutable by convention, so the bytes stay valid as long as the object lives. */
export function encodeObject(object: KubeObject): Buffer {
  const known = kept.get(object);
  if (known !== undefined) return known;
  const encoded = Buffer.from(JSON.stringify(object));
  kept.set(object, encoded);
  keptBytes += encoded.length;
  for (const oldest of kept.keys()) {
    if (keptBytes <= MOST_KEPT_BYTES) break;
    forgetEncoding(oldest);
  }
  return encoded;
}

/** Frees the bytes of a version that is past: who still wants it pays for it once more. */
export function forgetEncoding(object: KubeObject): void {
  keptBytes -= kept.get(object)?.length ?? 0;
  kept.delete(object);
}

const converted = new WeakMap<KubeObject, Map<string, KubeObject>>();
const read = new WeakMap<StructuralSchema, WeakMap<KubeObject, KubeObject>>();

/**
 * The object as a served version of its kind shows it. Versions differ in apiVersion only, but where a user's definition
 * gives them schemas: what was stored under an older one is pruned and gets its defaults when it is read.
 */
export function asVersion(object: KubeObject, apiVersion: string, schema?: StructuralSchema): KubeObject {
  if (schema !== undefined) return asRead(object, apiVersion, schema);
  if (object.apiVersion === apiVersion) return object;
  let versions = converted.get(object);
  if (versions === undefined) {
    versions = new Map();
    converted.set(object, versions);
  }
  let copy = versions.get(apiVersion);
  if (copy === undefined) {
    copy = apiVersion === NEW_EVENTS ? asNewEvent(object) : { ...object, apiVersion };
    versions.set(apiVersion, copy);
  }
  return copy;
}

function asRead(object: KubeObject, apiVersion: string, schema: StructuralSchema): KubeObject {
  let shown = read.get(schema);
  if (shown === undefined) {
    shown = new WeakMap();
    read.set(schema, shown);
  }
  let copy = shown.get(object);
  if (copy === undefined) {
    const value = pruneObject({ ...object, apiVersion }, schema, true).value as KubeObject; // the parts stay
    copy = sameJson(value, object) ? object : value;
    shown.set(object, copy);
  }
  return copy;
}
