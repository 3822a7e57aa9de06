/** Answers PATCH in its four content types. */
import { apiVersionOf } from "../schema/kind.ts";
import { asVersion } from "../store/encoded-object.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { badRequest, notFound, StatusError } from "../store/status-error.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { withoutUnknownFields } from "./field-validation.ts";
import { readReplacement } from "./incoming-object.ts";
import { applyJsonPatch, applyMergePatch, isRecord } from "./json-patch.ts";
import { contentTypeOf, parseJsonBody, parseYamlBody, readBody } from "./request-body.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";
import { createObject, keyOf, sendObject, updateObject } from "./write.ts";
import { readDryRun, readFieldManager } from "./write-options.ts";

const JSON_PATCH = "application/json-patch+json";
const MERGE_PATCH = "application/merge-patch+json";
const STRATEGIC = "application/strategic-merge-patch+json";
const APPLY = "application/apply-patch+yaml";

export async function handlePatch(context: ApiContext, call: ResourceCall): Promise<void> {
  const { request, url, kind, info } = call;
  const dryRun = readDryRun(url.searchParams.getAll("dryRun"));
  const contentType = contentTypeOf(request);
  const accepted = [JSON_PATCH, MERGE_PATCH, ...(kind.custom ? [] : [STRATEGIC]), APPLY];
  if (!accepted.includes(contentType)) {
    throw new StatusError(
      415,
      "UnsupportedMediaType",
      `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`,
      {},
    );
  }
  const bytes = await readBody(request);
  const patch = contentType === APPLY ? parseYamlBody(bytes) : parseJsonBody(bytes);
  if (contentType === APPLY) {
    applyServerSide(context, call, patch, dryRun);
    return;
  }
  const old = context.store.get(keyOf(call));
  if (old === undefined) throw notFound(kind, info.name);
  const shown = asVersion(old, apiVersionOf(info.group, info.version));
  const patched =
    contentType === JSON_PATCH
      ? applyJsonPatch(shown, patch)
      : contentType === MERGE_PATCH
        ? applyMergePatch(shown, patch)
        : applyStrategicMergePatch(shown, patch);
  const object = withoutUnknownFields(call, readReplacement(patched, kind, info), true);
  sendObject(call, 200, updateObject(context, call, old, object, readFieldManager(request, url), dryRun));
}

function applyServerSide(context: ApiContext, call: ResourceCall, patch: unknown, dryRun: boolean): void {
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
  const named = { ...patch, metadata: { ...metadata, name: metadata["name"] ?? info.name } };
  const wanted = withoutUnknownFields(call, readReplacement(named, kind, info));
  const old = context.store.get(keyOf(call));
  if (old === undefined) {
    if (info.subresource !== "") throw notFound(kind, info.name);
    sendObject(call, 201, createObject(context, call, wanted, manager, dryRun, "Apply"));
    return;
  }
  const shown = asVersion(old, apiVersionOf(info.group, info.version));
  const merged = (
    kind.custom ? applyMergePatch(shown, wanted) : applyStrategicMergePatch(shown, wanted)
  ) as KubeObject; // both inputs are objects of this kind
  sendObject(call, 200, updateObject(context, call, old, merged, manager, dryRun, "Apply"));
}
