/** Fields that a kind does not have: refused, warned of or dropped, as `fieldValidation` asks. */
import { unsupported } from "../admission/field-causes.ts";
import { pruneObject, type Pruned } from "../schema/pruning.ts";
import { builtinModelName } from "../schema/builtin-schema.ts";
import { decodeBuiltin } from "../schema/go-decoding.ts";
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

/** Where an object comes from: sent whole, made by a patch, or the wishes of server-side apply, which get no defaults. */
type Origin = "sent" | "patched" | "applied";

/** The object without fields its kind does not know, with the defaults its type declares. `faults` of its text are told of too. */
export function withoutUnknownFields<T extends Record<string, unknown>>(
  call: ResourceCall,
  object: T,
  origin: Origin = "sent",
  faults: readonly string[] = [],
): T {
  const mode = readMode(call.url, call.request.method);
  const { value, unknown, error } = knownPart(call, object, origin !== "applied");
  if (error !== undefined) throw decodingError(call, error, object, origin);
  const all = [...faults, ...unknown.map((path) => `unknown field "${path}"`)];
  if (all.length > 0 && mode === "Strict")
    throw decodingError(call, `strict decoding error: ${all.join(", ")}`, object, origin);
  if (mode === "Warn") for (const fault of all) addWarning(call.response, fault);
  return value as T; // only unknown fields are gone
}

/** What apply has merged, with the defaults its type declares. */
export const withDefaults = <T extends Record<string, unknown>>(call: ResourceCall, object: T): T =>
  knownPart(call, object, true).value as T; // only fields are added

function knownPart(
  { kind, info: { version } }: ResourceCall,
  object: Record<string, unknown>,
  defaults: boolean,
): Pruned {
  if (!kind.custom)
    return decodeBuiltin(object, { $ref: builtinModelName(kind, version) }, kind.kind, { defaults });
  const schema = structuralSchemaOf(kind);
  return schema === undefined
    ? { value: object, unknown: [], error: undefined }
    : pruneObject(object, schema, defaults);
}

/** A patch that gives what cannot be read is at fault itself (apiserver/pkg/endpoints/handlers/patch.go). */
function decodingError(call: ResourceCall, text: string, object: unknown, origin: Origin): StatusError {
  const { kind, version } = { kind: call.kind.kind, version: call.info.version };
  if (origin !== "patched")
    return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${text}`);
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(object))}: ${text}`;
  return new StatusError(422, "Invalid", ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: "FieldValueInvalid", message, field: "patch" }],
  });
}
