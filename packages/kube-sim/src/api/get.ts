/** Answers GET of one object. */
import { notFound } from "../store/status-error.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { sendObject } from "./object-answer.ts";
import { keyOf } from "./write.ts";

export function handleGet(context: ApiContext, call: ResourceCall): void {
  const object = context.store.get(keyOf(call));
  if (object === undefined) throw notFound(call.kind, call.info.name);
  sendObject(context, call, 200, object);
}
