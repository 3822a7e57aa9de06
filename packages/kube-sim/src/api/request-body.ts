/** Reads request bodies with a limit, and parses JSON or YAML. */
import type { IncomingMessage } from "node:http";
import { duplicateFields } from "./duplicate-fields.ts";
import { PROTOBUF, readProtobuf } from "./protobuf-body.ts";
import { readYaml } from "./yaml-body.ts";
import { badRequest, StatusError } from "../store/status-error.ts";

/** The API server's own limit. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

export async function readBody(request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer; // no encoding is set on the request
    size += bytes.length;
    if (size > maxBytes) {
      throw new StatusError(413, "RequestEntityTooLarge", `Request entity too large: limit is ${maxBytes}`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

export const contentTypeOf = (request: IncomingMessage): string =>
  (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

export interface Body {
  value: unknown;
  /** What is wrong with the text and hinders nobody from reading it: fields that it gives twice. */
  faults: readonly string[];
}

/** The body as a JSON value, by its content type; throws 400 and 415 as the API server does. */
export const readObjectBody = async (request: IncomingMessage): Promise<unknown> =>
  (await readWholeBody(request)).value;

/** Like readObjectBody, with what JSON does not say. */
export async function readWholeBody(request: IncomingMessage): Promise<Body> {
  const contentType = contentTypeOf(request);
  const bytes = await readBody(request);
  if (contentType === "application/yaml") return readYaml(bytes);
  if (contentType === PROTOBUF) return { value: readProtobuf(bytes), faults: [] };
  if (contentType !== "" && contentType !== "application/json" && contentType !== "*/*") {
    throw new StatusError(
      415,
      "UnsupportedMediaType",
      `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml`,
    );
  }
  const faults = duplicateFields(bytes.toString("utf8")).map((path) => `duplicate field "${path}"`);
  return { value: parseJsonBody(bytes), faults };
}

export function parseJsonBody(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw badRequest(
      `couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
