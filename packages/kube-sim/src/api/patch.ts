/** Answers PATCH in its four content types. */
import { objectType } from "../schema/field-type.ts";
import { apiVersionOf } from "../schema/kind.ts";
import { schemaOfKind } from "../schema/structural-schema.ts";
import { typedPatchFaults } from "../schema/typed-patch.ts";
import { asVersion } from "../store/encoded-object.ts";
import { badRequest, conflict, notFound, StatusError } from "../store/status-error.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { withDefaults, withoutUnknownFields } from "./field-validation.ts";
import { readReplacement } from "./incoming-object.ts";
import { applyJsonPatch, applyMergePatch, isRecord } from "./json-patch.ts";
import { contentTypeOf, parseJsonBody, readBody } from "./request-body.ts";
import { readYaml, type YamlBody } from "./yaml-body.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";
import { sendObject } from "./object-answer.ts";
import { createObject, keyOf, updateBy, updateObject } from "./write.ts";
import { readDryRun } from "./write-options.ts";
import type { Writer } from "../store/managed-fields.ts";
import { appliedFields, applyOnto } from "./server-side-apply.ts";

const JSON_PATCH = "application/json-patch+json";
const MERGE_PATCH = "application/merge-patch+json";
const STRATEGIC = "application/strategic-merge-patch+json";
const APPLY = "application/apply-patch+yaml";

export async function handlePatch(context: ApiContext, call: ResourceCall): Promise<void> {
  const { request, url, kind, info } = call;
  const dryRun = readDryRun(url.searchParams.getAll("dryRun"), "PatchOptions");
  const contentType = contentTypeOf(request);
  const accepted = [JSON_PATCH, MERGE_PATCH, ...(kind.custom ? [] : [STRATEGIC]), APPLY];
  if (!accepted.includes(contentType)) {
    throw new StatusError(
      415,
      "UnsupportedMediaType",
      // built-in kinds are refused by the router before their handler is asked
      kind.custom
        ? `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`
        : "415: Unsupported Media Type",
      {},
    );
  }
  const bytes = await readBody(request);
  if (contentType === APPLY) {
    applyServerSide(context, call, readYaml(bytes), dryRun);
    return;
  }
  const patch = parseJsonBody(bytes);
  const old = context.store.get(keyOf(call));
  if (old === undefined) throw notFound(kind, info.name);
  const shown = asVersion(old, apiVersionOf(info.group, info.version), kind.schema);
  const patched =
    contentType === JSON_PATCH
      ? applyJsonPatch(shown, patch)
      : contentType === MERGE_PATCH
        ? applyMergePatch(shown, patch)
        : applyStrategicMergePatch(shown, patch, objectType(kind));
  const object = withoutUnknownFields(call, readReplacement(patched, kind, info), "patched");
  sendObject(context, call, 200, updateObject(context, call, old, object, updateBy(call), dryRun));
}

/** An applied object must fit its type; the API server answers without a reason. */
function refuseUntyped({ kind, info }: ResourceCall, patch: Record<string, unknown>): void {
  const schema = schemaOfKind(kind, info.version);
  const faults = schema === undefined ? [] : typedPatchFaults(patch, schema);
  if (faults.length === 0) return;
  const at = info.namespace === "" ? info.name : `${info.namespace}/${info.name}`;
  const text = faults.length === 1 ? faults[0] : `errors:\n${faults.map((fault) => `  ${fault}`).join("\n")}`;
  const type = `${apiVersionOf(info.group, info.version)}, Kind=${kind.kind}`;
  throw new StatusError(500, "", `failed to create typed patch object (${at}; ${type}): ${text ?? ""}`, {});
}

function applyServerSide(context: ApiContext, call: ResourceCall, body: YamlBody, dryRun: boolean): void {
  const patch = body.value;
  const { url, kind, info } = call;
  const manager = url.searchParams.get("fieldManager") ?? "";
  if (manager === "") {
    throw new StatusError(
      422,
      "Invalid",
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      {
        group: "meta.k8s.io",
        kind: "PatchOptions",
        causes: [
          {
            reason: "FieldValueRequired",
            message: "Required value: is required for apply patch",
            field: "fieldManager",
          },
        ],
      },
    );
  }
  if (!isRecord(patch)) throw badRequest("error decoding YAML: not an object");
  const metadata = isRecord(patch["metadata"]) ? patch["metadata"] : {};
  if (metadata["managedFields"] !== undefined) throw badRequest("metadata.managedFields must be nil");
  const expected = apiVersionOf(info.group, info.version);
  const { apiVersion, kind: kindName } = patch;
  if (apiVersion !== expected || kindName === undefined) {
    const shown = typeof apiVersion === "string" ? apiVersion : "/";
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${shown}, expected: ${expected}`,
    );
  }
  const named = { ...patch, metadata: { ...metadata, name: metadata["name"] ?? info.name } };
  refuseUntyped(call, patch);
  const wanted = withoutUnknownFields(call, readReplacement(named, kind, info), "applied", body.faults);
  const force = ["true", "1"].includes(url.searchParams.get("force") ?? "");
  const old = context.store.get(keyOf(call));
  if (old === undefined) {
    if (info.subresource !== "") throw notFound(kind, info.name);
    const { uid } = wanted.metadata;
    if (uid !== undefined && uid !== "") {
      throw conflict(
        kind,
        info.name,
        `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
      );
    }
    const fields = appliedFields(kind, wanted);
    const writer: Writer = { manager, operation: "Apply", applied: fields };
    sendObject(context, call, 201, createObject(context, call, withDefaults(call, wanted), writer, dryRun));
    return;
  }
  const shown = asVersion(old, apiVersionOf(info.group, info.version), kind.schema);
  const { object, fields } = applyOnto(kind, shown, wanted, manager, info.subresource, force);
  const writer: Writer = { manager, operation: "Apply", applied: fields };
  sendObject(
    context,
    call,
    200,
    updateObject(context, call, old, withDefaults(call, object), writer, dryRun),
  );
}
