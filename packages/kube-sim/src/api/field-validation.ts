/** Fields that a kind does not have: refused, warned of or dropped, as `fieldValidation` asks. */
import type { Kind } from "../schema/kind.ts";
import { unsupported } from "../admission/field-causes.ts";
import { pruneObject } from "../schema/pruning.ts";
import { structuralSchemaOf } from "../schema/structural-schema.ts";
import { badRequest, invalidOptions, StatusError } from "../store/status-error.ts";
import type { ResourceCall } from "./api-context.ts";
import { addWarning } from "./reply.ts";
import type { OptionsKind } from "./write-options.ts";

type Mode = "Strict" | "Warn" | "Ignore";

const OPTIONS: Record<string, OptionsKind> = { PUT: "UpdateOptions", PATCH: "PatchOptions" };

function readMode(url: URL, method: string | undefined): Mode {
  const mode = url.searchParams.get("fieldValidation") ?? "";
  if (mode === "Strict" || mode === "Ignore") return mode;
  if (mode === "" || mode === "Warn") return "Warn";
  throw invalidOptions(OPTIONS[method ?? ""] ?? "CreateOptions", [
    unsupported("fieldValidation", mode, ["Ignore", "Strict", "Warn"]),
  ]);
}

/** The object without fields its kind does not know. `patched` words the refusal as for a patch. */
export function withoutUnknownFields<T extends Record<string, unknown>>(
  call: ResourceCall,
  object: T,
  patched = false,
): T {
  const mode = readMode(call.url, call.request.method);
  const schema = structuralSchemaOf(call.kind);
  if (schema === undefined) return object;
  const { value, unknown } = pruneObject(object, schema);
  if (unknown.length > 0 && mode === "Strict")
    throw strictError(call.kind, call.info.version, unknown, object, patched);
  if (mode === "Warn") for (const path of unknown) addWarning(call.response, `unknown field "${path}"`);
  return value as T; // only unknown fields are gone
}

function strictError(
  kind: Kind,
  version: string,
  unknown: string[],
  object: unknown,
  patched: boolean,
): StatusError {
  const text = `strict decoding error: ${unknown.map((path) => `unknown field "${path}"`).join(", ")}`;
  if (!patched) {
    return badRequest(`${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: ${text}`);
  }
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(object))}: ${text}`;
  return new StatusError(422, "Invalid", ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: "FieldValueInvalid", message, field: "patch" }],
  });
}
