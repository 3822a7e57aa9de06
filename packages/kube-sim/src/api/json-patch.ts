/** JSON Patch and JSON merge patch with the API server's answers to bad ones. */
import fastJsonPatch, { type Operation } from "fast-json-patch";
import { badRequest, StatusError } from "../store/status-error.ts";

type Json = Record<string, unknown>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** RFC 6902. A failing `test` or a missing path is 422, as upstream. */
export function applyJsonPatch(object: Json, patch: unknown): Json {
  if (!Array.isArray(patch)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch",
    );
  }
  if (patch.length > 10_000) {
    throw new StatusError(
      413,
      "RequestEntityTooLarge",
      `The allowed maximum operations in a JSON patch is 10000, got ${patch.length}`,
    );
  }
  const copy = structuredClone(object);
  try {
    return fastJsonPatch.applyPatch(copy, patch as Operation[], true, true, true).newDocument; // validated by the library
  } catch {
    // which operation failed is not told: apiserver's pkg/endpoints/handlers/patch.go makes a generic answer of it
    throw new StatusError(
      422,
      "Invalid",
      "the server rejected our request due to an error in our request",
      {},
    );
  }
}

/** RFC 7386. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Json = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key], value);
  }
  return result;
}
