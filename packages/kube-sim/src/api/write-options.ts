/** Query parameters and bodies that steer writes. */
import type { IncomingMessage } from "node:http";
import { invalidValue, unsupported } from "../admission/field-causes.ts";
import type { RemovalOptions } from "../store/deletion.ts";
import { badRequest, invalidOptions } from "../store/status-error.ts";
import { isRecord } from "./json-patch.ts";
import { PROTOBUF, readProtobuf } from "./protobuf-body.ts";
import { contentTypeOf, parseJsonBody, readBody } from "./request-body.ts";
import { readYaml } from "./yaml-body.ts";

/** `kind` names the options in a refusal. */
export function readDryRun(values: readonly string[], kind: OptionsKind): boolean {
  if (values.length === 0) return false;
  if (values.every((value) => value === "All")) return true;
  throw invalidOptions(kind, [unsupported("dryRun", values, ["All"])]);
}

/** The name the writer goes by in managedFields: asked for, else what its User-Agent begins with. */
export function readFieldManager(request: IncomingMessage, url: URL): string {
  const asked = url.searchParams.get("fieldManager");
  if (asked !== null && asked !== "") {
    if (asked.length > 128) {
      throw badRequest(`invalid fieldManager: ${asked}: may not be more than 128 bytes`);
    }
    return asked;
  }
  return (request.headers["user-agent"] ?? "").split("/")[0]?.slice(0, 128) || "unknown";
}

const POLICIES = new Set(["Background", "Foreground", "Orphan"]);

export type OptionsKind = "CreateOptions" | "UpdateOptions" | "PatchOptions" | "DeleteOptions";

export async function readDeleteOptions(request: IncomingMessage, url: URL): Promise<RemovalOptions> {
  const bytes = await readBody(request);
  const body =
    bytes.length === 0
      ? {}
      : contentTypeOf(request) === "application/yaml"
        ? readYaml(bytes).value
        : contentTypeOf(request) === PROTOBUF
          ? readProtobuf(bytes)
          : parseJsonBody(bytes);
  const given: Record<string, unknown> = isRecord(body) ? body : {};
  const preconditions: Record<string, unknown> = isRecord(given["preconditions"])
    ? given["preconditions"]
    : {};
  const grace = given["gracePeriodSeconds"] ?? url.searchParams.get("gracePeriodSeconds") ?? undefined;
  const policy = readPolicy(given, url);
  const bodyDryRun = given["dryRun"];
  const dryRun = readDryRun(
    Array.isArray(bodyDryRun) ? bodyDryRun.map(String) : url.searchParams.getAll("dryRun"),
    "DeleteOptions",
  );
  return {
    dryRun,
    ...(grace === undefined ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
    ...(typeof preconditions["uid"] === "string" ? { uid: preconditions["uid"] } : {}),
    ...(typeof preconditions["resourceVersion"] === "string"
      ? { resourceVersion: preconditions["resourceVersion"] }
      : {}),
  };
}

function readPolicy(given: Record<string, unknown>, url: URL): RemovalOptions["propagationPolicy"] {
  const policy = given["propagationPolicy"] ?? url.searchParams.get("propagationPolicy");
  const orphan = given["orphanDependents"] ?? url.searchParams.get("orphanDependents");
  const isNamed = policy !== null && policy !== undefined && policy !== "";
  if (isNamed && orphan !== null && orphan !== undefined) {
    const text = "orphanDependents and deletionPropagation cannot be both set";
    throw invalidOptions("DeleteOptions", [invalidValue("propagationPolicy", policy, text)]);
  }
  if (orphan === true || orphan === "true") return "Orphan";
  if (orphan === false || orphan === "false") return "Background";
  if (!isNamed) return undefined;
  if (typeof policy !== "string" || !POLICIES.has(policy)) {
    throw invalidOptions("DeleteOptions", [
      unsupported("propagationPolicy", policy, ["Foreground", "Background", "Orphan", "nil"]),
    ]);
  }
  return policy as "Background" | "Foreground" | "Orphan"; // checked above
}
