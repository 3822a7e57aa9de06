/** Config maps: keys that can be file names, and data that is immutable where it says so. Source: pkg/apis/core/validation. */
import { sameJson } from "../store/json-equality.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { invalid } from "../store/status-error.ts";
import type { AdmissionRequest } from "./admission.ts";
import { keyProblems } from "./config-keys.ts";
import { type Cause, forbiddenField, invalidValue, tooLong } from "./field-causes.ts";

const mapOf = (object: KubeObject, field: string): Record<string, unknown> =>
  (object[field] ?? {}) as Record<string, unknown>; // data and binaryData are maps

/** Bytes of all values together. */
const LONGEST = 1024 * 1024;

export function admitConfigMap(map: KubeObject, { kind, old }: AdmissionRequest): KubeObject {
  const causes: Cause[] = [];
  for (const field of ["data", "binaryData"])
    for (const key of Object.keys(mapOf(map, field))) causes.push(...keyProblems(field, key));
  for (const key of Object.keys(mapOf(map, "binaryData"))) {
    if (Object.hasOwn(mapOf(map, "data"), key))
      causes.push(invalidValue(`data[${key}]`, key, "duplicate of key present in binaryData"));
  }
  const sizes = Object.values(mapOf(map, "data")).map((value) => Buffer.byteLength(String(value)));
  const binary = Object.values(mapOf(map, "binaryData")).map(
    (value) => Buffer.from(String(value), "base64").length,
  );
  if ([...sizes, ...binary].reduce((sum, size) => sum + size, 0) > LONGEST)
    causes.push(tooLong("[]", LONGEST)); // of no field
  if (old?.["immutable"] === true) {
    if (map["immutable"] !== true)
      causes.push(forbiddenField("immutable", "field is immutable when `immutable` is set"));
    for (const field of ["data", "binaryData"]) {
      if (!sameJson(mapOf(map, field), mapOf(old, field)))
        causes.push(forbiddenField(field, "field is immutable when `immutable` is set"));
    }
  }
  if (causes.length > 0) throw invalid(kind, map.metadata.name, causes);
  return map;
}
