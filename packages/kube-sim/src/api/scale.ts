/** The scale subresource of the kinds that have replicas. */
import { readJsonPath } from "./json-path.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { badRequest, notFound, StatusError } from "../store/status-error.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { applyJsonPatch, applyMergePatch, isRecord } from "./json-patch.ts";
import { sendValue } from "./object-answer.ts";
import { contentTypeOf, readBody, readObjectBody, parseJsonBody } from "./request-body.ts";
import { keyOf, updateBy, updateObject } from "./write.ts";
import { readDryRun } from "./write-options.ts";

type Json = Record<string, unknown>;

const selectorText = (selector: unknown): string =>
  typeof selector === "string"
    ? selector
    : isRecord(selector) && isRecord(selector["matchLabels"])
      ? Object.entries(selector["matchLabels"])
          .map(([key, value]) => `${key}=${String(value)}`)
          .join(",")
      : "";

function scaleOf(call: ResourceCall, object: KubeObject): Json {
  const paths = call.kind.scale;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const wanted = Number(readJsonPath(object, paths?.specReplicasPath ?? "")[0] ?? 0);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: wanted === 0 ? {} : { replicas: wanted },
    status: {
      replicas: Number(readJsonPath(object, paths?.statusReplicasPath ?? "")[0] ?? 0),
      selector: selectorText(paths?.selectorPath ? readJsonPath(object, paths.selectorPath)[0] : ""),
    },
  };
}

export async function handleScale(context: ApiContext, call: ResourceCall): Promise<void> {
  const { request, kind, info, url } = call;
  const object = context.store.get(keyOf(call));
  if (object === undefined) throw notFound(kind, info.name);
  const scale = scaleOf(call, object);
  if (info.verb === "get") {
    sendValue(call, 200, scale);
    return;
  }
  const wanted = info.verb === "update" ? await readObjectBody(request) : await patchedScale(call, scale);
  const spec = isRecord(wanted) && isRecord(wanted["spec"]) ? wanted["spec"] : {};
  const { replicas = 0 } = spec;
  if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0) {
    throw new StatusError(
      422,
      "Invalid",
      `Scale.autoscaling "${info.name}" is invalid: spec.replicas: Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
      { name: info.name, group: "autoscaling", kind: "Scale" },
    );
  }
  const path = (kind.scale?.specReplicasPath ?? ".spec.replicas").slice(1).split(".");
  const { uid, resourceVersion } = isRecord(wanted) && isRecord(wanted["metadata"]) ? wanted["metadata"] : {};
  const scaled = withValue(object, path, replicas) as KubeObject; // a field of its spec is set
  // who read an older one is told so, as with every other update
  const changed: KubeObject = {
    ...scaled,
    metadata: {
      ...scaled.metadata,
      ...(typeof uid === "string" && uid !== "" && { uid }),
      ...(typeof resourceVersion === "string" && resourceVersion !== "" && { resourceVersion }),
    },
  };
  const main: ResourceCall = { ...call, info: { ...info, subresource: "" } };
  const dryRun = readDryRun(
    url.searchParams.getAll("dryRun"),
    info.verb === "update" ? "UpdateOptions" : "PatchOptions",
  );
  const writer = { ...updateBy(call), subresource: "scale" };
  sendValue(call, 200, scaleOf(call, updateObject(context, main, object, changed, writer, dryRun)));
}

/** A copy in which the field at a path has a value. */
function withValue(object: Json, [field = "", ...rest]: readonly string[], value: unknown): Json {
  const child = object[field];
  return {
    ...object,
    [field]: rest.length === 0 ? value : withValue(isRecord(child) ? child : {}, rest, value),
  };
}

async function patchedScale(call: ResourceCall, scale: Json): Promise<unknown> {
  const patch = parseJsonBody(await readBody(call.request));
  switch (contentTypeOf(call.request)) {
    case "application/json-patch+json":
      return applyJsonPatch(scale, patch);
    case "application/merge-patch+json":
    case "application/strategic-merge-patch+json":
      return applyMergePatch(scale, patch);
    default:
      throw badRequest("a scale is patched by JSON patch or merge patch");
  }
}
