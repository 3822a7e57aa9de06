/** Answers GET of one object. */
import { stringify as stringifyYaml } from "yaml";
import { apiVersionOf } from "../schema/kind.ts";
import { asVersion, encodeObject } from "../store/encoded-object.ts";
import { notFound } from "../store/status-error.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { readIncludeObject } from "./list.ts";
import { sendBytes, sendJson } from "./reply.ts";
import { negotiate } from "./representation.ts";
import { partialMetadata, tableColumns, tableRow } from "./table.ts";
import { keyOf } from "./write.ts";

export function handleGet(context: ApiContext, call: ResourceCall): void {
  const { request, response, kind, info, url } = call;
  const { shape, yaml } = negotiate(request.headers.accept);
  const object = context.store.get(keyOf(call));
  if (object === undefined) throw notFound(kind, info.name);
  const shown = asVersion(object, apiVersionOf(info.group, info.version), call.kind.schema);
  if (shape === "table") {
    sendJson(request, response, 200, {
      kind: "Table",
      apiVersion: "meta.k8s.io/v1",
      metadata: { resourceVersion: object.metadata.resourceVersion },
      columnDefinitions: tableColumns(kind),
      rows: [tableRow(kind, shown, readIncludeObject(url), context.now())],
    });
    return;
  }
  if (shape === "metadata") {
    sendJson(request, response, 200, partialMetadata(shown));
    return;
  }
  if (yaml) {
    sendBytes(request, response, 200, Buffer.from(stringifyYaml(shown)), "application/yaml");
    return;
  }
  sendBytes(request, response, 200, encodeObject(shown), "application/json");
}
