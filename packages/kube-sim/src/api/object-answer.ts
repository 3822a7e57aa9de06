/** Answers with one object in the form that the client asked for: whole, a table of one row, or its metadata; JSON or YAML. */
import { stringify as stringifyYaml } from "yaml";
import { apiVersionOf } from "../schema/kind.ts";
import { asVersion, encodeObject } from "../store/encoded-object.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { readIncludeObject } from "./list.ts";
import { sendBytes, sendJson } from "./reply.ts";
import { negotiate } from "./representation.ts";
import { partialMetadata, tableColumns, tableRow } from "./table.ts";

/** Throws 406 where kube-sim can send none of what is accepted: to be called before anything is written as well. */
export function sendObject(context: ApiContext, call: ResourceCall, code: number, object: KubeObject): void {
  const { request, response, kind, info, url } = call;
  const { shape, yaml } = negotiate(request.headers.accept);
  const shown = asVersion(object, apiVersionOf(info.group, info.version), kind.schema);
  if (shape === "table")
    sendValue(call, code, {
      kind: "Table",
      apiVersion: "meta.k8s.io/v1",
      metadata: { resourceVersion: object.metadata.resourceVersion },
      columnDefinitions: tableColumns(kind),
      rows: [tableRow(kind, shown, readIncludeObject(url), context.now())],
    });
  else if (shape === "metadata" || yaml)
    sendValue(call, code, shape === "metadata" ? partialMetadata(shown) : shown);
  else sendBytes(request, response, code, encodeObject(shown), "application/json");
}

/** What has one form only, a Scale or a Status. */
export function sendValue({ request, response }: ResourceCall, code: number, value: unknown): void {
  if (negotiate(request.headers.accept).yaml)
    sendBytes(request, response, code, Buffer.from(stringifyYaml(value)), "application/yaml");
  else sendJson(request, response, code, value);
}
