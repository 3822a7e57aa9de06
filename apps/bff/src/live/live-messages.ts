/** Messages of the live socket: what a tab says, read and checked, and how it is refused. */
import { liveClientMessage } from "@kubev/api-types/live";
import type { RawData } from "ws";
import type { z } from "zod";
import { ApiProblem } from "../http/api-problem.ts";
import { errorReply, type fieldsOfZodError } from "../http/error-mapping.ts";

export type ClientMessage = z.output<typeof liveClientMessage>;

/** What a tab sent; null for what is no message of the protocol. */
export function readMessage(data: RawData): ClientMessage | null {
  try {
    const text = (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString("utf8"); // nodebuffer mode
    const parsed = liveClientMessage.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The error of a refused subscription, shaped as over HTTP. */
export function problemBody(
  code: ConstructorParameters<typeof ApiProblem>[0],
  fields?: ReturnType<typeof fieldsOfZodError>,
) {
  return errorReply(new ApiProblem(code, fields === undefined ? {} : { fields }), "").body.error;
}
