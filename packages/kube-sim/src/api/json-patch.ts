/** JSON Patch and JSON merge patch with the API server's answers to bad ones. */
import fastJsonPatch, { type Operation } from "fast-json-patch";
import { badRequest, StatusError } from "../store/status-error.ts";

type Json = Record<string, unknown>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of all `copy` together: JSONPatchMaxCopyBytes of apiserver's pkg/server/config.go. Without it thirty doublings fill any memory. */
const MOST_COPIED_BYTES = 3 * 1024 * 1024;

/** Words: evanphx/json-patch, AccumulatedCopySizeError. */
const tooMuchCopied = (bytes: number): StatusError =>
  new StatusError(
    413,
    "RequestEntityTooLarge",
    `Unable to complete the copy, the accumulated size increase of copy is ${bytes}, exceeding the limit ${MOST_COPIED_BYTES}`,
  );

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
  let document = structuredClone(object);
  let copiedBytes = 0;
  try {
    for (const operation of patch as Operation[]) {
      // validated by the library
      document = fastJsonPatch.applyOperation(document, operation, true, true, true).newDocument;
      if (operation.op !== "copy") continue;
      copiedBytes += JSON.stringify(fastJsonPatch.getValueByPointer(document, operation.path) ?? null).length;
      if (copiedBytes > MOST_COPIED_BYTES) throw tooMuchCopied(copiedBytes);
    }
    return document;
  } catch (error) {
    if (error instanceof StatusError) throw error;
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
