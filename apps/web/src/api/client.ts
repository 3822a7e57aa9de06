/** The fetch client. Method, path and types come from the contract; nothing here knows a single operation. */
import { endpointPaths, type OperationName, unattendedHeader } from "@kubev/api-types/endpoint-paths";
import type { BodyOf, ParamsOf, QueryOf, ReplyOf } from "@kubev/api-types/endpoints";
import { stringifySearch } from "../query-string.ts";
import { isUnattended } from "./last-input.ts";
import { ApiError, errorFromBody } from "./api-error.ts";

type Nothing = Record<never, never>; // eslint-disable-line typescript/no-generated-empty-object-type -- the unit of `&`

type Needed<Key extends string, Value> = [Value] extends [never]
  ? Nothing
  : Nothing extends Value
    ? { [K in Key]?: Value }
    : { [K in Key]: Value };

/** What `Name` takes: path parameters, query and body, each only where the contract has it. */
export type InputOf<Name extends OperationName> = Needed<"params", ParamsOf<Name>> &
  Needed<"query", QueryOf<Name>> &
  Needed<"body", BodyOf<Name>>;

interface LooseInput {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** The URL of an operation, relative to the console's origin. */
export function urlOf<Name extends OperationName>(name: Name, input: InputOf<Name>): string {
  const { params, query } = input as LooseInput; // as: InputOf is this shape for every operation
  const path = endpointPaths[name].path.replace(/:([a-z]+)/gi, (_, key: string) => {
    const value = params?.[key];
    if (!value) throw new Error(`${name} needs the path parameter "${key}".`);
    return encodeURIComponent(value);
  });
  return path + stringifySearch(query ?? {});
}

/** Calls `name`; rejects with ApiError, or with the signal's reason when aborted. */
export async function call<Name extends OperationName>(
  name: Name,
  input: InputOf<Name>,
  options: { signal?: AbortSignal } = {},
): Promise<ReplyOf<Name>> {
  const { body } = input as LooseInput; // as: InputOf is this shape for every operation
  const response = await request(name, urlOf(name, input), body, options.signal);
  const text = await response.text();
  if (!response.ok) throw errorFromBody(name, response.status, text);
  if (text === "") return null as ReplyOf<Name>; // as: the contract's `null` reply is a 204
  try {
    return JSON.parse(text) as ReplyOf<Name>; // as: the server validates every reply with the same schema
  } catch {
    throw new ApiError({ code: "unreadable", httpStatus: response.status, operation: name });
  }
}

async function request(name: OperationName, url: string, body: unknown, signal: AbortSignal | undefined) {
  try {
    return await fetch(url, {
      method: endpointPaths[name].method,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...(isUnattended() ? { [unattendedHeader]: "1" } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError({ code: "network", httpStatus: 0, operation: name });
  }
}
