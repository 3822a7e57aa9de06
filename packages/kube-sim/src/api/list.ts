/** Answers LIST: selectors, pages, tables, streamed in chunks so that long lists never block the process. */
import { createGzip } from "node:zlib";
import type { Writable } from "node:stream";
import { stringify as stringifyYaml } from "yaml";
import { apiVersionOf } from "../schema/kind.ts";
import { asVersion, encodeObject } from "../store/encoded-object.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { StatusError } from "../store/status-error.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { coreFieldOf, EVENTS_GROUP } from "../schema/event-versions.ts";
import { drained } from "./drained.ts";
import { parseFieldSelector } from "./field-selector.ts";
import { parseLabelSelector } from "./label-selector.ts";
import { type ListOptions, readListOptions, versionTooLarge } from "./list-options.ts";
import type { Moment } from "./list-pages.ts";
import { acceptsGzip, GZIP_FROM_BYTES } from "./reply.ts";
import { negotiate, type Shape } from "./representation.ts";
import { partialMetadata, tableColumns, tableRow, type IncludeObject } from "./table.ts";

const CHUNK_BYTES = 256 * 1024;

interface Page {
  objects: KubeObject[];
  version: number;
  continueToken: string;
  remaining: number | undefined;
}

/** The filter that a request's selectors ask for; undefined lets everything pass. */
export function requestFilter(call: ResourceCall): ((object: KubeObject) => boolean) | undefined {
  const labels = parseLabelSelector(call.url.searchParams.get("labelSelector"));
  const fields = parseFieldSelector(
    call.url.searchParams.get("fieldSelector"),
    call.kind,
    call.info.group === EVENTS_GROUP ? coreFieldOf : undefined,
  );
  if (labels === undefined) return fields;
  if (fields === undefined) return (object) => labels(object.metadata.labels);
  return (object) => labels(object.metadata.labels) && fields(object);
}

/** The moment that the page is of. */
function momentOf(context: ApiContext, call: ResourceCall, options: ListOptions): Moment {
  const { store, pages } = context;
  const { info, kind } = call;
  if (options.continueToken !== "") return pages.resume(kind, info.namespace, options.continueToken);
  const namespace = info.namespace === "" ? undefined : info.namespace;
  const wanted = options.exactVersion ?? options.leastVersion;
  if (wanted > store.version) throw versionTooLarge(wanted, store.version);
  if (options.exactVersion === undefined)
    return { version: store.version, objects: store.snapshot(kind, namespace), position: 0 };
  const objects = store.snapshotAt(kind, namespace, options.exactVersion);
  if (objects === undefined)
    throw new StatusError(410, "Expired", "The resourceVersion for the provided list is too old.");
  return { version: options.exactVersion, objects, position: 0 };
}

function selectPage(context: ApiContext, call: ResourceCall): Page {
  const { info, kind } = call;
  const matches = requestFilter(call);
  const options = readListOptions(call.url);
  const { limit } = options;
  const from = momentOf(context, call, options);
  const objects: KubeObject[] = [];
  let position = from.position;
  for (; position < from.objects.length; position += 1) {
    const object = from.objects[position];
    if (object === undefined || (matches !== undefined && !matches(object))) continue;
    if (limit > 0 && objects.length === limit) break;
    objects.push(object);
  }
  const last = position < from.objects.length ? objects.at(-1) : undefined;
  return {
    objects,
    version: from.version,
    continueToken: last === undefined ? "" : context.pages.keep(kind, info.namespace, from, last),
    remaining: last !== undefined && matches === undefined ? from.objects.length - position : undefined,
  };
}

const listMetadata = (page: Page): Record<string, unknown> => ({
  resourceVersion: String(page.version),
  ...(page.continueToken === "" ? {} : { continue: page.continueToken }),
  ...(page.remaining === undefined ? {} : { remainingItemCount: page.remaining }),
});

export const readIncludeObject = (url: URL): IncludeObject => {
  const text = url.searchParams.get("includeObject");
  return text === "None" || text === "Object" ? text : "Metadata";
};

function listHead(call: ResourceCall, page: Page, shape: Shape): string {
  const { kind, info } = call;
  const metadata = JSON.stringify(listMetadata(page));
  if (shape === "table") {
    return `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${metadata},"columnDefinitions":${JSON.stringify(tableColumns(kind))},"rows":[`;
  }
  if (shape === "metadata") {
    return `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${metadata},"items":[`;
  }
  return `{"kind":"${kind.kind}List","apiVersion":"${apiVersionOf(info.group, info.version)}","metadata":${metadata},"items":[`;
}

/** Items of built-in lists carry neither kind nor apiVersion, as on the real thing. */
function itemBytes(object: KubeObject, custom: boolean): (Buffer | string)[] {
  const bytes = encodeObject(object);
  if (custom) return [bytes];
  const skipped = `{"apiVersion":"${object.apiVersion}","kind":"${object.kind}",`.length;
  return ["{", bytes.subarray(skipped)];
}

export async function handleList(context: ApiContext, call: ResourceCall): Promise<void> {
  const { request, response, kind, info, url } = call;
  const { shape, yaml } = negotiate(request.headers.accept);
  const page = selectPage(context, call);
  const apiVersion = apiVersionOf(info.group, info.version);
  const include = readIncludeObject(url);
  const now = context.now();
  const pieces = (object: KubeObject): (Buffer | string)[] => {
    const shown = asVersion(object, apiVersion, call.kind.schema);
    if (shape === "table") return [JSON.stringify(tableRow(kind, shown, include, now))];
    if (shape === "metadata") return [JSON.stringify(partialMetadata(shown))];
    return itemBytes(shown, kind.custom);
  };
  if (yaml) {
    const text = page.objects.map((object) => pieces(object).map(String).join("")).join(",");
    response.writeHead(200, { "Content-Type": "application/yaml" });
    response.end(stringifyYaml(JSON.parse(`${listHead(call, page, shape)}${text}]}`)));
    return;
  }
  const estimate = page.objects.length * 2000;
  const zip = estimate >= GZIP_FROM_BYTES && acceptsGzip(request);
  response.writeHead(200, {
    "Content-Type": "application/json",
    "Cache-Control": "no-cache, private",
    ...(zip ? { "Content-Encoding": "gzip", Vary: "Accept-Encoding" } : {}),
  });
  let sink: Writable = response;
  if (zip) {
    const gzip = createGzip({ level: 1 });
    gzip.pipe(response);
    response.on("close", () => gzip.destroy());
    sink = gzip;
  }
  await writeChunks(sink, listHead(call, page, shape), page.objects, pieces);
}

async function writeChunks(
  sink: Writable,
  head: string,
  objects: readonly KubeObject[],
  pieces: (object: KubeObject) => (Buffer | string)[],
): Promise<void> {
  let chunk: Buffer[] = [Buffer.from(head)];
  let size = 0;
  const flush = async (): Promise<void> => {
    const flushed = sink.write(Buffer.concat(chunk));
    chunk = [];
    size = 0;
    if (!flushed) await drained(sink);
    else await new Promise((resolve) => setImmediate(resolve));
  };
  let separator = "";
  for (const object of objects) {
    for (const piece of [separator, ...pieces(object)]) {
      const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
      chunk.push(bytes);
      size += bytes.length;
    }
    separator = ",";
    if (size >= CHUNK_BYTES) await flush();
    if (sink.destroyed) return;
  }
  chunk.push(Buffer.from("]}\n"));
  sink.end(Buffer.concat(chunk));
}
