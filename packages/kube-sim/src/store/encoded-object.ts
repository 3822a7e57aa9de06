/** JSON of stored objects, encoded once per version: lists, watches and the disk share the bytes. */
import type { KubeObject } from "./kube-object.ts";

const cache = new WeakMap<KubeObject, Buffer>();

/** The object's JSON. Objects are immutable by convention, so the bytes stay valid as long as the object lives. */
export function encodeObject(object: KubeObject): Buffer {
  let encoded = cache.get(object);
  if (encoded === undefined) {
    encoded = Buffer.from(JSON.stringify(object));
    cache.set(object, encoded);
  }
  return encoded;
}

const converted = new WeakMap<KubeObject, Map<string, KubeObject>>();

/** The object as another served version of its kind shows it; versions of one kind differ in apiVersion only. */
export function asVersion(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  let versions = converted.get(object);
  if (versions === undefined) {
    versions = new Map();
    converted.set(object, versions);
  }
  let copy = versions.get(apiVersion);
  if (copy === undefined) {
    copy = { ...object, apiVersion };
    versions.set(apiVersion, copy);
  }
  return copy;
}
